/** Random traces and results, of every shape the types allow. */
import fc from 'fast-check';
import './seed.ts';
import type { ExperimentResult, Failure, ScriptError, Verdict } from '../../main/engine/result.ts';
import { EFFECT_STRIDE, STEP_STRIDE, type Trace } from '../../main/engine/trace.ts';

/** Ordinary objects, as structured clone makes them. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true });
}

/** Any string, lone surrogates and NUL included: names come from the author's script. */
export const anyString = fc.string({
  unit: fc.constantFrom('a', '_', '\u0000', '\n', '"', '\u00e9', '\ud800', '\u{1f9ea}'),
});
/** Text of a notebook: any UTF-8, byte order marks and NUL included. */
export const anyText = fc.string({ unit: 'binary', maxLength: 400 }).map((text) => Buffer.from(text).toString());
const anyInt32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const smallInt = fc.integer({ min: -1, max: 1 << 20 });
const count = fc.nat({ max: 1_000_000_000 });

function int32s(length: number): fc.Arbitrary<Int32Array> {
  return fc.array(anyInt32, { minLength: length, maxLength: length }).map((values) => Int32Array.from(values));
}

function rowsOf(stride: number): fc.Arbitrary<Int32Array> {
  return fc.nat({ max: 20 }).chain((rows) => int32s(rows * stride));
}

export const anyTrace: fc.Arbitrary<Trace> = record({
  actors: fc.array(record({ name: anyString, kind: fc.constantFrom('task', 'irq', 'kthread') }), { maxLength: 5 }),
  objects: fc.array(
    record({
      name: anyString,
      kind: fc.constantFrom('folio', 'page', 'mapping', 'lock', 'mm', 'cpu', 'file', 'user', 'ghost'),
      head: smallInt,
      order: smallInt,
    }),
    { maxLength: 5 },
  ),
  words: fc.array(
    record({
      name: anyString,
      object: smallInt,
      field: anyString,
      format: fc.constantFrom('int', 'flags', 'page', 'entry', 'bool', 'seq'),
    }),
    { maxLength: 5 },
  ),
  initial: fc.nat({ max: 9 }).chain(int32s),
  steps: rowsOf(STEP_STRIDE),
  effects: rowsOf(EFFECT_STRIDE),
  places: fc.array(
    record({
      frames: fc.array(record({ fn: anyString, line: smallInt, column: smallInt }), { maxLength: 4 }),
    }),
    { maxLength: 4 },
  ),
  events: fc.array(
    record({ step: smallInt, kind: fc.constantFrom('WARN', 'BUG', 'bad-page', 'note', 'call'), text: anyString }),
    { maxLength: 3 },
  ),
  schedule: anyString,
  bias: smallInt,
});

export const anyVerdict: fc.Arbitrary<Verdict> = fc.constantFrom(
  'pass',
  'fail',
  'inconclusive',
  'not-applicable',
  'error',
);

export const anyScriptError: fc.Arbitrary<ScriptError> = record({
  message: anyString,
  line: fc.nat(),
  column: fc.nat(),
  stack: anyString,
});

const anyFailure: fc.Arbitrary<Failure> = record({
  check: anyString,
  kind: fc.constantFrom('builtin', 'always', 'finally', 'deadlock', 'assert'),
  message: anyString,
  source: anyString,
  trace: anyTrace,
  failingStep: smallInt,
});

export const anyResult: fc.Arbitrary<ExperimentResult> = record({
  experiment: anyString,
  line: fc.nat(),
  kernel: anyString,
  verdict: anyVerdict,
  expected: fc.option(anyVerdict),
  asExpected: fc.boolean(),
  exhaustive: fc.boolean(),
  executions: count,
  states: count,
  transitions: count,
  depth: count,
  frontier: count,
  seconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
  failures: fc.array(anyFailure, { maxLength: 3 }),
  limit: fc.option(fc.constantFrom('states', 'steps', 'time', 'memory', 'stopped')),
  error: fc.option(anyScriptError),
  sample: fc.option(anyTrace),
  notes: fc.array(anyString, { maxLength: 3 }),
});
