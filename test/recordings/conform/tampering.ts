/** Recordings that were tampered with in one place that conformance compares. */
import { type CaptureSteps, stepsOf } from '../../../main/recordings/conform/capture.ts';
import type { RecordedEvent } from '../../../main/recordings/conform/expectation.ts';
import { endsLife } from '../../../main/recordings/conform/ownership.ts';
import { type DriverState, tellsPage } from '../../../main/recordings/format/driver-state.ts';
import type { TraceEntry } from '../../../main/recordings/format/ftrace.ts';
import type {
  CaptureRecording,
  CaseRecording,
  Recording,
  SequenceRecording,
} from '../../../main/recordings/read/recording.ts';

/** One place, and what becomes of the recording when that place is changed by so much. */
export interface Tampering {
  readonly what: string;
  readonly make: (delta: number) => Recording;
}

function replaced<T>(list: readonly T[], index: number, by: T): T[] {
  return list.map((item, i) => (i === index ? by : item));
}

export function tamperingsOf(recording: Recording): Tampering[] {
  switch (recording.kind) {
    case 'case':
      return ofCase(recording);
    case 'sequence':
      return ofSequence(recording);
    case 'capture':
      return [...ofSteps(recording), ...ofAnswers(recording), ...ofTrace(recording)];
    case 'unreadable':
      return [];
  }
}

function ofCase(recording: CaseRecording): Tampering[] {
  const steps = recording.line.steps ?? [];
  return steps.flatMap((step, i) =>
    (['ret', 'errno', 'acq', 'rel'] as const).flatMap((field) => {
      const value = step[field];
      if (value === undefined) return [];
      const make = (delta: number): Recording => {
        // What is released late may have been counted by then or not: only more than all of it cannot be.
        const by = field === 'rel' ? (step.acq ?? 0) + Math.abs(delta) : delta;
        const changed = { ...step, [field]: value + by };
        return { ...recording, line: { ...recording.line, steps: replaced(steps, i, changed) } };
      };
      return [{ what: `${field} of step ${step.step}`, make }];
    }),
  );
}

const TOLD = ['rc', 'refcount', 'pincount', 'maybe_dma_pinned', 'anon', 'dirty', 'order', 'page_mapcount_raw'] as const;

interface StateTampering {
  readonly what: string;
  readonly make: (delta: number) => DriverState;
}

function ofState(state: DriverState): StateTampering[] {
  return TOLD.map((field) => ({
    what: field,
    make: (delta) => ({ ...state, [field]: state[field] + (field === 'refcount' ? beyondBatch(delta) : delta) }),
  }));
}

/** One reference more or less may be that of a batch where there is no trace to say. */
function beyondBatch(delta: number): number {
  return delta > 0 ? delta + 1 : delta - 1;
}

function ofSequence(recording: SequenceRecording): Tampering[] {
  const { lines } = recording;
  return lines.flatMap((line, i) => {
    const at = `line ${line.i} ${line.req}`;
    const withLine = (changed: (typeof lines)[number]): Recording => ({
      ...recording,
      lines: replaced(lines, i, changed),
    });
    const { state, page0, acq, rel } = line;
    const all: Tampering[] = [];
    // The first line's state says what the start was like.
    if (i > 0 && tellsPage(state)) {
      for (const { what, make } of ofState(state))
        all.push({ what: `${at}: state.${what}`, make: (delta) => withLine({ ...line, state: make(delta) }) });
    }
    if (page0 !== undefined && tellsPage(page0)) {
      for (const { what, make } of ofState(page0).filter(({ what: field }) => field !== 'rc'))
        all.push({ what: `${at}: page0.${what}`, make: (delta) => withLine({ ...line, page0: make(delta) }) });
    }
    if (acq !== undefined) all.push({ what: `${at}: acq`, make: (delta) => withLine({ ...line, acq: acq + delta }) });
    if (rel !== undefined) all.push({ what: `${at}: rel`, make: (delta) => withLine({ ...line, rel: rel + delta }) });
    return all;
  });
}

function ofSteps(recording: CaptureRecording): Tampering[] {
  const { steps: file } = recording;
  return file.steps.flatMap((step, i): Tampering[] => {
    // The state before the first step is what the start is made from.
    if (!('step' in step) || step.step === 'before') return [];
    const withStep = (changed: typeof step): Recording => ({
      ...recording,
      steps: { ...file, steps: replaced(file.steps, i, changed) },
    });
    const all: Tampering[] = [
      { what: `acq of ${step.step}`, make: (delta) => withStep({ ...step, acq: step.acq + delta }) },
      { what: `rel of ${step.step}`, make: (delta) => withStep({ ...step, rel: step.rel + delta }) },
    ];
    for (const [n, page] of step.pages.entries()) {
      if (page.ok === 0) continue;
      // Of a page that was freed only the count is known.
      const fields = page.refcount === 0 ? (['refcount'] as const) : (['refcount', 'pincount', 'compound'] as const);
      for (const field of fields) {
        const make = (delta: number): Recording =>
          withStep({ ...step, pages: replaced(step.pages, n, { ...page, [field]: page[field] + delta }) });
        all.push({ what: `${field} of page ${n} after ${step.step}`, make });
      }
    }
    return all;
  });
}

function ofAnswers(recording: CaptureRecording): Tampering[] {
  const answers = recording.answers ?? [];
  return answers.flatMap((answer, i) => {
    const { state } = answer;
    if (!tellsPage(state)) return [];
    return ofState(state).map(({ what, make }) => ({
      what: `${what} in the answer to ${answer.req}`,
      make: (delta: number): Recording => ({
        ...recording,
        answers: replaced(answers, i, { ...answer, state: make(delta) }),
      }),
    }));
  });
}

/** Events that belong to the lives the recording is about; what strangers did with a frame is not compared. */
function eventsOf(steps: CaptureSteps): RecordedEvent[] {
  return steps.steps.flatMap(({ events }) => events ?? []);
}

function ofTrace(recording: CaptureRecording): Tampering[] {
  const { trace } = recording;
  const steps = stepsOf(recording);
  if (trace === null || typeof steps === 'string') return [];
  const withTrace = (changed: readonly TraceEntry[]): Recording => ({ ...recording, trace: changed });
  return eventsOf(steps).flatMap((event): Tampering[] => {
    const { line, ref } = event;
    const i = trace.findIndex((entry) => entry.line === line);
    const entry = trace[i];
    if (entry?.kind !== 'page_ref') throw new Error(`line ${line} is no event`);
    const at = `line ${line} page_ref_${ref.op}`;
    const changed = (by: Partial<typeof ref>): Recording =>
      withTrace(replaced(trace, i, { ...entry, ref: { ...ref, ...by } }));
    const all: Tampering[] = [
      { what: `${at}: val`, make: (delta) => changed({ val: ref.val + delta }) },
      { what: `${at}: gone`, make: () => withTrace(trace.filter((_, n) => n !== i)) },
    ];
    // What follows the end of a page's life, and what comes before its allocation, is another owner's.
    const borders = endsLife(event, undefined) || ref.op === 'set' || ref.op === 'unfreeze';
    if (!borders)
      all.push({
        what: `${at}: twice`,
        make: () => withTrace([...trace.slice(0, i), entry, ...trace.slice(i)]),
      });
    if (ref.ret !== null) all.push({ what: `${at}: ret`, make: () => changed({ ret: ref.ret === 0 ? 1 : 0 }) });
    return all;
  });
}
