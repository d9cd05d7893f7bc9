/** `y`: what has the focus, as text. */
import { interleavingText } from '../interleaving/text.ts';
import { expectation, searchSentence, VERDICT_SIGNS } from '../notebook/verdicts.ts';
import { statesOf } from '../state/cache.ts';
import { stateText, stateView } from '../state/page-view.ts';
import { type App, say } from './app.ts';
import { copyText } from './clipboard.ts';
import { findCell } from './document.ts';
import type { AppState, CellRun } from './state.ts';
import { markedSteps, shown } from './stepping.ts';

export async function copyFocused(app: App): Promise<void> {
  const found = focusedText(app.store.get());
  if (found === null) {
    say(app, 'info', 'There is nothing to copy here yet.');
    return;
  }
  await copyText(app, found.text, `Copied: ${found.what}, ${found.text.split('\n').length - 1} lines.`);
}

/** What the focus is on, and its text. */
export function focusedText(state: AppState): { readonly what: string; readonly text: string } | null {
  const now = shown(state);
  if (state.region === 'state' && now?.trace) {
    const states = statesOf(now.trace);
    return { what: 'the page state', text: stateText(stateView(states, now.step, now.bias), states.steps) };
  }
  if (state.region === 'interleaving' && now?.trace) {
    const failing = now.failure?.failingStep ?? -1;
    const marked = markedSteps(now);
    if (marked === null) return { what: 'the interleaving', text: interleavingText(now.trace, failing) };
    const [from, to] = marked;
    const what = from === to ? `step ${from + 1}` : `steps ${from + 1} to ${to + 1}`;
    return { what, text: interleavingText(now.trace, failing, from, to) };
  }
  const { notebook } = state;
  if (notebook === null || state.region !== 'notebook') return null;
  const cell = findCell(notebook.doc, notebook.focused);
  if (cell === undefined) return null;
  const run = state.cellRuns.get(cell.id);
  if (run === undefined || run.results.length === 0) return { what: 'the cell', text: `${cell.text}\n` };
  return { what: 'the cell and its verdicts', text: `${cell.text}\n\n${verdictText(run)}` };
}

/** The verdicts of a cell, one line each, as comments so that they can be pasted into the file. */
export function verdictText(run: CellRun): string {
  const width = Math.max(...run.results.map(({ kernel }) => kernel.length));
  const lines: string[] = [];
  let experiment = '';
  for (const result of run.results) {
    if (result.experiment !== experiment) lines.push(`// ${result.experiment}`);
    experiment = result.experiment;
    const sign = VERDICT_SIGNS[result.verdict].word.padEnd(5);
    const tail = [expectation(result), result.failures[0]?.check ?? '', searchSentence(result)].filter((part) => part);
    lines.push(`//   ${result.kernel.padEnd(width)}  ${sign}  ${tail.join('; ')}`);
  }
  return `${lines.join('\n')}\n`;
}
