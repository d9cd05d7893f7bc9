/** `run` for people: a matrix of verdicts per notebook, and below it what is not as expected. */
import { KERNELS } from '../engine/kernels/index.ts';
import type { ExperimentResult, Failure, Verdict } from '../engine/result.ts';
import { shellWord } from '../report/replay-block.ts';
import { LEGEND, rowsOf, tableLines } from './matrix/table.ts';
import { located } from './notebook.ts';
import type { NotebookRun } from './run-notebooks.ts';
import { differs, WORDS } from './status.ts';

export interface TextOptions {
  /** Tell failing schedules also where they are expected. */
  readonly verbose: boolean;
}

/** One notebook: its name, a line per experiment, what needs to be told. Ends in a blank line. */
export function notebookText(run: NotebookRun, options: TextOptions): string {
  return textOf([run.notebook.file, ...matrix(run.results), ...allDetails(run, options)]);
}

/** Many notebooks: one table of `width` characters, and below it what needs to be told of each. */
export function notebooksText(runs: readonly NotebookRun[], options: TextOptions, width: number): string {
  const groups = runs.map(({ notebook, results }) => ({ heading: notebook.file, rows: rowsOf(results) }));
  const told = runs.flatMap((run) => {
    const details = allDetails(run, options);
    return details.length === 0 ? [] : [textOf([run.notebook.file, ...details])];
  });
  return `${textOf([...tableLines(groups, width), `  (${LEGEND})`])}${told.join('')}`;
}

function allDetails({ notebook, results }: NotebookRun, options: TextOptions): string[] {
  return results.flatMap((result) => details(notebook.file, result, options));
}

function textOf(lines: readonly string[]): string {
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n\n`;
}

/** Ids as columns call them: the postings of FOLL_PIN are known by their versions. */
function shortId(kernel: string): string {
  return kernel.replace(/^pin-/, '').replace(/^5\.7-/, '');
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** A column per kernel, a line per experiment; names stand last, for they are as long as they like. */
function matrix(results: readonly ExperimentResult[]): string[] {
  if (results.length === 0) return ['  nothing to run'];
  const age = KERNELS.map(({ id }) => id);
  const rank = (id: string) => (age.includes(id) ? age.indexOf(id) : age.length);
  const kernels = distinct(results.map(({ kernel }) => kernel)).sort((a, b) => rank(a) - rank(b));
  const names = distinct(results.map(({ experiment }) => experiment));
  const rows = names.map((name) =>
    kernels.map((id) => cell(results.find(({ experiment, kernel }) => experiment === name && kernel === id))),
  );
  const head = kernels.map(shortId);
  const widths = kernels.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[], name: string) =>
    `  ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' ')}  ${name}`;
  return [line(head, ''), ...rows.map((row, i) => line(row, names[i] ?? ''))];
}

/** A verdict in a word, with `!` behind one that was not expected. Blank where nothing was run. */
function cell(result: ExperimentResult | undefined): string {
  if (result === undefined) return '';
  return `${WORDS[result.verdict]}${differs(result) ? '!' : ''}`;
}

/** Remarks that are told beside any verdict that needs telling. */
const OF_INTEREST = /^second opinion|breaks without|breaks whichever/;

function details(file: string, result: ExperimentResult, { verbose }: TextOptions): string[] {
  const { experiment, kernel, verdict, expected, failures, error, notes } = result;
  if (!verbose && !differs(result) && verdict !== 'inconclusive' && verdict !== 'error') return [];
  const against = expected === null || verdict === expected ? '' : `, expected ${expected}`;
  const title = `  ${experiment} / ${kernel}: ${verdict}${against}`;
  const lines: string[] = [];
  if (error !== null) lines.push(`    ${located(file, error)}`);
  if (verdict === 'inconclusive') lines.push(`    ${cutShort(result)}`);
  const told = verdict === 'inconclusive' ? notes : notes.filter((note) => OF_INTEREST.test(note));
  lines.push(...told.map((note) => `    ${note}`));
  for (const failure of failures) lines.push(...failureLines(file, result, failure));
  if (lines.length === 0 && !differs(result)) return [];
  return ['', title, ...lines];
}

function failureLines(file: string, { experiment, kernel }: ExperimentResult, failure: Failure): string[] {
  const { check, message, trace } = failure;
  const named = [file, '--experiment', experiment, '--kernel', kernel, '--schedule', trace.schedule].map(shellWord);
  return [`    ${check}: ${message}`, `      schedule ${trace.schedule}`, `      gupbook replay ${named.join(' ')}`];
}

function cutShort({ limit, states, frontier, depth }: ExperimentResult): string {
  const by = limit === null ? 'a limit' : `the limit of ${limit}`;
  return `ended by ${by}: ${number(states)} states, ${number(frontier)} still to look at, ${number(depth)} steps deep`;
}

export function number(value: number): string {
  return value.toLocaleString('en-US');
}

/** The last line: how many verdicts of each kind, and how many of them were not expected. */
export function summaryText(results: readonly ExperimentResult[], seconds: number): string {
  const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
  const kinds = (['pass', 'fail', 'inconclusive', 'not-applicable', 'error'] as const).filter(
    (kind) => count(kind) > 0,
  );
  const counts = kinds.map((kind) => `${number(count(kind))} ${kind}`).join(', ');
  const wrong = results.filter(differs).length;
  const judged = wrong === 0 ? 'all as expected' : `${number(wrong)} not as expected (!)`;
  const verdicts = results.length === 1 ? 'verdict' : 'verdicts';
  return `${number(results.length)} ${verdicts}: ${counts === '' ? 'none' : counts}; ${judged}; ${seconds.toFixed(1)} s\n`;
}
