/**
 * Lines of `host-*.jsonl` and `guest-*.jsonl`: one situation each, a memory kind and a system call, with the deltas of
 * nr_foll_pin_acquired and nr_foll_pin_released after each step.
 */
import { z } from 'zod';
import { memoryKind } from './memory.ts';

const step = z.object({
  step: z.string(),
  ret: z.number().optional(),
  errno: z.number().optional(),
  /** Exact deltas since the start of the case; absent where they were not read. */
  acq: z.number().optional(),
  rel: z.number().optional(),
});

const pfn = z.number().optional();
/** Of the first page, or of the first and the last page of the buffer. */
const pfns = z.number().or(z.array(z.number())).optional();

export const caseLine = z.object({
  kernel: z.string(),
  /** `host` or `guest`. */
  tag: z.string(),
  case: z.string(),
  mem: memoryKind,
  bytes: z.number(),
  /** Offset of the buffer in its mapping, bytes. */
  buf_off: z.number(),
  pages: z.number(),
  anon_huge_kb: z.number(),
  pfn,
  /** Bits of /proc/kpageflags in hexadecimal, of the first page before the operation. */
  kpageflags: z.string().optional(),
  mapcount: z.number().optional(),
  steps: z.array(step).optional(),
  /** Why there are no steps. */
  skipped: z.string().optional(),
  plain_references: z.number().optional(),
  child_got_a_copy: z.number().optional(),
  parent_pfn: pfn,
  parent_pfn_before_fork: pfns,
  parent_pfn_after_write: pfns,
  child_pfn_at_fork: pfns,
  child_pfn_after_write: pfns,
  pfn_pinned: pfn,
  pfn_after_refault: pfn,
});

export type CaseLine = z.infer<typeof caseLine>;
export type CaseStep = z.infer<typeof step>;
