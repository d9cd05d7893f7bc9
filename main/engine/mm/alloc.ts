/**
 * The page allocator as far as reference counts see it: what is freed last is what the next allocation of that order
 * gets (a per-CPU list of depth one; what it pushes out is never used again), otherwise a page nobody used before.
 */
import { PG_block, PG_buddy, PG_head } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { FlagName, PageModel } from '../page.ts';
import { ADDR, CAS, R, W, XCHG } from '../step.ts';
import type { Mm } from './context.ts';

/** set_page_refcounted(): a plain store, 0 to 1. */
export function* set_page_refcounted(page: PageModel): Steps<void> {
  yield W(page._refcount, 1);
}

/** Flags that a page may still carry from its last life (PAGE_FLAGS_CHECK_AT_PREP wipes them). */
const WIPED: readonly FlagName[] = ['PG_dirty', 'PG_anon_exclusive', 'PG_swapbacked', 'PG_hwpoison'];

/** prep_new_page() of a page that was used before: nothing of its last life is left. */
function* wipe(mm: Mm, page: PageModel): Steps<void> {
  for (const flag of WIPED) if ((yield R(page.flag(flag))) === 1) yield W(page.flag(flag), 0);
  if (page.order > 0 && mm.sw.pincountOrder <= page.order) yield W(page.pincount, 0);
}

/** alloc_pages(): a page or compound page with a count of 1 that nobody knows of yet. */
export function* alloc_pages(mm: Mm, order: number, hugetlb = false): Steps<PageModel> {
  const used = yield XCHG(mm.world.freeList(order, hugetlb), 0);
  let page: PageModel;
  if (used === 0) page = mm.world.freshPage(order, yield ADDR(mm.world.freshCount(order, hugetlb), 1), hugetlb);
  else {
    page = mm.world.pageOf(used - 1);
    yield* wipe(mm, page);
  }
  yield W(page.flags, order > 0 ? PG_head : 0);
  if (order > 0) yield W(page.subpage(1).compound_head, page.object + 1);
  if (hugetlb && mm.sw.hugetlbUnfreezes) yield CAS(page._refcount, 0, 1);
  else yield* set_page_refcounted(page);
  mm.world.unshared(page);
  return page;
}

/** free_unref_page() or free_huge_page(): the checks of free_pages_prepare(), then the free list. */
export function* free_unref_page(mm: Mm, head: PageModel): Steps<void> {
  const flags = yield R(head.flags);
  if ((flags & PG_buddy) !== 0) {
    mm.world.event('bad-page', `BUG: Bad page state: ${head.name} is freed twice`);
    return;
  }
  const compound = (flags & PG_head) !== 0;
  if (compound) yield W(head.subpage(1).compound_head, 0);
  yield W(head.flags, compound ? PG_buddy | PG_block : PG_buddy);
  mm.world.freed(head);
  yield W(head.mapping, 0);
  yield XCHG(mm.world.freeList(compound ? head.order : 0, head.traits.kind === 'hugetlb'), head.object + 1);
}
