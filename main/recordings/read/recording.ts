/** Recordings as the reader hands them out: one situation each, all its files read and checked. */
import type { CaseLine } from '../format/case.ts';
import type { TraceEntry } from '../format/ftrace.ts';
import type { MisuseLine, SequenceHeader, SequenceLine } from '../format/sequence.ts';
import type { StepsFile } from '../format/steps.ts';

interface Named {
  /** Unique within what was read: the file and line of a case, the folder and name of a capture. */
  readonly name: string;
  /** `uname -r` of the machine, empty where not even that could be read. */
  readonly kernel: string;
}

/** A line of host-*.jsonl or guest-*.jsonl. */
export interface CaseRecording extends Named {
  readonly kind: 'case';
  readonly line: CaseLine;
}

/** A capture: steps, trace, and what else lies beside them under the same name. */
export interface CaptureRecording extends Named {
  readonly kind: 'capture';
  readonly steps: StepsFile;
  /** Null where no trace was kept. */
  readonly trace: readonly TraceEntry[] | null;
  /** The driver's answers, for captures made with it. */
  readonly answers: readonly MisuseLine[] | null;
}

/** A random sequence of driver calls. */
export interface SequenceRecording extends Named {
  readonly kind: 'sequence';
  readonly header: SequenceHeader;
  readonly lines: readonly SequenceLine[];
}

/** Something that is a recording and could not be read. */
export interface UnreadableRecording extends Named {
  readonly kind: 'unreadable';
  readonly reason: string;
}

export type Recording = CaseRecording | CaptureRecording | SequenceRecording | UnreadableRecording;
