/** RDMA memory registration: pages under DMA for as long as user space likes (ib_umem). */
import { FOLL_LONGTERM, FOLL_WRITE } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { Mm } from './context.ts';
import { unpin_user_pages_dirty_lock } from './dirty.ts';
import { get_user_pages, pin_user_pages, pin_user_pages_fast } from './gup.ts';
import type { Range } from './gup-fast.ts';
import type { UserPagesModel } from './user-pages.ts';

/** ib_umem_get(): long-term pins; before FOLL_PIN there were only references. */
export function* ib_umem_get(mm: Mm, range: Range, writable: boolean): Steps<UserPagesModel> {
  const flags = FOLL_LONGTERM | (writable ? FOLL_WRITE : 0);
  if (!mm.sw.follPin) return yield* get_user_pages(mm, range, flags, true);
  return mm.sw.rdmaPinsFast
    ? yield* pin_user_pages_fast(mm, range, flags, true)
    : yield* pin_user_pages(mm, range, flags, true);
}

/** ib_umem_release(): dirty what the device may have written, and give the pages back. */
export function* ib_umem_release(mm: Mm, pages: UserPagesModel, dirty: boolean): Steps<void> {
  yield* unpin_user_pages_dirty_lock(mm, pages.runs, dirty);
}
