/** Entries of GUP: get_user_pages*() and pin_user_pages*(): flags, the fast walk, then the slow path for the rest. */
import { FOLL_FAST_ONLY, FOLL_GET, FOLL_PIN } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { Mm } from './context.ts';
import { lockless_pages_from_mm, type Range } from './gup-fast.ts';
import { __get_user_pages } from './gup-slow.ts';
import { EINVAL, UserPagesModel } from './user-pages.ts';

/** FOLL_GET and FOLL_PIN exclude each other. */
function conflicting(mm: Mm, gup_flags: number, other: number): boolean {
  if ((gup_flags & other) === 0) return false;
  mm.world.event('WARN', 'WARN_ON_ONCE(gup_flags & (FOLL_GET | FOLL_PIN)): the two exclude each other, -EINVAL');
  return true;
}

function refused(how: 'get' | 'pin', errno: number): UserPagesModel {
  const none = UserPagesModel.taken(how);
  none.ret = -errno;
  return none;
}

/** internal_get_user_pages_fast(): the lockless walk, then the slow path unless FOLL_FAST_ONLY. */
export function* internal_get_user_pages_fast(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  const pages = yield* lockless_pages_from_mm(mm, range, gup_flags);
  pages.ret = pages.length;
  if (pages.length === range.nr || (gup_flags & FOLL_FAST_ONLY) !== 0) return pages;
  const rest = { ...range, index: range.index + pages.length, nr: range.nr - pages.length };
  const slow = yield* __get_user_pages(mm, rest, gup_flags);
  pages.push(...slow);
  // An error of the slow path is hidden when some pages were taken already.
  pages.ret = pages.length > 0 ? pages.length : slow.ret;
  return pages;
}

export function* get_user_pages_fast(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  if (conflicting(mm, gup_flags, FOLL_PIN)) return refused('get', EINVAL);
  return yield* internal_get_user_pages_fast(mm, range, gup_flags | FOLL_GET);
}

export function* pin_user_pages_fast(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  mm.world.needPin('pin_user_pages_fast');
  if (conflicting(mm, gup_flags, FOLL_GET)) return refused('pin', EINVAL);
  return yield* internal_get_user_pages_fast(mm, range, gup_flags | FOLL_PIN);
}

export function* get_user_pages(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  if (conflicting(mm, gup_flags, FOLL_PIN)) return refused('get', EINVAL);
  return yield* __get_user_pages(mm, range, gup_flags | FOLL_GET);
}

export function* pin_user_pages(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  mm.world.needPin('pin_user_pages');
  if (conflicting(mm, gup_flags, FOLL_GET)) return refused('pin', EINVAL);
  return yield* __get_user_pages(mm, range, gup_flags | FOLL_PIN);
}
