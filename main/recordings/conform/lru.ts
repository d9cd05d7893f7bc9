/**
 * References of per-CPU LRU batches. A page that was just faulted in waits in a batch that holds one reference and has
 * not got PG_lru yet; when the batch is drained the page gets PG_lru and the reference is put. When that happens depends on
 * what else the CPU faults, which is not in a recording; so the recording says when. What is taken for a drain:
 * - up to 6.x: `mod_and_test val=-1` of a page whose flags show lru for the first time;
 * - 7.x: `freeze val=1`: with ret 0 it precedes such an event, with ret 1 the batch had the last reference.
 * A page can be drained only if it waits in a batch, and once. Compound pages never wait: a batch is drained as soon as it
 * gets one, which the engine does itself.
 */
import { hasFlag, type PageRef } from '../format/page-ref.ts';

/** Whether an event is (a part of) a drain. `lru` tells whether the page was known to be on the LRU before it. */
export function isDrain(ref: PageRef, lru: boolean): boolean {
  if (lru || hasFlag(ref.flags, 'head')) return false;
  if (ref.op === 'freeze') return ref.val === 1;
  return ref.op === 'mod_and_test' && ref.val === -1 && hasFlag(ref.flags, 'lru');
}
