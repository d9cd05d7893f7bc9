/**
 * Per-CPU batches of the LRU (pagevecs, folio batches): a page that waits in one has a reference more, for a moment that
 * nobody can foresee. Modelled where the experiment asks for it (`arch.lruBatch`); one CPU's batch stands for all.
 */
import { PG_buddy } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, ADDR, LK, R, UL, W, XCHG } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { __put_page, folio_put, page_ref_freeze } from './refcount.ts';

/** PAGEVEC_SIZE: a full batch is drained by whoever fills it. */
const PAGEVEC_SIZE = 15;

type Batch = 'lru_add' | 'activate' | 'mlock';

/** Puts a page into a batch. */
function* batch_add(mm: Mm, list: Batch, page: PageModel): Steps<void> {
  yield ADD(page._refcount, 1);
  mm.world.ghostAdd(mm.world.books.batch(page), 1);
  yield LK(mm.world.batchLock(list));
  const nr = yield ADDR(mm.world.batchCount(list), 1);
  yield W(mm.world.batchSlot(list, nr - 1), page.object + 1);
  if (nr === PAGEVEC_SIZE) yield* batch_drain_locked(mm, list);
  yield UL(mm.world.batchLock(list));
}

function* batch_drain(mm: Mm, list: Batch): Steps<void> {
  yield LK(mm.world.batchLock(list));
  yield* batch_drain_locked(mm, list);
  yield UL(mm.world.batchLock(list));
}

function* batch_drain_locked(mm: Mm, list: Batch): Steps<void> {
  const nr = yield XCHG(mm.world.batchCount(list), 0);
  for (let i = 0; i < nr; i++) {
    const page = mm.world.pageOf((yield XCHG(mm.world.batchSlot(list, i), 0)) - 1);
    yield* batch_put(mm, list, page);
  }
}

/** The batch lets go of a page; since 7.x by trying to free it at once. */
function* batch_put(mm: Mm, list: Batch, page: PageModel): Steps<void> {
  if (list === 'lru_add' && mm.sw.lruFreesByFreeze && (yield* page_ref_freeze(page, 1))) {
    mm.world.ghostAdd(mm.world.books.batch(page), -1);
    yield* __put_page(page, mm);
    return;
  }
  if (list === 'activate') yield W(page.flag('PG_active'), 1);
  if (list === 'lru_add') yield W(page.flag('PG_lru'), 1);
  yield* folio_put(mm, page);
  mm.world.ghostAdd(mm.world.books.batch(page), -1);
}

/** folio_add_lru() / lru_cache_add(): a compound page is drained at once with all that wait. */
export function* folio_add_lru(mm: Mm, page: PageModel): Steps<void> {
  if (!mm.world.arch.lruBatch) return;
  yield* batch_add(mm, 'lru_add', page);
  if (page.order > 0) yield* batch_drain(mm, 'lru_add');
}

/** SetPageReferenced() by whoever took a page through the page tables; looked at by mark_page_accessed() alone. */
export function* folio_set_referenced(mm: Mm, head: PageModel): Steps<void> {
  if (mm.world.arch.lruBatch && (yield R(head.flag('PG_referenced'))) === 0) yield W(head.flag('PG_referenced'), 1);
}

/**
 * mark_page_accessed() / folio_mark_accessed(): every second access of an inactive page activates it, by a batch that
 * holds a reference meanwhile. A page that still waits in the add batch is marked there.
 */
export function* mark_page_accessed(mm: Mm, page: PageModel): Steps<void> {
  if (!mm.world.arch.lruBatch) return;
  const head = yield* compound_head(mm, page);
  if ((yield R(head.flag('PG_referenced'))) === 0) {
    yield W(head.flag('PG_referenced'), 1);
    return;
  }
  if ((yield R(head.flag('PG_active'))) === 1) return;
  if ((yield R(head.flag('PG_lru'))) === 0) yield W(head.flag('PG_active'), 1);
  else {
    yield* batch_add(mm, 'activate', head);
    if (head.order > 0) yield* batch_drain(mm, 'activate');
  }
  yield W(head.flag('PG_referenced'), 0);
}

/** mlock_folio(): since 5.18 by a batch of its own (2fbb0c10d1e8). */
export function* mlock_folio(mm: Mm, page: PageModel): Steps<void> {
  const head = yield* compound_head(mm, page);
  yield W(head.flag('PG_mlocked'), 1);
  if (mm.sw.mlockBatch && ((yield R(head.flags)) & PG_buddy) === 0) yield* batch_add(mm, 'mlock', head);
}

/** mlock_drain_local(). */
export function* mlock_drain(mm: Mm): Steps<void> {
  if (mm.sw.mlockBatch) yield* batch_drain(mm, 'mlock');
}

/** lru_add_drain() and lru_add_drain_all(): all batches. */
export function* lru_add_drain(mm: Mm): Steps<void> {
  if (mm.world.arch.lruBatch) {
    yield* batch_drain(mm, 'lru_add');
    yield* batch_drain(mm, 'activate');
  }
  yield* mlock_drain(mm);
}
