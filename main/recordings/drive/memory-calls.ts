/** What recorded programs do with their memory map: fork, write, unmap, give up pages, split them. */
import { headNow } from '../../engine/check/state.ts';
import type { Steps } from '../../engine/interface.ts';
import { MappingModel } from '../../engine/mapping.ts';
import { reclaim_pages } from '../../engine/mm/reclaim.ts';
import type { PageModel } from '../../engine/page.ts';
import type { ForkFrames } from '../conform/compare-answer.ts';
import type { Outcome } from '../conform/rig.ts';
import type { Done } from './actions.ts';
import { HUGE } from './memory.ts';
import { type Moment, type ProcessState, since } from './process.ts';
import { SUCCESS } from './program.ts';
import { closeRings } from './uring.ts';

/** Numbers to write, each its own. */
const BY_CHILD = 2;
const BY_PARENT = 3;

/** First and last page of the buffer: those whose frames are recorded. */
function ends({ extent }: ProcessState): readonly [number, number] {
  return [extent.first, extent.first + extent.pages - 1];
}

/** The pages that parent and child write to after fork. */
function written(state: ProcessState): readonly number[] {
  const { first, pages } = state.extent;
  if (state.writes === 'all') return Array.from({ length: pages }, (_, i) => first + i);
  return state.writes === 'first' ? [first] : [...new Set(ends(state))];
}

/** Notes what a mapping shows at both ends of the buffer. */
function* note(state: ProcessState, moment: Moment, mapping: unknown): Steps<void> {
  if (!(mapping instanceof MappingModel)) throw new TypeError('this mapping was not made by the engine');
  const [first, last] = ends(state);
  const pages = yield* state.program.look((read) => [mapping.shows(first, read), mapping.shows(last, read)]);
  state.seen.set(moment, pages);
}

export function* fork(state: ProcessState): Steps<Done> {
  const { program, process } = state;
  yield* note(state, 'parent before fork', program.buffer.mapping);
  const child = yield* program.kernel.fork(process);
  state.child = { process: child, mapping: child.mapping(program.buffer.mapping) };
  yield* note(state, 'child at fork', state.child.mapping);
  return { outcome: SUCCESS };
}

function childOf({ child }: ProcessState): NonNullable<ProcessState['child']> {
  if (child === null) throw new Error('the program has no child');
  return child;
}

export function* childWrites(state: ProcessState): Steps<Done> {
  const { mapping } = childOf(state);
  for (const page of written(state)) yield* state.program.kernel.user_write(mapping.at(page), BY_CHILD);
  yield* note(state, 'child after its write', mapping);
  return { outcome: SUCCESS };
}

export function* parentWrites(state: ProcessState): Steps<Done> {
  const { kernel, buffer } = state.program;
  for (const page of written(state)) yield* kernel.user_write(buffer.at(page), BY_PARENT);
  yield* note(state, 'parent after its write', buffer.mapping);
  return { outcome: SUCCESS, detail: { forked: forkFrames(state, 0) } };
}

/** Pages of a fork at one end of the buffer: 0 for its first page, 1 for its last. */
export function forkFrames({ seen }: ProcessState, end: number): ForkFrames<unknown> {
  const at = (moment: Moment): unknown => seen.get(moment)?.[end];
  return {
    parentBefore: at('parent before fork'),
    childAtFork: at('child at fork'),
    childAfter: at('child after its write'),
    parentAfter: at('parent after its write'),
  };
}

export function* childExits(state: ProcessState): Steps<Done> {
  yield* state.program.kernel.exit_mmap(childOf(state).process);
  return { outcome: SUCCESS };
}

export function* unmap(state: ProcessState): Steps<Outcome> {
  if (!state.unmapped) yield* state.program.kernel.munmap(state.program.buffer.mapping);
  state.unmapped = true;
  return SUCCESS;
}

/**
 * MADV_DONTNEED of the buffer, then a write to it, which shows whether its page is another. Of hugetlb memory only whole
 * huge pages go, since 5.18; before, it is refused, which the recording programs do not report.
 */
export function* dontneed(state: ProcessState): Steps<Done> {
  const { kernel, buffer } = state.program;
  const { first, pages } = state.extent;
  const hugetlb = buffer.mapping.start.kind === 'hugetlb';
  const whole = Math.floor(pages / HUGE) * HUGE;
  const n = hugetlb ? (since(state.release, 5, 18) ? whole : 0) : pages;
  yield* note(state, 'pinned', buffer.mapping);
  if (n > 0) yield* kernel.madvise_dontneed(buffer.at(first), n);
  if (state.refaults) {
    yield* kernel.user_write(buffer.at(first), BY_PARENT);
    yield* note(state, 'after the refault', buffer.mapping);
  }
  return { outcome: SUCCESS };
}

/** MADV_PAGEOUT of the buffer: what is mapped once is reclaimed unless it is pinned. */
export function* pageout(state: ProcessState): Steps<Done> {
  const { mm, buffer } = state.program;
  const { first, pages } = state.extent;
  const heads = yield* state.program.look((read) => {
    const found = new Set<PageModel>();
    for (let i = first; i < first + pages; i++) {
      const page = buffer.mapping.shows(i, read);
      if (page !== null) found.add(headNow(mm.world, page, read));
    }
    return [...found];
  });
  yield* reclaim_pages(mm, heads);
  const there = yield* state.program.look((read) => buffer.mapping.shows(first, read) !== null);
  return { outcome: SUCCESS, detail: { mapped: there ? 'present' : 'swapped' } };
}

/** The end of the program: rings are closed, the buffer is unmapped, pipes are closed. */
export function* gone(state: ProcessState): Steps<Done> {
  yield* closeRings(state);
  yield* unmap(state);
  for (const pages of state.pipe.splice(0)) yield* state.program.kernel.pipe_read(pages);
  return { outcome: SUCCESS };
}
