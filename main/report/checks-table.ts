/** Experiments x kernels as a table, the broken checks listed under their experiment. */
import type { ExperimentResult } from '../engine/result.ts';
import { columnsOf, plain, table, WIDTH } from './columns.ts';
import { standing } from './prose.ts';
import { distinct, experimentsOf, isComplete, kernelsOf, type Report, resultOf } from './report.ts';

const CELLS = { fails: 'FAIL', passes: 'ok', unfinished: '?', 'not-applicable': 'n/a', error: 'ERR' } as const;

/** What the cells mean, for those that need saying. */
const LEGEND: readonly (readonly [string, string])[] = [
  ['?', 'the search was cut off: nothing is known'],
  ['n/a', 'the kernel lacks the function'],
  ['ERR', 'the script stopped with an error'],
  ['-', 'not run'],
];

export function resultCell(result: ExperimentResult | undefined): string {
  return result === undefined ? '-' : CELLS[standing(result)];
}

/** A check under one kernel: broken, held (only a complete search can say so), or unknown. */
function checkCell(result: ExperimentResult | undefined, check: string): string {
  if (result === undefined) return '-';
  if (result.failures.some((failure) => failure.check === check)) return 'FAIL';
  if (result.verdict === 'fail') return isComplete(result) ? 'ok' : '?';
  return resultCell(result);
}

/** Rows of the table: name first, then one cell a kernel; broken checks below their experiment unless left out. */
export function matrixRows(report: Report, kernels: readonly string[], withChecks = true): string[][] {
  return experimentsOf(report).flatMap((experiment) => {
    const results = kernels.map((kernel) => resultOf(report, experiment, kernel));
    const all = report.results.filter((result) => result.experiment === experiment);
    const checks = !withChecks
      ? []
      : distinct(all.flatMap((result) => result.failures.map((failure) => failure.check)));
    return [
      [plain(experiment), ...results.map(resultCell)],
      ...checks.map((check) => [`  ${plain(check)}`, ...results.map((result) => checkCell(result, check))]),
    ];
  });
}

/** Room that the names need at least; kernels that do not fit beside it go into a further table. */
const NAME_ROOM = 30;

/** A column: one kernel, or neighbours that all cells are the same for. */
interface Group {
  readonly title: string;
  readonly kernel: string;
}

function bands(columns: readonly Group[]): Group[][] {
  const out: Group[][] = [];
  let room = -1;
  for (const column of columns) {
    const width = Math.max(4, columnsOf(column.title)) + 2;
    if (room < width) {
      out.push([]);
      room = WIDTH - 2 - NAME_ROOM;
    }
    out.at(-1)?.push(column);
    room -= width;
  }
  return out;
}

/** Neighbours with equal cells in one column, `5.7..7.2`. */
function grouped(report: Report, kernels: readonly string[], withChecks: boolean): Group[] {
  const groups: { first: string; last: string; cells: string }[] = [];
  for (const kernel of kernels) {
    const cells = matrixRows(report, [kernel], withChecks)
      .map((row) => row[1])
      .join('\n');
    const before = groups.at(-1);
    if (before?.cells === cells) before.last = kernel;
    else groups.push({ first: kernel, last: kernel, cells });
  }
  return groups.map(({ first, last }) => ({
    kernel: first,
    title: first === last ? plain(first) : `${plain(first)}..${plain(last)}`,
  }));
}

/**
 * The table, and the meaning of its rarer cells. Kernels that do not fit side by side share a column where they agree;
 * what is still too wide goes on in a further table.
 */
export function checksTable(report: Report, withChecks = true): string[] {
  const all = kernelsOf(report);
  const single = bands(all.map((kernel) => ({ kernel, title: plain(kernel) })));
  const shown = single.length === 1 ? single : bands(grouped(report, all, withChecks));
  const cells = new Set<string>();
  const lines = shown.flatMap((groups, band) => {
    const rows = matrixRows(
      report,
      groups.map(({ kernel }) => kernel),
      withChecks,
    );
    for (const row of rows) for (const cell of row.slice(1)) cells.add(cell);
    const columns = [
      { title: withChecks ? 'Checked' : 'Experiment', align: 'left' as const },
      ...groups.map(({ title }) => ({ title, align: 'right' as const })),
    ];
    return [...(band > 0 ? [''] : []), ...table(columns, rows)];
  });
  const legend = LEGEND.filter(([cell]) => cells.has(cell)).map(([cell, meaning]) => `  ${cell.padEnd(4)}${meaning}`);
  return legend.length === 0 ? lines : [...lines, '', ...legend];
}
