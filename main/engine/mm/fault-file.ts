/** Faults on files: mapping what is cached, private copies, and page_mkwrite() before a shared page may be written. */

import type { FileModel } from '../file.ts';
import { ENTRY_DIRTY, ENTRY_WRITE, entryFor, entryWith, FAULT_FLAG_WRITE, homeIndex } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { ADD, LK, R, UL, W } from '../step.ts';
import { compound_head, folio_nr_pages, type Mm } from './context.ts';
import { copy_of } from './cow.ts';
import { type Fault, folio_add_new_anon_rmap, writable_bits } from './fault.ts';
import { folio_add_lru } from './lru.ts';
import { create_buffers, filemap_get_page, set_page_dirty } from './page-cache.ts';
import { folio_get, folio_put, put_page_untold } from './refcount.ts';
import { EFAULT } from './user-pages.ts';

/** File page that an index of a mapping shows. */
function fileIndex(mapping: MappingModel, index: number): number {
  return mapping.start.from + index;
}

/** do_fault(): an empty entry of a file mapping. */
export function* do_fault(mm: Mm, fault: Fault): Steps<number> {
  const { mapping, index, flags } = fault;
  const { file } = mapping.start;
  if (file === null) return -EFAULT;
  const at = fileIndex(mapping, index);
  const head = yield* filemap_get_page(mm, file, at);
  if (head === null) return -EFAULT;
  const page = head.subpage(at % (yield* folio_nr_pages(head)));
  if ((flags & FAULT_FLAG_WRITE) !== 0 && mapping.cow) return yield* do_cow_fault(mm, fault, page, head);
  yield LK(head.locked);
  if ((yield R(file.slot(at))) !== head.object + 1) {
    yield UL(head.locked);
    yield* folio_put(mm, head);
    return 0;
  }
  const write = (flags & FAULT_FLAG_WRITE) !== 0;
  if (write) yield* page_mkwrite(file, head);
  const mapped = yield* map_file_page(fault, page, write);
  if (mapped && write) yield* set_page_dirty(mm, head);
  yield UL(head.locked);
  if (!mapped) yield* folio_put(mm, head);
  return 0;
}

/** The entry is set unless somebody else was first; the look-up's reference becomes the mapping's. */
function* map_file_page(fault: Fault, page: PageModel, write: boolean): Steps<boolean> {
  const { mapping, index, table } = fault;
  const ptep = table.entry(mapping.within(index));
  yield LK(table.ptl);
  const free = (yield R(ptep)) === 0;
  if (free) {
    yield ADD(page.mapcount, 1);
    yield W(ptep, entryFor(page.object, write ? ENTRY_WRITE | ENTRY_DIRTY : 0));
  }
  yield UL(table.ptl);
  return free;
}

/** do_cow_fault(): a private copy right away. */
function* do_cow_fault(mm: Mm, fault: Fault, page: PageModel, head: PageModel): Steps<number> {
  const { mapping, index, table } = fault;
  const ptep = table.entry(mapping.within(index));
  const copy = yield* copy_of(mm, page);
  yield LK(table.ptl);
  const free = (yield R(ptep)) === 0;
  if (free) {
    yield* folio_add_new_anon_rmap(mm, copy, mapping, index);
    yield* folio_add_lru(mm, copy);
    yield W(ptep, entryFor(copy.object, writable_bits(mapping)));
  }
  yield UL(table.ptl);
  if (!free) yield* put_page_untold(mm, copy);
  yield* folio_put(mm, head);
  return 0;
}

/** page_mkwrite(): the filesystem gets to know before a page is written; with the page locked. */
function* page_mkwrite(file: FileModel, head: PageModel): Steps<void> {
  yield* create_buffers(file, head);
}

/** wp_page_shared(): the first write to a clean shared page. Entered with the lock of the page table held. */
export function* wp_page_shared(mm: Mm, fault: Fault, pte: number, page: PageModel): Steps<number> {
  const { mapping, index, table } = fault;
  const ptep = table.entry(mapping.within(index));
  const head = yield* compound_head(mm, page);
  yield* folio_get(mm, head);
  yield UL(table.ptl);
  yield LK(head.locked);
  const home = yield R(head.mapping);
  const file = mapping.start.file;
  let made = false;
  if (home !== 0 && file !== null && homeIndex(home) <= fileIndex(mapping, index)) {
    yield* page_mkwrite(file, head);
    yield LK(table.ptl);
    made = (yield R(ptep)) === pte;
    if (made) yield W(ptep, entryWith(pte, ENTRY_WRITE | ENTRY_DIRTY, 0));
    yield UL(table.ptl);
    if (made) yield* set_page_dirty(mm, head);
  }
  yield UL(head.locked);
  yield* folio_put(mm, head);
  return 0;
}
