/** `gupbook run`: runs notebooks and says whether every verdict is the expected one. */
import { availableParallelism } from 'node:os';
import { InputError, shown } from '../lab/input-error.ts';
import { DEFAULT_LIMITS } from '../lab/runner.ts';
import { type Command, readArguments, usage, wholeNumber } from './command.ts';
import type { Io } from './io.ts';
import { jsonOf } from './json.ts';
import { kernelsNamed } from './kernel-option.ts';
import { ktapText } from './ktap.ts';
import { readNotebook } from './notebook.ts';
import { writeOutput } from './output.ts';
import { notebooksAt } from './paths.ts';
import { progressLine } from './progress.ts';
import { type NotebookRun, type RunRequest, runNotebooks } from './run-notebooks.ts';
import { Status, statusOf } from './status.ts';
import { notebookText, summaryText } from './text.ts';
import type { Shard } from './units.ts';

/** Budget of one experiment under one kernel, where nothing else is said. */
export const DEFAULT_BUDGET = { states: 2_000_000, seconds: 120 };

const OPTIONS = {
  kernel: { type: 'string' },
  only: { type: 'string' },
  json: { type: 'string' },
  ktap: { type: 'boolean' },
  budget: { type: 'string' },
  seconds: { type: 'string' },
  'time-limit': { type: 'string' },
  memory: { type: 'string' },
  jobs: { type: 'string' },
  shard: { type: 'string' },
  verbose: { type: 'boolean', short: 'v' },
} as const;

const HELP = `Usage: gupbook run PATH... [options]

Runs notebooks and compares every verdict with the expected one. A PATH is a
notebook or a folder: all *.lab.ts in it and below.

Options:
  --kernel ID,...   run under these kernels only; "all" names every revision
                    (default: those that each experiment asks for)
  --only TEXT       run only experiments whose name contains TEXT
  --json FILE       write the results as JSON; "-" is standard output
  --ktap            write KTAP version 1 to standard output
  --budget N        states per experiment and kernel (default ${DEFAULT_BUDGET.states})
  --seconds N       seconds per experiment and kernel (default ${DEFAULT_BUDGET.seconds})
  --time-limit N    end a notebook that gives no sign of life for N seconds
                    (default ${DEFAULT_LIMITS.silence})
  --memory MB       end a notebook that takes more memory (default ${DEFAULT_LIMITS.memory})
  --jobs N          processes at a time (default: one per core)
  --shard K/N       run the K-th of N shares of the work
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
  const number = (option: 'budget' | 'seconds' | 'time-limit' | 'memory' | 'jobs', most: number, fallback: number) =>
    wholeNumber('run', option, values[option], { least: 1, most, fallback });
  const settings = {
    kernels: kernelsNamed(values.kernel),
    only: values.only ?? null,
    budget: {
      states: number('budget', 1e12, DEFAULT_BUDGET.states),
      seconds: number('seconds', 1e6, DEFAULT_BUDGET.seconds),
    },
    limits: {
      ...DEFAULT_LIMITS,
      wall: Number.POSITIVE_INFINITY,
      silence: number('time-limit', 1e6, DEFAULT_LIMITS.silence),
      memory: number('memory', 1e6, DEFAULT_LIMITS.memory),
    },
    jobs: number('jobs', 1024, availableParallelism()),
    shard: shardNamed(values.shard),
  };
  const notebooks = await Promise.all((await notebooksAt(positionals, io.cwd)).map(readNotebook));

  const begun = performance.now();
  const progress = progressLine(io);
  const runs = await runNotebooks(notebooks, { ...settings, runner: io.runner(), onProgress: progress.show });
  progress.clear();
  for (const { notebook, console } of runs) for (const line of console) io.err(`${notebook.file}: ${line}\n`);
  checkOnly(runs, settings);

  if (values.json !== undefined) await writeOutput(values.json, `${JSON.stringify(jsonOf(runs))}\n`, io);
  const results = runs.flatMap((one) => one.results);
  if (values.ktap === true) io.out(ktapText(runs));
  else if (values.json !== '-') {
    const options = { columns: io.columns ?? 120, verbose: values.verbose === true };
    for (const one of runs) io.out(notebookText(one, options));
    io.out(summaryText(results, (performance.now() - begun) / 1000));
  }
  return runs.some(({ notebook }) => notebook.script === null) ? Status.input : statusOf(results);
}

function shardNamed(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (match !== null && index >= 1 && index <= count) return { index, count };
  throw usage('run', `--shard takes a share and a count such as 1/4, not ${shown(text)}`);
}

/** A name that matches nothing is a mistake; a share that gets nothing is not. */
function checkOnly(runs: readonly NotebookRun[], { only, shard }: Pick<RunRequest, 'only' | 'shard'>): void {
  if (runs.some(({ results, error }) => results.length > 0 || error !== null) || shard !== null) return;
  if (only !== null) throw new InputError(`no experiment that could run has ${shown(only)} in its name`);
  throw new InputError('there is nothing to run: no experiment in these notebooks runs under these kernels');
}
