/**
 * The lockless walk: IRQs off, read the entry, grab, re-read the entry, undo if it changed. What it cannot take is left
 * to the slow path. Order of steps: internal_get_user_pages_fast() and the functions below it.
 */
import {
  ENTRY_DEVMAP,
  ENTRY_PROTNONE,
  ENTRY_SPECIAL,
  ENTRY_TABLE,
  ENTRY_WRITE,
  entryPage,
  entryPresent,
  FOLL_LONGTERM,
  FOLL_PIN,
  FOLL_WRITE,
} from '../flags.ts';
import type { Steps, Word } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import type { PageTable } from '../page-table.ts';
import { ADD, IRQ_OFF, IRQ_ON, R, W } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { try_grab_compound_head } from './grab.ts';
import { gup_device_huge } from './gup-device.ts';
import { folio_set_referenced } from './lru.ts';
import { put_page_untold } from './refcount.ts';
import { gup_put_folio, put_compound_head } from './unpin.ts';
import { folio_fast_pin_allowed, gup_must_unshare } from './unshare.ts';
import { UserPagesModel } from './user-pages.ts';

/** The range that is still to be taken. */
export interface Range {
  readonly mapping: MappingModel;
  readonly index: number;
  readonly nr: number;
}

/** An upper entry that maps a huge page, where it was read and what it said. */
export interface HugeLeaf {
  readonly entry: Word;
  readonly orig: number;
  /** First page wanted, as an index into the mapping, and how many under this entry. */
  readonly index: number;
  readonly nr: number;
  /** The shared table of PMDs it stands in, null for a process's own entry. */
  readonly table: PageTable | null;
}

/** mm_set_has_pinned_flag(): set once, never cleared. */
export function* mm_set_has_pinned_flag(mm: Mm, mapping: MappingModel): Steps<void> {
  if (mm.sw.forkCopiesPinned === 'no') return;
  if ((yield R(mapping.mm.has_pinned)) === 0) yield W(mapping.mm.has_pinned, 1);
}

/** lockless_pages_from_mm(): as many pages from the start of the range as the lockless walk can take. */
export function* lockless_pages_from_mm(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  const pin = (gup_flags & FOLL_PIN) !== 0;
  const { mapping } = range;
  const pages = new UserPagesModel(pin ? 'pin' : 'get', mapping);
  if (pin) yield* mm_set_has_pinned_flag(mm, mapping);
  const seqcount = pin && mm.sw.writeProtectSeq;
  const seq = seqcount ? yield R(mapping.mm.write_protect_seq) : 0;
  if ((seq & 1) !== 0) return pages;
  const counted = mm.world.strangers && mm.world.arch.ipiFlush;
  yield IRQ_OFF();
  if (counted) yield ADD(mapping.mm.walkers, 1);
  let more = true;
  while (more && pages.length < range.nr) {
    const index = range.index + pages.length;
    more = yield* gup_pmd_range(mm, mapping, index, range.index + range.nr - index, gup_flags, pages);
  }
  if (counted) yield ADD(mapping.mm.walkers, -1);
  yield IRQ_ON();
  if (seqcount && (yield R(mapping.mm.write_protect_seq)) !== seq) {
    // They may be shared by now: unpin_user_pages_lite(), which asks no questions.
    for (const { page, n } of pages.runs) yield* gup_put_folio(mm, yield* compound_head(mm, page), n);
    pages.clear();
  }
  return pages;
}

/** One block: what its upper entry leads to. False ends the walk. */
function* gup_pmd_range(
  mm: Mm,
  mapping: MappingModel,
  index: number,
  left: number,
  gup_flags: number,
  pages: UserPagesModel,
): Steps<boolean> {
  const block = mapping.blockOf(index);
  const within = mapping.within(index);
  const nr = Math.min(left, mapping.blockPages - within);
  const entry = mapping.upper(block);
  const orig = yield R(entry);
  if (!entryPresent(orig)) return false;
  if ((orig & ENTRY_TABLE) === 0) {
    const leaf: HugeLeaf = { entry, orig, index, nr, table: null };
    return yield* gup_huge_leaf(mm, mapping, leaf, gup_flags, pages);
  }
  const table = mm.world.table(entryPage(orig));
  if (mapping.start.sharedTable === undefined) {
    return yield* gup_pte_range(mm, mapping, orig, table, index, nr, gup_flags, pages);
  }
  const pmd = yield R(table.entry(block));
  mm.world.walked(table, 'gup_pmd_range()');
  if (!entryPresent(pmd)) return false;
  const leaf: HugeLeaf = { entry: table.entry(block), orig: pmd, index, nr, table };
  return yield* gup_huge_leaf(mm, mapping, leaf, gup_flags, pages);
}

function permits(entry: number, gup_flags: number): boolean {
  if ((entry & ENTRY_PROTNONE) !== 0) return false;
  return (gup_flags & FOLL_WRITE) === 0 || (entry & ENTRY_WRITE) !== 0;
}

function* gup_huge_leaf(
  mm: Mm,
  mapping: MappingModel,
  leaf: HugeLeaf,
  gup_flags: number,
  pages: UserPagesModel,
): Steps<boolean> {
  if (!permits(leaf.orig, gup_flags)) return false;
  if ((leaf.orig & ENTRY_DEVMAP) !== 0 && mm.sw.devmapGup) {
    return yield* gup_device_huge(mm, mapping, leaf, gup_flags, pages);
  }
  switch (mapping.start.level) {
    case 'hugepd':
      return yield* gup_hugepte(mm, mapping, leaf, gup_flags, pages);
    case 'pud':
      return yield* gup_huge_pud(mm, mapping, leaf, gup_flags, pages);
    default:
      return yield* gup_huge_pmd(mm, mapping, leaf, gup_flags, pages);
  }
}

/** gup_huge_pmd() / gup_fast_pmd_leaf(): one grab for the whole range under a PMD leaf. */
export function* gup_huge_pmd(
  mm: Mm,
  mapping: MappingModel,
  leaf: HugeLeaf,
  gup_flags: number,
  pages: UserPagesModel,
): Steps<boolean> {
  return yield* grab_leaf(mm, mapping, leaf, gup_flags, pages);
}

/** gup_huge_pud() / gup_fast_pud_leaf(). */
export function* gup_huge_pud(
  mm: Mm,
  mapping: MappingModel,
  leaf: HugeLeaf,
  gup_flags: number,
  pages: UserPagesModel,
): Steps<boolean> {
  return yield* grab_leaf(mm, mapping, leaf, gup_flags, pages);
}

/** gup_hugepte(): the same through a huge page directory (powerpc). */
export function* gup_hugepte(
  mm: Mm,
  mapping: MappingModel,
  leaf: HugeLeaf,
  gup_flags: number,
  pages: UserPagesModel,
): Steps<boolean> {
  return yield* grab_leaf(mm, mapping, leaf, gup_flags, pages);
}

function* grab_leaf(
  mm: Mm,
  mapping: MappingModel,
  leaf: HugeLeaf,
  gup_flags: number,
  pages: UserPagesModel,
): Steps<boolean> {
  const { entry, orig, index, nr, table } = leaf;
  const mapped = mm.world.pageOf(entryPage(orig));
  if (mapped.traits.kind === 'huge-zero' && !mm.sw.hugeZeroFast) return false;
  const page = mapped.head.subpage(mapped.index + mapping.within(index));
  const head = yield* try_grab_compound_head(mm, page, nr, gup_flags);
  if (head === null) return false;
  const again = yield R(entry);
  if (again !== orig || !(yield* may_keep(mm, head, mapped, orig, gup_flags))) {
    yield* put_compound_head(mm, page, head, nr, gup_flags);
    return false;
  }
  yield* folio_set_referenced(mm, head);
  pages.add(page, nr);
  mm.world.grabbed(page, head, { mapping, index }, table);
  return true;
}

/** Rules that are looked at once the reference is held: the file rule for long pins, and sharing. */
function* may_keep(mm: Mm, head: PageModel, page: PageModel, entry: number, gup_flags: number): Steps<boolean> {
  if (!(yield* folio_fast_pin_allowed(mm, head, gup_flags))) return false;
  return (entry & ENTRY_WRITE) !== 0 || !(yield* gup_must_unshare(mm, null, page, head, gup_flags));
}

/** gup_pte_range(): page by page under a page table; stops at the first it cannot take and keeps those before. */
export function* gup_pte_range(
  mm: Mm,
  mapping: MappingModel,
  pmd: number,
  table: PageTable,
  index: number,
  nr: number,
  gup_flags: number,
  pages: UserPagesModel,
): Steps<boolean> {
  for (let i = index; i < index + nr; i++) {
    const ptep = table.entry(mapping.within(i));
    const pte = yield R(ptep);
    mm.world.walked(table, 'gup_pte_range()');
    if (!entryPresent(pte) || !permits(pte, gup_flags)) return false;
    if ((pte & ENTRY_DEVMAP) !== 0) {
      if (mm.sw.devmapGup && (gup_flags & FOLL_LONGTERM) !== 0) return false;
    } else if ((pte & ENTRY_SPECIAL) !== 0) return false;
    const page = mm.world.pageOf(entryPage(pte));
    const head = yield* try_grab_compound_head(mm, page, 1, gup_flags);
    if (head === null) return false;
    const relinked = mm.sw.pmdRecheck && (yield R(mapping.upper(mapping.blockOf(i)))) !== pmd;
    if (relinked || (yield R(ptep)) !== pte || !(yield* may_keep(mm, head, page, pte, gup_flags))) {
      yield* undo_pte(mm, head, gup_flags);
      return false;
    }
    yield* folio_set_referenced(mm, head);
    pages.add(page, 1);
    mm.world.grabbed(page, head, { mapping, index: i }, table);
  }
  return true;
}

/** The undo of one page: what the postings got wrong for pins is put_page() here. */
function* undo_pte(mm: Mm, head: PageModel, gup_flags: number): Steps<void> {
  if ((gup_flags & FOLL_PIN) === 0 || !mm.sw.pteUndoMatches) yield* put_page_untold(mm, head);
  else yield* gup_put_folio(mm, head, 1);
}
