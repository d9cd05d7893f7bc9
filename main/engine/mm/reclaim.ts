/**
 * Reclaim of one page or folio: shrink_folio_list(). It is isolated and locked, unmapped, written out, and freed only if
 * its count can be frozen at exactly what reclaim expects, and only then found clean.
 */
import { NotApplicable } from '../errors.ts';
import { FileModel } from '../file.ts';
import {
  ENTRY_DIRTY,
  ENTRY_EXCLUSIVE,
  ENTRY_SWAP,
  ENTRY_TABLE,
  entryFor,
  entryPage,
  entryPresent,
  homeIndex,
  homeObject,
  PG_head,
} from '../flags.ts';
import type { Steps, Word } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, LK, R, TRYLK, UL, W, XCHG } from '../step.ts';
import { free_unref_page } from './alloc.ts';
import { compound_head, folio_nr_pages, type Mm } from './context.ts';
import { folio_isolate_lru, folio_mapped, folio_putback_lru, isolate_found, page_vma_mapped } from './migrate.ts';
import { try_to_free_buffers } from './page-cache.ts';
import { page_maybe_dma_pinned } from './pinned.ts';
import { folio_put, page_ref_freeze, page_ref_unfreeze } from './refcount.ts';
import { remove_rmap, rmap_lock, rmap_places, rmap_unlock } from './rmap.ts';
import { page_try_share_anon_rmap } from './share.ts';
import { split_locked } from './split-huge-page.ts';
import { add_to_swap } from './swap-cache.ts';
import { flush_tlb } from './tlb.ts';
import { folio_test_anon } from './unshare.ts';
import { writeout } from './writeback.ts';

/** shrink_folio_list() of one page, isolated first. A huge page is split first. True: the page was freed. */
export function* shrink_folio(mm: Mm, page: PageModel): Steps<boolean> {
  let head = yield* compound_head(mm, page);
  if (!(yield* isolate_and_lock(mm, head))) return false;
  if (((yield R(head.flags)) & PG_head) !== 0) {
    const split = (yield* split_locked(mm, head)) === 0;
    if (!split || page !== head) yield* unlock_and_put_back(mm, head);
    if (!split) return false;
    if (page !== head) {
      head = page;
      if (!(yield* isolate_and_lock(mm, head))) return false;
    }
  }
  if (yield* reclaim_locked(mm, head)) return true;
  yield* unlock_and_put_back(mm, head);
  return false;
}

function* isolate_and_lock(mm: Mm, head: PageModel): Steps<boolean> {
  if (!(yield* isolate_found(mm, head))) return false;
  if ((yield TRYLK(head.locked)) === 1) return true;
  yield* folio_putback_lru(mm, head);
  return false;
}

function* unlock_and_put_back(mm: Mm, head: PageModel): Steps<void> {
  yield UL(head.locked);
  yield* folio_putback_lru(mm, head);
}

/**
 * MADV_PAGEOUT of pages that are mapped at `heads`: all are isolated first, then reclaimed one by one, and what stays is put
 * back in the end. A huge page that is not pinned would need huge swap slots, which the model does not have.
 */
export function* reclaim_pages(mm: Mm, heads: readonly PageModel[]): Steps<void> {
  const isolated: PageModel[] = [];
  for (const head of heads) if (yield* folio_isolate_lru(mm, head)) isolated.push(head);
  const kept: PageModel[] = [];
  for (const head of isolated) {
    if ((yield TRYLK(head.locked)) === 1) {
      if (yield* reclaim_locked(mm, head)) continue;
      yield UL(head.locked);
    }
    kept.push(head);
  }
  for (const head of kept) yield* folio_putback_lru(mm, head);
}

/** With the folio locked and isolated. True: it is gone. */
function* reclaim_locked(mm: Mm, head: PageModel): Steps<boolean> {
  if ((yield R(head.writeback)) === 1) return false;
  const anon = yield* folio_test_anon(mm, head);
  const lazyfree = anon && (yield R(head.flag('PG_swapbacked'))) === 0;
  if (anon && !lazyfree && (yield R(head.flag('PG_swapcache'))) === 0) {
    if (mm.sw.reclaimSkipsPinned !== 'no' && (yield* page_maybe_dma_pinned(mm, head))) return false;
    if ((yield* folio_nr_pages(head)) > 1)
      throw new NotApplicable('the engine has no huge swap slots: a huge page cannot be swapped out');
    yield* add_to_swap(mm, head);
  }
  yield* try_to_unmap(mm, head, lazyfree);
  if (yield* folio_mapped(head)) return false;
  if (mm.sw.reclaimSkipsPinned === 'both' && (yield* page_maybe_dma_pinned(mm, head))) return false;
  if ((yield R(head.dirty)) === 1 && !lazyfree && !(yield* writeout(mm, head))) return false;
  if (!(yield* release_buffers(mm, head, anon))) return false;
  return lazyfree ? yield* free_lazy(mm, head) : yield* remove_mapping(mm, head, anon);
}

/** filemap_release_folio(): a file's page must have no buffers left. */
function* release_buffers(mm: Mm, head: PageModel, anon: boolean): Steps<boolean> {
  return anon || (yield* try_to_free_buffers(mm, head));
}

/** A MADV_FREE'd page: nobody but reclaim has a reference. */
function* free_lazy(mm: Mm, head: PageModel): Steps<boolean> {
  if (!(yield* page_ref_freeze(head, 1))) return false;
  if ((yield R(head.dirty)) === 1) {
    yield* page_ref_unfreeze(head, 1);
    return false;
  }
  yield UL(head.locked);
  yield* free_unref_page(mm, head);
  return true;
}

/** __remove_mapping(): the count first, then the dirty bit. Who dirtied the page through a reference is seen either way. */
function* remove_mapping(mm: Mm, head: PageModel, anon: boolean): Steps<boolean> {
  const home = yield R(head.mapping);
  const owner = mm.world.homeOf(homeObject(home));
  const file = owner instanceof FileModel ? owner : null;
  if (file === null && !anon) return false;
  const slot = anon ? mm.world.slotOf((yield R(head.swap)) - 1) : null;
  if (file !== null) yield LK(file.i_pages);
  const expected = 2;
  let frozen = yield* page_ref_freeze(head, expected);
  if (frozen && (yield R(head.dirty)) === 1) {
    yield* page_ref_unfreeze(head, expected);
    frozen = false;
  }
  if (frozen) {
    if (file !== null) yield W(file.slot(homeIndex(home)), 0);
    if (slot !== null) {
      yield W(slot.cache, 0);
      yield W(head.flag('PG_swapcache'), 0);
      yield ADD(slot.count, -1);
    }
  }
  if (file !== null) yield UL(file.i_pages);
  if (!frozen) return false;
  yield UL(head.locked);
  yield* free_unref_page(mm, head);
  return true;
}

/** try_to_unmap(): every address of the page. */
function* try_to_unmap(mm: Mm, head: PageModel, lazyfree: boolean): Steps<void> {
  const families = yield* rmap_lock(mm, head);
  yield* unmap_entries(mm, head, lazyfree);
  yield* rmap_unlock(families);
}

function* unmap_entries(mm: Mm, head: PageModel, lazyfree: boolean): Steps<void> {
  for (const { mapping, index } of yield* rmap_places(mm, head, head)) {
    const slot = yield* page_vma_mapped(mm, { mapping, index });
    if (slot === null || slot.whole) continue;
    yield LK(slot.lock);
    const old = yield R(slot.entry);
    if (entryPresent(old) && (old & ENTRY_TABLE) === 0 && entryPage(old) === head.object) {
      // The CPU may have set the dirty bit meanwhile: what the exchange gives back decides.
      const pteval = yield XCHG(slot.entry, 0);
      yield* flush_tlb(mm, mapping.mm);
      yield* unmap_one(mm, slot.entry, pteval, head, lazyfree);
    }
    yield UL(slot.lock);
  }
}

/** try_to_unmap_one() with the entry cleared: what takes its place, or the entry again. */
function* unmap_one(mm: Mm, entry: Word, old: number, head: PageModel, lazyfree: boolean): Steps<void> {
  if ((old & ENTRY_DIRTY) !== 0) yield W(head.dirty, 1);
  if (lazyfree) {
    if (!(yield* may_discard(mm, head))) {
      yield W(entry, old);
      yield W(head.flag('PG_swapbacked'), 1);
      return;
    }
  } else if ((yield R(head.flag('PG_swapcache'))) === 1) {
    const exclusive = mm.sw.anonExclusive && (yield R(head.anon_exclusive)) === 1;
    if (!(yield* page_try_share_anon_rmap(mm, head, head))) {
      yield W(entry, old);
      return;
    }
    const slot = mm.world.slotOf((yield R(head.swap)) - 1);
    yield ADD(slot.count, 1);
    yield W(entry, entryFor(slot.object, ENTRY_SWAP | (exclusive ? ENTRY_EXCLUSIVE : 0)));
  }
  yield* remove_rmap(head.mapcount, head);
  yield* folio_put(mm, head);
}

/** The MADV_FREE arm: the page is clean, and (5.18) nobody has a reference beyond reclaim and the mappings. */
function* may_discard(mm: Mm, head: PageModel): Steps<boolean> {
  if (mm.sw.lazyfreeChecksRefs) {
    const count = yield R(head._refcount);
    if (count !== 1 + (yield R(head.mapcount))) return false;
  }
  return (yield R(head.dirty)) === 0;
}
