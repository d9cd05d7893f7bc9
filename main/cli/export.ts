/** `gupbook export`: an experiment's state graph, its model for SPIN, or a sample of the orders in which it passes. */
import { resolve } from 'node:path';
import { InputError, shown } from '../lab/input-error.ts';
import { DEFAULT_LIMITS, type ExportFormat } from '../lab/runner.ts';
import { type Command, readArguments, usage, wholeNumber } from './command.ts';
import type { Io } from './io.ts';
import { oneKernel } from './kernel-option.ts';
import { located, readNotebook } from './notebook.ts';
import { writeOutput } from './output.ts';
import { nameOf } from './paths.ts';
import { DEFAULT_BUDGET } from './run-options.ts';
import { perform as runUnit } from './run-unit.ts';
import { Status } from './status.ts';

const FORMATS: readonly ExportFormat[] = ['dot', 'svg', 'promela', 'orders'];
const ORDERS = 20;

const HELP = `Usage: gupbook export FILE --experiment NAME --kernel ID --format FORMAT [-o FILE]

Writes down what there is to see of one experiment under one kernel.

Options:
  --experiment NAME  the experiment's whole name
  --kernel ID        the kernel
  --format FORMAT    dot, svg   the graph of all states, of up to 2,000
                     promela    a model for SPIN, which must count the same states
                                (spin -o3 -a, gcc -DSAFETY -DNOREDUCE); it says at
                                its top how to run it
                     orders     orders in which nothing breaks, one a line: a
                                schedule for "gupbook replay", its switches, and
                                the values in which the orders end differently
  --count N          orders to write (default ${ORDERS})
  -o, --output FILE  write to FILE instead of standard output

Exit status: 0 written, 2 bad usage or input, or an experiment that is too large.`;

export const exportCommand: Command = {
  name: 'export',
  summary: 'write a state graph, a model for SPIN, or orders that pass',
  help: HELP,
  run: perform,
};

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('export', argv, {
    experiment: { type: 'string' },
    kernel: { type: 'string' },
    format: { type: 'string' },
    count: { type: 'string' },
    output: { type: 'string', short: 'o' },
  });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw usage('export', 'name one notebook');
  const { experiment, kernel, format } = values;
  if (experiment === undefined) throw usage('export', '--experiment is missing');
  if (kernel === undefined) throw usage('export', '--kernel is missing');
  const wanted = FORMATS.find((one) => one === format);
  if (wanted === undefined)
    throw usage('export', `--format is one of ${FORMATS.join(', ')}, not ${shown(format ?? '')}`);
  const count = wholeNumber('export', 'count', values.count, { least: 1, most: 100_000, fallback: ORDERS });
  const text = await exported(path, experiment, oneKernel(kernel), { format: wanted, count }, io);
  await writeOutput(values.output ?? '-', text, io);
  return Status.asExpected;
}

async function exported(
  path: string,
  experiment: string,
  kernel: string,
  wanted: { readonly format: ExportFormat; readonly count: number },
  io: Io,
): Promise<string> {
  const absolute = resolve(io.cwd, path);
  const notebook = await readNotebook({ path: absolute, file: nameOf(absolute, io.cwd) });
  if (notebook.error !== null) throw new InputError(located(notebook.file, notebook.error));
  const settings = { runner: io.runner(), limits: DEFAULT_LIMITS, budget: DEFAULT_BUDGET, only: experiment };
  const unit = { notebook: 0, kernels: [kernel], lines: null };
  const outcome = await runUnit(notebook, unit, { ...settings, onProgress: () => {}, export: wanted });
  if (typeof outcome.exported === 'string') return outcome.exported;
  if (outcome.error !== null) throw new InputError(located(notebook.file, outcome.error));
  throw new InputError(`${notebook.file} has no experiment ${shown(experiment)} that runs under ${kernel}`);
}
