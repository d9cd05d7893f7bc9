/** io_uring's registered buffers, as recorded programs use them. */
import type { Steps, UserPages } from '../../engine/interface.ts';
import type { Outcome } from '../conform/rig.ts';
import { type ProcessState, since } from './process.ts';
import { Errno, outcomeOf, SUCCESS } from './program.ts';

/** Registers a part of the buffer, or as much of it as there is and then nothing. */
export function* register(
  state: ProcessState,
  ring: string,
  parts: readonly (readonly [number, number])[],
): Steps<Outcome> {
  const taken: UserPages[] = [];
  for (const [first, pages] of parts) {
    const got = yield* registerPart(state, first, pages);
    if (typeof got !== 'number') {
      taken.push(got);
      continue;
    }
    for (const pages of taken) yield* state.program.kernel.io_uring_unregister(pages);
    return outcomeOf(got);
  }
  state.ring(ring).push(...taken);
  return SUCCESS;
}

function* registerPart({ program }: ProcessState, first: number, pages: number): Steps<UserPages | number> {
  const { kernel, buffer } = program;
  const inside = Math.min(pages, buffer.mapped - first);
  if (inside < 1) return -Errno.EFAULT;
  const got = yield* kernel.io_uring_register(buffer.at(first), inside);
  if (got.ret < 0) return got.ret;
  if (inside === pages) return got;
  // The rest of it is a hole: what was pinned is given back.
  yield* kernel.io_uring_unregister(got);
  return -Errno.EFAULT;
}

/** -ENXIO where nothing is registered. */
export function* unregister(state: ProcessState, ring: string): Steps<Outcome> {
  const buffers = state.ring(ring);
  if (buffers.length === 0) return outcomeOf(-Errno.ENXIO);
  for (const pages of buffers.splice(0))
    if (!shared(state, pages)) yield* state.program.kernel.io_uring_unregister(pages);
  return SUCCESS;
}

function shared({ rings }: ProcessState, pages: UserPages): boolean {
  return [...rings.values()].some((ring) => ring.includes(pages));
}

/** IORING_REGISTER_CLONE_BUFFERS, since 6.12: both rings use the same pins. */
export function clone(state: ProcessState, from: string, to: string): Outcome {
  if (!since(state.release, 6, 12)) return outcomeOf(-Errno.EINVAL);
  state.ring(to).push(...state.ring(from));
  return SUCCESS;
}

/** READ_FIXED and WRITE_FIXED use what is registered and take nothing more. */
export function fixed(state: ProcessState, ring: string): Outcome {
  return state.ring(ring).length > 0 ? { ret: state.extent.bytes, errno: 0 } : outcomeOf(-Errno.EFAULT);
}

/** Closing all rings gives everything back. */
export function* closeRings(state: ProcessState): Steps<void> {
  for (const ring of state.rings.keys()) yield* unregister(state, ring);
}
