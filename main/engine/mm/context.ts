/** What every kernel function is handed: the revision's switches and the world it works on. */
import { PG_head } from '../flags.ts';
import type { KernelSwitches, Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { R } from '../step.ts';
import type { World } from '../world.ts';

export interface Mm {
  readonly sw: KernelSwitches;
  /** GUP_PIN_COUNTING_BIAS. */
  readonly bias: number;
  readonly world: World;
}

/** compound_head(): the head the page belongs to now. A page that never was a tail needs no look. */
export function* compound_head(mm: Mm, page: PageModel): Steps<PageModel> {
  if (page === page.head) return page;
  const head = yield R(page.compound_head);
  return head === 0 ? page : mm.world.pageOf(head - 1);
}

/** folio_nr_pages(): pages of a folio as it is now; one once it was split. */
export function* folio_nr_pages(head: PageModel): Steps<number> {
  if (head.order === 0) return 1;
  return ((yield R(head.flags)) & PG_head) === 0 ? 1 : head.npages;
}
