/** All that plays a recording: the situation, whoever compares, and how other CPUs drain their LRU batches. */
import type { Steps } from '../../engine/interface.ts';
import { type KernelModel, kernelBehind } from '../../engine/kernel.ts';
import { __put_page, folio_put, page_ref_freeze } from '../../engine/mm/refcount.ts';
import type { PageModel } from '../../engine/page.ts';
import { W } from '../../engine/step.ts';
import type { Mismatch } from '../conform/expectation.ts';
import type { Drain, Judge, Situation } from '../conform/rig.ts';

export interface Cast {
  readonly situation: Situation;
  readonly judge: Judge;
  readonly drain: Drain;
  /** Disagreements found so far. */
  readonly mismatches: () => readonly Mismatch[];
}

/** Variants of a recording's start, in the order they are tried; or one clause that says why it cannot be played. */
export type Casting = readonly (() => Cast)[] | string;

/** lru_add_drain_cpu() on another CPU, for one page: PG_lru and the batch's reference. */
export const drainBatch: Drain = function* ({ kernel }, page): Steps<void> {
  yield* drained(kernelBehind(kernel), page);
};

function* drained(mm: KernelModel, page: PageModel): Steps<void> {
  if (mm.sw.lruFreesByFreeze && (yield* page_ref_freeze(page, 1))) {
    yield* __put_page(page, mm);
    return;
  }
  yield W(page.flag('PG_lru'), 1);
  yield* folio_put(mm, page);
}
