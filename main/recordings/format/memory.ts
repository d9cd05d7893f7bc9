/** The kinds of memory recordings were made on. */
import { z } from 'zod';

/** Names as the recordings write them; what each is stands in the schema's uses. */
export const MEMORY_KINDS = [
  'anon_small',
  'anon_thp',
  'anon_mthp',
  'anon_untouched',
  'anon_untouched_thp',
  'hugetlb_2m',
  'file_shared',
  'file_private_ro',
  'file_private_cow',
  'memfd',
  'zero_page',
  'huge_zero_page',
] as const;

export type MemoryKind = (typeof MEMORY_KINDS)[number];

export const memoryKind = z.enum(MEMORY_KINDS);

/** Bits of /proc/kpageflags. */
export const KPF_LRU = 5n;
export const KPF_HEAD = 15n;

/** Whether a bit is set in a word of /proc/kpageflags, given in hexadecimal. */
export function kpageflag(word: string | undefined, bit: bigint): boolean {
  return word !== undefined && /^0x[0-9a-f]+$/i.test(word) && ((BigInt(word) >> bit) & 1n) === 1n;
}
