/**
 * khugepaged: collapse_huge_page(). The page table is taken away, every small page must have no reference beyond its
 * mapping, the contents are copied into a huge page, and that one is mapped in the table's place.
 */
import { ENTRY_TABLE, entryFor, entryPage, entryPresent } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import type { PageTable } from '../page-table.ts';
import { ADD, LK, R, TRYLK, UL, W, XCHG } from '../step.ts';
import { alloc_pages } from './alloc.ts';
import { compound_head, type Mm } from './context.ts';
import { writable_bits } from './fault.ts';
import { add_huge_anon_rmap } from './fault-huge.ts';
import { mmap_write_lock, mmap_write_unlock } from './lock.ts';
import { folio_isolate_lru, folio_putback_lru } from './migrate.ts';
import { put_page_untold } from './refcount.ts';
import { flush_tlb, tlb_remove_table_sync_one } from './tlb.ts';

/** True: the block is mapped by a huge page now. */
export function* collapse_huge_page(mm: Mm, mapping: MappingModel, block: number): Steps<boolean> {
  const huge = yield* alloc_pages(mm, mapping.start.order);
  yield* mmap_write_lock(mapping.mm);
  const upper = yield R(mapping.upper(block));
  let done = false;
  if ((yield R(mapping.vma)) === 1 && (upper & ENTRY_TABLE) !== 0 && fits(mapping, block)) {
    done = yield* collapse_locked(mm, mapping, block, upper, huge);
  }
  yield* mmap_write_unlock(mapping.mm);
  if (!done) yield* put_page_untold(mm, huge);
  return done;
}

function fits(mapping: MappingModel, block: number): boolean {
  return mapping.anonymous && mapping.start.order > 0 && (block + 1) * mapping.blockPages <= mapping.npages;
}

/** With mmap_lock held for writing. */
function* collapse_locked(
  mm: Mm,
  mapping: MappingModel,
  block: number,
  upper: number,
  huge: PageModel,
): Steps<boolean> {
  const table = mm.world.table(entryPage(upper));
  yield LK(mapping.pmd_lock);
  yield XCHG(mapping.upper(block), 0);
  yield* flush_tlb(mm, mapping.mm);
  yield UL(mapping.pmd_lock);
  if (mm.sw.collapseSync) yield* tlb_remove_table_sync_one();
  yield LK(table.ptl);
  const pages = yield* __collapse_huge_page_isolate(mm, table, mapping.blockPages);
  yield UL(table.ptl);
  if (pages === null) {
    yield LK(mapping.pmd_lock);
    yield W(mapping.upper(block), upper);
    yield UL(mapping.pmd_lock);
    return false;
  }
  yield* __collapse_huge_page_copy(mm, table, pages, huge);
  yield* add_huge_anon_rmap(mm, huge, mapping, block * mapping.blockPages);
  yield LK(mapping.pmd_lock);
  // pgtable_trans_huge_deposit(): the table is put by; whoever zaps the huge page frees it.
  yield W(table.freed, 1);
  yield W(mapping.upper(block), entryFor(huge.object, writable_bits(mapping)));
  yield UL(mapping.pmd_lock);
  return true;
}

/** __collapse_huge_page_isolate(): the small pages, or null when one of them is in use. */
function* __collapse_huge_page_isolate(mm: Mm, table: PageTable, n: number): Steps<PageModel[] | null> {
  const pages: PageModel[] = [];
  for (let i = 0; i < n; i++) {
    const pte = yield R(table.entry(i));
    const page = entryPresent(pte) && entryPage(pte) >= 0 ? mm.world.pageOf(entryPage(pte)) : null;
    if (page === null || !(yield* isolate_one(mm, page))) {
      yield* release_pte_pages(mm, pages);
      return null;
    }
    pages.push(page);
  }
  return pages;
}

/** One small page: locked, with no reference but its mappings' (is_refcount_suitable()), and off the LRU. */
function* isolate_one(mm: Mm, page: PageModel): Steps<boolean> {
  const head = yield* compound_head(mm, page);
  if (head !== page || page.traits.kind !== 'ram' || (yield TRYLK(page.locked)) === 0) return false;
  const expected = (yield R(page.mapcount)) + (yield R(page.flag('PG_swapcache')));
  const alone = (yield R(page._refcount)) === expected && expected === 1;
  if (alone && (yield* folio_isolate_lru(mm, page))) return true;
  yield UL(page.locked);
  return false;
}

function* release_pte_pages(mm: Mm, pages: readonly PageModel[]): Steps<void> {
  for (const page of pages) {
    yield UL(page.locked);
    yield* folio_putback_lru(mm, page);
  }
}

/** __collapse_huge_page_copy(): contents over, entries cleared, small pages given back. */
function* __collapse_huge_page_copy(
  mm: Mm,
  table: PageTable,
  pages: readonly PageModel[],
  huge: PageModel,
): Steps<void> {
  for (const [i, page] of pages.entries()) {
    yield W(huge.subpage(i).data, yield R(page.data));
    yield LK(table.ptl);
    yield W(table.entry(i), 0);
    yield ADD(page.mapcount, -1);
    yield UL(table.ptl);
    yield UL(page.locked);
    yield* folio_putback_lru(mm, page);
    yield* put_page_untold(mm, page);
  }
}
