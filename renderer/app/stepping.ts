/** Walking through the selected schedule. */
import type { ExperimentResult, Failure } from '../../main/engine/result.ts';
import { stepCount, type Trace } from '../../main/engine/trace.ts';
import { nextChange, previousChange } from '../interleaving/jumps.ts';
import { authorPosition } from '../interleaving/steps.ts';
import { START } from '../state/page-state.ts';
import { type App, say } from './app.ts';
import { goToLine } from './cells.ts';
import { selectedResult, selectionOf } from './runs.ts';
import type { AppState, ByHand, Selection } from './state.ts';

/** What is looked at: a result, and of it one broken check with its schedule, or the sample of a pass. */
export interface Shown {
  readonly selection: Selection;
  readonly result: ExperimentResult;
  readonly failure: Failure | null;
  readonly trace: Trace | null;
  /** 0-based step taken last, within the trace; -1 before the first. */
  readonly step: number;
  /** GUP_PIN_COUNTING_BIAS; 1 on a kernel whose counts hold no pins. */
  readonly bias: number;
}

export function shown(state: AppState): Shown | null {
  const { selection } = state;
  const result = handMade(state)?.result ?? selectedResult(state);
  if (selection === null || result === null) return null;
  const failure = result.failures[selection.failure] ?? result.failures[0] ?? null;
  const trace = failure?.trace ?? result.sample;
  const last = trace === null ? START : stepCount(trace) - 1;
  const kernel = state.info?.kernels.find(({ id }) => id === result.kernel);
  const bias = kernel?.pins === false ? 1 : (trace?.bias ?? 1);
  return { selection, result, failure, trace, step: Math.max(START, Math.min(selection.step, last)), bias };
}

/** The schedule made by hand, where it is about what is selected and what ran. */
export function handMade({ byHand, selection, cellRuns }: AppState): ByHand | null {
  if (byHand === null || selection === null) return null;
  const { cellId, experiment, kernel, runId } = byHand;
  const same = cellId === selection.cellId && experiment === selection.experiment && kernel === selection.kernel;
  return same && cellRuns.get(cellId)?.runId === runId ? byHand : null;
}

/** Selects a kernel's result of an experiment: what the search found, whatever was made by hand. */
export function choose(app: App, cellId: string, result: ExperimentResult): void {
  app.store.dispatch({ type: 'by-hand', byHand: null });
  app.store.dispatch({ type: 'selected', selection: selectionOf(cellId, result) });
}

/** Moves the cursor to where `target` says; says so where there is nothing to step through. */
export function stepTo(app: App, target: (trace: Trace, step: number, failure: Failure | null) => number): void {
  const now = shown(app.store.get());
  if (now === null || now.trace === null) {
    sayNothingShown(app);
    return;
  }
  const last = stepCount(now.trace) - 1;
  const step = Math.max(START, Math.min(last, target(now.trace, now.step, now.failure)));
  app.store.dispatch({ type: 'selected', selection: { ...now.selection, step } });
}

export function sayNothingShown(app: App): void {
  say(app, 'info', 'Choose a verdict first: v goes to the verdicts of the cell.');
}

/** The steps that are marked, first and last; null while none are. */
export function markedSteps({ selection, trace, step }: Shown): readonly [number, number] | null {
  if (selection.anchor === undefined || trace === null || stepCount(trace) === 0) return null;
  const anchor = Math.min(selection.anchor, stepCount(trace) - 1);
  return [Math.max(0, Math.min(anchor, step)), Math.max(0, anchor, step)];
}

/** Begins to mark steps at the cursor, so that every move marks more of them; or ends that. */
export function toggleMark(app: App): void {
  const now = shown(app.store.get());
  if (now === null || now.trace === null) {
    sayNothingShown(app);
    return;
  }
  const begins = now.selection.anchor === undefined;
  const anchor = begins ? Math.max(0, now.step) : undefined;
  app.store.dispatch({ type: 'selected', selection: { ...now.selection, step: now.step, anchor } });
  say(app, 'info', begins ? 'Marking from here: move, then y copies what is marked.' : 'No step is marked.');
}

/** Marks the step at the cursor, and the one that it moves to; before the first step, that one alone. */
export function markTo(app: App, offset: 1 | -1): void {
  const now = shown(app.store.get());
  if (now?.trace == null) {
    sayNothingShown(app);
    return;
  }
  const { selection, step } = now;
  const anchor = selection.anchor ?? Math.max(0, step);
  const to = Math.max(0, Math.min(stepCount(now.trace) - 1, step + offset));
  app.store.dispatch({ type: 'selected', selection: { ...selection, step: to, anchor } });
}

export const TARGETS = {
  back: (_: Trace, step: number) => step - 1,
  forward: (_: Trace, step: number) => step + 1,
  first: () => START,
  last: (trace: Trace) => stepCount(trace) - 1,
  previousChange,
  nextChange,
  failing: (trace: Trace, _: number, failure: Failure | null) => failure?.failingStep ?? stepCount(trace) - 1,
} as const;

/** The next broken check of the same result, from its failing step. */
export function nextFailure(app: App): void {
  const now = shown(app.store.get());
  if (now === null || now.result.failures.length === 0) {
    say(app, 'info', 'No check is broken here.');
    return;
  }
  const failure = (now.selection.failure + 1) % now.result.failures.length;
  const step = now.result.failures[failure]?.failingStep ?? START;
  app.store.dispatch({ type: 'selected', selection: { ...now.selection, failure, step } });
  if (now.result.failures.length === 1) say(app, 'info', 'This is the only broken check.');
}

/** To the author's line of the step under the cursor. */
export function goToStepSource(app: App): void {
  const state = app.store.get();
  const now = shown(state);
  if (now?.trace == null || state.notebook === null) {
    sayNothingShown(app);
    return;
  }
  const position = authorPosition(now.trace, Math.max(0, now.step));
  const run = state.cellRuns.get(now.selection.cellId);
  if (position === null || run === undefined) {
    say(app, 'info', 'This step is the kernel\u2019s own: no line of the notebook made it.');
    return;
  }
  // The lines are those of the text that ran; the cell may have moved since.
  const cell = state.notebook.doc.cells.find(({ id }) => id === now.selection.cellId);
  goToLine(app, state.notebook.doc, position.line - run.firstLine + (cell?.bodyFirstLine ?? 1), position.column);
}
