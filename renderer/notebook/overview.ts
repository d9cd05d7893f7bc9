/** All verdicts of the notebook as one table: a row an experiment, a column a kernel in the order of history. */
import type { KernelSummary } from '../../preload/contract.ts';
import { viewCells } from '../app/document.ts';
import type { CellRun, NotebookState } from '../app/state.ts';
import { isStale } from './cell-state.ts';
import { type Column, inHistory, stripsOf } from './strip.ts';

export interface OverviewRow {
  readonly cellId: string;
  /** The cell's number in the window, from 1. */
  readonly number: number;
  readonly experiment: string;
  readonly stale: boolean;
  /** One for each of the overview's kernels; undefined where the experiment has nothing to say of one. */
  readonly columns: readonly (Column | undefined)[];
}

export interface Overview {
  readonly kernels: readonly string[];
  readonly rows: readonly OverviewRow[];
}

export function overviewOf(
  notebook: NotebookState,
  cellRuns: ReadonlyMap<string, CellRun>,
  kernels: readonly KernelSummary[],
): Overview {
  const found = viewCells(notebook.doc).flatMap((cell, index) => {
    const run = cellRuns.get(cell.id);
    if (run === undefined) return [];
    const stale = isStale(notebook, cell.id, run);
    return stripsOf(run, kernels).map((strip) => ({ cellId: cell.id, number: index + 1, stale, strip }));
  });
  const ids = new Set(found.flatMap(({ strip }) => strip.columns.map(({ kernel }) => kernel)));
  const shown = inHistory([...ids], kernels);
  const rows = found.map(({ strip, ...row }) => ({
    ...row,
    experiment: strip.experiment,
    columns: shown.map((id) => strip.columns.find(({ kernel }) => kernel === id)),
  }));
  return { kernels: shown, rows };
}

/** The table as text: what `y` is for the overview. */
export function overviewText({ kernels, rows }: Overview): string {
  const widths = kernels.map((id) => Math.max(5, id.length));
  const cells = (texts: readonly string[]) => texts.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' ');
  const lines = rows.map(({ experiment, stale, columns }) =>
    `${cells(columns.map((column) => column?.sign.word ?? '-'))}  ${experiment}${stale ? ' (stale)' : ''}`.trimEnd(),
  );
  return `${[cells(kernels).trimEnd(), ...lines].join('\n')}\n`;
}
