/** `run --json`: results for programs. The shape is part of the command line and only grows. */
import type { ExperimentResult, Failure, LimitKind, Verdict } from '../engine/result.ts';
import { OP_NAMES, STEP_STRIDE, StepColumn, stepCount, type Trace } from '../engine/trace.ts';
import type { NotebookRun } from './run-notebooks.ts';
import type { Shard } from './units.ts';
import { VERSION } from './version.ts';

export interface JsonStep {
  /** 1-based. */
  readonly n: number;
  readonly actor: string;
  readonly op: string;
  /** Null for a step that touches no word; then `before` and `after` are null too. */
  readonly word: string | null;
  readonly before: number | null;
  readonly after: number | null;
}

export interface JsonFailure {
  readonly check: string;
  readonly message: string;
  readonly schedule: string;
}

export interface JsonResult {
  readonly file: string;
  readonly experiment: string;
  readonly kernel: string;
  readonly verdict: Verdict;
  readonly expected: Verdict | null;
  readonly asExpected: boolean;
  readonly exhaustive: boolean;
  readonly executions: number;
  readonly states: number;
  /** Transitions taken. */
  readonly steps: number;
  readonly seconds: number;
  /** The failure with the shortest schedule. */
  readonly failure?: JsonFailure & { readonly steps: readonly JsonStep[] };
  /** All broken checks, that one included. */
  readonly failures?: readonly JsonFailure[];
  /** What ended an inconclusive search. */
  readonly limit?: LimitKind;
  /** What went wrong, at its 1-based place in the file (0 where it has none). */
  readonly error?: { readonly message: string; readonly line: number; readonly column: number };
}

export interface JsonRun {
  /** Version of Gupbook. */
  readonly gupbook: string;
  /** Which share of the work this is, and for each result its number in the whole, for "gupbook merge". */
  readonly shard?: Shard & { readonly places: readonly number[] };
  readonly results: readonly JsonResult[];
}

/** `timeless` says nothing of how long anything took, so that equal runs give equal bytes. */
export function jsonOf(runs: readonly NotebookRun[], timeless = false, shard: Shard | null = null): JsonRun {
  return {
    gupbook: VERSION,
    ...(shard !== null && { shard: { ...shard, places: runs.flatMap(({ places }) => places) } }),
    results: runs.flatMap(({ notebook, results }) =>
      results.map((result) => jsonResult(notebook.file, timeless ? { ...result, seconds: 0 } : result)),
    ),
  };
}

function jsonResult(file: string, result: ExperimentResult): JsonResult {
  const { experiment, kernel, verdict, expected, asExpected, exhaustive, executions, states, transitions } = result;
  const { seconds, failures, limit, error } = result;
  const [first] = failures;
  return {
    file,
    experiment,
    kernel,
    verdict,
    expected,
    asExpected,
    exhaustive,
    executions,
    states,
    steps: transitions,
    seconds: Math.round(seconds * 1e6) / 1e6,
    ...(first !== undefined && {
      failure: { ...jsonFailure(first), steps: jsonSteps(first.trace) },
      failures: failures.map(jsonFailure),
    }),
    ...(limit !== null && { limit }),
    ...(error !== null && { error: { message: error.message, line: error.line, column: error.column } }),
  };
}

export function jsonFailure({ check, message, trace }: Failure): JsonFailure {
  return { check, message, schedule: trace.schedule };
}

/** The steps of a trace by name. */
export function jsonSteps(trace: Trace): JsonStep[] {
  return Array.from({ length: stepCount(trace) }, (_, n) => {
    const column = (offset: number) => trace.steps[n * STEP_STRIDE + offset] ?? 0;
    const word = trace.words[column(StepColumn.word)];
    return {
      n: n + 1,
      actor: trace.actors[column(StepColumn.actor)]?.name ?? '?',
      op: OP_NAMES[column(StepColumn.op)] ?? '?',
      word: word?.name ?? null,
      before: word === undefined ? null : column(StepColumn.before),
      after: word === undefined ? null : column(StepColumn.after),
    };
  });
}
