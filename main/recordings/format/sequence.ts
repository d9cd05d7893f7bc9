/**
 * `gtdrv_seq_*.jsonl`: a random sequence of calls of the debugfs driver on one buffer. `misuse_*.jsonl`: calls of the same
 * driver written as it takes them, beside a capture of the same name.
 */
import { z } from 'zod';
import { driverAnswer } from './driver-state.ts';
import { memoryKind } from './memory.ts';

export const sequenceHeader = z.object({
  kernel: z.string(),
  mem: memoryKind,
  seed: z.number(),
  /** Length of the buffer in pages. */
  pages: z.number(),
  anon_huge_kb: z.number(),
  first_pfn: z.number(),
});

export const sequenceLine = z.object({
  i: z.number(),
  req: z.string(),
  slot: z.number().optional(),
  page: z.number().optional(),
  n: z.number().optional(),
  /** Deltas since before the line with `i` -1. */
  acq: z.number().optional(),
  rel: z.number().optional(),
  /** First page of the slot after the call. */
  state: driverAnswer,
  /** First page of the buffer after the call; absent in the last lines. */
  page0: driverAnswer.optional(),
  /** The same, read through /proc/kcore. */
  kcore_page0: z.object({ refcount: z.number(), pincount: z.number() }).optional(),
});

export type SequenceHeader = z.infer<typeof sequenceHeader>;
export type SequenceLine = z.infer<typeof sequenceLine>;

export const misuseLine = z.object({
  /** The request in the driver's words: `pin 0 7ffa34800000 1 1`, `refadd 31 0 3000`, `put 0`. */
  req: z.string(),
  acq: z.number(),
  rel: z.number(),
  state: driverAnswer,
});

export type MisuseLine = z.infer<typeof misuseLine>;
