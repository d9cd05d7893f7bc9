/** `gupbook run`: runs notebooks and says whether every verdict is the expected one. */
import { resolve } from 'node:path';
import { InputError, shown } from '../lab/input-error.ts';
import { Checkpoints } from './checkpoints.ts';
import { type Command, readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { jsonOf } from './json.ts';
import { ktapText } from './ktap.ts';
import { located, readNotebook } from './notebook.ts';
import { writeOutput } from './output.ts';
import { notebooksAt } from './paths.ts';
import { inParallel } from './pool.ts';
import { progressLine } from './progress.ts';
import { type NotebookRun, type RunRequest, runNotebooks } from './run-notebooks.ts';
import { RUN_HELP, RUN_OPTIONS, runOptions } from './run-options.ts';
import { Status, statusOf } from './status.ts';
import { notebooksText, notebookText, summaryText } from './text.ts';
import type { Shard } from './units.ts';

/** Seconds between two checkpoints, where nothing is said. */
const CHECKPOINT_EVERY = 10;

const OPTIONS = {
  ...RUN_OPTIONS,
  json: { type: 'string' },
  ktap: { type: 'boolean' },
  shard: { type: 'string' },
  checkpoint: { type: 'string' },
  'checkpoint-every': { type: 'string' },
  reproducible: { type: 'boolean' },
  verify: { type: 'boolean' },
  estimate: { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
} as const;

const HELP = `Usage: gupbook run PATH... [options]

Runs notebooks and compares every verdict with the expected one. A PATH is a
notebook or a folder: all *.lab.ts in it and below.

Options:
${RUN_HELP}
  --verify          ask a second search, which keeps no states, for its verdict
  --estimate        tell how large each search will be, and search nothing
  --shard K/N       run the K-th of N shares of the work; "gupbook merge" joins
                    their results
  --checkpoint DIR  write down there how far searches are. After a crash or a kill
                    the same command goes on from there; at its end DIR is empty
  --checkpoint-every N  seconds between two checkpoints (default ${CHECKPOINT_EVERY})
  --reproducible    let "seconds" be 0 in JSON, so that equal runs give equal
                    bytes; --shard and --checkpoint mean this too
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
  const verify = values.verify === true;
  const options = { ...runOptions('run', values), shard: shardNamed(values.shard), verify };
  if (values.estimate === true) return await estimate(notebooksAt(positionals, io.cwd), options, io);
  const checkpoints = checkpointsFor(values, { ...options.budget, verify }, io);
  const notebooks = await inParallel(await notebooksAt(positionals, io.cwd), 16, readNotebook);

  const begun = performance.now();
  const progress = progressLine(io);
  const runs = await runNotebooks(notebooks, {
    ...options,
    checkpoints,
    runner: io.runner(),
    onProgress: progress.show,
  });
  progress.clear();
  printConsole(runs, io);
  if (options.shard === null) checkAnyRan(runs, options.only);

  const timeless = values.reproducible === true || options.shard !== null || checkpoints !== null;
  if (values.json !== undefined)
    await writeOutput(values.json, `${JSON.stringify(jsonOf(runs, timeless, options.shard))}\n`, io);
  const results = runs.flatMap((one) => one.results);
  if (values.ktap === true) io.out(ktapText(runs, options.budget));
  else if (values.json !== '-') {
    const style = { verbose: values.verbose === true };
    if (isPage(runs)) io.out(notebooksText(runs, style, io.columns ?? DEFAULT_WIDTH));
    else for (const one of runs) io.out(notebookText(one, style));
    io.out(summaryText(results, (performance.now() - begun) / 1000));
  }
  checkpoints?.finish(runs);
  return runs.some(({ notebook }) => notebook.script === null) ? Status.input : statusOf(results);
}

/** Many notebooks on many kernels are read as one table. */
function isPage(runs: readonly NotebookRun[]): boolean {
  const kernels = new Set(runs.flatMap(({ results }) => results.map(({ kernel }) => kernel)));
  return runs.length > 2 && kernels.size > 2;
}

/** Characters in a line where standard output is no terminal. */
const DEFAULT_WIDTH = 100;

/** What scripts printed; standard output belongs to the results. */
export function printConsole(runs: readonly NotebookRun[], io: Io): void {
  for (const { notebook, console } of runs) for (const line of console) io.err(`${notebook.file}: ${line}\n`);
}

/** How large searches will be, a line for each. */
async function estimate(
  found: ReturnType<typeof notebooksAt>,
  options: Omit<RunRequest, 'runner' | 'onProgress'>,
  io: Io,
): Promise<number> {
  const notebooks = await inParallel(await found, 16, readNotebook);
  const request = { ...options, estimate: true, runner: io.runner(), onProgress: () => {} };
  const runs = await runNotebooks(notebooks, request);
  printConsole(runs, io);
  for (const { notebook, results } of runs) {
    io.out(`${notebook.file}\n`);
    for (const { experiment, kernel, notes, error } of results)
      io.out(`  ${experiment} / ${kernel}: ${error === null ? notes.join('; ') : located(notebook.file, error)}\n`);
  }
  const isBroken = runs.some(({ notebook, results }) => notebook.script === null || results.some((one) => one.error));
  return isBroken ? Status.input : Status.asExpected;
}

function checkpointsFor(
  values: { readonly checkpoint?: string | undefined; readonly 'checkpoint-every'?: string | undefined },
  settings: object,
  io: Io,
): Checkpoints | null {
  const every = values['checkpoint-every'] ?? String(CHECKPOINT_EVERY);
  if (!/^\d{1,6}(\.\d{1,3})?$/.test(every))
    throw usage('run', `--checkpoint-every takes seconds such as 10 or 0.5, not ${shown(every)}`);
  if (values.checkpoint === undefined) {
    if (values['checkpoint-every'] !== undefined) throw usage('run', '--checkpoint-every needs --checkpoint DIR');
    return null;
  }
  return new Checkpoints(resolve(io.cwd, values.checkpoint), Number(every) * 1000, settings);
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
