/** Two schedules side by side: one that was kept, or that of another kernel, beside the one that is shown. */
import type { ExperimentResult } from '../../main/engine/result.ts';
import type { Trace } from '../../main/engine/trace.ts';
import { compareText } from '../interleaving/compare.ts';
import { VERDICT_SIGNS } from '../notebook/verdicts.ts';
import { type App, say } from './app.ts';
import { copyText } from './clipboard.ts';
import type { AppState, CompareOverlay, Kept } from './state.ts';
import { shown } from './stepping.ts';

/** Keeps the schedule that is shown, to lay another one beside it. */
export function keepSchedule(app: App): void {
  const now = shownSchedule(app.store.get());
  if (now === null) {
    say(app, 'info', 'Choose a verdict first: v goes to the verdicts of the cell.');
    return;
  }
  app.store.dispatch({ type: 'kept', kept: now });
  say(app, 'info', `Kept: ${now.name}. Choose another verdict, then C compares.`);
}

/** Lays the kept schedule, or that of the nearest kernel with another verdict, beside the one that is shown. */
export function compare(app: App): void {
  const state = app.store.get();
  const right = shownSchedule(state);
  if (right === null) {
    say(app, 'info', 'Choose a verdict first: v goes to the verdicts of the cell.');
    return;
  }
  const kept = state.kept !== null && state.kept.trace !== right.trace ? state.kept : null;
  const left = kept ?? nearestOther(state);
  if (left === null) {
    say(app, 'info', 'There is no other schedule of this experiment: c keeps this one to compare with.');
    return;
  }
  app.store.dispatch({ type: 'overlay', overlay: { kind: 'compare', left, right } });
}

export async function copyComparison(app: App, { left, right }: CompareOverlay): Promise<void> {
  await copyText(app, compareText([left.name, right.name], left.trace, right.trace), 'Comparison copied.');
}

function shownSchedule(state: AppState): Kept | null {
  const now = shown(state);
  return now?.trace == null ? null : { name: nameOf(now.result), trace: now.trace };
}

/** The nearest kernel in history of which the same experiment says something else, and has a schedule to show. */
function nearestOther(state: AppState): Kept | null {
  const now = shown(state);
  if (now === null) return null;
  const results = state.cellRuns.get(now.selection.cellId)?.results ?? [];
  const order = new Map((state.info?.kernels ?? []).map(({ id, order: place }) => [id, place]));
  const place = order.get(now.result.kernel) ?? 0;
  const apart = ({ kernel }: ExperimentResult) => Math.abs((order.get(kernel) ?? 0) - place);
  const others = results
    .filter(({ experiment, verdict }) => experiment === now.result.experiment && verdict !== now.result.verdict)
    .flatMap((result) => {
      const trace = traceOf(result);
      return trace === null ? [] : [{ result, trace }];
    })
    .sort((a, b) => apart(a.result) - apart(b.result));
  const [nearest] = others;
  return nearest === undefined ? null : { name: nameOf(nearest.result), trace: nearest.trace };
}

function traceOf({ failures, sample }: ExperimentResult): Trace | null {
  return failures[0]?.trace ?? sample;
}

function nameOf({ experiment, kernel, verdict }: ExperimentResult): string {
  return `${kernel}, ${VERDICT_SIGNS[verdict].word}: ${experiment}`;
}
