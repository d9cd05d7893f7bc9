/** Bits of `page->flags` that are looked at: their order was changed in 6.9, and they are never read without a version. */
import type { Release } from './kernels.ts';

export interface FlagBits {
  readonly referenced: number;
  readonly dirty: number;
  readonly lru: number;
  readonly active: number;
}

/** Until 6.8: locked referenced uptodate dirty lru active ... */
const OLD: FlagBits = { referenced: 1, dirty: 3, lru: 4, active: 5 };
/** Since 6.9: locked writeback referenced uptodate dirty lru head waiters active ... */
const NEW: FlagBits = { referenced: 2, dirty: 4, lru: 5, active: 8 };

export function flagBits({ major, minor }: Release): FlagBits {
  return major > 6 || (major === 6 && minor >= 9) ? NEW : OLD;
}
