/** Many notebooks on one page: a line per experiment, two characters per kernel, as wide as a terminal. */
import { KERNELS } from '../../engine/kernels/index.ts';
import type { Verdict } from '../../engine/result.ts';
import { differs } from '../status.ts';

/** What a cell needs of a result. */
export interface CellResult {
  readonly experiment: string;
  readonly kernel: string;
  readonly verdict: Verdict;
  readonly expected: Verdict | null;
  readonly asExpected: boolean;
}

/** Lines that belong together, under a heading. */
export interface Group {
  readonly heading: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly name: string;
  /** At most one per kernel. */
  readonly results: readonly CellResult[];
}

const SIGNS: Readonly<Record<Verdict, string>> = {
  pass: '.',
  fail: 'F',
  inconclusive: '?',
  'not-applicable': '-',
  error: 'E',
};

export const LEGEND = '. pass, F fail, - not applicable, ? a budget ended the search, E error, ! not as expected';

/** Two spaces, three characters per kernel. */
const COLUMN = 3;
const INDENT = '  ';

/** The experiments of a notebook in the order they came, as lines of a table. */
export function rowsOf(results: readonly CellResult[]): Row[] {
  const rows = new Map<string, CellResult[]>();
  for (const result of results) {
    const row = rows.get(result.experiment);
    if (row === undefined) rows.set(result.experiment, [result]);
    else row.push(result);
  }
  return [...rows].map(([name, own]) => ({ name, results: own }));
}

/** The whole table, in lines of at most `width` characters. */
export function tableLines(groups: readonly Group[], width: number): string[] {
  const kernels = kernelsIn(groups);
  const room = Math.max(20, width - INDENT.length - kernels.length * COLUMN);
  const line = (cells: readonly string[], name: string) =>
    `${INDENT}${cells.map((cell) => cell.padEnd(COLUMN)).join('')}${clipped(name, room)}`.trimEnd();
  const heads = kernels.map(headOf);
  const lines = [
    line(
      heads.map(([upper]) => upper),
      '',
    ),
    line(
      heads.map(([, lower]) => lower),
      '',
    ),
  ];
  for (const { heading, rows } of groups) {
    if (heading !== '') lines.push(clipped(heading, width));
    for (const { name, results } of rows) lines.push(line(kernels.map(cellsOf(results)), name));
  }
  return lines;
}

/** In the order of history, recorded kernels last. */
function kernelsIn(groups: readonly Group[]): string[] {
  const seen = new Set(groups.flatMap(({ rows }) => rows.flatMap((row) => row.results.map(({ kernel }) => kernel))));
  const known = KERNELS.map(({ id }) => id).filter((id) => seen.has(id));
  return [...known, ...[...seen].filter((id) => !known.includes(id))];
}

/** An id over two lines: 5. and 11, v5 and nothing. */
function headOf(kernel: string): readonly [string, string] {
  const id = kernel.replace(/^pin-/, '').replace('-bias', 'b');
  const dot = id.indexOf('.');
  return dot < 0 ? [id, ''] : [id.slice(0, dot + 1), id.slice(dot + 1).slice(0, COLUMN - 1)];
}

function cellsOf(results: readonly CellResult[]): (kernel: string) => string {
  return (kernel) => {
    const result = results.find((one) => one.kernel === kernel);
    return result === undefined ? '' : `${SIGNS[result.verdict]}${differs(result) ? '!' : ''}`;
  };
}

function clipped(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 2)}..`;
}
