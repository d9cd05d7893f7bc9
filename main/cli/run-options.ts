/** The options that every command which runs notebooks has in common. */
import { availableParallelism } from 'node:os';
import { DEFAULT_LIMITS, type RunLimits } from '../lab/runner.ts';
import { wholeNumber } from './command.ts';
import { kernelsNamed } from './kernel-option.ts';

/** Budget of one experiment under one kernel, where nothing else is said. */
export const DEFAULT_BUDGET = { states: 2_000_000, seconds: 120 };

/** Part of the memory limit that a search's states may take. Then it ends by itself and says how far it came. */
const STATES_SHARE = 0.6;
/** What a process takes before it searches. Megabytes. */
const BASE = 100;

export const RUN_OPTIONS = {
  kernel: { type: 'string' },
  only: { type: 'string' },
  budget: { type: 'string' },
  seconds: { type: 'string' },
  'time-limit': { type: 'string' },
  memory: { type: 'string' },
  jobs: { type: 'string' },
} as const;

export const RUN_HELP = `  --kernel ID,...   run under these kernels only; "all" names every revision
                    (default: those that each experiment asks for)
  --only TEXT       run only experiments whose name contains TEXT
  --budget N        states per experiment and kernel (default ${DEFAULT_BUDGET.states})
  --seconds N       seconds per experiment and kernel (default ${DEFAULT_BUDGET.seconds})
  --time-limit N    end a notebook that gives no sign of life for N seconds
                    (default ${DEFAULT_LIMITS.silence})
  --memory MB       end a search that takes more memory (default ${DEFAULT_LIMITS.memory})
  --jobs N          processes at a time (default: one per core)`;

export interface RunOptions {
  readonly kernels: readonly string[] | null;
  readonly only: string | null;
  readonly budget: { readonly states: number; readonly seconds: number; readonly bytes: number };
  readonly limits: RunLimits;
  readonly jobs: number;
}

type Values = { readonly [name in keyof typeof RUN_OPTIONS]?: string | undefined };

/** InputError names an option that does not fit. */
export function runOptions(command: string, values: Values): RunOptions {
  const number = (option: keyof Values, most: number, fallback: number) =>
    wholeNumber(command, option, values[option], { least: 1, most, fallback });
  const memory = number('memory', 1e6, DEFAULT_LIMITS.memory);
  return {
    kernels: kernelsNamed(values.kernel),
    only: values.only ?? null,
    budget: {
      bytes: Math.max(memory / 3, memory * STATES_SHARE - BASE) * 2 ** 20,
      states: number('budget', 1e12, DEFAULT_BUDGET.states),
      seconds: number('seconds', 1e6, DEFAULT_BUDGET.seconds),
    },
    limits: {
      ...DEFAULT_LIMITS,
      // Each search has a budget of its own, so that what is alive will end.
      wall: Number.POSITIVE_INFINITY,
      silence: number('time-limit', 1e6, DEFAULT_LIMITS.silence),
      memory,
    },
    jobs: number('jobs', 1024, availableParallelism()),
  };
}
