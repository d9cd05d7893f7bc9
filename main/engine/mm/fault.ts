/**
 * Page faults: handle_mm_fault() and what it leads to, with mmap_lock held for reading. Anonymous memory first; copy on
 * write is in cow.ts, files in fault-file.ts, swap in fault-swap.ts, huge pages in fault-huge.ts.
 */
import {
  ENTRY_DIRTY,
  ENTRY_INVALID,
  ENTRY_MIGRATION,
  ENTRY_PROTNONE,
  ENTRY_SPECIAL,
  ENTRY_SWAP,
  ENTRY_TABLE,
  ENTRY_WRITE,
  entryFor,
  entryPage,
  entryPoisoned,
  entryWith,
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  homeFor,
} from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import type { PageTable } from '../page-table.ts';
import { ADD, LK, R, UL, W, WAITNOT } from '../step.ts';
import { alloc_pages } from './alloc.ts';
import type { Mm } from './context.ts';
import { do_wp_page } from './cow.ts';
import { dax_iomap_fault } from './fault-dax.ts';
import { do_fault } from './fault-file.ts';
import { do_huge_pmd_anonymous_page, do_huge_pmd_fault } from './fault-huge.ts';
import { do_swap_page } from './fault-swap.ts';
import { hugetlb_fault } from './hugetlb.ts';
import { folio_add_lru } from './lru.ts';
import { put_page_untold } from './refcount.ts';
import { EFAULT, EHWPOISON } from './user-pages.ts';

/** The place of a fault: its mapping, page index, page table and the wish (write, unshare). */
export interface Fault {
  readonly mapping: MappingModel;
  readonly index: number;
  readonly table: PageTable;
  readonly flags: number;
}

/** Bits of a new writable entry: maybe_mkwrite(pte_mkdirty(...)). */
export function writable_bits(mapping: MappingModel): number {
  return mapping.start.writable ? ENTRY_WRITE | ENTRY_DIRTY : ENTRY_DIRTY;
}

/** handle_mm_fault(): 0 when the access can be tried again, or -errno. */
export function* handle_mm_fault(mm: Mm, mapping: MappingModel, index: number, flags: number): Steps<number> {
  if (mapping.start.kind === 'pfn') return -EFAULT;
  const block = mapping.blockOf(index);
  const entry = mapping.upper(block);
  let upper = yield R(entry);
  // A hugetlb page that failed: VM_FAULT_HWPOISON_LARGE, nothing to wait for.
  if (entryPoisoned(upper)) return -EHWPOISON;
  if ((upper & (ENTRY_INVALID | ENTRY_MIGRATION)) !== 0) {
    yield WAITNOT(entry, upper);
    return 0;
  }
  if (mapping.start.kind === 'hugetlb') return yield* hugetlb_fault(mm, mapping, index, flags);
  if (mapping.start.kind === 'devmap') return yield* dax_iomap_fault(mm, mapping, index);
  if (upper === 0 && mapping.start.thp) {
    const done = yield* do_huge_pmd_anonymous_page(mm, mapping, block, flags);
    if (done) return 0;
    upper = yield R(entry);
  }
  if (upper === 0) upper = yield* pte_alloc(mapping, block);
  if ((upper & ENTRY_TABLE) === 0) return yield* do_huge_pmd_fault(mm, mapping, index, upper, flags);
  const table = mm.world.table(entryPage(upper));
  return yield* handle_pte_fault(mm, { mapping, index, table, flags });
}

/** __pte_alloc(): links the page table unless somebody else did. Returns the entry. */
export function* pte_alloc(mapping: MappingModel, block: number): Steps<number> {
  const entry = mapping.upper(block);
  yield LK(mapping.pmd_lock);
  let upper = yield R(entry);
  if (upper === 0) {
    upper = entryFor(mapping.table(block).object, ENTRY_TABLE);
    yield W(entry, upper);
  }
  yield UL(mapping.pmd_lock);
  return upper;
}

/** handle_pte_fault(): by what the entry is. Returns 0 or -errno. */
function* handle_pte_fault(mm: Mm, fault: Fault): Steps<number> {
  const { mapping, index, table, flags } = fault;
  const ptep = table.entry(mapping.within(index));
  const pte = yield R(ptep);
  if (pte === 0) {
    return mapping.start.file === null ? yield* do_anonymous_page(mm, fault) : yield* do_fault(mm, fault);
  }
  if (entryPoisoned(pte)) return -EHWPOISON;
  if ((pte & ENTRY_MIGRATION) !== 0) {
    yield WAITNOT(ptep, pte);
    return 0;
  }
  if ((pte & ENTRY_SWAP) !== 0) return yield* do_swap_page(mm, fault, pte);
  if ((pte & ENTRY_PROTNONE) !== 0) return yield* do_numa_page(fault, pte);
  const write = (flags & FAULT_FLAG_WRITE) !== 0 && (pte & ENTRY_WRITE) === 0;
  if (write || (flags & FAULT_FLAG_UNSHARE) !== 0) {
    yield LK(table.ptl);
    if ((yield R(ptep)) === pte) return yield* do_wp_page(mm, fault, pte);
    yield UL(table.ptl);
  }
  return 0;
}

/** do_numa_page(): a hint fault; the page stays where it is. */
function* do_numa_page(fault: Fault, pte: number): Steps<number> {
  const ptep = fault.table.entry(fault.mapping.within(fault.index));
  yield LK(fault.table.ptl);
  if ((yield R(ptep)) === pte) yield W(ptep, entryWith(pte, 0, ENTRY_PROTNONE));
  yield UL(fault.table.ptl);
  return 0;
}

/** do_anonymous_page(): the zero page for a read, a fresh page for a write. */
function* do_anonymous_page(mm: Mm, fault: Fault): Steps<number> {
  const { mapping, index, table, flags } = fault;
  const ptep = table.entry(mapping.within(index));
  if ((flags & FAULT_FLAG_WRITE) === 0) {
    yield LK(table.ptl);
    if ((yield R(ptep)) === 0) yield W(ptep, entryFor(mm.world.zeroPage.object, ENTRY_SPECIAL));
    yield UL(table.ptl);
    return 0;
  }
  const page = yield* alloc_zeroed(mm);
  yield LK(table.ptl);
  if ((yield R(ptep)) !== 0) {
    yield UL(table.ptl);
    yield* put_page_untold(mm, page);
    return 0;
  }
  yield* folio_add_new_anon_rmap(mm, page, mapping, index);
  yield* folio_add_lru(mm, page);
  yield W(ptep, entryFor(page.object, writable_bits(mapping)));
  yield UL(table.ptl);
  return 0;
}

/** A page full of zeroes. */
export function* alloc_zeroed(mm: Mm): Steps<PageModel> {
  const page = yield* alloc_pages(mm, 0);
  if ((yield R(page.data)) !== 0) yield W(page.data, 0);
  // folio_ref_add(folio, nr_pages - 1) of do_anonymous_page().
  if (mm.sw.faultAddsRange) yield ADD(page._refcount, 0);
  return page;
}

/** folio_add_new_anon_rmap(): the page belongs to the mapping's process alone. */
export function* folio_add_new_anon_rmap(mm: Mm, page: PageModel, mapping: MappingModel, index: number): Steps<void> {
  yield W(page.mapping, homeFor(mapping.root.object, index));
  yield W(page.flag('PG_swapbacked'), 1);
  yield W(page.mapcount, 1);
  if (mm.sw.anonExclusive) yield W(page.anon_exclusive, 1);
}
