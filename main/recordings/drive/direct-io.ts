/** Direct I/O: which pages a request takes, in which bios, and when they are given back. */
import type { Bio, Steps } from '../../engine/interface.ts';
import type { Outcome } from '../conform/rig.ts';
import { type ProcessState, since } from './process.ts';
import { Errno, outcomeOf } from './program.ts';

const PAGE = 4096;
/** BIO_MAX_VECS. */
const MOST = 256;

/** A run of pages of the buffer that is handed over as one segment of an iovec. */
export interface Segment {
  readonly first: number;
  readonly pages: number;
}

/** Takes the pages of a request. Those it could not take follow a hole or may not be written: -EFAULT. */
export function* submit(
  { program }: ProcessState,
  segments: readonly Segment[],
  write: boolean,
): Steps<{ readonly bios: readonly Bio[]; readonly error: number }> {
  const bios: Bio[] = [];
  const vectors = Math.min(
    MOST,
    segments.reduce((sum, { pages }) => sum + pages, 0),
  );
  for (const { first, pages } of segments) {
    const inside = Math.min(pages, program.buffer.mapped - first);
    let taken = 0;
    if (inside > 0) {
      const start = program.buffer.at(first);
      const { kernel } = program;
      const got = yield* write ? kernel.dio_write(start, inside, vectors) : kernel.dio_read(start, inside, vectors);
      bios.push(...got);
      for (const bio of got) taken += bio.pages.length;
    }
    if (taken < pages) return { bios, error: -Errno.EFAULT };
  }
  return { bios, error: 0 };
}

export function* complete({ program }: ProcessState, bios: readonly Bio[]): Steps<void> {
  for (const bio of bios) yield* program.kernel.bio_endio(bio);
}

/** A whole request; `write` is a write to the device. Returns what the system call does for `bytes`. */
export function* request(
  state: ProcessState,
  segments: readonly Segment[],
  write: boolean,
  bytes: number,
): Steps<Outcome> {
  const { bios, error } = yield* submit(state, segments, write);
  yield* complete(state, bios);
  return outcomeOf(error < 0 ? error : bytes);
}

/** The buffer as one segment. */
export function whole({ extent }: ProcessState): Segment[] {
  return [{ first: extent.first, pages: extent.pages }];
}

/** The buffer in so many equal segments of the iovec. */
export function divided({ extent }: ProcessState, count: number): Segment[] {
  const size = extent.bytes / count;
  return Array.from({ length: count }, (_, i) => {
    const first = Math.floor((i * size) / PAGE);
    const last = Math.floor(((i + 1) * size - 1) / PAGE);
    return { first: extent.first + first, pages: last - first + 1 };
  });
}

/** A read that begins half a buffer before the end of the file: pages behind it are not taken. */
export function* pastEnd(state: ProcessState): Steps<Outcome> {
  const { first, bytes } = state.extent;
  const left = bytes / 2;
  return yield* request(state, [{ first, pages: Math.ceil(left / PAGE) }], false, left);
}

/**
 * A buffer at an odd address. The device's alignment is looked at before anything is taken, but for 6.18 (5ff3f74e145a):
 * there it is looked at when a bio is split, and a bio of one vector of at most a page is not split.
 */
export function* misaligned(state: ProcessState): Steps<Outcome> {
  const { first, pages, bytes } = state.extent;
  if (!since(state.release, 6, 18) || since(state.release, 7, 0)) return outcomeOf(-Errno.EINVAL);
  if (pages === 1) return yield* request(state, [{ first, pages }], false, bytes);
  // The first bio is refused, and no other is filled: contiguous pages make one of any length, single pages one of 256.
  const contiguous = state.program.buffer.mapping.page(first).head.order > 0;
  const { bios } = yield* submit(state, [{ first, pages: contiguous ? pages : Math.min(pages, MOST) }], false);
  yield* complete(state, bios);
  return outcomeOf(-Errno.EINVAL);
}
