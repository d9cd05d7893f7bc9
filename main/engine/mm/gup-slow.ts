/** The slow path: the page-table lock is held, so the mapping keeps its reference while ours is taken. */
import { ENTRY_WRITE, entryPage, FOLL_PIN, FOLL_WRITE } from '../flags.ts';
import type { Steps } from '../interface.ts';
import { LK, R, UL } from '../step.ts';
import type { Mm } from './context.ts';
import { try_grab_page } from './grab.ts';
import type { Range } from './gup-fast.ts';
import { EFAULT, ENOMEM, UserPagesModel } from './user-pages.ts';

/**
 * __get_user_pages(): page after page with the lock held. `ret` of the result is the number taken, or -EFAULT /
 * -ENOMEM when the first page could not be had.
 */
export function* __get_user_pages(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  const pages = UserPagesModel.taken((gup_flags & FOLL_PIN) !== 0 ? 'pin' : 'get');
  let error = 0;
  while (pages.length < range.nr && error === 0) {
    error = yield* follow_page_mask(mm, range, gup_flags, pages);
  }
  pages.ret = pages.length > 0 ? pages.length : error;
  return pages;
}

/** Takes the next page (of a huge page: the next one or all that remain, as the revision does). Returns 0 or -errno. */
function* follow_page_mask(mm: Mm, range: Range, gup_flags: number, pages: UserPagesModel): Steps<number> {
  const { mapping } = range;
  const index = range.index + pages.length;
  const huge = mapping.level === 'pmd';
  yield LK(mapping.ptl);
  const entry = yield R(huge ? mapping.pmd : mapping.pte(index));
  if (entry === 0 || ((gup_flags & FOLL_WRITE) !== 0 && (entry & ENTRY_WRITE) === 0)) {
    yield UL(mapping.ptl);
    return -EFAULT;
  }
  const mapped = mm.world.pageOf(entryPage(entry));
  const page = huge ? mapped.subpage(index) : mapped;
  if (!(yield* try_grab_page(mm, page, 1, gup_flags))) {
    yield UL(mapping.ptl);
    return -ENOMEM;
  }
  yield UL(mapping.ptl);
  pages.push(page);
  mm.world.hold(pages.how, page, 1);
  const rest = range.nr - pages.length;
  if (huge && rest > 0 && mm.sw.slowGrabsRange) {
    if (!(yield* try_grab_page(mm, page, rest, gup_flags))) return -ENOMEM;
    for (let i = 1; i <= rest; i++) pages.push(mapped.subpage(index + i));
    mm.world.hold(pages.how, page, rest);
  }
  return 0;
}
