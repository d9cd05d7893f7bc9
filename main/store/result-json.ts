/** A result as JSON, its traces taken out and numbered; the same shapes check what is stored and what is read. */
import { z } from 'zod';
import type { ExperimentResult, ScriptError } from '../engine/result.ts';
import type { Trace } from '../engine/trace.ts';

const verdict = z.enum(['pass', 'fail', 'inconclusive', 'not-applicable', 'error']);
const count = z.int().nonnegative();

/** A script error as it is stored. */
export const scriptErrorShape = z.object({
  message: z.string(),
  line: count,
  column: count,
  stack: z.string(),
}) satisfies z.ZodType<ScriptError>;

/** An {@link ExperimentResult} in which every trace is a slot number. */
const resultShape = z.object({
  experiment: z.string(),
  line: count,
  kernel: z.string(),
  verdict,
  expected: verdict.nullable(),
  asExpected: z.boolean(),
  exhaustive: z.boolean(),
  executions: count,
  states: count,
  transitions: count,
  depth: count,
  frontier: count,
  seconds: z.number().nonnegative(),
  failures: z.array(
    z.object({
      check: z.string(),
      kind: z.enum(['builtin', 'always', 'finally', 'deadlock', 'assert']),
      message: z.string(),
      source: z.string(),
      trace: count,
      failingStep: z.int(),
    }),
  ),
  limit: z.enum(['states', 'steps', 'time', 'memory', 'stopped']).nullable(),
  error: scriptErrorShape.nullable(),
  sample: count.nullable(),
  notes: z.array(z.string()),
});

/** A result without its traces, and the traces by slot. */
export interface SplitResult {
  readonly json: string;
  readonly traces: readonly Trace[];
}

/** @throws z.ZodError where the result has not the shape its type says (it crossed process borders). */
export function splitResult(result: ExperimentResult): SplitResult {
  const traces: Trace[] = [];
  const slot = (trace: Trace): number => traces.push(trace) - 1;
  const bare = {
    ...result,
    failures: result.failures.map((failure) => ({ ...failure, trace: slot(failure.trace) })),
    sample: result.sample === null ? null : slot(result.sample),
  };
  return { json: JSON.stringify(resultShape.parse(bare)), traces };
}

/** @throws SyntaxError or z.ZodError where `json` is not what {@link splitResult} made. */
export function joinResult(json: string, traceAt: (slot: number) => Trace): ExperimentResult {
  const bare = resultShape.parse(JSON.parse(json));
  return {
    ...bare,
    failures: bare.failures.map((failure) => ({ ...failure, trace: traceAt(failure.trace) })),
    sample: bare.sample === null ? null : traceAt(bare.sample),
  };
}
