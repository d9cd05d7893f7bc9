/**
 * Taking pins and references in the fast and the slow path, era by era: user_page_ref_inc() of the postings,
 * try_grab_compound_head(), try_grab_page(), try_grab_folio(). Nobody is told of them yet: gup does that.
 */
import { FOLL_LONGTERM, FOLL_PIN, PG_head } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, ADDU, R } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { put_page_refs, try_get_compound_head } from './refcount.ts';

/** Name of the vmstat counters: the postings called them requested and returned. */
export function pinCounters(mm: Mm): { readonly acquired: string; readonly released: string } {
  return mm.sw.hugePin === 'exact' || mm.sw.pteUndoMatches
    ? { acquired: 'nr_foll_pin_acquired', released: 'nr_foll_pin_released' }
    : { acquired: 'nr_foll_pin_requested', released: 'nr_foll_pin_returned' };
}

/** hpage_pincount_available() / folio_has_pincount(): does this head keep an exact pincount? */
export function* has_pincount(mm: Mm, head: PageModel): Steps<boolean> {
  if (head.order < mm.sw.pincountOrder) return false;
  const flags = yield R(head.flags);
  return (flags & PG_head) !== 0;
}

/** Since 6.5 FOLL_PIN leaves the zero page alone (the huge zero page is none). FOLL_GET counts it as ever. */
export function pin_is_free(mm: Mm, page: PageModel, gup_flags: number): boolean {
  return (gup_flags & FOLL_PIN) !== 0 && page.traits.kind === 'zero' && !mm.sw.zeroPagePinned;
}

/** is_pinnable_page() / folio_is_longterm_pinnable(): may the page be pinned for long where it lies? */
export function is_longterm_pinnable(mm: Mm, page: PageModel): boolean {
  const { zone, kind } = page.traits;
  // A file on persistent memory must always be able to move its blocks.
  if (kind === 'device') return false;
  return kind === 'zero' || zone === 'normal' || (zone === 'movable' && mm.sw.longtermZones === 'cma');
}

function wrongZone(mm: Mm, page: PageModel, gup_flags: number): boolean {
  const longterm = (gup_flags & (FOLL_LONGTERM | FOLL_PIN)) === (FOLL_LONGTERM | FOLL_PIN);
  return longterm && !is_longterm_pinnable(mm, page);
}

/** user_page_ref_inc() of the v4 and v5 postings: one bias on the head, whatever the page. */
export function* user_page_ref_inc(mm: Mm, page: PageModel): Steps<PageModel | null> {
  const head = yield* compound_head(mm, page);
  const count = yield R(head._refcount);
  if (count < 0) {
    mm.world.event('WARN', 'WARN_ON_ONCE(page_ref_count(page) < 0) in user_page_ref_inc()');
    return null;
  }
  if ((yield ADDU(head._refcount, mm.bias)) === 0) return null;
  mm.world.count(pinCounters(mm).acquired, 1);
  return head;
}

/**
 * The grab of the fast path: `refs` references or pins on the head of `page`.
 * @returns the head they are on, or null when nothing was taken
 */
export function* try_grab_compound_head(
  mm: Mm,
  page: PageModel,
  refs: number,
  gup_flags: number,
): Steps<PageModel | null> {
  if ((gup_flags & FOLL_PIN) === 0) return yield* try_get_compound_head(mm, page, refs);
  if (pin_is_free(mm, page, gup_flags)) return page;
  if (mm.sw.longtermFastTest === 'before' && wrongZone(mm, page, gup_flags)) return null;
  if (mm.sw.hugePin === 'one-bias') return yield* user_page_ref_inc(mm, page);
  const head = mm.sw.pinInTwoAdds
    ? yield* grab_reference_first(mm, page, refs, gup_flags)
    : yield* grab_in_one_add(mm, page, refs);
  if (head !== null) mm.world.count(pinCounters(mm).acquired, refs);
  return head;
}

/** 5.7 to 5.13: what to add is decided before the reference is held. */
function* grab_in_one_add(mm: Mm, page: PageModel, refs: number): Steps<PageModel | null> {
  const before = yield* compound_head(mm, page);
  const exact = yield* has_pincount(mm, before);
  const head = yield* try_get_compound_head(mm, page, exact ? refs : refs * mm.bias);
  if (head === null) return null;
  if (yield* has_pincount(mm, head)) yield ADD(head.pincount, refs);
  return head;
}

/** 5.14 and later: plain references first, then the pincount or the rest of the bias. */
function* grab_reference_first(mm: Mm, page: PageModel, refs: number, gup_flags: number): Steps<PageModel | null> {
  const head = yield* try_get_compound_head(mm, page, refs);
  if (head === null) return null;
  if (mm.sw.longtermFastTest === 'after' && wrongZone(mm, page, gup_flags)) {
    yield* put_page_refs(mm, head, refs);
    return null;
  }
  if (yield* has_pincount(mm, head)) yield ADD(head.pincount, refs);
  else yield ADD(head._refcount, refs * (mm.bias - 1));
  return head;
}

/**
 * The grab of the slow path, with the page-table lock held: the mapping keeps a reference meanwhile.
 * @returns false when the count says that something is wrong (-ENOMEM), or where this revision refuses the zone
 */
export function* try_grab_page(
  mm: Mm,
  page: PageModel,
  refs: number,
  gup_flags: number,
  part: 'first' | 'rest' = 'first',
): Steps<boolean> {
  if (pin_is_free(mm, page, gup_flags)) return true;
  const tests = mm.sw.slowGrabTestsLongterm;
  if ((tests === 'all' || (tests === 'range' && part === 'rest')) && wrongZone(mm, page, gup_flags)) return false;
  const pin = (gup_flags & FOLL_PIN) !== 0;
  if (pin && mm.sw.slowGrabUnlessZero) return (yield* user_page_ref_inc(mm, page)) !== null;
  const head = yield* compound_head(mm, page);
  if (mm.sw.overflowCheck && (yield R(head._refcount)) <= 0) {
    mm.world.event('WARN', 'WARN_ON_ONCE(page_ref_count(page) <= 0) in try_grab_page()');
    return false;
  }
  if (!pin) {
    yield ADD(head._refcount, refs);
    return true;
  }
  if (!(yield* has_pincount(mm, head))) yield ADD(head._refcount, refs * mm.bias);
  else if (mm.sw.slowPincountFirst) {
    yield ADD(head.pincount, refs);
    yield ADD(head._refcount, refs);
  } else {
    yield ADD(head._refcount, refs);
    yield ADD(head.pincount, refs);
  }
  mm.world.count(pinCounters(mm).acquired, refs);
  return true;
}
