/** What `gupbook probe` does. */
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '../lab/input-error.ts';
import { type ProbedMachine, thisMachine } from '../recordings/probe/machine.ts';
import { type Measured, type Plan, ProbeError, planProbe, probe } from '../recordings/probe/probe.ts';
import { readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { Status } from './status.ts';
import { VERSION } from './version.ts';

const OPTIONS = {
  dir: { type: 'string' },
  'dry-run': { type: 'boolean' },
  json: { type: 'string' },
} as const;

export async function perform(argv: readonly string[], io: Io, machine: ProbedMachine = thisMachine): Promise<number> {
  const { values, positionals } = readArguments('probe', argv, OPTIONS);
  if (positionals.length > 0) throw usage('probe', 'it takes no file: the folder to write in goes with --dir');
  if (values.json !== undefined && values.json !== '-') throw usage('probe', '--json takes - only');
  const asJson = values.json === '-';
  try {
    const plan = planProbe(machine, resolve(io.cwd, values.dir ?? '.'), String(io.now()));
    if (!asJson) io.out(`${plan.lines.join('\n')}\n`);
    if (values['dry-run'] === true) return Status.asExpected;
    return await carryOut(plan, machine, asJson, io);
  } catch (thrown) {
    if (thrown instanceof ProbeError) throw new InputError(`cannot probe: ${thrown.message}`);
    throw thrown;
  }
}

async function carryOut(plan: Plan, machine: ProbedMachine, asJson: boolean, io: Io): Promise<number> {
  const results: Measured[] = [];
  try {
    for await (const result of probe(machine, plan)) {
      results.push(result);
      if (!asJson) io.out(lineOf(result));
    }
  } finally {
    await rm(plan.file, { force: true });
  }
  const agrees = results.every((result) => result.agrees);
  if (asJson) {
    const { release, kernel } = plan;
    io.out(`${JSON.stringify({ gupbook: VERSION, release, kernel: kernel.id, agrees, results })}\n`);
  } else io.out(`${plan.release} ${agrees ? 'does what the model says' : 'does not do what the model says'}\n`);
  return agrees ? Status.asExpected : Status.differs;
}

function lineOf({ name, expected, got, agrees }: Measured): string {
  const counts = `pinned ${got.acquired}, unpinned ${got.released}`;
  const model = agrees ? 'as predicted' : `predicted ${expected.acquired} and ${expected.released}`;
  return `${agrees ? 'ok  ' : 'FAIL'} ${name}: ${counts}; ${model}\n`;
}
