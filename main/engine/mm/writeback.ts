/**
 * Writeback: page_mkclean() write-protects every entry, the page is written and then clean. From then on the kernel
 * believes that the next writer faults first; a device that still holds the page does not.
 */
import { FileModel } from '../file.ts';
import {
  ENTRY_DIRTY,
  ENTRY_TABLE,
  ENTRY_WRITE,
  entryPage,
  entryPresent,
  entryWith,
  homeIndex,
  homeObject,
} from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { LK, R, UL, W, XCHG } from '../step.ts';
import { folio_nr_pages, type Mm } from './context.ts';
import { page_vma_mapped } from './migrate.ts';
import { find_get_page } from './page-cache.ts';
import { folio_get, folio_put } from './refcount.ts';
import { rmap_lock, rmap_places, rmap_unlock } from './rmap.ts';
import { flush_tlb } from './tlb.ts';
import { folio_test_anon } from './unshare.ts';

/** page_mkclean(): true when an entry had been written through. */
export function* page_mkclean(mm: Mm, head: PageModel): Steps<boolean> {
  const families = yield* rmap_lock(mm, head);
  const cleaned = yield* clean_entries(mm, head);
  yield* rmap_unlock(families);
  return cleaned;
}

function* clean_entries(mm: Mm, head: PageModel): Steps<boolean> {
  let cleaned = false;
  const nr = yield* folio_nr_pages(head);
  for (let i = 0; i < nr; i++) {
    const page = head.subpage(i);
    for (const place of yield* rmap_places(mm, page, head)) {
      const slot = yield* page_vma_mapped(mm, place);
      if (slot === null || slot.whole) continue;
      yield LK(slot.lock);
      const old = yield R(slot.entry);
      const maps = entryPresent(old) && (old & ENTRY_TABLE) === 0 && entryPage(old) === page.object;
      if (maps && (old & (ENTRY_WRITE | ENTRY_DIRTY)) !== 0) {
        yield XCHG(slot.entry, 0);
        yield* flush_tlb(mm, place.mapping.mm);
        yield W(slot.entry, entryWith(old, 0, ENTRY_WRITE | ENTRY_DIRTY));
        cleaned = true;
      }
      yield UL(slot.lock);
    }
  }
  return cleaned;
}

/** clear_page_dirty_for_io(), with the page locked: true when there is something to write. */
function* clear_page_dirty_for_io(mm: Mm, head: PageModel): Steps<boolean> {
  if (yield* page_mkclean(mm, head)) yield W(head.dirty, 1);
  return (yield XCHG(head.dirty, 0)) === 1;
}

/** One page of a file to disk, with the page locked. The filesystem needs its buffers: ext4_writepage(). */
function* write_file_page(mm: Mm, file: FileModel, head: PageModel, index: number): Steps<void> {
  if (file.traits.fs === 'ext4' && (yield R(head.flag('PG_private'))) === 0) {
    mm.world.event('BUG', `BUG_ON(!page_has_buffers(page)) in ext4_writepage() of ${head.name}`);
  }
  yield W(head.writeback, 1);
  const nr = yield* folio_nr_pages(head);
  for (let i = 0; i < nr; i++) {
    yield W(file.disk(index + i), yield R(head.subpage(i).data));
  }
  yield* folio_end_writeback(mm, head);
}

/** folio_end_writeback(): keeps the folio while it wakes who waits. */
function* folio_end_writeback(mm: Mm, head: PageModel): Steps<void> {
  yield* folio_get(mm, head);
  yield W(head.writeback, 0);
  yield* folio_put(mm, head);
}

/** writepage() for reclaim: to swap, or to the file. With the page locked and unmapped. True: it is clean now. */
export function* writeout(mm: Mm, head: PageModel): Steps<boolean> {
  if (yield* folio_test_anon(mm, head)) {
    yield W(head.dirty, 0);
    const slot = mm.world.slotOf((yield R(head.swap)) - 1);
    yield W(head.writeback, 1);
    yield W(slot.data, yield R(head.data));
    yield* folio_end_writeback(mm, head);
    return true;
  }
  const home = yield R(head.mapping);
  const owner = mm.world.homeOf(homeObject(home));
  if (!(owner instanceof FileModel) || owner.traits.fs !== 'ext4') return false;
  if (yield* clear_page_dirty_for_io(mm, head)) yield* write_file_page(mm, owner, head, homeIndex(home));
  return true;
}

/** write_cache_pages() of one page: fsync(), or the flusher. */
export function* writeback_page(mm: Mm, file: FileModel, index: number): Steps<void> {
  const head = yield* find_get_page(mm, file, index);
  if (head === null) return;
  yield LK(head.locked);
  const home = yield R(head.mapping);
  if (home !== 0 && (yield* clear_page_dirty_for_io(mm, head))) {
    yield* write_file_page(mm, file, head, homeIndex(home));
  }
  yield UL(head.locked);
  yield* folio_put(mm, head);
}
