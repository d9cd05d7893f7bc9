/** What the debugfs driver of the recordings answers: a struct page after a call of get, pin, put or unpin by name. */
import { z } from 'zod';

export const driverState = z.object({
  op: z.string(),
  slot: z.number(),
  /** What the kernel function returned. */
  rc: z.number(),
  mm_has_pinned: z.number(),
  /** Index of the page in the slot. */
  index: z.number(),
  pfn: z.number(),
  head_pfn: z.number(),
  order: z.number(),
  refcount: z.number(),
  /** -1 where the page has none. */
  pincount: z.number(),
  maybe_dma_pinned: z.number(),
  /** `_mapcount` + 1 of the page itself. */
  page_mapcount_raw: z.number(),
  entire_mapcount: z.number(),
  anon: z.number(),
  /** -1 where the kernel has no such flag. */
  anon_exclusive: z.number(),
  dirty: z.number(),
});

export type DriverState = z.infer<typeof driverState>;

/** An answer that names no page: the slot was empty, or the call failed. */
export const driverAnswer = driverState.or(z.object({ op: z.string(), slot: z.number(), rc: z.number() }));

export type DriverAnswer = z.infer<typeof driverAnswer>;

/** Whether an answer tells of a page. */
export function tellsPage(answer: DriverAnswer): answer is DriverState {
  return 'pfn' in answer;
}
