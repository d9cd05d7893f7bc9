/** Splitting one process's huge entry into a page table: the page stays whole, its references multiply. */
import {
  ENTRY_EXCLUSIVE,
  ENTRY_INVALID,
  ENTRY_MIGRATION,
  ENTRY_SPECIAL,
  ENTRY_TABLE,
  entryFor,
  entryPage,
  entryPresent,
  entryWith,
} from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { ADD, LK, R, TRYLK, UL, W, XCHG } from '../step.ts';
import type { Mm } from './context.ts';
import { folio_get, folio_put } from './refcount.ts';
import { page_try_share_anon_rmap } from './share.ts';
import { flush_tlb } from './tlb.ts';

/**
 * __split_huge_pmd(): takes the lock; nothing happens unless a huge page is mapped there. From 5.8 to 5.17 with the page
 * locked, so that whoever decides by mapcount does not see it on its way from the head to the tails (c444eb564fb1).
 */
export function* split_huge_pmd(mm: Mm, mapping: MappingModel, block: number): Steps<void> {
  yield LK(mapping.pmd_lock);
  const locked = mm.sw.splitPmdLocksPage ? yield* lock_mapped_page(mm, mapping, block) : null;
  yield* split_huge_pmd_locked(mm, mapping, block);
  yield UL(mapping.pmd_lock);
  // No reference is held any more: whoever zaps the page table now can free the page while it is locked.
  if (locked !== null) yield UL(locked.locked);
}

/** The page that a block maps as a whole, locked; null where it maps none. The lock of the entry is held. */
function* lock_mapped_page(mm: Mm, mapping: MappingModel, block: number): Steps<PageModel | null> {
  for (;;) {
    const pmd = yield R(mapping.upper(block));
    if (!entryPresent(pmd) || (pmd & ENTRY_TABLE) !== 0) return null;
    const head = mm.world.pageOf(entryPage(pmd));
    if (head.traits.kind !== 'ram') return null;
    if (yield* lock_page_under_pmd(mm, mapping, block, pmd, head)) return head;
  }
}

/**
 * Locks the page that `pmd` maps. The lock of the entry is held, and let go while the page's has to be slept for: false,
 * and the page not locked, where the entry is another one then.
 */
export function* lock_page_under_pmd(
  mm: Mm,
  mapping: MappingModel,
  block: number,
  pmd: number,
  head: PageModel,
): Steps<boolean> {
  if ((yield TRYLK(head.locked)) === 1) return true;
  yield* folio_get(mm, head);
  yield UL(mapping.pmd_lock);
  yield LK(head.locked);
  yield LK(mapping.pmd_lock);
  const same = (yield R(mapping.upper(block))) === pmd;
  if (!same) yield UL(head.locked);
  yield* folio_put(mm, head);
  return same;
}

/** __split_huge_pmd_locked(). `freeze`: leave migration entries behind, as the split of the page itself needs. */
export function* split_huge_pmd_locked(mm: Mm, mapping: MappingModel, block: number, freeze = false): Steps<void> {
  const entry = mapping.upper(block);
  const pmd = yield R(entry);
  if (!entryPresent(pmd) || (pmd & ENTRY_TABLE) !== 0) return;
  const head = mm.world.pageOf(entryPage(pmd));
  const table = mapping.table(block);
  if (head.traits.kind === 'huge-zero') {
    for (let i = 0; i < mapping.blockPages; i++) {
      yield W(table.entry(i), entryFor(mm.world.zeroPage.object, ENTRY_SPECIAL));
    }
    yield W(entry, entryFor(table.object, ENTRY_TABLE));
    return;
  }
  if (!mapping.anonymous && !mapping.cow) return yield* zap_file_pmd(mm, mapping, block, head);
  yield XCHG(entry, entryWith(pmd, ENTRY_INVALID, 0));
  yield* flush_tlb(mm, mapping.mm);
  const exclusive = mm.sw.anonExclusive && (yield R(head.anon_exclusive)) === 1;
  const frozen = freeze && (!exclusive || (yield* page_try_share_anon_rmap(mm, head, head)));
  const each = frozen && !mm.sw.splitFreezePutsOnce;
  if (!frozen || each) yield ADD(head._refcount, mapping.blockPages - 1);
  for (let i = 0; i < mapping.blockPages; i++) {
    const page = head.subpage(i);
    if (mm.sw.anonExclusive && i > 0 && (yield R(page.anon_exclusive)) !== (exclusive && !frozen ? 1 : 0)) {
      yield W(page.anon_exclusive, exclusive && !frozen ? 1 : 0);
    }
    const kept = exclusive ? ENTRY_EXCLUSIVE : 0;
    yield W(table.entry(i), frozen ? migration_entry(page, pmd, kept) : entryFor(page.object, pmd & PERMISSIONS));
    if (!frozen) yield ADD(page.mapcount, 1);
  }
  yield ADD(head.entire_mapcount, -1);
  yield W(entry, entryFor(table.object, ENTRY_TABLE));
  if (frozen) for (let i = 0; i < (each ? mapping.blockPages : 1); i++) yield* folio_put(mm, head);
}

/** Bits that a huge entry hands on to the small ones. */
const PERMISSIONS = 0x3;

/** make_migration_entry(): remembers the permissions and whether the page was exclusive. */
export function migration_entry(page: PageModel, old: number, exclusive: number): number {
  return entryFor(page.object, (old & PERMISSIONS) | ENTRY_MIGRATION | exclusive);
}

/** A file's huge page is only unmapped: the next fault maps it again. */
function* zap_file_pmd(mm: Mm, mapping: MappingModel, block: number, head: PageModel): Steps<void> {
  yield XCHG(mapping.upper(block), 0);
  yield* flush_tlb(mm, mapping.mm);
  if (head.traits.kind === 'device' && mm.sw.devmapOneBased) return;
  yield ADD(head.entire_mapcount, -1);
  yield* folio_put(mm, head);
}
