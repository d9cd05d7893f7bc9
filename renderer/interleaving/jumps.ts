/** Where the stepping keys lead. All steps are 0-based; -1 is the state before the first step. */
import { StepColumn, stepCount, type Trace } from '../../main/engine/trace.ts';
import { START, stepValue } from '../state/page-state.ts';

/** True where the step changed a word of a page: what the page-state pane is about. */
export function changesPage(trace: Trace, step: number): boolean {
  const word = stepValue(trace, step, StepColumn.word);
  const object = word < 0 ? undefined : trace.objects[trace.words[word]?.object ?? -1];
  if (object?.kind !== 'page' && object?.kind !== 'folio') return false;
  return stepValue(trace, step, StepColumn.before) !== stepValue(trace, step, StepColumn.after);
}

/** The next step after `from` that changes a page; the last step where there is none. */
export function nextChange(trace: Trace, from: number): number {
  const steps = stepCount(trace);
  for (let step = from + 1; step < steps; step++) if (changesPage(trace, step)) return step;
  return steps - 1;
}

/** The last step before `from` that changes a page; the start where there is none. */
export function previousChange(trace: Trace, from: number): number {
  for (let step = from - 1; step >= 0; step--) if (changesPage(trace, step)) return step;
  return START;
}
