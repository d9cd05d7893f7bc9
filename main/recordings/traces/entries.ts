/** What a trace holds besides events, and how both are handed out. */
import type { ByteTable } from './byte-table.ts';
import type { EventBatch } from './event-batch.ts';

/** A line that a program wrote into trace_marker. */
export interface MarkerEntry {
  readonly line: number;
  /** Events before it in the file. */
  readonly event: number;
  /** Nanoseconds. */
  readonly time: number;
  /** Number of the task. */
  readonly task: number;
  readonly text: string;
}

/** A place where the tracer dropped events. */
export interface LostEntry {
  readonly line: number;
  readonly event: number;
  /** Null where the line does not say how many. */
  readonly lost: number | null;
  /** Null where it does not say on which CPU. */
  readonly cpu: number | null;
}

/** Why a line that should be an event is none. */
export type Damage = 'cut' | 'garbled' | 'overlong';

export interface DamagedLine {
  readonly line: number;
  readonly damage: Damage;
  /** Its beginning, with everything that is no printable ASCII replaced. */
  readonly text: string;
}

/** Numbers to texts. */
export interface Names {
  /** `comm` and pid of each task, `-` between them. */
  readonly tasks: ByteTable;
  readonly flags: ByteTable;
  /** Symbols of a stack, innermost first, a newline behind each. */
  readonly stacks: ByteTable;
}

/** Counts of lines. */
export interface Tally {
  lines: number;
  events: number;
  markers: number;
  /** Damaged events. */
  damaged: number;
  /** Events that the tracer says it dropped; places that do not say how many count as one. */
  lost: number;
  /** Lines that say nothing about pages: headers, blanks, other events, other text. */
  other: number;
}

/** Whoever takes what a scanner reads. */
export interface TraceSink {
  /** The batch is full, or the trace has ended. It is reused after the return. */
  events(batch: EventBatch): void;
  marker(marker: MarkerEntry): void;
  lost(lost: LostEntry): void;
  /** Called for the first {@link MOST_DAMAGED} damaged lines. */
  damaged(line: DamagedLine): void;
  /** A line that is no event's: somebody else may know what it says. */
  other?(text: string, line: number): void;
}

/** Damaged lines that are shown; more are only counted. */
export const MOST_DAMAGED = 1000;
