/**
 * get_page(), put_page() and their relatives: the plain references of a page, with each revision's guards.
 * All of them act on the head; each atomic operation is a step.
 */
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, ADDR, ADDU, CAS, R, SUBT } from '../step.ts';
import { free_unref_page } from './alloc.ts';
import { compound_head, type Mm } from './context.ts';

/** get_page(): adds 1 with no check a production kernel would notice. */
export function* get_page(mm: Mm, page: PageModel): Steps<void> {
  const head = yield* compound_head(mm, page);
  yield* folio_get(mm, head);
  mm.world.hold('get', page, 1);
}

/** folio_get() on behalf of the kernel itself: nobody is told. */
export function* folio_get(mm: Mm, head: PageModel): Steps<void> {
  if (mm.world.arch.debugVm && ((yield R(head._refcount)) + 127) >>> 0 <= 127) {
    mm.world.event('BUG', 'VM_BUG_ON_PAGE(page_ref_zero_or_close_to_overflow(page))');
  }
  yield ADD(head._refcount, 1);
}

/** try_get_page(): refuses a count that is not positive. */
export function* try_get_page(mm: Mm, page: PageModel): Steps<boolean> {
  const head = yield* compound_head(mm, page);
  if (mm.sw.overflowCheck && (yield R(head._refcount)) <= 0) {
    mm.world.event('WARN', 'WARN_ON_ONCE(page_ref_count(page) <= 0) in try_get_page()');
    return false;
  }
  yield ADD(head._refcount, 1);
  mm.world.hold('get', page, 1);
  return true;
}

/**
 * try_get_compound_head() / try_get_folio(): `refs` references on the head unless its count is zero or negative.
 * Later revisions read compound_head() again, because the page may have got another head meanwhile (c24d37322548).
 * @returns the head, or null when nothing was taken
 */
export function* try_get_compound_head(mm: Mm, page: PageModel, refs: number): Steps<PageModel | null> {
  for (;;) {
    const head = yield* compound_head(mm, page);
    if (mm.sw.overflowCheck && (yield R(head._refcount)) < 0) {
      mm.world.event('WARN', 'WARN_ON_ONCE(page_ref_count(head) < 0) in try_get_compound_head()');
      return null;
    }
    if ((yield ADDU(head._refcount, refs)) === 0) return null;
    if (mm.sw.headRecheck === 'no') return head;
    const again = yield* compound_head(mm, page);
    if (again === head) return head;
    yield* put_page_refs(mm, head, refs);
    if (mm.sw.headRecheck === 'fail') return null;
  }
}

/** Gives back `refs` plain references of a head at once; frees it when they were the last. */
export function* put_page_refs(mm: Mm, head: PageModel, refs: number): Steps<void> {
  if (mm.sw.undoSplit && refs > 1) {
    yield ADD(head._refcount, -(refs - 1));
    refs = 1;
  }
  if (yield* page_ref_sub_and_test(mm, head, refs)) yield* __put_page(head, mm);
}

/**
 * Subtracts and says whether the page is to be freed. Pages of ZONE_DEVICE never are: whoever waits for an idle page is
 * woken when its count gets to 1 (up to 6.12), or to 0.
 */
export function* page_ref_sub_and_test(mm: Mm, head: PageModel, refs: number): Steps<boolean> {
  if (head.traits.kind !== 'device') return (yield SUBT(head._refcount, refs)) === 1;
  const idle = mm.sw.devmapOneBased
    ? (yield ADDR(head._refcount, -refs)) === 1
    : (yield SUBT(head._refcount, refs)) === 1;
  if (idle) mm.world.event('note', `${head.name} is idle: whoever waits for it is woken`);
  return false;
}

/** put_page(): gives back one plain reference. */
export function* put_page(mm: Mm, page: PageModel): Steps<void> {
  const head = yield* compound_head(mm, page);
  yield* testzero_guard(mm, head);
  const zero = yield* page_ref_sub_and_test(mm, head, 1);
  mm.world.drop('get', page, 1);
  if (zero) yield* __put_page(head, mm);
}

/** The put of a reference nobody was told of: put_page() without an owner. */
export function* put_page_untold(mm: Mm, page: PageModel): Steps<void> {
  const head = yield* compound_head(mm, page);
  yield* folio_put(mm, head);
}

/** What a debug kernel says to a put of a page that is free already. */
function* testzero_guard(mm: Mm, head: PageModel): Steps<void> {
  if (mm.world.arch.debugVm && (yield R(head._refcount)) === 0) {
    mm.world.event('BUG', 'VM_BUG_ON_PAGE(page_ref_count(page) == 0) in put_page_testzero()');
  }
}

/** folio_put() of a reference nobody was told of. */
export function* folio_put(mm: Mm, head: PageModel): Steps<void> {
  yield* testzero_guard(mm, head);
  if (yield* page_ref_sub_and_test(mm, head, 1)) yield* __put_page(head, mm);
}

/** The last reference is gone. */
export function* __put_page(head: PageModel, mm: Mm): Steps<void> {
  yield* free_unref_page(mm, head);
}

/** page_ref_freeze(): takes a count that is exactly as expected to 0, so that nobody gets a new reference. */
export function* page_ref_freeze(head: PageModel, expected: number): Steps<boolean> {
  return (yield CAS(head._refcount, expected, 0)) === 1;
}

/** page_ref_unfreeze(): a store-release of the count, which was 0. */
export function* page_ref_unfreeze(head: PageModel, count: number): Steps<void> {
  yield CAS(head._refcount, 0, count);
}
