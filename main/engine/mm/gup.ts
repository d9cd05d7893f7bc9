/** Entries of GUP: get_user_pages*() and pin_user_pages*(): flags, the fast walk, then the slow path for the rest. */
import { FOLL_CALLER, FOLL_FAST_ONLY, FOLL_GET, FOLL_LONGTERM, FOLL_PIN, FOLL_TOUCH, FOLL_WRITE } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { Mm } from './context.ts';
import { lockless_pages_from_mm, mm_set_has_pinned_flag, type Range } from './gup-fast.ts';
import { __get_user_pages } from './gup-slow.ts';
import { mmap_read_lock, mmap_read_unlock } from './lock.ts';
import { __gup_longterm_locked } from './longterm.ts';
import { EINVAL, UserPagesModel } from './user-pages.ts';

/** What is wrong with the flags of a call, in the kernel's words; null for nothing. */
function refusal(mm: Mm, gup_flags: number, want: number): string | null {
  const other = want === FOLL_PIN ? FOLL_GET : FOLL_PIN;
  if ((gup_flags & other) !== 0) {
    return 'WARN_ON_ONCE(gup_flags & (FOLL_GET | FOLL_PIN)): the two exclude each other, -EINVAL';
  }
  if ((gup_flags & ~FOLL_CALLER) !== 0) return 'WARN_ON_ONCE(gup_flags & ~(FOLL_WRITE | ...)): unknown flags, -EINVAL';
  if (mm.sw.follPin && want === FOLL_GET && (gup_flags & FOLL_LONGTERM) !== 0) {
    return 'WARN_ON_ONCE(gup_flags & FOLL_LONGTERM) without FOLL_PIN, -EINVAL';
  }
  return null;
}

/** Tells the caller what it holds: in the step the call returns with. */
function tell(mm: Mm, pages: UserPagesModel, range: Range, gup_flags: number, dma: boolean): UserPagesModel {
  const pinned = pages.how === 'pin' && (gup_flags & (FOLL_WRITE | FOLL_LONGTERM)) !== 0;
  let index = range.index;
  for (const { page, n } of pages.runs) {
    const free = pages.how === 'pin' && page.traits.kind === 'zero' && !mm.sw.zeroPagePinned;
    if (!free) mm.world.holdAt(pages.how, page, n, { mapping: range.mapping, index }, dma || pinned);
    index += n;
  }
  return pages;
}

/** should_force_cow_break() (5.8 only): any GUP of private memory asks for a page of one's own, as if to write. */
function broken_cow(mm: Mm, range: Range, gup_flags: number): number {
  const wants = mm.sw.breakCowOnRead && range.mapping.cow && range.mapping.start.writable;
  return wants ? gup_flags | FOLL_WRITE : gup_flags;
}

/**
 * Everything between the flags and the caller: `fast` first where asked for, then the slow path with mmap_lock. `dma`: a
 * device will use the pages, so that the process must go on seeing them, however they were taken.
 */
function* gup(mm: Mm, range: Range, flags: number, want: number, fast: boolean, dma: boolean): Steps<UserPagesModel> {
  const refused = refusal(mm, flags, want);
  if (refused !== null) {
    mm.world.event('WARN', refused);
    const none = new UserPagesModel(want === FOLL_PIN ? 'pin' : 'get', range.mapping);
    none.ret = -EINVAL;
    return none;
  }
  const gup_flags = broken_cow(mm, range, flags | want);
  return fast
    ? yield* internal_get_user_pages_fast(mm, range, gup_flags, dma)
    : tell(mm, yield* slow(mm, range, gup_flags), range, gup_flags, dma);
}

/** internal_get_user_pages_fast(): the lockless walk, then the slow path unless FOLL_FAST_ONLY. */
export function* internal_get_user_pages_fast(
  mm: Mm,
  range: Range,
  gup_flags: number,
  dma: boolean,
): Steps<UserPagesModel> {
  const pages = tell(mm, yield* lockless_pages_from_mm(mm, range, gup_flags), range, gup_flags, dma);
  pages.ret = pages.length;
  if (pages.length === range.nr || (gup_flags & FOLL_FAST_ONLY) !== 0) return pages;
  const rest = { mapping: range.mapping, index: range.index + pages.length, nr: range.nr - pages.length };
  const more = tell(mm, yield* slow(mm, rest, gup_flags | FOLL_TOUCH), rest, gup_flags, dma);
  pages.addAll(more.runs);
  // An error of the slow path is hidden when some pages were taken already.
  pages.ret = pages.length > 0 ? pages.length : more.ret;
  return pages;
}

/** __gup_longterm_locked() and __get_user_pages_locked(), between taking and dropping mmap_lock. */
function* slow(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  yield* mmap_read_lock(range.mapping.mm);
  if ((gup_flags & FOLL_PIN) !== 0) yield* mm_set_has_pinned_flag(mm, range.mapping);
  const pages =
    (gup_flags & FOLL_LONGTERM) !== 0
      ? yield* __gup_longterm_locked(mm, range, gup_flags)
      : yield* __get_user_pages(mm, range, gup_flags);
  yield* mmap_read_unlock(range.mapping.mm);
  return pages;
}

/** get_user_pages_remote() of a caller that holds mmap_lock and goes on holding it. */
export function* get_user_pages_locked(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  const flags = broken_cow(mm, range, gup_flags | FOLL_GET | FOLL_TOUCH);
  return tell(mm, yield* __get_user_pages(mm, range, flags), range, flags, false);
}

export function* get_user_pages_fast(mm: Mm, range: Range, gup_flags: number, dma = false): Steps<UserPagesModel> {
  return yield* gup(mm, range, gup_flags, FOLL_GET, true, dma);
}

export function* pin_user_pages_fast(mm: Mm, range: Range, gup_flags: number, dma = false): Steps<UserPagesModel> {
  mm.world.needPin('pin_user_pages_fast');
  return yield* gup(mm, range, gup_flags, FOLL_PIN, true, dma);
}

export function* get_user_pages(mm: Mm, range: Range, gup_flags: number, dma = false): Steps<UserPagesModel> {
  return yield* gup(mm, range, gup_flags | FOLL_TOUCH, FOLL_GET, false, dma);
}

/** Unlike all others pin_user_pages() does not ask for FOLL_TOUCH. */
export function* pin_user_pages(mm: Mm, range: Range, gup_flags: number, dma = false): Steps<UserPagesModel> {
  mm.world.needPin('pin_user_pages');
  return yield* gup(mm, range, gup_flags, FOLL_PIN, false, dma);
}

/** pin_user_pages_remote() and pin_user_pages_unlocked(). */
export function* pin_user_pages_remote(mm: Mm, range: Range, gup_flags: number, dma = false): Steps<UserPagesModel> {
  return yield* pin_user_pages(mm, range, gup_flags | FOLL_TOUCH, dma);
}
