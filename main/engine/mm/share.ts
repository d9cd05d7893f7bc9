/**
 * The protocol of PageAnonExclusive (5.19): who wants to share a page takes its entry away first, then looks for pins,
 * then clears the flag. A pin taken before is seen; one that comes later sees the entry gone.
 */
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { R, W } from '../step.ts';
import type { Mm } from './context.ts';
import { page_maybe_dma_pinned } from './pinned.ts';

/** page_try_share_anon_rmap(): false when the page may be pinned. The entry was cleared and flushed before. */
export function* page_try_share_anon_rmap(mm: Mm, page: PageModel, head: PageModel): Steps<boolean> {
  if (!mm.sw.anonExclusive) return true;
  if ((yield R(page.anon_exclusive)) === 0) return true;
  if (yield* page_maybe_dma_pinned(mm, head)) return false;
  yield W(page.anon_exclusive, 0);
  return true;
}
