/** `NAME.steps.json`: what a capture's program did, step by step, with the struct page of the watched pages after each. */
import { z } from 'zod';
import { driverAnswer } from './driver-state.ts';
import { memoryKind } from './memory.ts';

/** A struct page read through /proc/kcore. */
const pageState = z.object({
  pfn: z.number(),
  head_pfn: z.number(),
  /** 0 where the read failed. */
  ok: z.number(),
  /** The head's. */
  refcount: z.number(),
  compound: z.number(),
  /** -1 where the page has none. */
  pincount: z.number(),
  /** `_mapcount` + 1 of this struct page; a type in kernels that keep page types there. */
  mapcount_raw: z.number(),
  /** Hexadecimal; what the bits are called depends on the kernel. */
  flags: z.string(),
});

const step = z.object({
  step: z.string(),
  ret: z.number(),
  errno: z.number(),
  acq: z.number(),
  rel: z.number(),
  pages: z.array(pageState),
});

/** Remarks between the steps, told apart by what they carry. */
const answered = z.object({ note: z.string(), state: driverAnswer });
const forked = z.object({
  note: z.string(),
  parent_before: z.number(),
  child_at_fork: z.number(),
  child_after_its_write: z.number(),
  parent_after_its_write: z.number(),
});
const swapped = z.object({ note: z.string(), present: z.number(), swapped: z.number() });
const hugeLeft = z.object({ note: z.string(), kb: z.number() });
const moved = z.object({ note: z.string(), before: z.number(), after: z.number() });
const other = z.object({ note: z.string() });

export const stepsFile = z.object({
  name: z.string(),
  kernel: z.string(),
  /** What the program did, in a sentence that names its parameters. */
  what: z.string(),
  mem: memoryKind,
  /** Length of the buffer in bytes. */
  len: z.number(),
  anon_huge_kb: z.number(),
  watched_pfns: z.array(z.string()),
  steps: z.array(z.union([step, answered, forked, swapped, hugeLeft, moved, other])),
  /** Lines of the trace that were left off its end. */
  trace_lines_dropped_at_end: z.number(),
});

export type StepsFile = z.infer<typeof stepsFile>;
export type PageState = z.infer<typeof pageState>;
export type RecordedStep = z.infer<typeof step>;
export type RecordedRemark = Exclude<StepsFile['steps'][number], RecordedStep>;
