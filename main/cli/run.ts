/** `gupbook run`: runs notebooks and says whether every verdict is the expected one. */
import { InputError, shown } from '../lab/input-error.ts';
import { type Command, readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { jsonOf } from './json.ts';
import { ktapText } from './ktap.ts';
import { readNotebook } from './notebook.ts';
import { writeOutput } from './output.ts';
import { notebooksAt } from './paths.ts';
import { inParallel } from './pool.ts';
import { progressLine } from './progress.ts';
import { type NotebookRun, runNotebooks } from './run-notebooks.ts';
import { RUN_HELP, RUN_OPTIONS, runOptions } from './run-options.ts';
import { Status, statusOf } from './status.ts';
import { notebookText, summaryText } from './text.ts';
import type { Shard } from './units.ts';

const OPTIONS = {
  ...RUN_OPTIONS,
  json: { type: 'string' },
  ktap: { type: 'boolean' },
  shard: { type: 'string' },
  verbose: { type: 'boolean', short: 'v' },
} as const;

const HELP = `Usage: gupbook run PATH... [options]

Runs notebooks and compares every verdict with the expected one. A PATH is a
notebook or a folder: all *.lab.ts in it and below.

Options:
${RUN_HELP}
  --shard K/N       run the K-th of N shares of the work
  --json FILE       write the results as JSON; "-" is standard output
  --ktap            write KTAP version 1 to standard output
  -v, --verbose     print failing schedules also where they are expected

Verdicts: ok (pass), FAIL, ? (a budget ended the search), - (not applicable: the
kernel lacks the function), ERR (the script threw); "!" marks one that was not
expected.

Exit status: 0 every verdict as expected, 1 some verdict differs, 2 bad usage or
input, 3 inconclusive.`;

export const run: Command = {
  name: 'run',
  summary: 'run notebooks and compare verdicts with the expected ones',
  help: HELP,
  run: perform,
};

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('run', argv, OPTIONS);
  if (positionals.length === 0) throw usage('run', 'name a notebook or a folder');
  if (values.ktap === true && values.json === '-') throw usage('run', '--ktap and --json - both take standard output');
  const options = { ...runOptions('run', values), shard: shardNamed(values.shard) };
  const notebooks = await inParallel(await notebooksAt(positionals, io.cwd), 16, readNotebook);

  const begun = performance.now();
  const progress = progressLine(io);
  const runs = await runNotebooks(notebooks, { ...options, runner: io.runner(), onProgress: progress.show });
  progress.clear();
  printConsole(runs, io);
  if (options.shard === null) checkAnyRan(runs, options.only);

  if (values.json !== undefined) await writeOutput(values.json, `${JSON.stringify(jsonOf(runs))}\n`, io);
  const results = runs.flatMap((one) => one.results);
  if (values.ktap === true) io.out(ktapText(runs, options.budget));
  else if (values.json !== '-') {
    const style = { verbose: values.verbose === true };
    for (const one of runs) io.out(notebookText(one, style));
    io.out(summaryText(results, (performance.now() - begun) / 1000));
  }
  return runs.some(({ notebook }) => notebook.script === null) ? Status.input : statusOf(results);
}

/** What scripts printed; standard output belongs to the results. */
export function printConsole(runs: readonly NotebookRun[], io: Io): void {
  for (const { notebook, console } of runs) for (const line of console) io.err(`${notebook.file}: ${line}\n`);
}

function shardNamed(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && index >= 1 && index <= count) return { index, count };
  throw usage('run', `--shard takes a share and a count such as 1/4, not ${shown(text)}`);
}

/** Whoever asks for something that is not there has made a mistake. */
export function checkAnyRan(runs: readonly NotebookRun[], only: string | null): void {
  if (runs.some(({ results }) => results.length > 0)) return;
  if (only !== null) throw new InputError(`no experiment that could run has ${shown(only)} in its name`);
  throw new InputError('there is nothing to run: no experiment in these notebooks runs under these kernels');
}
