/** What a probe touches of this machine. Tests give their own. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { VmstatReader } from '../decode/vmstat.ts';

export interface Counters {
  readonly acquired: number;
  readonly released: number;
}

export interface Ran {
  readonly status: number | null;
  /** Last line that it wrote to standard error, or why it could not be started. */
  readonly said: string;
}

export interface ProbedMachine {
  readonly platform: string;
  /** `uname -r`. */
  readonly release: string;
  /** Null where the kernel has no such counters. */
  readonly counters: () => Counters | null;
  /** Folds per-CPU counts in; false where that takes more rights than we have. */
  readonly refresh: () => boolean;
  readonly run: (command: string, args: readonly string[]) => Ran;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** A dd of a few megabytes that takes longer hangs. */
const LONGEST_RUN = 60_000;

export const thisMachine: ProbedMachine = {
  platform: process.platform,
  release: release(),
  counters: () => {
    const reader = new VmstatReader();
    for (const [i, line] of textOf('/proc/vmstat').split('\n').entries()) {
      const read = reader.line(line, i + 1);
      if (read === null || read === 'half') continue;
      return { acquired: Number(read.acquired), released: Number(read.released) };
    }
    return null;
  },
  refresh: () => {
    try {
      writeFileSync('/proc/sys/vm/stat_refresh', '1\n');
      return true;
    } catch {
      return false;
    }
  },
  run: (command, args) => {
    const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: LONGEST_RUN });
    const said = error === undefined ? (stderr.trim().split('\n').at(-1) ?? '') : error.message;
    return { status, said };
  },
  wait: (milliseconds) => sleep(milliseconds),
};

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
