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

function bands(kernels: readonly string[]): string[][] {
  const out: string[][] = [];
  let room = -1;
  for (const kernel of kernels) {
    const width = Math.max(4, columnsOf(plain(kernel))) + 2;
    if (room < width) {
      out.push([]);
      room = WIDTH - 2 - NAME_ROOM;
    }
    out.at(-1)?.push(kernel);
    room -= width;
  }
  return out;
}

/** The table, in bands of kernels that fit side by side, and the meaning of its rarer cells. */
export function checksTable(report: Report, withChecks = true): string[] {
  const cells = new Set<string>();
  const lines = bands(kernelsOf(report)).flatMap((kernels, band) => {
    const rows = matrixRows(report, kernels, withChecks);
    for (const row of rows) for (const cell of row.slice(1)) cells.add(cell);
    const columns = [
      { title: withChecks ? 'Checked' : 'Experiment', align: 'left' as const },
      ...kernels.map((kernel) => ({ title: plain(kernel), align: 'right' as const })),
    ];
    return [...(band > 0 ? [''] : []), ...table(columns, rows)];
  });
  const legend = LEGEND.filter(([cell]) => cells.has(cell)).map(([cell, meaning]) => `  ${cell.padEnd(4)}${meaning}`);
  return legend.length === 0 ? lines : [...lines, '', ...legend];
}
