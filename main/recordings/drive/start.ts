/** What a capture says about its memory before the first step. */

import type { Release } from '../conform/kernels.ts';
import { flagBits } from '../conform/page-flags.ts';
import type { PageState, StepsFile } from '../format/steps.ts';
import { type BufferStart, PLAIN_START } from './memory.ts';

const PAGE = 4096;
const HUGE_ORDER = 9;

/** References on a page of such memory that nobody took: mappings, the page cache, its buffers. */
export function restingOf(kind: BufferStart['kind']): number {
  if (kind === 'file_shared' || kind === 'file_private_ro') return 3;
  return kind === 'memfd' ? 2 : 1;
}

/** The memory of a capture. `first` is the page of the buffer that the watched frames begin at. */
export function startOf(
  file: StepsFile,
  before: readonly PageState[],
  first: number,
  release: Release,
  untouched: boolean,
): BufferStart {
  const { mem, len } = file;
  const npages = Math.ceil(len / PAGE);
  const flags = flagBits(release);
  const has = (bit: number): boolean => before.some((state) => (Number(state.flags) & (1 << bit)) !== 0);
  const folioOrder = folioOrderOf(mem, npages, before);
  const waiting = new Set<number>();
  for (const [i, state] of before.entries()) {
    // One reference more than it should have, and not on the LRU yet: it waits in an add batch.
    const extra = state.refcount - restingOf(mem);
    if (state.compound === 0 && extra === 1 && (Number(state.flags) & (1 << flags.lru)) === 0) waiting.add(first + i);
  }
  return {
    ...PLAIN_START,
    kind: mem,
    npages,
    folioOrder,
    waits: (i) => waiting.has(i),
    dirty: has(flags.dirty),
    referenced: has(flags.referenced),
    active: has(flags.active),
    // Captures made on a kernel with a movable zone say so in their names.
    movable: /_movable_/.test(file.name),
    untouched,
  };
}

/**
 * The size of folios that small mappings are made of is not recorded, but follows from the first count: a folio mapped by
 * PTEs has one reference for each page that is mapped, and in the page cache one for each page it has and one for buffers.
 */
function folioOrderOf(kind: BufferStart['kind'], npages: number, before: readonly PageState[]): number {
  const [state] = before;
  if (state === undefined || state.compound === 0) return 0;
  for (let order = 1; order <= HUGE_ORDER; order++) {
    const size = 2 ** order;
    const mapped = Math.min(npages, size);
    const cached = kind === 'memfd' ? size : size + 1;
    if (state.refcount === (kind === 'anon_mthp' ? mapped : mapped + cached)) return order;
  }
  return 0;
}
