/** What user space and devices do with memory: loads, stores, and DMA through pages that somebody holds. */
import {
  ENTRY_DIRTY,
  ENTRY_PROTNONE,
  ENTRY_TABLE,
  ENTRY_WRITE,
  entryPage,
  entryPresent,
  entryWith,
  FAULT_FLAG_WRITE,
} from '../flags.ts';
import type { Steps, Word } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { ADD, CAS, R, W } from '../step.ts';
import type { Mm } from './context.ts';
import { handle_mm_fault } from './fault.ts';
import { huge_entry } from './hugetlb.ts';
import { mmap_read_lock, mmap_read_unlock } from './lock.ts';
import { EFAULT, type UserPagesModel } from './user-pages.ts';

/** Where an access goes: the page, or null for a fault. */
interface Translation {
  readonly page: PageModel | null;
  readonly entry: Word;
  readonly value: number;
}

/** The page walk of the CPU. */
function* translate(mm: Mm, mapping: MappingModel, index: number): Steps<Translation> {
  const block = mapping.blockOf(index);
  let entry: Word = mapping.upper(block);
  let value = yield R(entry);
  if ((value & ENTRY_TABLE) === 0) {
    const usable = entryPresent(value) && (value & ENTRY_PROTNONE) === 0;
    const page = usable ? mm.world.pageOf(entryPage(value)).subpage(mapping.within(index)) : null;
    return { page, entry, value };
  }
  const shared = mapping.start.sharedTable !== undefined;
  const table = mm.world.table(entryPage(value));
  entry = shared ? huge_entry(mapping, block) : table.entry(mapping.within(index));
  value = yield R(entry);
  const usable = entryPresent(value) && (value & ENTRY_PROTNONE) === 0 && entryPage(value) >= 0;
  if (!usable) return { page: null, entry, value };
  const page = mm.world.pageOf(entryPage(value));
  return { page: shared ? page.subpage(mapping.within(index)) : page, entry, value };
}

/**
 * A load (`value` null) or store of user space. While it is under way the process's `tlb` word is up, so that a flush
 * waits for it. Returns the value read or written, or -EFAULT for a SIGSEGV.
 */
function* user_access(mm: Mm, mapping: MappingModel, index: number, value: number | null): Steps<number> {
  for (;;) {
    yield ADD(mapping.mm.tlb, 1);
    const at = yield* translate(mm, mapping, index);
    let page = value === null || (at.value & ENTRY_WRITE) !== 0 ? at.page : null;
    if (page !== null && value !== null && (at.value & ENTRY_DIRTY) === 0) {
      // The CPU sets the dirty bit itself.
      if ((yield CAS(at.entry, at.value, entryWith(at.value, ENTRY_DIRTY, 0))) === 0) page = null;
    }
    if (page !== null) {
      const result = value === null ? yield R(page.data) : value;
      if (value !== null) {
        yield W(page.data, value);
        mm.world.store(page, mapping.mm);
      }
      yield ADD(mapping.mm.tlb, -1);
      return result;
    }
    yield ADD(mapping.mm.tlb, -1);
    const error = yield* page_fault(mm, mapping, index, value === null ? 0 : FAULT_FLAG_WRITE);
    if (error !== 0) return error;
  }
}

/** The fault of an access: under mmap_lock, and only where the mapping allows it. */
function* page_fault(mm: Mm, mapping: MappingModel, index: number, flags: number): Steps<number> {
  yield* mmap_read_lock(mapping.mm);
  let error = -EFAULT;
  const allowed = (flags & FAULT_FLAG_WRITE) === 0 || mapping.start.writable;
  if ((yield R(mapping.vma)) === 1 && allowed && index < mapping.limit)
    error = yield* handle_mm_fault(mm, mapping, index, flags);
  yield* mmap_read_unlock(mapping.mm);
  return error;
}

export function* user_read(mm: Mm, mapping: MappingModel, index: number): Steps<number> {
  return yield* user_access(mm, mapping, index, null);
}

export function* user_write(mm: Mm, mapping: MappingModel, index: number, value: number): Steps<number> {
  return yield* user_access(mm, mapping, index, value);
}

/** A device (or the kernel on behalf of the holder) writes to a page that is held; it asks no page table. */
export function* dma_write(mm: Mm, pages: UserPagesModel, index: number, value: number): Steps<void> {
  const page = pages.pageAt(index);
  if (page === undefined) return;
  yield W(page.data, value);
  if (pages.mapping !== null) mm.world.store(page, pages.mapping.mm);
}

/** The same for reading: what the holder gets to see. */
export function* dma_read(mm: Mm, pages: UserPagesModel, index: number): Steps<number> {
  const page = pages.pageAt(index);
  if (page === undefined) return 0;
  const value = yield R(page.data);
  if (pages.mapping !== null) mm.world.looked(page, pages.mapping.mm);
  return value;
}
