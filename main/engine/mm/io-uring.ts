/** io_uring's registered buffers: long-term pins, of which newer revisions keep one per large folio. */
import { FOLL_LONGTERM, FOLL_WRITE } from '../flags.ts';
import type { Steps } from '../interface.ts';
import { compound_head, type Mm } from './context.ts';
import { get_user_pages, pin_user_pages, pin_user_pages_fast } from './gup.ts';
import type { Range } from './gup-fast.ts';
import { unpin_user_page, unpin_user_pages } from './unpin.ts';
import { EFAULT, EOPNOTSUPP, type PageRun, type UserPagesModel } from './user-pages.ts';

/** io_sqe_buffer_register(): pins the whole buffer or nothing. `ret` is 0 or -errno. */
export function* io_uring_register(mm: Mm, range: Range): Steps<UserPagesModel> {
  const pages = yield* io_pin_pages(mm, range);
  if (pages.length < range.nr || refuses(mm, range)) {
    const ret = pages.length < range.nr ? -EFAULT : -EOPNOTSUPP;
    yield* unpin_user_pages(mm, pages.runs);
    pages.clear();
    pages.ret = ret;
    return pages;
  }
  if (mm.sw.uringCoalesces !== 'no') yield* io_coalesce_buffer(mm, pages);
  pages.ret = 0;
  return pages;
}

/** io_pin_pages(). */
function* io_pin_pages(mm: Mm, range: Range): Steps<UserPagesModel> {
  const flags = FOLL_WRITE | FOLL_LONGTERM;
  if (!mm.sw.follPin) return yield* get_user_pages(mm, range, flags, true);
  return mm.sw.uringPinsFast
    ? yield* pin_user_pages_fast(mm, range, flags, true)
    : yield* pin_user_pages(mm, range, flags, true);
}

/** Files other than shmem and hugetlb are refused, private mappings of them too. */
function refuses(mm: Mm, range: Range): boolean {
  const { file } = range.mapping.start;
  return mm.sw.uringRefusesFiles && file !== null && file.traits.fs === 'ext4';
}

/** io_coalesce_buffer(): of every large folio the first pinned page is kept, the other pins are given back. */
function* io_coalesce_buffer(mm: Mm, pages: UserPagesModel): Steps<void> {
  const runs = [...pages.runs];
  if (mm.sw.uringCoalesces === 'single' && runs.length > 1) return;
  const kept: PageRun[] = [];
  for (const { page, n } of runs) {
    if (n > 1) yield* unpin_user_pages(mm, [{ page: page.head.subpage(page.index + 1), n: n - 1 }]);
    kept.push({ page, n: 1 });
  }
  pages.clear();
  pages.addAll(kept);
}

/** io_buffer_unmap(): one unpin for each page that is kept. */
export function* io_uring_unregister(mm: Mm, pages: UserPagesModel): Steps<void> {
  for (const { page, n } of pages.runs) {
    for (let i = 0; i < n; i++) {
      const kept = page.head.subpage(page.index + i);
      yield* unpin_user_page(mm, mm.sw.uringUnpinsHead ? yield* compound_head(mm, kept) : kept);
    }
  }
}
