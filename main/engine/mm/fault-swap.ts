/** do_swap_page(): brings a page back from swap, or from the swap cache where it still is. */
import { ENTRY_DIRTY, ENTRY_EXCLUSIVE, ENTRY_WRITE, entryFor, entryPage, FAULT_FLAG_WRITE, homeFor } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import type { SwapSlot } from '../page-table.ts';
import { ADD, ADDU, CAS, LK, R, UL, W } from '../step.ts';
import { alloc_pages } from './alloc.ts';
import type { Mm } from './context.ts';
import type { Fault } from './fault.ts';
import { folio_add_lru } from './lru.ts';
import { put_page_untold } from './refcount.ts';
import { try_to_free_swap } from './swap-cache.ts';

/** Returns 0: the access is tried again, whatever happened. */
export function* do_swap_page(mm: Mm, fault: Fault, pte: number): Steps<number> {
  const { mapping, index, table, flags } = fault;
  const slot = mm.world.slotOf(entryPage(pte));
  const ptep = table.entry(mapping.within(index));
  const page = yield* swap_cache_page(mm, slot, mapping, index);
  if (page === null) return 0;
  yield LK(page.locked);
  // It may have left the swap cache while the lock was waited for.
  if ((yield R(page.swap)) !== slot.object + 1 || (yield R(page.flag('PG_swapcache'))) === 0) {
    yield UL(page.locked);
    yield* put_page_untold(mm, page);
    return 0;
  }
  yield LK(table.ptl);
  if ((yield R(ptep)) !== pte) {
    yield UL(table.ptl);
    yield UL(page.locked);
    yield* put_page_untold(mm, page);
    return 0;
  }
  yield ADD(slot.count, -1);
  yield ADD(page.mapcount, 1);
  const write = (flags & FAULT_FLAG_WRITE) !== 0;
  const bits = yield* swap_in_bits(mm, page, mapping, pte, write);
  yield W(ptep, entryFor(page.object, bits));
  yield UL(table.ptl);
  yield UL(page.locked);
  return 0;
}

/** Whether the page comes back writable, and whether it is exclusive: each era's rule. */
function* swap_in_bits(mm: Mm, page: PageModel, mapping: MappingModel, pte: number, write: boolean): Steps<number> {
  const writable = mapping.start.writable ? ENTRY_WRITE | ENTRY_DIRTY : ENTRY_DIRTY;
  if (mm.sw.anonExclusive) {
    if (write && (yield R(page.writeback)) === 0) yield* try_to_free_swap(mm, page);
    const alone = (pte & ENTRY_EXCLUSIVE) !== 0 || (yield R(page._refcount)) === 1;
    yield W(page.anon_exclusive, alone ? 1 : 0);
    return alone && write ? writable : 0;
  }
  if (!write) return 0;
  // reuse_swap_page(): mapped once and no other entry points to the slot.
  const slot = mm.world.slotOf((yield R(page.swap)) - 1);
  const others = (yield R(page.mapcount)) + (yield R(slot.count)) - 1;
  if (others > 1 || (yield R(page.writeback)) === 1) return 0;
  yield* try_to_free_swap(mm, page);
  return writable;
}

/** The page of a slot with a reference for the caller: looked up in the swap cache, or read in. Null: try again. */
function* swap_cache_page(mm: Mm, slot: SwapSlot, mapping: MappingModel, index: number): Steps<PageModel | null> {
  const cached = yield R(slot.cache);
  if (cached !== 0) {
    const page = mm.world.pageOf(cached - 1);
    if ((yield ADDU(page._refcount, 1)) === 0) return null;
    if ((yield R(slot.cache)) === cached) return page;
    yield* put_page_untold(mm, page);
    return null;
  }
  if ((yield R(slot.count)) === 0) return null;
  const page = yield* alloc_pages(mm, 0);
  yield W(page.data, yield R(slot.data));
  yield W(page.mapping, homeFor(mapping.root.object, index));
  yield W(page.flag('PG_swapbacked'), 1);
  yield W(page.flag('PG_swapcache'), 1);
  yield W(page.swap, slot.object + 1);
  yield ADD(page._refcount, 1);
  if ((yield CAS(slot.cache, 0, page.object + 1)) === 1) {
    yield ADD(slot.count, 1);
    yield* folio_add_lru(mm, page);
    return page;
  }
  yield W(page.flag('PG_swapcache'), 0);
  yield ADD(page._refcount, -1);
  yield* put_page_untold(mm, page);
  return null;
}
