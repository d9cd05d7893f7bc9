/**
 * mmap_lock, a reader-writer lock in one word: 1 and one more for each reader, 0 while a writer holds it. So a reader
 * takes it unless it is 0 and a writer takes it from 1 to 0, one step each where nobody is in the way.
 */
import type { Steps } from '../interface.ts';
import type { MmStruct } from '../mm-struct.ts';
import { ADD, ADDU, CAS, W, WAIT, WAITNOT } from '../step.ts';

export function* mmap_read_lock(mm: MmStruct): Steps<void> {
  while ((yield ADDU(mm.mmap_lock, 1)) === 0) yield WAITNOT(mm.mmap_lock, 0);
}

export function* mmap_read_unlock(mm: MmStruct): Steps<void> {
  yield ADD(mm.mmap_lock, -1);
}

export function* mmap_write_lock(mm: MmStruct): Steps<void> {
  while ((yield CAS(mm.mmap_lock, 1, 0)) === 0) yield WAIT(mm.mmap_lock, 1);
}

export function* mmap_write_unlock(mm: MmStruct): Steps<void> {
  yield W(mm.mmap_lock, 1);
}

/** anon_vma_lock_read(), i_mmap_lock_read(): a walk of the reverse map of a process family. */
export function* rmap_read_lock(of: MmStruct): Steps<void> {
  while ((yield ADDU(of.anon_vma, 1)) === 0) yield WAITNOT(of.anon_vma, 0);
}

export function* rmap_read_unlock(of: MmStruct): Steps<void> {
  yield ADD(of.anon_vma, -1);
}

/** anon_vma_lock_write(): fork links the child's mappings. */
export function* rmap_write_lock(of: MmStruct): Steps<void> {
  while ((yield CAS(of.anon_vma, 1, 0)) === 0) yield WAIT(of.anon_vma, 1);
}

export function* rmap_write_unlock(of: MmStruct): Steps<void> {
  yield W(of.anon_vma, 1);
}

/** The writer becomes a reader: munmap() does its unmapping so. */
export function* mmap_write_downgrade(mm: MmStruct): Steps<void> {
  yield W(mm.mmap_lock, 2);
}
