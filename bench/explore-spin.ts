/** SPIN as a peer: compiles a model and searches it, and says what that took. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SpinSearch {
  readonly model: string;
  readonly define: Readonly<Record<string, number>>;
  /** Log2 of the size of pan's hash table. */
  readonly table: number;
  /** Breadth first, to the first error. */
  readonly toFirstError?: boolean;
  /** Compile quickly, where nobody looks at how long the search takes. */
  readonly unoptimised?: boolean;
}

export interface SpinResult {
  readonly states: number;
  readonly transitions: number;
  readonly errors: number;
  /** Megabytes that pan says it took. */
  readonly memory: number;
  /** Seconds of processor time: of `pan`, and of `spin -a` and `gcc -O2` before it. */
  readonly search: number;
  readonly compile: number;
}

/** Why SPIN cannot be a peer here, or null. */
export function spinIsMissing(): string | null {
  for (const tool of ['spin', 'gcc']) {
    const { error, status } = spawnSync(tool, [tool === 'spin' ? '-V' : '--version']);
    if (error !== undefined || status !== 0) return `${tool} is not installed (Debian packages spin and gcc)`;
  }
  return null;
}

export function runSpin({ model, define, table, toFirstError, unoptimised }: SpinSearch): SpinResult {
  const folder = mkdtempSync(join(tmpdir(), 'gupbook-spin-'));
  try {
    writeFileSync(join(folder, 'model.pml'), model);
    const defines = Object.entries(define).map(([name, value]) => `-D${name}=${value}`);
    const how = toFirstError === true ? ['-DBFS'] : [];
    const generate = timed(folder, 'spin', ['-o3', '-a', ...defines, 'model.pml']);
    const flags = [
      unoptimised === true ? '-O0' : '-O2',
      '-DSAFETY',
      '-DNOREDUCE',
      '-DMEMLIM=16000',
      ...how,
      '-o',
      'pan',
      'pan.c',
    ];
    const compile = timed(folder, 'gcc', flags);
    const pan = timed(folder, './pan', ['-m2000000', `-w${table}`]);
    return { ...figures(pan.output), search: pan.seconds, compile: generate.seconds + compile.seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a command and gives its output and its processor time, in user mode. */
function timed(folder: string, command: string, args: readonly string[]): { output: string; seconds: number } {
  // The shell's `times` tells the time its children took: its last line is theirs.
  const script = '"$@"; status=$?; echo; times; exit $status';
  const { stdout, error, status } = spawnSync('sh', ['-c', script, 'sh', command, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with status ${String(status)}`);
  const lines = stdout.trimEnd().split('\n');
  const match = /^(\d+)m([\d.]+)s /.exec(lines.at(-1) ?? '');
  return { output: stdout, seconds: Number(match?.[1] ?? 0) * 60 + Number(match?.[2] ?? 0) };
}

function figures(output: string) {
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? Number.NaN);
  return {
    states: number(/^\s*(\d+) states, stored/m),
    transitions: number(/^\s*(\d+) transitions/m),
    errors: number(/errors: (\d+)/),
    memory: number(/([\d.]+)\s+total actual memory usage/),
  };
}
