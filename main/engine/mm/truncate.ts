/** Taking pages out of the page cache: truncation asks nobody, invalidation spares what is in use. */
import type { FileModel } from '../file.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, LK, R, TRYLK, UL, W } from '../step.ts';
import { free_unref_page } from './alloc.ts';
import { folio_nr_pages, type Mm } from './context.ts';
import { folio_mapped } from './migrate.ts';
import { find_get_page, try_to_free_buffers } from './page-cache.ts';
import { folio_put, page_ref_freeze } from './refcount.ts';
import { unmap_mapping_page } from './unmap-file.ts';
import { writeback_page } from './writeback.ts';

/**
 * truncate_inode_pages() of everything from page `from` on. The reference count is not looked at: a page that is
 * pinned is orphaned, and goes on being written to by whoever holds it.
 */
export function* truncate(mm: Mm, file: FileModel, from: number): Steps<void> {
  yield W(file.size, from);
  for (let index = from; index < file.npages; index += 2 ** file.order) {
    const head = yield* find_get_page(mm, file, index);
    if (head === null) continue;
    yield LK(head.locked);
    if ((yield R(file.slot(index))) === head.object + 1) {
      yield* unmap_mapping_page(mm, file, head, index);
      yield* truncate_cleanup(mm, file, head, index);
    }
    yield UL(head.locked);
    yield* folio_put(mm, head);
  }
}

/** truncate_cleanup_folio() and filemap_remove_folio(), with the folio locked. */
function* truncate_cleanup(mm: Mm, file: FileModel, head: PageModel, index: number): Steps<void> {
  yield W(head.dirty, 0);
  if ((yield R(head.flag('PG_private'))) === 1) {
    yield W(head.flag('PG_private'), 0);
    yield* folio_put(mm, head);
  }
  yield LK(file.i_pages);
  yield W(file.slot(index), 0);
  yield W(head.mapping, 0);
  yield UL(file.i_pages);
  const refs = yield* folio_nr_pages(head);
  if (refs > 1) yield ADD(head._refcount, 1 - refs);
  yield* folio_put(mm, head);
}

/** invalidate_mapping_pages() of one page (drop_caches): only if it is clean, unmapped and nobody else's. */
export function* invalidate_page(mm: Mm, file: FileModel, index: number): Steps<boolean> {
  const head = yield* find_get_page(mm, file, index);
  if (head === null) return false;
  if ((yield TRYLK(head.locked)) === 0) {
    yield* folio_put(mm, head);
    return false;
  }
  const gone = (yield R(file.slot(index))) !== head.object + 1;
  const busy = gone || (yield R(head.dirty)) === 1 || (yield R(head.writeback)) === 1 || (yield* folio_mapped(head));
  if (!busy && (yield* try_to_free_buffers(mm, head))) {
    yield LK(file.i_pages);
    const cached = yield* folio_nr_pages(head);
    const frozen = yield* page_ref_freeze(head, cached + 1);
    if (frozen) yield W(file.slot(index), 0);
    yield UL(file.i_pages);
    if (frozen) {
      yield UL(head.locked);
      yield* free_unref_page(mm, head);
      return true;
    }
  }
  yield UL(head.locked);
  yield* folio_put(mm, head);
  return false;
}

/** fsync(): every page of the file. */
export function* fsync(mm: Mm, file: FileModel): Steps<void> {
  for (let index = 0; index < file.npages; index += 2 ** file.order) yield* writeback_page(mm, file, index);
}
