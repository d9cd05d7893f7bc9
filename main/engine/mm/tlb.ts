/**
 * TLB flushes. An access of user space keeps its process's `tlb` word up while it reads the entry and touches the page;
 * a flush waits until no access is under way. Where a flush is an IPI it also waits for CPUs with interrupts off, and
 * that is what keeps the lockless walk of fast GUP in step; elsewhere (arm64, KVM with PV flush, powerpc radix) it is not.
 * The IPI goes to the CPUs that run the process: among processes that are strangers to each other these are counted.
 */
import type { Steps } from '../interface.ts';
import type { MmStruct } from '../mm-struct.ts';
import { SYNC, WAIT } from '../step.ts';
import type { Mm } from './context.ts';

/** flush_tlb_range() and its relatives. */
export function* flush_tlb(mm: Mm, of: MmStruct): Steps<void> {
  yield WAIT(of.tlb, 0);
  if (!mm.world.arch.ipiFlush) return;
  if (mm.world.strangers) yield WAIT(of.walkers, 0);
  else yield SYNC();
}

/** tlb_remove_table_sync_one(): an IPI to every CPU, whatever a flush is: lockless walkers have left afterwards. */
export function* tlb_remove_table_sync_one(): Steps<void> {
  yield SYNC();
}
