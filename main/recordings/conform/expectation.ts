/** What a recording says about one step of a program, whatever file it came from, and what is compared with it. */
import type { PageRef } from '../format/page-ref.ts';
import type { PageState } from '../format/steps.ts';

/** A page_ref event of a watched page, and where it happened. */
export interface RecordedEvent {
  readonly ref: PageRef;
  /** 1-based line of the trace. */
  readonly line: number;
  /** Done by the program (or a child of it) outside of interrupts: its order against others of that kind is certain. */
  readonly own: boolean;
}

/** One step. What is null was not recorded. */
export interface ExpectedStep {
  readonly name: string;
  readonly ret: number | null;
  readonly errno: number | null;
  /** Deltas of nr_foll_pin_acquired and nr_foll_pin_released since before the first step. */
  readonly acquired: number | null;
  readonly released: number | null;
  readonly pages: readonly PageState[] | null;
  readonly events: readonly RecordedEvent[] | null;
  /** The trace ends within this step: what it holds is a beginning. */
  readonly cut: boolean;
}

/** One disagreement. */
export interface Mismatch {
  readonly step: string;
  readonly expected: string;
  readonly got: string;
}
