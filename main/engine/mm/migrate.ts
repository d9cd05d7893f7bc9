/**
 * Migration: entries become migration entries, the count is compared with what is expected, the contents are copied,
 * the entries come back. A reference that nobody accounts for (any GUP) makes it fail.
 */
import { FileModel } from '../file.ts';
import {
  ENTRY_EXCLUSIVE,
  ENTRY_MIGRATION,
  ENTRY_TABLE,
  ENTRY_WRITE,
  entryFor,
  entryPage,
  entryPoisoned,
  entryPresent,
  homeIndex,
  homeObject,
} from '../flags.ts';
import type { Steps, Word } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { ADD, ADDU, LK, R, UL, W, XCHG } from '../step.ts';
import { alloc_pages } from './alloc.ts';
import { folio_nr_pages, type Mm } from './context.ts';
import { CONTENT_PAGES } from './fault-huge.ts';
import { folio_add_lru, lru_add_drain } from './lru.ts';
import { folio_get, folio_put, page_ref_freeze, page_ref_unfreeze } from './refcount.ts';
import { type Place, remove_rmap, rmap_lock, rmap_places, rmap_unlock } from './rmap.ts';
import { page_try_share_anon_rmap } from './share.ts';
import { migration_entry } from './split-pmd.ts';
import { flush_tlb } from './tlb.ts';
import { folio_test_anon } from './unshare.ts';

/** As reclaim and migration find pages on their own: a reference first, unless the page is being freed, then off the LRU. */
export function* isolate_found(mm: Mm, head: PageModel): Steps<boolean> {
  if ((yield ADDU(head._refcount, 1)) === 0) return false;
  if ((yield XCHG(head.flag('PG_lru'), 0)) === 1) return true;
  yield* folio_put(mm, head);
  return false;
}

/** folio_isolate_lru(), for callers that have a reference: off the LRU, with one more. */
export function* folio_isolate_lru(mm: Mm, head: PageModel): Steps<boolean> {
  if ((yield XCHG(head.flag('PG_lru'), 0)) === 0) return false;
  yield* folio_get(mm, head);
  return true;
}

/** putback_lru_page(). */
export function* folio_putback_lru(mm: Mm, head: PageModel): Steps<void> {
  if (mm.world.arch.lruBatch) yield* folio_add_lru(mm, head);
  else yield W(head.flag('PG_lru'), 1);
  yield* folio_put(mm, head);
}

/** The entry of a place and the lock that guards it. */
interface Slot {
  readonly entry: Word;
  readonly lock: Word;
  readonly whole: boolean;
}

/** Finds the entry that may map a page at a place: a huge entry or one of a page table. Null where there is neither. */
export function* page_vma_mapped(mm: Mm, place: Place): Steps<Slot | null> {
  const { mapping, index } = place;
  const block = mapping.blockOf(index);
  const upper = yield R(mapping.upper(block));
  if (upper === 0) return null;
  if ((upper & ENTRY_TABLE) === 0) return { entry: mapping.upper(block), lock: mapping.pmd_lock, whole: true };
  const table = mm.world.table(entryPage(upper));
  return { entry: table.entry(mapping.within(index)), lock: table.ptl, whole: false };
}

/** try_to_migrate(): every entry of the folio becomes a migration entry; a pinned exclusive page keeps its own. */
export function* try_to_migrate(mm: Mm, head: PageModel): Steps<void> {
  const families = yield* rmap_lock(mm, head);
  yield* migrate_entries(mm, head);
  yield* rmap_unlock(families);
}

function* migrate_entries(mm: Mm, head: PageModel): Steps<void> {
  const nr = yield* folio_nr_pages(head);
  for (let i = 0; i < nr; i++) {
    const page = head.subpage(i);
    let whole = false;
    for (const place of yield* rmap_places(mm, page, head)) {
      const slot = yield* page_vma_mapped(mm, place);
      if (slot === null || (slot.whole && i > 0)) continue;
      whole = slot.whole || whole;
      yield* migrate_one(mm, place.mapping, slot, slot.whole ? head : page, head);
    }
    if (whole) return;
  }
}

/** try_to_migrate_one(). */
function* migrate_one(mm: Mm, mapping: MappingModel, slot: Slot, page: PageModel, head: PageModel): Steps<void> {
  yield LK(slot.lock);
  const seen = yield R(slot.entry);
  if (!entryPresent(seen) || (seen & ENTRY_TABLE) !== 0 || entryPage(seen) !== page.object) {
    yield UL(slot.lock);
    return;
  }
  // The CPU may have set the dirty bit meanwhile: what the exchange gives back decides.
  const old = yield XCHG(slot.entry, 0);
  yield* flush_tlb(mm, mapping.mm);
  const exclusive = mm.sw.anonExclusive && (yield R(page.anon_exclusive)) === 1;
  if (!(yield* page_try_share_anon_rmap(mm, page, head))) {
    yield W(slot.entry, old);
    yield UL(slot.lock);
    return;
  }
  yield W(slot.entry, migration_entry(page, old, exclusive ? ENTRY_EXCLUSIVE : 0));
  yield* remove_rmap(slot.whole ? head.entire_mapcount : page.mapcount, head);
  yield UL(slot.lock);
  yield* folio_put(mm, head);
}

/** remove_migration_ptes(): the entries that stood for `old` map `head` (or its subpages). */
export function* remove_migration_ptes(mm: Mm, old: PageModel, head: PageModel, split = false): Steps<void> {
  const families = yield* rmap_lock(mm, head);
  yield* restore_entries(mm, old, head, split);
  yield* rmap_unlock(families);
}

function* restore_entries(mm: Mm, old: PageModel, head: PageModel, split: boolean): Steps<void> {
  const nr = split ? old.npages : yield* folio_nr_pages(old);
  for (let i = 0; i < nr; i++) {
    const from = old.subpage(i);
    const to = head.subpage(i);
    const folio = split ? to : head;
    for (const place of yield* rmap_places(mm, to, folio)) {
      const slot = yield* page_vma_mapped(mm, place);
      if (slot === null) continue;
      yield LK(slot.lock);
      const entry = yield R(slot.entry);
      if ((entry & ENTRY_MIGRATION) !== 0 && !entryPoisoned(entry) && entryPage(entry) === from.object) {
        yield* restore(mm, slot, entry, to, folio);
      }
      yield UL(slot.lock);
    }
  }
}

function* restore(mm: Mm, slot: Slot, entry: number, page: PageModel, folio: PageModel): Steps<void> {
  yield* folio_get(mm, folio);
  yield ADD(slot.whole ? folio.entire_mapcount : page.mapcount, 1);
  if (mm.sw.anonExclusive && (entry & ENTRY_EXCLUSIVE) !== 0) yield W(page.anon_exclusive, 1);
  yield W(slot.entry, entryFor(page.object, entry & (ENTRY_WRITE | 0x2)));
}

/** Times a folio is mapped now, in steps: folio_mapped(). */
export function* folio_mapped(head: PageModel): Steps<boolean> {
  const nr = yield* folio_nr_pages(head);
  if (nr > 1 && (yield R(head.entire_mapcount)) > 0) return true;
  for (let i = 0; i < nr; i++) {
    if ((yield R(head.subpage(i).mapcount)) > 0) return true;
  }
  return false;
}

/** migrate_folio() of an isolated folio. True: it moved, and the old one is gone. False: -EAGAIN. */
export function* migrate_folio(mm: Mm, head: PageModel): Steps<boolean> {
  const large = (yield* folio_nr_pages(head)) > 1;
  const target = yield* alloc_pages(mm, large ? head.order : 0, head.traits.kind === 'hugetlb');
  yield LK(head.locked);
  yield LK(target.locked);
  let moved = false;
  if ((yield R(head.writeback)) === 0) {
    yield* try_to_migrate(mm, head);
    moved = !(yield* folio_mapped(head)) && (yield* folio_migrate_mapping(mm, head, target));
    if (moved) yield* finish(mm, head, target);
    else yield* remove_migration_ptes(mm, head, head);
  }
  yield UL(target.locked);
  yield UL(head.locked);
  yield* folio_put(mm, target);
  if (moved) yield* folio_put(mm, head);
  return moved;
}

/** folio_migrate_mapping(): may the folio move? Its count must be what the mover expects. */
function* folio_migrate_mapping(mm: Mm, head: PageModel, target: PageModel): Steps<boolean> {
  const home = yield R(head.mapping);
  const owner = mm.world.homeOf(homeObject(home));
  if (!(owner instanceof FileModel)) {
    const swapcache = (yield R(head.flag('PG_swapcache'))) === 1;
    if (swapcache) return false;
    return (yield R(head._refcount)) === 1;
  }
  const cached = head.traits.kind === 'hugetlb' ? 1 : yield* folio_nr_pages(head);
  const expected = 1 + cached + (yield R(head.flag('PG_private')));
  yield LK(owner.i_pages);
  const frozen = yield* page_ref_freeze(head, expected);
  if (frozen) {
    yield W(target.mapping, home);
    yield ADD(target._refcount, cached);
    yield W(owner.slot(homeIndex(home)), target.object + 1);
    yield* page_ref_unfreeze(head, expected - cached);
  }
  yield UL(owner.i_pages);
  return frozen;
}

/** Contents and flags go over, the entries come back, the old page belongs to nobody. */
function* finish(mm: Mm, head: PageModel, target: PageModel): Steps<void> {
  const n = Math.min(yield* folio_nr_pages(head), CONTENT_PAGES);
  for (let i = 0; i < n; i++) yield W(target.subpage(i).data, yield R(head.subpage(i).data));
  const anon = yield* folio_test_anon(mm, head);
  if (anon) {
    yield W(target.mapping, yield R(head.mapping));
    yield W(target.flag('PG_swapbacked'), yield R(head.flag('PG_swapbacked')));
  }
  if ((yield R(head.dirty)) === 1) yield W(target.dirty, 1);
  if ((yield R(head.flag('PG_private'))) === 1) {
    yield W(head.flag('PG_private'), 0);
    yield W(target.flag('PG_private'), 1);
    yield ADD(target._refcount, 1);
    yield* folio_put(mm, head);
  }
  yield* folio_add_lru(mm, target);
  yield* remove_migration_ptes(mm, head, target);
  yield W(head.mapping, 0);
}

/** Passes over the list before migration is given up (NR_MAX_MIGRATE_PAGES_RETRY is 10; the model looks at fewer). */
const PASSES = 2;

/** migrate_pages() of one folio: isolate, try, put back. Returns 0 or -errno as a success flag. */
export function* migrate_pages(mm: Mm, head: PageModel): Steps<boolean> {
  if (!(yield* isolate_found(mm, head))) return false;
  return yield* migrate_isolated(mm, head);
}

function* migrate_isolated(mm: Mm, head: PageModel): Steps<boolean> {
  for (let pass = 0; pass < PASSES; pass++) if (yield* migrate_folio(mm, head)) return true;
  yield* folio_putback_lru(mm, head);
  return false;
}

/**
 * collect_longterm_unpinnable_folios(): isolates what can be isolated, after draining where the revision does. The
 * caller unpins between this and the next function.
 */
export function* collect_longterm_unpinnable_folios(mm: Mm, heads: readonly PageModel[]): Steps<PageModel[]> {
  const isolated: PageModel[] = [];
  let drained = false;
  for (const head of heads) {
    const drain = mm.sw.longtermDrainsByRefs ? yield* extra_refs(head) : (yield R(head.flag('PG_lru'))) === 0;
    if (drain && !drained) {
      yield* lru_add_drain(mm);
      drained = true;
    }
    if (yield* folio_isolate_lru(mm, head)) isolated.push(head);
  }
  return isolated;
}

/** folio_ref_count() against folio_expected_ref_count() + 1 (98c6d259319e): a small page's pin always differs. */
function* extra_refs(head: PageModel): Steps<boolean> {
  const count = yield R(head._refcount);
  const mapped = (yield R(head.mapcount)) + (head.order > 0 ? yield R(head.entire_mapcount) : 0);
  return count !== mapped + 1;
}

/** migrate_longterm_unpinnable_folios(): false when one of them does not move. */
export function* migrate_longterm_unpinnable_folios(mm: Mm, isolated: readonly PageModel[]): Steps<boolean> {
  let moved = true;
  for (const head of isolated) {
    if (!moved) yield* folio_putback_lru(mm, head);
    else moved = yield* migrate_isolated(mm, head);
  }
  return moved;
}
