/** A trace's steps as objects: the typed arrays are for storage, these are for reading. */
import { EFFECT_STRIDE, OP_NAMES, STEP_STRIDE, StepColumn, stepCount, type Trace } from '../engine/trace.ts';

/** One atomic step. Fields are those of {@link StepColumn}. */
export interface Step {
  /** 0-based position in the trace. */
  readonly n: number;
  readonly actor: number;
  readonly op: number;
  readonly word: number;
  readonly a: number;
  readonly b: number;
  readonly before: number;
  readonly after: number;
  readonly result: number;
  readonly place: number;
  readonly effectsFrom: number;
  readonly effectsTo: number;
  readonly marks: number;
}

/** `[kind, x, y]` as in {@link Trace.effects}. */
export type EffectTriple = readonly [number, number, number];

/** The element, or a RangeError that names what was asked for: traces from outside may point anywhere. */
export function at<T>(list: readonly T[], index: number, what: string): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`the trace names ${what} ${index}, but has only ${list.length}`);
  return found;
}

export function stepAt(trace: Trace, n: number): Step {
  const read = (column: number) => trace.steps[n * STEP_STRIDE + column] ?? 0;
  return {
    n,
    actor: read(StepColumn.actor),
    op: read(StepColumn.op),
    word: read(StepColumn.word),
    a: read(StepColumn.a),
    b: read(StepColumn.b),
    before: read(StepColumn.before),
    after: read(StepColumn.after),
    result: read(StepColumn.result),
    place: read(StepColumn.place),
    effectsFrom: read(StepColumn.effectsFrom),
    effectsTo: read(StepColumn.effectsTo),
    marks: read(StepColumn.marks),
  };
}

export function allSteps(trace: Trace): Step[] {
  return Array.from({ length: stepCount(trace) }, (_, n) => stepAt(trace, n));
}

export function effectsOf(trace: Trace, step: Step): EffectTriple[] {
  const out: EffectTriple[] = [];
  for (let i = step.effectsFrom; i < step.effectsTo; i++) {
    const base = i * EFFECT_STRIDE;
    out.push([trace.effects[base] ?? 0, trace.effects[base + 1] ?? 0, trace.effects[base + 2] ?? 0]);
  }
  return out;
}

export function opName(op: number): string {
  return OP_NAMES[op] ?? `op${op}`;
}
