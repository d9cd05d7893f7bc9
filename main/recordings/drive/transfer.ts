/** Copies in and out of a process's memory: through its own page tables, through somebody else's, through a pipe. */
import type { Steps, UserPages } from '../../engine/interface.ts';
import type { Outcome } from '../conform/rig.ts';
import type { ProcessState } from './process.ts';
import { outcomeOf } from './program.ts';

const PAGE = 4096;
/** Pages that vmsplice() takes at a time. */
const SPLICE = 16;
/** A number to write: what it is does not matter. */
const VALUE = 1;

/** read(2) without O_DIRECT: the kernel stores to user space, which faults where it must. */
export function* touch({ program, extent }: ProcessState): Steps<Outcome> {
  for (let i = 0; i < extent.pages; i++) {
    const got = yield* program.kernel.user_write(program.buffer.at(extent.first + i), VALUE);
    if (got < 0) return outcomeOf(got);
  }
  return outcomeOf(extent.bytes);
}

export function* readRemote({ program, extent }: ProcessState): Steps<Outcome> {
  const got = yield* program.kernel.process_vm_readv(program.buffer.at(extent.first), extent.pages);
  return outcomeOf(got < 0 ? got : extent.bytes);
}

export function* writeRemote({ program, extent }: ProcessState): Steps<Outcome> {
  const got = yield* program.kernel.process_vm_writev(program.buffer.at(extent.first), VALUE, extent.pages);
  return outcomeOf(got < 0 ? got : extent.bytes);
}

/** /proc/self/mem, page by page. */
export function* readMemory({ program, extent }: ProcessState): Steps<Outcome> {
  for (let i = 0; i < extent.pages; i++) {
    const got = yield* program.kernel.proc_mem_read(program.buffer.at(extent.first + i));
    if (got < 0) return outcomeOf(got);
  }
  return outcomeOf(extent.bytes);
}

/** vmsplice(): as many pages as the pipe has room for. */
export function* vmsplice(state: ProcessState): Steps<Outcome> {
  const { program, extent } = state;
  const pages = Math.min(extent.pages, state.pipeRoom);
  for (let at = 0; at < pages; at += SPLICE) {
    const got = yield* program.kernel.vmsplice(program.buffer.at(extent.first + at), Math.min(SPLICE, pages - at));
    if (got.ret <= 0) return outcomeOf(at > 0 ? at * PAGE : got.ret);
    state.pipe.push(got);
  }
  return outcomeOf(Math.min(extent.bytes, pages * PAGE));
}

/** Reads the pipe empty. */
export function* drainPipe(state: ProcessState): Steps<Outcome> {
  let bytes = 0;
  for (const pages of state.pipe.splice(0)) bytes += yield* readPipe(state, pages);
  return outcomeOf(Math.min(bytes, state.extent.bytes));
}

function* readPipe({ program }: ProcessState, pages: UserPages): Steps<number> {
  const count = pages.length;
  yield* program.kernel.pipe_read(pages);
  return count * PAGE;
}

/** As many references on the first page as the program asks for, by one pipe after the other. */
export function* spliceMany(state: ProcessState): Steps<Outcome> {
  const { program, extent, references } = state;
  for (let i = 0; i < references; i++)
    state.pipe.push(yield* program.kernel.vmsplice(program.buffer.at(extent.first), 1));
  return outcomeOf(references);
}
