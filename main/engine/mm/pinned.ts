/** page_maybe_dma_pinned() (page_dma_pinned() in the postings): the question FOLL_PIN exists to answer. */
import { countReadsPinned } from '../check/state.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { R } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { has_pincount } from './grab.ts';

/** As an actor asks it, in steps. */
export function* page_maybe_dma_pinned(mm: Mm, page: PageModel): Steps<boolean> {
  const head = yield* compound_head(mm, page);
  if (yield* has_pincount(mm, head)) return (yield R(head.pincount)) > 0;
  return countReadsPinned(mm.sw, yield R(head._refcount));
}
