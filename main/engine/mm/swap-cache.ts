/** The swap cache: a page that has a swap slot, as long as both are needed. */
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import type { SwapSlot } from '../page-table.ts';
import { ADD, ADDR, R, W } from '../step.ts';
import type { Mm } from './context.ts';
import { put_page_untold } from './refcount.ts';

/** add_to_swap(): a slot for the page; the swap cache has a reference from now on. */
export function* add_to_swap(mm: Mm, page: PageModel): Steps<SwapSlot> {
  const slot = mm.world.swapSlot((yield ADDR(mm.world.swapNext, 1)) - 1);
  yield ADD(page._refcount, 1);
  yield W(page.flag('PG_swapcache'), 1);
  yield W(page.swap, slot.object + 1);
  yield W(slot.count, 1);
  yield W(slot.cache, page.object + 1);
  yield W(page.dirty, 1);
  return slot;
}

/** delete_from_swap_cache(): with the page locked; its reference goes. */
export function* delete_from_swap_cache(mm: Mm, page: PageModel): Steps<void> {
  const slot = mm.world.slotOf((yield R(page.swap)) - 1);
  yield W(slot.cache, 0);
  yield W(page.flag('PG_swapcache'), 0);
  yield ADD(slot.count, -1);
  yield* put_page_untold(mm, page);
}

/** try_to_free_swap(): only when no page-table entry points to the slot any more. */
export function* try_to_free_swap(mm: Mm, page: PageModel): Steps<boolean> {
  const slot = mm.world.slotOf((yield R(page.swap)) - 1);
  if ((yield R(slot.count)) > 1) return false;
  yield* delete_from_swap_cache(mm, page);
  yield W(page.dirty, 1);
  return true;
}
