/** The kernel's functions that take and give back pages, by the names recordings use for them. */
import { FOLL_LONGTERM, FOLL_WRITE } from '../../engine/flags.ts';
import type { Kernel, Page, Steps, UserPages } from '../../engine/interface.ts';
import type { Buffer } from './program.ts';

export interface Take {
  /** Page of the buffer, and how many. */
  readonly first: number;
  readonly pages: number;
  readonly write: boolean;
}

type Taker = (kernel: Kernel, start: ReturnType<Buffer['at']>, nr: number, gup_flags: number) => Steps<UserPages>;

const fastGet: Taker = (kernel, start, nr, flags) => kernel.get_user_pages_fast(start, nr, flags);
const slowGet: Taker = (kernel, start, nr, flags) => kernel.get_user_pages(start, nr, flags);
const fastPin: Taker = (kernel, start, nr, flags) => kernel.pin_user_pages_fast(start, nr, flags);
const slowPin: Taker = (kernel, start, nr, flags) => kernel.pin_user_pages(start, nr, flags);
const longPin: Taker = (kernel, start, nr, flags) => kernel.pin_user_pages(start, nr, flags | FOLL_LONGTERM);

/** As gup_test names its ioctls. */
export const GUP_TEST: Readonly<Record<string, Taker>> = {
  get: slowGet,
  get_fast: fastGet,
  pin: slowPin,
  pin_fast: fastPin,
  pin_longterm: longPin,
};

/** As the debugfs driver names its requests. */
export const DRIVER: Readonly<Record<string, Taker>> = {
  get: fastGet,
  getslow: slowGet,
  pin: fastPin,
  pinslow: slowPin,
  pinlong: longPin,
};

/** Whether a driver's take is a pin. */
export function takesPins(request: string): boolean {
  return request.startsWith('pin');
}

/**
 * Calls a taker on a part of the buffer. What was unmapped behind the buffer's end is a hole: pages before it are taken,
 * and -EFAULT is returned only where there are none.
 */
export function* takeFrom(
  kernel: Kernel,
  buffer: Buffer,
  taker: Taker,
  { first, pages, write }: Take,
): Steps<UserPages | null> {
  const inside = Math.min(pages, buffer.mapped - first);
  if (inside < 1) return null;
  return yield* taker(kernel, buffer.at(first), inside, write ? FOLL_WRITE : 0);
}

type Release = (kernel: Kernel, pages: readonly Page[]) => Steps<void>;

/** As the debugfs driver names them. */
export const RELEASES: Readonly<Record<string, Release>> = {
  *put(kernel, pages) {
    for (const page of pages) yield* kernel.put_page(page);
  },
  unpin: (kernel, pages) => kernel.unpin_user_pages(pages),
  unpindirty: (kernel, pages) => kernel.unpin_user_pages_dirty_lock(pages, true),
  *unpinrange(kernel, pages) {
    const [first] = pages;
    if (first !== undefined) yield* kernel.unpin_user_page_range_dirty_lock(first, pages.length, false);
  },
};

/** Gives back what a take of that kind gave. */
export function release(kernel: Kernel, pins: boolean, pages: readonly Page[]): Steps<void> {
  const way = RELEASES[pins ? 'unpin' : 'put'];
  if (way === undefined) throw new Error('no such release');
  return way(kernel, pages);
}
