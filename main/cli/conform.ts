/** `gupbook conform`: recordings of real kernels against the engine. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileTrouble } from '../lab/file-trouble.ts';
import { InputError, shown } from '../lab/input-error.ts';
import { conform as conformTo, type KernelTotals, type Totals } from '../recordings/conform/index.ts';
import { recordingsIn } from '../recordings/read/folder.ts';
import { type Command, readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { Status } from './status.ts';

const HELP = `Usage: gupbook conform DIR [--json -] [-v]

Rebuilds every recording of a real kernel that lies in DIR and below it in the
engine, under that kernel, and compares: page_ref events, reference and pin
counts after each step, nr_foll_pin_* deltas, return values.

Options:
  --json -          print JSON instead
  -v, --verbose     name every recording that was not played, with the reason

Exit status: 0 everything that was played agrees, 1 something disagrees, 2 bad
usage or input.`;

export const conform: Command = {
  name: 'conform',
  summary: 'compare recordings of real kernels with the engine',
  help: HELP,
  run: perform,
};

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('conform', argv, {
    json: { type: 'string' },
    verbose: { type: 'boolean', short: 'v' },
  });
  if (values.json !== undefined && values.json !== '-') throw usage('conform', '--json takes - only');
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) throw usage('conform', 'name one folder with recordings');
  const totals = await compared(folder, io);
  io.out(values.json === '-' ? `${JSON.stringify(totals)}\n` : textOf(totals, values.verbose === true));
  const differs = Object.values(totals.kernels).some(({ expressible, matched }) => matched < expressible);
  return differs ? Status.differs : Status.asExpected;
}

async function compared(folder: string, io: Io): Promise<Totals> {
  const path = resolve(io.cwd, folder);
  const found = await stat(path).catch((error: unknown) => {
    throw fileTrouble('read', folder, error);
  });
  if (!found.isDirectory()) throw new InputError(`${shown(folder)} is a file: name the folder that holds recordings`);
  const totals = await conformTo(recordingsIn(path)).catch((error: unknown) => {
    throw isSystemError(error) ? fileTrouble('read', folder, error) : error;
  });
  if (Object.keys(totals.kernels).length === 0) {
    throw new InputError(
      `there is no recording in ${shown(folder)}: *.jsonl and NAME.steps.json are what is looked for`,
    );
  }
  return totals;
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function textOf({ kernels }: Totals, verbose: boolean): string {
  const lines: string[] = [];
  for (const [id, totals] of Object.entries(kernels)) lines.push(...kernelLines(id, totals, verbose));
  return lines.map((line) => `${line}\n`).join('');
}

function kernelLines(id: string, totals: KernelTotals, verbose: boolean): string[] {
  const { all, expressible, matched, notExpressible, mismatches } = totals;
  const lines = [`${id}: ${matched} matched of ${expressible} played of ${all}`];
  for (const { name, step, expected, got } of mismatches)
    lines.push(`  ${name}: ${step}:`, `    recorded ${expected}`, `    engine   ${got}`);
  if (verbose) for (const { name, reason } of notExpressible) lines.push(`  not played: ${name}: ${reason}`);
  return lines;
}
