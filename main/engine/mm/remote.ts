/** Access to another process's memory, and pipes that borrow pages: process_vm_*(), /proc/PID/mem, vmsplice(). */
import { FOLL_FORCE, FOLL_WRITE } from '../flags.ts';
import type { Steps } from '../interface.ts';
import { R, W } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { unpin_user_pages_dirty_lock } from './dirty.ts';
import { get_user_pages, get_user_pages_fast, get_user_pages_locked, pin_user_pages_remote } from './gup.ts';
import type { Range } from './gup-fast.ts';
import { mmap_read_lock, mmap_read_unlock } from './lock.ts';
import { set_page_dirty_lock } from './page-cache.ts';
import { put_pages } from './put-pages.ts';
import { EFAULT, type UserPagesModel } from './user-pages.ts';

/** process_vm_rw_single_vec(): pins since 5.7, references before. Returns what is read from the first page, or -errno. */
export function* process_vm_rw(mm: Mm, range: Range, value: number | null): Steps<number> {
  const flags = value === null ? 0 : FOLL_WRITE;
  const pages = mm.sw.follPin
    ? yield* pin_user_pages_remote(mm, range, flags)
    : yield* get_user_pages(mm, range, flags);
  if (pages.length === 0) return pages.ret;
  const result = yield* copy_page(mm, pages, value);
  yield* unpin_user_pages_dirty_lock(mm, pages.runs, value !== null);
  return result;
}

/** The copy itself, of the first page: its value goes out, or `value` comes in. */
function* copy_page(mm: Mm, pages: UserPagesModel, value: number | null): Steps<number> {
  const page = pages.pageAt(0);
  if (page === undefined || pages.mapping === null) return -EFAULT;
  if (value === null) return yield R(page.data);
  yield W(page.data, value);
  mm.world.store(page, pages.mapping.mm);
  return value;
}

/**
 * access_remote_vm() as /proc/PID/mem and ptrace use it: FOLL_FORCE, one page at a time, with references, and with
 * mmap_lock held all the time, which keeps fork away.
 */
export function* access_remote_vm(mm: Mm, range: Range, value: number | null): Steps<number> {
  yield* mmap_read_lock(range.mapping.mm);
  const result = yield* access_locked(mm, range, value);
  yield* mmap_read_unlock(range.mapping.mm);
  return result;
}

function* access_locked(mm: Mm, range: Range, value: number | null): Steps<number> {
  const pages = yield* get_user_pages_locked(mm, range, FOLL_FORCE | (value === null ? 0 : FOLL_WRITE));
  if (pages.length === 0) return pages.ret;
  const result = yield* copy_page(mm, pages, value);
  const page = pages.pageAt(0);
  if (value !== null && page !== undefined) yield* set_page_dirty_lock(mm, yield* compound_head(mm, page));
  yield* put_pages(mm, pages.runs);
  return result;
}

/** vmsplice(): the pipe gets references on the pages as they are, to read from. */
export function* vmsplice(mm: Mm, range: Range): Steps<UserPagesModel> {
  return yield* get_user_pages_fast(mm, range, 0);
}

/** A read of the pipe: the pages are read where they are, and given back. */
export function* pipe_read(mm: Mm, pages: UserPagesModel): Steps<number> {
  const page = pages.pageAt(0);
  if (page === undefined) return -EFAULT;
  const value = yield R(page.data);
  if (pages.mapping !== null) mm.world.looked(page, pages.mapping.mm);
  yield* put_pages(mm, pages.runs);
  return value;
}
