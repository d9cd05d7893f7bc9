/**
 * The model checked against the kernel under the user's feet: a few megabytes of direct I/O with dd, and what they do to
 * the machine-wide pin counters, beside what the engine predicts. Nothing is installed, and no rights are needed: without
 * them the per-CPU counts take seconds to arrive.
 */
import { join } from 'node:path';
import type { KernelRevision } from '../../engine/kernels/index.ts';
import type { Counters, ProbedMachine } from './machine.ts';
import { type Deltas, predicted, type Request, standIn } from './predict.ts';

/** Why a probe cannot be made: one clause. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
}

/** Pages of a request and number of requests: 4 MB each. */
const PAGES = 16;
const COUNT = 64;
const KB = (PAGES * 4096) / 1024;
/** Times that a measurement is made when other processes pin as well. */
const TRIES = 3;
/** Per-CPU counts are folded in every second (vm.stat_interval); two of those without a change are the end. */
const QUIET = 2500;
const LONGEST_WAIT = 15_000;

export interface Case {
  readonly name: string;
  readonly request: Request;
  /** Arguments of dd; FILE is put in for the file. */
  readonly args: readonly string[];
}

const CASES: readonly Case[] = [
  {
    name: 'write with O_DIRECT',
    request: 'direct write',
    args: ['if=/dev/zero', 'of=FILE', `bs=${KB}K`, `count=${COUNT}`, 'oflag=direct'],
  },
  {
    name: 'read with O_DIRECT',
    request: 'direct read',
    args: ['if=FILE', 'of=/dev/null', `bs=${KB}K`, 'iflag=direct'],
  },
  {
    name: 'write through the page cache',
    request: 'buffered write',
    args: ['if=/dev/zero', 'of=FILE', `bs=${KB}K`, `count=${COUNT}`, 'conv=notrunc'],
  },
];

export interface Measured {
  readonly name: string;
  readonly expected: Deltas;
  readonly got: Deltas;
  readonly agrees: boolean;
}

export interface Plan {
  readonly kernel: KernelRevision;
  readonly release: string;
  readonly file: string;
  /** What is going to be done, a line each. */
  readonly lines: readonly string[];
}

/** @throws ProbeError where this machine cannot be probed. */
export function planProbe(machine: ProbedMachine, folder: string, id: string): Plan {
  if (machine.platform !== 'linux') throw new ProbeError(`this is ${machine.platform}: only Linux can be probed`);
  if (machine.counters() === null) {
    throw new ProbeError(`Linux ${machine.release} has no nr_foll_pin_acquired in /proc/vmstat: it came with 5.7`);
  }
  const kernel = standIn(machine.release);
  if (kernel === null) throw new ProbeError(`no kernel of the model stands for Linux ${machine.release}`);
  const file = join(folder, `gupbook-probe-${id}`);
  const lines = [
    `Linux ${machine.release}; the model's kernel for it is ${kernel.id}.`,
    `Will write and read ${file} (4 MB) with:`,
    ...CASES.map(({ args }) => `  dd ${argumentsOf(args, file).join(' ')}`),
    'and read /proc/vmstat before and after each; the file is removed at the end.',
  ];
  return { kernel, release: machine.release, file, lines };
}

/** Runs the cases one after the other. @throws ProbeError where dd fails or the counters never come to rest. */
export async function* probe(machine: ProbedMachine, { kernel, file }: Plan): AsyncGenerator<Measured> {
  for (const one of CASES) {
    const expected = predicted(kernel, one.request, PAGES, COUNT);
    let got = await measured(machine, one, file);
    for (let i = 1; i < TRIES && !same(got, expected); i++) got = await measured(machine, one, file);
    yield { name: one.name, expected, got, agrees: same(got, expected) };
  }
}

async function measured(machine: ProbedMachine, { name, args }: Case, file: string): Promise<Deltas> {
  const before = await atRest(machine);
  const { status, said } = machine.run('dd', argumentsOf(args, file));
  if (status !== 0) throw new ProbeError(`dd could not ${name} (${said}): name a folder on a disk with --dir`);
  const after = await atRest(machine);
  return { acquired: after.acquired - before.acquired, released: after.released - before.released };
}

/** The counters when nothing is on its way to them any more. */
async function atRest(machine: ProbedMachine): Promise<Counters> {
  let last = counters(machine);
  const exact = machine.refresh();
  // A refresh counts at once; two that agree are enough.
  const quiet = exact ? 50 : QUIET;
  for (let waited = 0; waited < LONGEST_WAIT; waited += quiet) {
    await machine.wait(quiet);
    machine.refresh();
    const now = counters(machine);
    if (same(now, last)) return now;
    last = now;
  }
  throw new ProbeError('other processes pin pages all the time: try again when they are quiet');
}

function counters(machine: ProbedMachine): Counters {
  const now = machine.counters();
  if (now === null) throw new ProbeError('/proc/vmstat has lost nr_foll_pin_acquired');
  return now;
}

function same(a: Deltas, b: Deltas): boolean {
  return a.acquired === b.acquired && a.released === b.released;
}

function argumentsOf(args: readonly string[], file: string): string[] {
  return args.map((arg) => arg.replace('FILE', () => file));
}
