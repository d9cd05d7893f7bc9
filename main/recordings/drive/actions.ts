/**
 * The steps of recorded programs by the names that recordings give them: each is a system call or two, in the engine's
 * functions. What a step does depends on its name and on the program's parameters, never on a recording.
 */
import type { Steps } from '../../engine/interface.ts';
import type { Detail, Outcome } from '../conform/rig.ts';
import { complete, divided, misaligned, pastEnd, request, submit, whole } from './direct-io.ts';
import { childExits, childWrites, dontneed, fork, gone, pageout, parentWrites, unmap } from './memory-calls.ts';
import type { ProcessState } from './process.ts';
import { outcomeOf, SUCCESS } from './program.ts';
import { splitByDebugfs } from './split.ts';
import { drainPipe, readMemory, readRemote, spliceMany, touch, vmsplice, writeRemote } from './transfer.ts';
import { clone, closeRings, fixed, register, unregister } from './uring.ts';

export interface Done {
  /** Null where the return value means nothing. */
  readonly outcome: Outcome | null;
  readonly detail?: Detail;
}

type Action = (state: ProcessState) => Steps<Done>;

/** An action without a step of the kernel. */
function still(call: (state: ProcessState) => Outcome): Action {
  return function* (state) {
    yield* NO_STEPS;
    return { outcome: call(state) };
  };
}

const NO_STEPS: readonly never[] = [];

const nothing: Action = still(() => SUCCESS);

/** An action that only returns something. */
function plain(call: (state: ProcessState) => Steps<Outcome>): Action {
  return function* (state) {
    return { outcome: yield* call(state) };
  };
}

function half({ extent }: ProcessState, which: 0 | 1): readonly [number, number] {
  const size = extent.pages / 2;
  return [extent.first + which * size, size];
}

const all = ({ extent }: ProcessState): readonly [number, number] => [extent.first, extent.pages];

/** The kernel's own answer to a request that was not submitted by a system call of its own. */
function direct(read: boolean): Action {
  return plain((state) => request(state, whole(state), !read, state.extent.bytes));
}

function ofRing(name: string, action: (state: ProcessState, ring: string) => Steps<Outcome>): Record<string, Action> {
  return {
    [name]: plain((state) => action(state, '1')),
    [`${name}_ring1`]: plain((state) => action(state, '1')),
    [`${name}_ring2`]: plain((state) => action(state, '2')),
  };
}

const URING: Readonly<Record<string, Action>> = {
  ...ofRing('register', (state, ring) => register(state, ring, [all(state)])),
  ...ofRing('unregister', unregister),
  register_2_same: plain((state) => register(state, '1', [all(state), all(state)])),
  register_same_buffer_twice: plain((state) => register(state, '1', [all(state), all(state)])),
  register_2_halves: plain((state) => register(state, '1', [half(state, 0), half(state, 1)])),
  clone_to_ring2: still((state) => clone(state, '1', '2')),
  read_fixed: still((state) => fixed(state, '1')),
  read_fixed_odirect: still((state) => fixed(state, '1')),
  write_fixed_odirect: still((state) => fixed(state, '1')),
  *ring_closed(state) {
    yield* closeRings(state);
    return { outcome: SUCCESS, detail: { releasedLater: true } };
  },
  ring_closed_300ms_later: nothing,
  register_seen_on_new_pfn: nothing,
  *read_odirect(state) {
    const { ret, errno } = yield* request(state, whole(state), false, state.extent.bytes);
    // A completion queue entry has the kernel's own return value.
    return { outcome: { ret: errno === 0 ? ret : -errno, errno } };
  },
};

const TRANSFER: Readonly<Record<string, Action>> = {
  odirect_read: direct(true),
  odirect_write: direct(false),
  odirect_read_half_unmapped: direct(true),
  odirect_read_ro_mapping: direct(true),
  odirect_read_unmapped: direct(true),
  odirect_read_past_eof: plain(pastEnd),
  odirect_misaligned: plain(misaligned),
  odirect_readv_4_segments: plain((state) => request(state, divided(state, 4), false, state.extent.bytes)),
  odirect_readv_512_segments: plain((state) => request(state, divided(state, 8), false, state.extent.bytes)),
  odirect_readv_same_buf_twice: plain((state) =>
    request(state, [...whole(state), ...whole(state)], false, 2 * state.extent.bytes),
  ),
  *after_submit_racy(state) {
    const { bios, error } = yield* submit(state, whole(state), false);
    state.requests.push(bios);
    return { outcome: error < 0 ? outcomeOf(error) : { ret: 1, errno: 0 } };
  },
  *completed(state) {
    yield* complete(state, state.requests.shift() ?? []);
    return { outcome: { ret: state.extent.bytes, errno: 0 } };
  },
  buffered_read: plain(touch),
  process_vm_readv: plain(readRemote),
  process_vm_writev: plain(writeRemote),
  proc_self_mem_read: plain(readMemory),
  vmsplice: plain(vmsplice),
  pipe_drained: plain(drainPipe),
  pipe_read: plain(drainPipe),
  vmspliced: plain(spliceMany),
};

const MEMORY: Readonly<Record<string, Action>> = {
  munmap: plain(unmap),
  madv_dontneed: dontneed,
  madv_pageout: pageout,
  split_huge_pages_debugfs: splitByDebugfs,
  forked: fork,
  child_wrote: childWrites,
  parent_wrote: parentWrites,
  child_exited: childExits,
  *forked_child_exited(state) {
    yield* fork(state);
    yield* childWrites(state);
    yield* childExits(state);
    return yield* parentWrites(state);
  },
  *child_registered_and_exited(state) {
    yield* fork(state);
    yield* registerInChild(state);
    yield* childExits(state);
    yield* closeRings(state);
    return { outcome: SUCCESS, detail: { releasedLater: true } };
  },
  '300ms_later': nothing,
  *another_page_pinned_and_unpinned({ program, other }) {
    const pages = yield* program.kernel.io_uring_register(other);
    yield* program.kernel.io_uring_unregister(pages);
    return { outcome: SUCCESS };
  },
  write_fault: plain(firstPage),
  second_write: plain(firstPage),
  madv_cold_of_another_page: nothing,
  settled: nothing,
  all_gone: gone,
  end: gone,
};

function* registerInChild(state: ProcessState): Steps<void> {
  const { child, extent, program } = state;
  if (child === null) throw new Error('there is no child');
  const pages = yield* program.kernel.io_uring_register(child.mapping.at(extent.first), extent.pages);
  if (pages.ret === 0) state.ring('child').push(pages);
}

/** A write to the buffer's first page. */
function* firstPage({ program, extent }: ProcessState): Steps<Outcome> {
  const got = yield* program.kernel.user_write(program.buffer.at(extent.first), 1);
  return outcomeOf(Math.min(got, 0));
}

/** The action of a step, null for one that is not known. */
export function actionOf(step: string): Action | null {
  return URING[step] ?? TRANSFER[step] ?? MEMORY[step] ?? null;
}
