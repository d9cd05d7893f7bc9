/** Giving back pages that a device wrote to: the dirty bit first, then the pin. */
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { R } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { set_page_dirty_lock } from './page-cache.ts';
import { gup_folio_next, unpin_folio, unpin_user_pages } from './unpin.ts';
import { type PageRun, runsOf } from './user-pages.ts';

/**
 * unpin_user_pages_dirty_lock(): a page that is not dirty is locked and made dirty, then unpinned. The test without the
 * lock may race with writeback; it is argued to be harmless once DMA is over.
 */
export function* unpin_user_pages_dirty_lock(mm: Mm, runs: readonly PageRun[], make_dirty: boolean): Steps<void> {
  if (!make_dirty) return yield* unpin_user_pages(mm, runs);
  for (const run of runs) yield* unpin_run_dirty(mm, run);
}

function* unpin_run_dirty(mm: Mm, run: PageRun): Steps<void> {
  for (let i = 0; i < run.n; ) {
    const page = run.page.head.subpage(run.page.index + i);
    const { head, n } = mm.sw.unpinBatched
      ? yield* gup_folio_next(mm, page, run.n - i)
      : { head: yield* compound_head(mm, page), n: 1 };
    if ((yield R(head.dirty)) === 0) yield* set_page_dirty_lock(mm, head);
    yield* unpin_folio(mm, page, head, n);
    i += n;
  }
}

/**
 * unpin_user_page_range_dirty_lock(): `npages` physically contiguous struct pages from the first. In the model only the
 * pages of one compound are neighbours: what lies behind it belongs to strangers and is not reached.
 */
export function* unpin_user_page_range_dirty_lock(
  mm: Mm,
  page: PageModel,
  npages: number,
  make_dirty: boolean,
): Steps<void> {
  const n = Math.min(npages, page.npages - page.index);
  if (n < npages) {
    mm.world.event('note', `${npages - n} page(s) behind ${page.head.name} are strangers': they would be unpinned too`);
  }
  const runs = runsOf(Array.from({ length: n }, (_, i) => page.head.subpage(page.index + i)));
  yield* unpin_user_pages_dirty_lock(mm, runs, make_dirty);
}
