/**
 * The page cache: the lockless look-up that the seed's argument leans on, and what the fault handler and read(2) do
 * with it. Order of steps: find_get_entry() / mapping_get_entry() and filemap_fault().
 */
import type { FileModel } from '../file.ts';
import { homeFor } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, ADDU, CAS, LK, R, UL, W } from '../step.ts';
import { alloc_pages } from './alloc.ts';
import { folio_nr_pages, type Mm } from './context.ts';
import { folio_add_lru } from './lru.ts';
import { folio_put } from './refcount.ts';

/**
 * find_get_page(): page_cache_get_speculative(). The slot is read, a reference taken unless the count is 0, and the
 * slot read again: if it still holds the page, the reference is on the right one.
 * @returns the head, or null when nothing is cached
 */
export function* find_get_page(mm: Mm, file: FileModel, index: number): Steps<PageModel | null> {
  const slot = file.slot(index);
  for (;;) {
    const cached = yield R(slot);
    if (cached === 0) return null;
    const head = mm.world.pageOf(cached - 1);
    if ((yield ADDU(head._refcount, 1)) === 0) continue;
    if (!mm.sw.pageCacheRecheck || (yield R(slot)) === cached) return head;
    yield* folio_put(mm, head);
  }
}

/** filemap_get_page(): as find_get_page(), and reads the page in where it is not cached. Null past the end. */
export function* filemap_get_page(mm: Mm, file: FileModel, index: number): Steps<PageModel | null> {
  for (;;) {
    if ((yield R(file.size)) <= index) return null;
    const found = yield* find_get_page(mm, file, index);
    if (found !== null) return found;
    const page = yield* read_in(mm, file, index);
    if (page !== null) return page;
  }
}

/** A fresh page with what is on disk, put into the cache; null when somebody else was first. */
function* read_in(mm: Mm, file: FileModel, index: number): Steps<PageModel | null> {
  const page = yield* alloc_pages(mm, 0);
  yield W(page.data, yield R(file.disk(index)));
  yield W(page.mapping, homeFor(file.object, index));
  yield ADD(page._refcount, 1);
  yield LK(file.i_pages);
  const added = (yield CAS(file.slot(index), 0, page.object + 1)) === 1;
  yield UL(file.i_pages);
  if (added) {
    yield* folio_add_lru(mm, page);
    return page;
  }
  yield ADD(page._refcount, -1);
  yield* folio_put(mm, page);
  return null;
}

/** read(2) of one page through the page cache: the value found. */
export function* filemap_read(mm: Mm, file: FileModel, index: number): Steps<number> {
  const head = yield* filemap_get_page(mm, file, index);
  if (head === null) return 0;
  const value = yield R(head.subpage(index % (yield* folio_nr_pages(head))).data);
  yield* folio_put(mm, head);
  return value;
}

/** generic_perform_write() of one page: the page locked, buffers made, dirtied. */
export function* filemap_write(mm: Mm, file: FileModel, index: number, value: number): Steps<void> {
  const head = yield* filemap_get_page(mm, file, index);
  if (head === null) return;
  yield LK(head.locked);
  if ((yield R(file.slot(index))) === head.object + 1) {
    yield* create_buffers(file, head);
    yield W(head.subpage(index % (yield* folio_nr_pages(head))).data, value);
    yield W(head.dirty, 1);
  }
  yield UL(head.locked);
  yield* folio_put(mm, head);
}

/** create_empty_buffers(): with the page locked; the buffers have a reference. */
export function* create_buffers(file: FileModel, head: PageModel): Steps<void> {
  if (file.traits.fs !== 'ext4' || (yield R(head.flag('PG_private'))) === 1) return;
  yield ADD(head._refcount, 1);
  yield W(head.flag('PG_private'), 1);
}

/** try_to_free_buffers(): only of a clean page, with the page locked. */
export function* try_to_free_buffers(mm: Mm, head: PageModel): Steps<boolean> {
  if ((yield R(head.flag('PG_private'))) === 0) return true;
  if ((yield R(head.dirty)) === 1 || (yield R(head.writeback)) === 1) return false;
  yield W(head.flag('PG_private'), 0);
  yield* folio_put(mm, head);
  return true;
}

/** set_page_dirty_lock() of one folio: the lock keeps truncation away. */
export function* set_page_dirty_lock(mm: Mm, head: PageModel): Steps<void> {
  yield LK(head.locked);
  yield* set_page_dirty(mm, head);
  yield UL(head.locked);
}

/** folio_mark_dirty(): a filesystem that finds no buffers then cannot write the page (fs/ext4/inode.c). */
export function* set_page_dirty(mm: Mm, head: PageModel): Steps<void> {
  yield W(head.dirty, 1);
  if (!head.traits.buffers || (yield R(head.mapping)) === 0) return;
  if ((yield R(head.flag('PG_private'))) === 0) {
    mm.world.event('WARN', `WARN_ON_ONCE(!page_has_buffers(page)) in ext4_set_page_dirty() of ${head.name}`);
  }
}
