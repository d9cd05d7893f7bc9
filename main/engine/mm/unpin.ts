/**
 * Giving pins back: the undo inside fast GUP (put_compound_head(), gup_put_folio()) and the unpin family. In each the
 * owner lets go in the very step that subtracts, so that a check sees neither a pin without its count nor the reverse.
 */
import { FOLL_PIN } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, R, SUBT } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { has_pincount, pinCounters } from './grab.ts';
import { __put_page, put_page_refs } from './refcount.ts';

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
  mm.world.count(pinCounters(mm).released, refs);
  if (yield* has_pincount(mm, head)) yield ADD(head.pincount, -refs);
  else refs *= mm.bias;
  yield* put_page_refs(mm, head, refs);
}

/** unpin_user_page(): one pin of the page's head. */
export function* unpin_user_page(mm: Mm, page: PageModel): Steps<void> {
  if (!mm.sw.follPin) {
    const head = yield* compound_head(mm, page);
    const zero = yield SUBT(head._refcount, 1);
    mm.world.drop('get', page, 1);
    if (zero === 1) yield* __put_page(head, mm);
    return;
  }
  const head = yield* compound_head(mm, page);
  yield* unpin_folio(mm, page, head, 1);
}

/** unpin_user_pages(): every page of the list, consecutive pages of one folio at once where the revision does that. */
export function* unpin_user_pages(mm: Mm, pages: readonly PageModel[]): Steps<void> {
  if (!mm.sw.unpinBatched) {
    for (const page of pages) yield* unpin_user_page(mm, page);
    return;
  }
  for (let i = 0; i < pages.length; ) {
    const run = yield* gup_folio_next(mm, pages, i);
    yield* unpin_folio(mm, run.page, run.head, run.n);
    i += run.n;
  }
}

interface FolioRun {
  readonly page: PageModel;
  readonly head: PageModel;
  readonly n: number;
}

/** gup_folio_next(): how many entries from `i` on belong to one folio. */
export function* gup_folio_next(mm: Mm, pages: readonly PageModel[], i: number): Steps<FolioRun> {
  const page = pages[i];
  if (page === undefined) throw new RangeError(`no page ${i} in a list of ${pages.length}`);
  const head = yield* compound_head(mm, page);
  let n = 1;
  for (let next = pages[i + n]; next !== undefined; next = pages[i + n]) {
    if ((yield* compound_head(mm, next)) !== head) break;
    n++;
  }
  return { page, head, n };
}

/** Subtracts `refs` pins of a folio; the order of pincount, count and vmstat is the revision's. */
export function* unpin_folio(mm: Mm, page: PageModel, head: PageModel, refs: number): Steps<void> {
  const exact = yield* has_pincount(mm, head);
  let units = exact ? refs : refs * mm.bias;
  if (mm.world.arch.debugVm && mm.sw.putGuard !== 'none') {
    const count = yield R(head._refcount);
    if (count < units) {
      if (mm.sw.putGuard === 'warn-skip') {
        mm.world.event('WARN', 'VM_WARN_ON_ONCE_PAGE(page_ref_count(page) < refs) in put_page_refs()');
        return;
      }
      mm.world.event('BUG', 'VM_BUG_ON_PAGE(page_ref_count(page) < refs) in put_compound_head()');
    }
  }
  if (!mm.sw.vmstatAfterPut) mm.world.count(pinCounters(mm).released, refs);
  if (exact) {
    yield ADD(head.pincount, -refs);
    mm.world.drop('pin', page, refs);
  }
  if (mm.sw.unpinSplit && units > 1) {
    yield ADD(head._refcount, -(units - 1));
    if (!exact) mm.world.drop('pin', page, refs);
    units = 1;
    if ((yield SUBT(head._refcount, units)) === 1) yield* __put_page(head, mm);
  } else {
    const zero = yield SUBT(head._refcount, units);
    if (!exact) mm.world.drop('pin', page, refs);
    if (mm.sw.vmstatAfterPut) mm.world.count(pinCounters(mm).released, refs);
    if (zero === 1) yield* __put_page(head, mm);
  }
}
