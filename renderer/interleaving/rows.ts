/**
 * The interleaving as a list of rows of equal height: one row per atomic step, before it a row for each function that
 * the step is the first to be in, after it a row for each event. Rows are two integers each, so that a trace of
 * 100,000 steps costs nothing to hold; their text is made when they come into view.
 */
import { stepCount, type Trace } from '../../main/engine/trace.ts';
import { actorOf, chainOf } from './steps.ts';

/** What a row is. `value` is a frame's depth for calls, an index in Trace.events for events, 0 for steps. */
export const RowKind = { call: 0, step: 1, event: 2 } as const;
export interface Row {
  readonly kind: number;
  readonly step: number;
  readonly value: number;
}

export class Rows {
  readonly trace: Trace;
  readonly count: number;
  readonly steps: number;
  /** Triples (kind, step, value). */
  readonly #cells: Int32Array;
  /** Row of each step. */
  readonly #rowOf: Int32Array;

  constructor(trace: Trace) {
    this.trace = trace;
    const steps = stepCount(trace);
    const cells: number[] = [];
    const rowOf = new Int32Array(steps);
    const events = eventsByStep(trace);
    const last: (readonly string[])[] = trace.actors.map(() => []);
    for (let step = 0; step < steps; step++) {
      const actor = actorOf(trace, step);
      const chain = chainOf(trace, step);
      const shared = sharedDepth(last[actor] ?? [], chain);
      // The outermost frame is the actor itself: the column says that already.
      for (let depth = Math.max(1, shared); depth < chain.length; depth++) cells.push(RowKind.call, step, depth);
      last[actor] = chain;
      rowOf[step] = cells.length / 3;
      cells.push(RowKind.step, step, 0);
      for (const event of events.get(step) ?? []) cells.push(RowKind.event, step, event);
    }
    this.#cells = Int32Array.from(cells);
    this.#rowOf = rowOf;
    this.count = cells.length / 3;
    this.steps = steps;
  }

  at(row: number): Row {
    const base = row * 3;
    return {
      kind: this.#cells[base] ?? RowKind.step,
      step: this.#cells[base + 1] ?? 0,
      value: this.#cells[base + 2] ?? 0,
    };
  }

  /** Row of a step; row 0 for the state before the first one. */
  rowOf(step: number): number {
    return step < 0 ? 0 : (this.#rowOf[step] ?? 0);
  }
}

function sharedDepth(a: readonly string[], b: readonly string[]): number {
  let depth = 0;
  while (depth < a.length && depth < b.length && a[depth] === b[depth]) depth++;
  return depth;
}

function eventsByStep(trace: Trace): ReadonlyMap<number, readonly number[]> {
  const map = new Map<number, number[]>();
  trace.events.forEach((event, index) => {
    const list = map.get(event.step);
    if (list === undefined) map.set(event.step, [index]);
    else list.push(index);
  });
  return map;
}
