/** hugetlb: its faults, its copy on write, and page tables that processes share. */
import {
  ENTRY_PROTNONE,
  ENTRY_WRITE,
  entryFor,
  entryPage,
  entryPresent,
  entryWith,
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
} from '../flags.ts';
import type { Steps, Word } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { ADD, ADDR, LK, R, UL, W, XCHG } from '../step.ts';
import { alloc_pages } from './alloc.ts';
import type { Mm } from './context.ts';
import { writable_bits } from './fault.ts';
import { add_huge_anon_rmap, CONTENT_PAGES, clear_huge_page } from './fault-huge.ts';
import { folio_get, folio_put } from './refcount.ts';
import { flush_tlb, tlb_remove_table_sync_one } from './tlb.ts';
import { folio_test_anon } from './unshare.ts';
import { EFAULT } from './user-pages.ts';

/** The entry that maps a huge page of a mapping: its own upper entry, or the one in a shared table. */
export function huge_entry(mapping: MappingModel, block: number): Word {
  const { sharedTable } = mapping.start;
  return sharedTable === undefined ? mapping.upper(block) : sharedTable.entry(block);
}

/** hugetlb_fault(): 0 when the access can be tried again. */
export function* hugetlb_fault(mm: Mm, mapping: MappingModel, index: number, flags: number): Steps<number> {
  const block = mapping.blockOf(index);
  // A table that was shared and let go is not built anew.
  if (mapping.start.sharedTable !== undefined && (yield R(mapping.upper(0))) === 0) return -EFAULT;
  const entry = huge_entry(mapping, block);
  const seen = yield R(entry);
  if (seen === 0) return yield* hugetlb_no_page(mm, mapping, block, entry);
  const wanted = (flags & FAULT_FLAG_WRITE) !== 0 && (seen & ENTRY_WRITE) === 0;
  if (!entryPresent(seen)) return 0;
  if ((seen & ENTRY_PROTNONE) !== 0) {
    yield LK(mapping.pmd_lock);
    if ((yield R(entry)) === seen) yield W(entry, entryWith(seen, 0, ENTRY_PROTNONE));
    yield UL(mapping.pmd_lock);
    return 0;
  }
  if (wanted || (flags & FAULT_FLAG_UNSHARE) !== 0) yield* hugetlb_wp(mm, mapping, block, entry, seen, flags);
  return 0;
}

/** hugetlb_no_page(): a fresh huge page of the process's own. */
function* hugetlb_no_page(mm: Mm, mapping: MappingModel, block: number, entry: Word): Steps<number> {
  const page = yield* alloc_pages(mm, mapping.start.order, true);
  yield* clear_huge_page(page);
  yield LK(mapping.pmd_lock);
  if ((yield R(entry)) !== 0) {
    yield UL(mapping.pmd_lock);
    yield* folio_put(mm, page);
    return 0;
  }
  yield* add_huge_anon_rmap(mm, page, mapping, block * mapping.blockPages);
  yield W(entry, entryFor(page.object, writable_bits(mapping)));
  yield UL(mapping.pmd_lock);
  return 0;
}

/** hugetlb_wp() / hugetlb_cow(): in place when the page is mapped once, whoever else has a reference. */
function* hugetlb_wp(
  mm: Mm,
  mapping: MappingModel,
  block: number,
  entry: Word,
  seen: number,
  flags: number,
): Steps<void> {
  yield LK(mapping.pmd_lock);
  if ((yield R(entry)) !== seen) return void (yield UL(mapping.pmd_lock));
  const old = mm.world.pageOf(entryPage(seen));
  const unshare = (flags & FAULT_FLAG_UNSHARE) !== 0;
  // hugetlb_fault() holds the page while it looks at it, whatever comes of that.
  yield* folio_get(mm, old);
  if ((yield R(old.entire_mapcount)) === 1 && (yield* folio_test_anon(mm, old))) {
    if (mm.sw.anonExclusive && (yield R(old.anon_exclusive)) === 0) yield W(old.anon_exclusive, 1);
    if (!unshare) yield W(entry, entryWith(seen, writable_bits(mapping), 0));
    yield* folio_put(mm, old);
    return void (yield UL(mapping.pmd_lock));
  }
  yield* folio_get(mm, old);
  yield UL(mapping.pmd_lock);
  const page = yield* copy_huge_page(mm, old);
  yield LK(mapping.pmd_lock);
  const same = (yield R(entry)) === seen;
  if (same) {
    yield XCHG(entry, 0);
    yield* flush_tlb(mm, mapping.mm);
    yield* add_huge_anon_rmap(mm, page, mapping, block * mapping.blockPages);
    yield W(entry, entryFor(page.object, unshare ? 0 : writable_bits(mapping)));
    yield ADD(old.entire_mapcount, -1);
  }
  yield UL(mapping.pmd_lock);
  yield* folio_put(mm, same ? old : page);
  yield* folio_put(mm, old);
  yield* folio_put(mm, old);
}

/** A new huge page with the contents of another. */
export function* copy_huge_page(mm: Mm, old: PageModel): Steps<PageModel> {
  const page = yield* alloc_pages(mm, old.order, old.traits.kind === 'hugetlb');
  for (let i = 0; i < Math.min(old.npages, CONTENT_PAGES); i++) {
    const value = yield R(old.subpage(i).data);
    if (value !== 0) yield W(page.subpage(i).data, value);
  }
  return page;
}

/**
 * huge_pmd_unshare(): this process lets go of a table of PMDs that it shares with others. Returns whether there was
 * anything shared. Since 6.16 it waits for lockless walkers: the table may become another process's own.
 */
export function* huge_pmd_unshare(mm: Mm, mapping: MappingModel): Steps<boolean> {
  const { sharedTable } = mapping.start;
  if (sharedTable === undefined) return false;
  yield LK(sharedTable.ptl);
  const shared = (yield R(sharedTable.users)) > 1;
  if (shared) {
    yield XCHG(mapping.upper(0), 0);
    if (mm.sw.hugePmdUnshareSync) yield* tlb_remove_table_sync_one();
    yield ADDR(sharedTable.users, -1);
  }
  yield UL(sharedTable.ptl);
  if (shared) yield* flush_tlb(mm, mapping.mm);
  return shared;
}
