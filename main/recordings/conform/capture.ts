/** A capture's files as a list of expected steps. */

import type { PageState, RecordedRemark, RecordedStep } from '../format/steps.ts';
import type { CaptureRecording } from '../read/recording.ts';
import type { ExpectedStep } from './expectation.ts';
import { withoutStrangers } from './ownership.ts';
import { type Segment, segmentsOf, writerOf } from './segments.ts';

export interface CaptureSteps {
  /** The state before the first step. */
  readonly before: readonly PageState[];
  readonly steps: readonly ExpectedStep[];
  /** Remarks by the step they follow. */
  readonly remarks: ReadonlyMap<ExpectedStep, readonly RecordedRemark[]>;
  readonly watched: readonly number[];
}

export function isStep(entry: RecordedStep | RecordedRemark): entry is RecordedStep {
  return 'step' in entry;
}

/** @returns the steps, or one clause that says why they cannot be had. */
export function stepsOf({ steps: file, trace }: CaptureRecording): CaptureSteps | string {
  const watched = file.watched_pfns.map(Number);
  const all = file.steps.filter(isStep);
  const [first, ...rest] = all;
  if (first === undefined) return 'it has no step';
  if (first.step !== 'before') return `its first step is ${first.step}, not before`;
  const read = trace === null ? null : readTrace(trace);
  if (typeof read === 'string') return read;
  const plain = rest.map((step, i) => expected(step, read, i, rest.length));
  const odd = rest.findIndex((step, i) => {
    const segment = read?.segments[i];
    return segment !== undefined && segment.step !== null && segment.step !== step.step;
  });
  if (odd >= 0) return `step ${rest[odd]?.step} is ${read?.segments[odd]?.step} in the trace`;
  const steps = withoutStrangers(plain, new Set(watched));
  return { before: first.pages, steps, remarks: remarksOf(file.steps, steps), watched };
}

interface ReadTrace {
  readonly segments: readonly Segment[];
  readonly whole: boolean;
}

function readTrace(trace: NonNullable<CaptureRecording['trace']>): ReadTrace | string {
  const writer = writerOf(trace);
  if (writer === null) return 'its trace holds no marker of the program';
  const { segments, whole, damage } = segmentsOf(trace, writer);
  const [trouble] = damage;
  return trouble === undefined ? { segments, whole } : `its trace is damaged: ${trouble}`;
}

function expected(step: RecordedStep, trace: ReadTrace | null, i: number, count: number): ExpectedStep {
  const segment = trace?.segments[i];
  // The segment without a step is what followed the last marker: a beginning of this step if the trace was cut.
  const cut = trace !== null && !trace.whole && segment?.step === null && i < count;
  return {
    name: step.step,
    ret: step.ret,
    errno: step.errno,
    acquired: step.acq,
    released: step.rel,
    pages: step.pages,
    events: segment?.events ?? null,
    cut,
  };
}

function remarksOf(
  entries: readonly (RecordedStep | RecordedRemark)[],
  steps: readonly ExpectedStep[],
): Map<ExpectedStep, RecordedRemark[]> {
  const remarks = new Map<ExpectedStep, RecordedRemark[]>();
  let n = -1;
  for (const entry of entries) {
    if (isStep(entry)) {
      n++;
      continue;
    }
    // The driver's answer stands before the step it is about; all other remarks follow theirs.
    const step = steps['state' in entry ? n : n - 1];
    if (step !== undefined) remarks.set(step, [...(remarks.get(step) ?? []), entry]);
  }
  return remarks;
}
