/**
 * get_page(), put_page() and their relatives: the plain references of a page, with each revision's guards.
 * All of them act on the head; each atomic operation is a step.
 */
import { PG_buddy } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, ADDU, R, SUBT, W } from '../step.ts';
import { compound_head, type Mm } from './context.ts';

/** get_page(): adds 1 with no check a production kernel would notice. */
export function* get_page(mm: Mm, page: PageModel): Steps<void> {
  const head = yield* compound_head(mm, page);
  yield ADD(head._refcount, 1);
  mm.world.hold('get', page, 1);
}

/** try_get_page(): refuses a count that is not positive. */
export function* try_get_page(mm: Mm, page: PageModel): Steps<boolean> {
  const head = yield* compound_head(mm, page);
  const count = yield R(head._refcount);
  if (count <= 0) {
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
    const count = yield R(head._refcount);
    if (count < 0) {
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
  if ((yield SUBT(head._refcount, refs)) === 1) yield* __put_page(head, mm);
}

/** put_page(): gives back one plain reference. */
export function* put_page(mm: Mm, page: PageModel): Steps<void> {
  const head = yield* compound_head(mm, page);
  const zero = yield SUBT(head._refcount, 1);
  mm.world.drop('get', page, 1);
  if (zero === 1) yield* __put_page(head, mm);
}

/** The put that undoes a reference nobody was told of yet: put_page() without an owner. */
export function* put_page_untold(mm: Mm, page: PageModel): Steps<void> {
  const head = yield* compound_head(mm, page);
  if ((yield SUBT(head._refcount, 1)) === 1) yield* __put_page(head, mm);
}

/** The last reference is gone: the checks of free_pages_prepare(), then the free list. */
export function* __put_page(head: PageModel, mm: Mm): Steps<void> {
  const flags = yield R(head.flags);
  if ((flags & PG_buddy) !== 0) {
    mm.world.event('bad-page', `BUG: Bad page state: ${head.name} is freed twice`);
    return;
  }
  if (head.order > 0) yield W(head.subpage(1).compound_head, 0);
  yield W(head.flags, PG_buddy);
  mm.world.freed(head);
}
