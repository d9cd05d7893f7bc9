/**
 * Copy on write: do_wp_page() with each era's rule for when a page may be written in place. Entered with the page-table
 * lock held and the entry checked; returns with the lock dropped.
 */
import {
  ENTRY_DIRTY,
  ENTRY_SPECIAL,
  ENTRY_WRITE,
  entryFor,
  entryPage,
  entryWith,
  FAULT_FLAG_UNSHARE,
} from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, LK, R, TRYLK, UL, W, XCHG } from '../step.ts';
import { alloc_pages } from './alloc.ts';
import { compound_head, type Mm } from './context.ts';
import { alloc_zeroed, type Fault, folio_add_new_anon_rmap, writable_bits } from './fault.ts';
import { wp_page_shared } from './fault-file.ts';
import { folio_add_lru } from './lru.ts';
import { folio_get, put_page_untold } from './refcount.ts';
import { page_trans_huge_mapcount } from './rmap.ts';
import { try_to_free_swap } from './swap-cache.ts';
import { flush_tlb } from './tlb.ts';
import { folio_test_anon } from './unshare.ts';

/** do_wp_page(). Returns 0 or -errno. */
export function* do_wp_page(mm: Mm, fault: Fault, pte: number): Steps<number> {
  const { mapping, table, flags } = fault;
  const unshare = (flags & FAULT_FLAG_UNSHARE) !== 0;
  const page = mm.world.pageOf(entryPage(pte));
  if (mapping.start.shared && !unshare) return yield* wp_page_shared(mm, fault, pte, page);
  if ((pte & ENTRY_SPECIAL) === 0) {
    const head = yield* compound_head(mm, page);
    const reuse = (yield* folio_test_anon(mm, head)) ? yield* may_reuse(mm, fault, page, head, pte) : 'copy';
    if (reuse !== 'copy') {
      if (reuse === 'reuse' && !unshare) yield* wp_page_reuse(fault, pte);
      yield UL(table.ptl);
      return 0;
    }
  }
  return yield* wp_page_copy(mm, fault, pte, page);
}

/** What becomes of a write: in place, to a copy, or the access is tried again. */
type Reuse = 'reuse' | 'copy' | 'again';

/** May the page be written in place? The question whose answers 5.9, 5.18 and 5.19 changed. */
function* may_reuse(mm: Mm, fault: Fault, page: PageModel, head: PageModel, pte: number): Steps<Reuse> {
  switch (mm.sw.cowReuse) {
    case 'mapcount':
      return yield* reuse_swap_page(mm, fault, page, head, pte);
    case 'count':
      return (yield* only_reference(mm, page, head)) ? 'reuse' : 'copy';
    case 'exclusive':
      if ((yield R(page.anon_exclusive)) === 1) return 'reuse';
      if (!(yield* only_reference(mm, page, head))) return 'copy';
      yield W(page.anon_exclusive, 1);
      return 'reuse';
  }
}

/** reuse_swap_page() up to 5.8: mapped once and in no swap entry; references of others do not count. */
function* reuse_swap_page(mm: Mm, fault: Fault, page: PageModel, head: PageModel, pte: number): Steps<Reuse> {
  if ((yield TRYLK(head.locked)) === 0) {
    // The lock must be slept for: drop the page table's, and look again.
    yield* folio_get(mm, head);
    yield UL(fault.table.ptl);
    yield LK(head.locked);
    yield LK(fault.table.ptl);
    const same = (yield R(fault.table.entry(fault.mapping.within(fault.index)))) === pte;
    if (!same) yield UL(head.locked);
    yield* put_page_untold(mm, head);
    if (!same) return 'again';
  }
  let count = page === head || head.order > 0 ? yield* page_trans_huge_mapcount(head) : yield R(page.mapcount);
  if (count <= 1 && (yield R(head.flag('PG_swapcache'))) === 1) {
    count += yield* page_swapcount(mm, head);
    if (count === 1 && (yield R(head.writeback)) === 0) yield* try_to_free_swap(mm, head);
  }
  yield UL(head.locked);
  return count <= 1 ? 'reuse' : 'copy';
}

function* page_swapcount(mm: Mm, head: PageModel): Steps<number> {
  const slot = yield R(head.swap);
  if (slot === 0) return 0;
  return (yield R(mm.world.slotOf(slot - 1).count)) - 1;
}

/** 5.9 and later: nobody but this mapping has a reference. */
function* only_reference(mm: Mm, page: PageModel, head: PageModel): Steps<boolean> {
  const count = yield R(head._refcount);
  const freesSwap = mm.sw.cowFreesSwap;
  if (freesSwap ? count > 3 : count !== 1) return false;
  if (freesSwap && count > 1 + (yield R(head.flag('PG_swapcache')))) return false;
  if ((yield TRYLK(head.locked)) === 0) return false;
  if (freesSwap && (yield R(head.flag('PG_swapcache'))) === 1) yield* try_to_free_swap(mm, head);
  const alone = (freesSwap || (yield R(page.mapcount)) === 1) && (yield R(head._refcount)) === 1;
  yield UL(head.locked);
  return alone;
}

/** wp_page_reuse(): the entry becomes writable. */
export function* wp_page_reuse(fault: Fault, pte: number): Steps<void> {
  const { mapping, index, table } = fault;
  const bits = mapping.start.writable ? ENTRY_WRITE | ENTRY_DIRTY : ENTRY_DIRTY;
  yield W(table.entry(mapping.within(index)), entryWith(pte, bits, 0));
}

/** wp_page_copy(): a copy takes the page's place in this page table. */
function* wp_page_copy(mm: Mm, fault: Fault, pte: number, old: PageModel): Steps<number> {
  const { mapping, index, table, flags } = fault;
  const ptep = table.entry(mapping.within(index));
  const zero = (pte & ENTRY_SPECIAL) !== 0;
  if (!zero) yield* folio_get(mm, yield* compound_head(mm, old));
  yield UL(table.ptl);
  const page = zero ? yield* alloc_zeroed(mm) : yield* copy_of(mm, old);
  yield LK(table.ptl);
  if ((yield R(ptep)) !== pte) {
    yield UL(table.ptl);
    yield* put_page_untold(mm, page);
    if (!zero) yield* put_page_untold(mm, old);
    return 0;
  }
  yield XCHG(ptep, 0);
  yield* flush_tlb(mm, mapping.mm);
  yield* folio_add_new_anon_rmap(mm, page, mapping, index);
  yield* folio_add_lru(mm, page);
  const bits = (flags & FAULT_FLAG_UNSHARE) !== 0 ? 0 : writable_bits(mapping);
  yield W(ptep, entryFor(page.object, bits));
  if (!zero) yield ADD(old.mapcount, -1);
  yield UL(table.ptl);
  if (!zero) {
    yield* put_page_untold(mm, old);
    yield* put_page_untold(mm, old);
  }
  return 0;
}

/** A new page with the contents of another. */
export function* copy_of(mm: Mm, old: PageModel): Steps<PageModel> {
  const page = yield* alloc_pages(mm, 0);
  yield W(page.data, yield R(old.data));
  return page;
}
