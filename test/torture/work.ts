/** What the victim does to the store, as numbered operations whose outcome anybody can work out again. */
import type { ExperimentResult } from '../../main/engine/result.ts';
import { failed, passed, traceOf } from '../store/samples.ts';
import { below, random } from './random.ts';

/**
 * One operation. `n` numbers edits and results: it determines the text or the result. `start` begins a run, `result`
 * and `finish` belong to the run started last.
 */
export type Work =
  | { readonly do: 'edit'; readonly notebook: number; readonly n: number }
  | { readonly do: 'save'; readonly notebook: number; readonly n: number }
  /** A notebook that came in a mail or out of a recording: it has no file yet, the store alone has it. */
  | { readonly do: 'import'; readonly n: number }
  | { readonly do: 'start'; readonly notebook: number; readonly n: number }
  | { readonly do: 'result'; readonly n: number }
  | { readonly do: 'finish' }
  | { readonly do: 'prune' }
  | { readonly do: 'backup' }
  | { readonly do: 'reopen' };

/** A line of the victim's log: it announces an operation, and says when the store has acknowledged it. */
export type Line = { readonly begin: Work } | { readonly done: number };

/** Runs that pruning keeps of each notebook; the judge looks at fewer. */
export const KEPT_RUNS = 5;
export const NOTEBOOKS = 3;

/** Stands for the notebook in the texts of imports. */
export const IMPORTED = NOTEBOOKS;

export function pathOf(notebook: number): string {
  return `/torture/${notebook}.lab.ts`;
}

/** Text of edit `n` of a notebook: of any size up to 40 KB, and beginning with its number. */
export function textOf(notebook: number, n: number): string {
  const next = random(notebook * 1_000_003 + n);
  const length = below(next, 2) === 0 ? below(next, 500) : below(next, 40_000);
  return `// ${notebook} ${n}\n${String.fromCharCode(97 + below(next, 26)).repeat(length)}\n`;
}

/** Result `n`: some fail with a trace of up to 400 steps, some traces come again. */
export function resultOf(n: number): ExperimentResult {
  const next = random(n);
  const trace = traceOf(below(next, 400), below(next, 50));
  return below(next, 3) === 0 ? { ...passed('7.2'), line: n } : { ...failed('pin-v5', trace), line: n };
}
