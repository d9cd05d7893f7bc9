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

/** Bits of /proc/kpageflags that recordings are asked for. */
export const KPF_LRU = 5n;
