/**
 * Giving pins back: the undo inside fast GUP (put_compound_head(), gup_put_folio()) and the unpin family. In each the
 * owner lets go in the very step that subtracts, so that a check sees neither a pin without its count nor the reverse.
 */
import { ScriptMisuse } from '../errors.ts';
import { FOLL_PIN, PG_buddy } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, NOP, R, SUBT } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { has_pincount, pin_is_free, pinCounters } from './grab.ts';
import { __put_page, page_ref_sub_and_test, put_page_refs } from './refcount.ts';
import { folio_test_anon } from './unshare.ts';
import type { PageRun } from './user-pages.ts';

/** Undoes `refs` references or pins that nobody was told of, as the huge leaves of fast GUP do. */
export function* put_compound_head(
  mm: Mm,
  page: PageModel,
  head: PageModel,
  refs: number,
  gup_flags: number,
): Steps<void> {
  const pin = (gup_flags & FOLL_PIN) !== 0;
  if (!pin || mm.sw.hugeUndo === 'head-refs') return yield* put_plain(mm, head, refs);
  if (mm.sw.hugeUndo === 'page-refs') return yield* put_plain(mm, page, refs);
  yield* gup_put_folio(mm, head, refs);
}

/**
 * put_compound_head(page, refs) before it knew of pins: get_page(), page_ref_sub(page, refs), put_page(). The middle
 * one acts on the very page it is handed, which in the v5 posting may be a tail.
 */
function* put_plain(mm: Mm, page: PageModel, refs: number): Steps<void> {
  if (mm.sw.hugeUndo === 'matching') return yield* put_page_refs(mm, page, refs);
  const head = yield* compound_head(mm, page);
  yield ADD(head._refcount, 1);
  yield ADD(page._refcount, -refs);
  if ((yield SUBT(head._refcount, 1)) === 1) yield* __put_page(head, mm);
}

/** gup_put_folio() / put_compound_head(head, refs, FOLL_PIN): takes off exactly what the grab put on. */
export function* gup_put_folio(mm: Mm, head: PageModel, refs: number): Steps<void> {
  if (pin_is_free(mm, head, FOLL_PIN)) return;
  mm.world.count(pinCounters(mm).released, refs);
  if (yield* has_pincount(mm, head)) yield ADD(head.pincount, -refs);
  else refs *= mm.bias;
  yield* put_page_refs(mm, head, refs);
}

/**
 * sanity_check_pinned_pages() of debug kernels since 5.19: a pinned private page is exclusive, or was when it was pinned;
 * whoever unpins another page than the one that was pinned is caught here.
 */
export function* sanity_check_pinned_page(mm: Mm, page: PageModel, head: PageModel): Steps<void> {
  if (!mm.world.arch.debugVm || !mm.sw.anonExclusive || !(yield* folio_test_anon(mm, head))) return;
  if ((yield R(head.anon_exclusive)) === 1) return;
  const large = head.traits.kind !== 'hugetlb' && page !== head;
  if (large && (yield R(page.anon_exclusive)) === 1) return;
  mm.world.event('BUG', `VM_BUG_ON_PAGE(!PageAnonExclusive(${page.name})) in sanity_check_pinned_pages()`);
}

/** unpin_user_page(): one pin of the page's head. */
export function* unpin_user_page(mm: Mm, page: PageModel): Steps<void> {
  const head = yield* compound_head(mm, page);
  yield* sanity_check_pinned_page(mm, page, head);
  yield* unpin_folio(mm, page, head, 1);
}

/** unpin_user_pages(): every page of the list, consecutive pages of one folio at once where the revision does that. */
export function* unpin_user_pages(mm: Mm, runs: readonly PageRun[]): Steps<void> {
  for (const run of runs) yield* unpin_run(mm, run);
}

/** unpin_user_pages(pages, -ERRNO): the count is looked at, and nothing is given back. */
export function* unpin_user_pages_error(mm: Mm, npages: number): Steps<void> {
  if (npages >= 0) throw new ScriptMisuse(`unpin_user_pages() wants pages, got the number ${npages}`);
  yield NOP();
  mm.world.event('WARN', 'WARN_ON(IS_ERR_VALUE(npages)) in unpin_user_pages()');
}

/** The pages of one run: one by one, or as many at once as belong to one folio. */
function* unpin_run(mm: Mm, run: PageRun): Steps<void> {
  for (let i = 0; i < run.n; ) {
    const page = run.page.head.subpage(run.page.index + i);
    const { head, n } = mm.sw.unpinBatched
      ? yield* gup_folio_next(mm, page, run.n - i)
      : { head: yield* compound_head(mm, page), n: 1 };
    yield* sanity_check_pinned_page(mm, page, head);
    yield* unpin_folio(mm, page, head, n);
    i += n;
  }
}

/** A folio and how many of the pages asked for belong to it. */
interface FolioRun {
  readonly head: PageModel;
  readonly n: number;
}

/**
 * gup_folio_next(): how many of `nr` pages from `page` on belong to one folio. The tails of one compound share a word,
 * so that one look at it stands for the looks at all of them.
 */
export function* gup_folio_next(mm: Mm, page: PageModel, nr: number): Steps<FolioRun> {
  const head = yield* compound_head(mm, page);
  if (nr === 1) return { head, n: 1 };
  if (page !== page.head) return { head, n: head === page ? 1 : nr };
  const next = yield* compound_head(mm, page.subpage(1));
  return { head, n: next === head ? nr : 1 };
}

/** Whether a debug kernel refuses to put more than there is; the event says what it prints. */
function* put_guard(mm: Mm, head: PageModel, units: number): Steps<boolean> {
  if (!mm.world.arch.debugVm || mm.sw.putGuard === 'none' || (yield R(head._refcount)) >= units) return false;
  if (mm.sw.putGuard === 'warn-skip') {
    mm.world.event('WARN', 'VM_WARN_ON_ONCE_PAGE(page_ref_count(page) < refs) in put_page_refs()');
    return true;
  }
  mm.world.event('BUG', 'VM_BUG_ON_PAGE(page_ref_count(page) < refs) in put_compound_head()');
  return false;
}

/** Subtracts `refs` pins of a folio; the order of pincount, count and vmstat is the revision's. */
export function* unpin_folio(mm: Mm, page: PageModel, head: PageModel, refs: number): Steps<void> {
  if (pin_is_free(mm, head, FOLL_PIN)) return;
  const { released } = pinCounters(mm);
  const how = mm.sw.follPin ? 'pin' : 'get';
  const exact = mm.sw.follPin && (yield* has_pincount(mm, head));
  let units = exact || !mm.sw.follPin ? refs : refs * mm.bias;
  if (yield* put_guard(mm, head, units)) return;
  if (mm.sw.follPin && !mm.sw.vmstatAfterPut) mm.world.count(released, refs);
  if (exact) {
    yield ADD(head.pincount, -refs);
    mm.world.drop(how, page, refs);
  }
  if (mm.sw.unpinSplit && units > 1) {
    yield ADD(head._refcount, -(units - 1));
    if (!exact) mm.world.drop(how, page, refs);
    units = 1;
    if (yield* page_ref_sub_and_test(mm, head, units)) yield* __put_page(head, mm);
    return;
  }
  const zero = yield* page_ref_sub_and_test(mm, head, units);
  if (!exact) mm.world.drop(how, page, refs);
  if (zero) yield* __put_page(head, mm);
  if (mm.sw.follPin && mm.sw.vmstatAfterPut) yield* count_after_put(mm, head, refs, released);
}

/** 5.7 to 5.10: the counter of the page's node is looked up in the page, which may be somebody else's by now. */
function* count_after_put(mm: Mm, head: PageModel, refs: number, released: string): Steps<void> {
  const flags = yield R(head.flags);
  mm.world.count(released, refs);
  if ((flags & PG_buddy) !== 0) {
    mm.world.event('BUG', `use after free: unpin_user_page() reads page_pgdat() of ${head.name}, which is free by now`);
  }
}

/** unpin_user_folio() (6.12): `npages` pins of a folio at once. */
export function* unpin_user_folio(mm: Mm, page: PageModel, npages: number): Steps<void> {
  const head = yield* compound_head(mm, page);
  yield* unpin_folio(mm, head, head, npages);
}

/** folio_add_pin() (6.5): one more pin on a folio that is pinned already. */
export function* folio_add_pin(mm: Mm, page: PageModel): Steps<void> {
  const head = yield* compound_head(mm, page);
  if (pin_is_free(mm, head, FOLL_PIN)) return;
  const exact = yield* has_pincount(mm, head);
  const counter = exact ? head.pincount : head._refcount;
  if ((yield R(counter)) < (exact ? 1 : mm.bias)) {
    mm.world.event(
      'WARN',
      `WARN_ON_ONCE(${exact ? '_pincount < 1' : 'refcount < GUP_PIN_COUNTING_BIAS'}) in folio_add_pin()`,
    );
  }
  yield ADD(head._refcount, exact ? 1 : mm.bias);
  if (exact) yield ADD(head.pincount, 1);
  mm.world.count(pinCounters(mm).acquired, 1);
  mm.world.hold('pin', page, 1);
}
