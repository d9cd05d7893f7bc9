/** The matrix page: what `run --json` says of the shipped notebooks, as the generated part of scenarios/README.md. */
import { basename } from 'node:path';
import type { Declared } from './declared.ts';
import { type CellResult, type Group, LEGEND, type Row, rowsOf, tableLines } from './table.ts';

/** A result of a run, as far as the page needs it. */
export interface PageResult extends CellResult {
  /** As it was named on the command line. */
  readonly file: string;
}

export const BEGIN = '<!-- matrix: npm run docs -->';
export const END = '<!-- end of matrix -->';

const WIDTH = 116;

/** The generated part, marks included. `declared` is by the names in `results`. */
export function matrixPage(results: readonly PageResult[], declared: ReadonlyMap<string, Declared>): string {
  const files = [...new Set(results.map(({ file }) => file))].sort();
  const groups = files.map((file): Group => {
    const rows = rowsOf(results.filter((result) => result.file === file));
    return { heading: `${basename(file)}: ${declared.get(file)?.title ?? ''}`, rows };
  });
  const known = files.flatMap((file, i) => bugRows(groups[i]?.rows ?? [], declared.get(file)));
  known.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  return [
    BEGIN,
    '',
    '### Known bugs',
    '',
    LEGEND,
    '',
    ...block(tableLines([{ heading: '', rows: known }], WIDTH)),
    '',
    '### All experiments',
    '',
    counted(files.length, groups, results),
    '',
    ...block(tableLines(groups, WIDTH)),
    '',
    END,
  ].join('\n');
}

/** Puts the generated part in the place of the one before it; null where a mark is missing. */
export function intoPage(text: string, part: string): string | null {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  return from < 0 || to < from ? null : `${text.slice(0, from)}${part}${text.slice(to + END.length)}`;
}

function bugRows(rows: readonly Row[], declared: Declared | undefined): Row[] {
  return rows.flatMap(({ name, results }) => {
    const bug = declared?.bugs.get(name);
    return bug === undefined ? [] : [{ name: `${bug}: ${name}`, results }];
  });
}

function counted(files: number, groups: readonly Group[], results: readonly PageResult[]): string {
  const experiments = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  const count = (verdict: string) => results.filter((result) => result.verdict === verdict).length;
  return (
    `${many(files, 'notebook')}, ${many(experiments, 'experiment')}, ${many(results.length, 'verdict')}: ` +
    `${count('pass')} pass, ` +
    `${count('fail')} fail, ${count('not-applicable')} not applicable.`
  );
}

function many(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function block(lines: readonly string[]): string[] {
  return ['```text', ...lines, '```'];
}
