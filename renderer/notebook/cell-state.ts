/** The state of a code cell, as word, shape, tone and figure. One rule for the cell head, the outline and the labels. */
import type { ExperimentResult, Verdict } from '../../main/engine/result.ts';
import { basisIndex, basisOf, sharedSources } from '../app/document.ts';
import { closureOf, sameTexts } from '../app/reading.ts';
import type { CellRun, NotebookState } from '../app/state.ts';
import { count, type Sign } from './verdicts.ts';

export type StateWord = 'fresh' | 'queued' | 'running' | 'ok' | 'FAIL' | 'stale' | 'aborted' | 'limit' | 'error';

export interface CellState extends Sign {
  readonly word: StateWord;
  /** A few words more: the running figure, the number of kernels, what the run was. Empty for none. */
  readonly detail: string;
}

const SIGNS: Readonly<Record<StateWord, Sign & { readonly word: StateWord }>> = {
  fresh: { word: 'fresh', shape: '\u25cb', tone: 'dim' },
  queued: { word: 'queued', shape: '\u2026', tone: 'dim' },
  running: { word: 'running', shape: '\u25b6', tone: 'running' },
  ok: { word: 'ok', shape: '\u25cf', tone: 'ok' },
  FAIL: { word: 'FAIL', shape: '\u2716', tone: 'fail' },
  stale: { word: 'stale', shape: '\u2248', tone: 'limit' },
  aborted: { word: 'aborted', shape: '\u25a0', tone: 'limit' },
  limit: { word: 'limit', shape: '\u25d1', tone: 'limit' },
  error: { word: 'error', shape: '\u25b2', tone: 'error' },
};

/**
 * True where the cell, or one whose names it uses, no longer says what the run was made of, or another engine made it.
 * Undoing the edit undoes this.
 */
export function isStale(notebook: Placed, id: string, run: CellRun): boolean {
  if (run.outdated) return true;
  const closure = closureOf(notebook, id);
  if (closure !== null && run.closure !== null) return !sameTexts(closure, run.closure);
  // Who needs whom is not known yet: whatever stands above may matter.
  const { doc } = notebook;
  const index = basisIndex(doc, id);
  return index !== run.index || sharedSources(basisOf(doc), run.basis) <= index;
}

/** What decides whether results are still about the notebook. */
type Placed = Pick<NotebookState, 'doc' | 'reading'>;

/** The state of a cell that last ran as `run`; undefined where it never did. */
export function cellState(notebook: Placed, id: string, run: CellRun | undefined): CellState {
  return stateOf(run, run !== undefined && isStale(notebook, id, run));
}

/** The same, where it is known whether the run is stale. */
export function stateOf(run: CellRun | undefined, stale: boolean): CellState {
  if (run === undefined) return { ...SIGNS.fresh, detail: '' };
  if (run.stage === 'queued') return { ...SIGNS.queued, detail: '' };
  if (run.stage === 'running') return { ...SIGNS.running, detail: runningFigure(run) };
  const said = verdictState(run);
  if (!stale) return said;
  return { ...SIGNS.stale, detail: `was ${said.word}${said.detail === '' ? '' : `, ${said.detail}`}` };
}

function verdictState(run: CellRun): CellState {
  const { results } = run;
  if (run.stage === 'aborted') {
    const wanted = run.planned.reduce((sum, experiment) => sum + experiment.kernels.length, 0);
    const detail = wanted === 0 ? '' : `${results.length} of ${wanted} verdicts`;
    return { ...SIGNS.aborted, detail };
  }
  if (run.stage === 'error') return { ...SIGNS.error, detail: '' };
  const worst = WORST_FIRST.find(([verdict]) => results.some((result) => result.verdict === verdict));
  if (worst !== undefined) return { ...SIGNS[worst[1]], detail: tally(results, worst[0]) };
  return { ...SIGNS.ok, detail: results.length === 0 ? 'no experiment' : tally(results, 'pass') };
}

const WORST_FIRST = [
  ['error', 'error'],
  ['inconclusive', 'limit'],
  ['fail', 'FAIL'],
] as const;

/** `1 of 6, as expected`: how many of the verdicts are this one, and whether all are what the author expects. */
function tally(results: readonly ExperimentResult[], verdict: Verdict): string {
  const surprises = results.filter(({ asExpected }) => !asExpected).length;
  const parts = [`${results.filter((result) => result.verdict === verdict).length} of ${results.length}`];
  if (surprises > 0) parts.push(`${surprises} not as expected`);
  else if (results.some(({ expected }) => expected !== null)) parts.push('as expected');
  return parts.join(', ');
}

/** `12,345 states, depth 20, pin-v5`. */
export function runningFigure(run: Pick<CellRun, 'progress'>): string {
  const { progress } = run;
  if (progress === null) return '';
  return `${count(progress.states)} states, depth ${progress.depth}, ${progress.kernel}`;
}
