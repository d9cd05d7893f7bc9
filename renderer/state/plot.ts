/**
 * A counter over the steps of a trace as a step line, in numbers: what the plot draws. Lines stand at the multiples of
 * GUP_PIN_COUNTING_BIAS, so that references which carry into the pins' bits are seen to cross one.
 */
import { EFFECT_STRIDE, Effect, StepColumn, stepCount, type Trace } from '../../main/engine/trace.ts';
import { stepValue } from './page-state.ts';

/** Values of one word: before the first step, then after each step. */
export function valuesOf(trace: Trace, word: number): Int32Array {
  const steps = stepCount(trace);
  const values = new Int32Array(steps + 1);
  let value = trace.initial[word] ?? 0;
  values[0] = value;
  for (let step = 0; step < steps; step++) {
    if (stepValue(trace, step, StepColumn.word) === word) value = stepValue(trace, step, StepColumn.after);
    const to = stepValue(trace, step, StepColumn.effectsTo);
    for (let i = stepValue(trace, step, StepColumn.effectsFrom); i < to; i++) {
      if (trace.effects[i * EFFECT_STRIDE + 1] !== word) continue;
      const amount = trace.effects[i * EFFECT_STRIDE + 2] ?? 0;
      const kind = trace.effects[i * EFFECT_STRIDE];
      if (kind === Effect.add) value = (value + amount) | 0;
      else if (kind === Effect.set) value = amount;
    }
    values[step + 1] = value;
  }
  return values;
}

/** A straight line across the plot. `y` is 0 at the top, 1 at the bottom. */
export interface Gridline {
  readonly value: number;
  readonly y: number;
  /** `2 pins`, `1024`, `0`. */
  readonly label: string;
}

export interface Plot {
  readonly least: number;
  readonly most: number;
  readonly lines: readonly Gridline[];
  /** Corners of the line in order, as pairs x, y from 0 to 1: at most four for each of `columns`. */
  readonly points: readonly (readonly [number, number])[];
  /** x of a step (page-state's numbering: -1 is before the first), from 0 to 1. */
  readonly at: (step: number) => number;
  readonly y: (value: number) => number;
}

/** Lines across, at most. */
const MOST_LINES = 6;

/**
 * @param bias the distance of the lines; 0 or 1 where the counter has no pins in it.
 * @param columns how many places there are from left to right: a longer trace is drawn by its extremes.
 */
export function plotOf(values: Int32Array, bias: number, columns: number): Plot {
  let [least, most] = [values[0] ?? 0, values[0] ?? 0];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const room = Math.max(1, (most - least) * 0.08);
  const [bottom, top] = [least - room, most + room];
  const y = (value: number) => (top - value) / (top - bottom);
  const last = Math.max(1, values.length - 1);
  const at = (step: number) => (step + 1) / last;
  return { least, most, lines: gridlines(bottom, top, bias, y), points: corners(values, columns, at, y), at, y };
}

function gridlines(bottom: number, top: number, bias: number, y: (value: number) => number): readonly Gridline[] {
  const lines: Gridline[] = [];
  const unit = Math.max(bias, 1);
  let apart = unit;
  while ((top - bottom) / apart > MOST_LINES) apart *= 2;
  if (bias <= 1 && top - bottom > 12)
    return [{ value: 0, y: y(0), label: '0' }].filter(({ y: at }) => at >= 0 && at <= 1);
  for (let value = Math.ceil(bottom / apart) * apart; value <= top; value += apart) {
    const pins = value / unit;
    const label = bias > 1 && value !== 0 ? `${value} = ${pins} pin${Math.abs(pins) === 1 ? '' : 's'}` : String(value);
    lines.push({ value, y: y(value), label });
  }
  return lines;
}

function corners(
  values: Int32Array,
  columns: number,
  at: (step: number) => number,
  y: (value: number) => number,
): readonly (readonly [number, number])[] {
  const points: (readonly [number, number])[] = [];
  const bucket = Math.max(1, Math.ceil(values.length / Math.max(1, columns)));
  for (let from = 0; from < values.length; from += bucket) {
    const to = Math.min(values.length, from + bucket);
    const first = values[from] ?? 0;
    const before = points.at(-1);
    if (before !== undefined) points.push([at(from - 1), before[1]]);
    points.push([at(from - 1), y(first)]);
    if (bucket === 1) continue;
    let [least, most] = [first, first];
    for (let i = from; i < to; i++) {
      least = Math.min(least, values[i] ?? 0);
      most = Math.max(most, values[i] ?? 0);
    }
    points.push([at(from - 1), y(least)], [at(from - 1), y(most)], [at(from - 1), y(values[to - 1] ?? 0)]);
  }
  return points;
}

/** The plot in one sentence, for those who do not see it. */
export function plotSentence(name: string, values: Int32Array, { least, most }: Plot): string {
  return `${name} over ${values.length - 1} steps: ${values[0]} at first, ${values.at(-1)} at last, from ${least} to ${most}`;
}
