/** The array get_user_pages*() fills, with what the call returned and how the pages were taken. */
import type { UserPages } from '../interface.ts';
import type { PageModel } from '../page.ts';

/** Pages told to the caller. A plain array that also carries the return value. */
export class UserPagesModel extends Array<PageModel> implements UserPages {
  ret = 0;
  how: 'get' | 'pin' = 'get';

  /** `map()`, `filter()` and the like make plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  static taken(how: 'get' | 'pin'): UserPagesModel {
    const pages = new UserPagesModel();
    pages.how = how;
    return pages;
  }
}

/** Error numbers as the kernel returns them. */
export const EFAULT = 14;
export const EINVAL = 22;
export const ENOMEM = 12;
