/**
 * The words of the model at any step of a trace, by replay of the recorded writes: no engine, no script.
 * A checkpoint every {@link CHECKPOINT_STEPS} steps bounds the work of a jump; a step forward costs one step.
 */
import { EFFECT_STRIDE, Effect, STEP_STRIDE, StepColumn, stepCount, type Trace } from '../../main/engine/trace.ts';

/** Steps between two stored copies of the words. */
export const CHECKPOINT_STEPS = 1000;

/** The step before the first one: the state in which the schedule starts. */
export const START = -1;

/** The model after one step. `words` is shared with the replay: read it, never keep or write it. */
export interface Snapshot {
  /** 0-based step that was taken last; {@link START} before the first. */
  readonly step: number;
  readonly words: Int32Array;
  /** Per actor: 1 where it has finished. */
  readonly finished: Uint8Array;
}

interface Checkpoint {
  readonly words: Int32Array;
  readonly finished: Uint8Array;
}

/** Replays one trace. Cheap to make; checkpoints are taken on the way, as far as somebody has looked. */
export class PageStates {
  readonly trace: Trace;
  readonly steps: number;
  readonly #checkpoints: Checkpoint[];
  #words: Int32Array;
  #finished: Uint8Array;
  #step = START;

  constructor(trace: Trace) {
    this.trace = trace;
    this.steps = stepCount(trace);
    this.#words = trace.initial.slice();
    this.#finished = new Uint8Array(trace.actors.length);
    this.#checkpoints = [{ words: trace.initial.slice(), finished: this.#finished.slice() }];
  }

  /** State after `step`, clamped to START .. steps - 1. */
  at(step: number): Snapshot {
    const target = Math.max(START, Math.min(step, this.steps - 1));
    if (target < this.#step || target - this.#step > CHECKPOINT_STEPS) this.#rewind(target);
    while (this.#step < target) this.#forward();
    return { step: this.#step, words: this.#words, finished: this.#finished };
  }

  /** Puts the replay on the nearest checkpoint at or before `target`. Checkpoint k is the state after step 1000k - 1. */
  #rewind(target: number): void {
    const wanted = Math.floor((target + 1) / CHECKPOINT_STEPS);
    const index = Math.min(wanted, this.#checkpoints.length - 1);
    const checkpoint = this.#checkpoints[index];
    const step = index * CHECKPOINT_STEPS - 1;
    if (checkpoint === undefined || (step < this.#step && this.#step <= target)) return;
    this.#words = checkpoint.words.slice();
    this.#finished = checkpoint.finished.slice();
    this.#step = step;
  }

  #forward(): void {
    const step = this.#step + 1;
    const { steps, effects } = this.trace;
    const base = step * STEP_STRIDE;
    const word = steps[base + StepColumn.word] ?? -1;
    if (word >= 0) this.#words[word] = steps[base + StepColumn.after] ?? 0;
    const to = steps[base + StepColumn.effectsTo] ?? 0;
    for (let i = steps[base + StepColumn.effectsFrom] ?? 0; i < to; i++) {
      const kind = effects[i * EFFECT_STRIDE];
      const x = effects[i * EFFECT_STRIDE + 1] ?? 0;
      const y = effects[i * EFFECT_STRIDE + 2] ?? 0;
      if (kind === Effect.add) this.#words[x] = ((this.#words[x] ?? 0) + y) | 0;
      else if (kind === Effect.set) this.#words[x] = y;
      else if (kind === Effect.done) this.#finished[x] = 1;
    }
    this.#step = step;
    if ((step + 1) % CHECKPOINT_STEPS !== 0) return;
    const index = (step + 1) / CHECKPOINT_STEPS;
    this.#checkpoints[index] ??= { words: this.#words.slice(), finished: this.#finished.slice() };
  }
}

/** Reads one column of one step. */
export function stepValue(trace: Trace, step: number, column: number): number {
  return trace.steps[step * STEP_STRIDE + column] ?? 0;
}

/** Words written by `step` (its own word where the value changed, then its effects), each with its value before. */
export function changedWords(states: PageStates, step: number): ReadonlyMap<number, number> {
  const changed = new Map<number, number>();
  if (step < 0 || step >= states.steps) return changed;
  const { trace } = states;
  const before = states.at(step - 1).words;
  const touched = [stepValue(trace, step, StepColumn.word)];
  const to = stepValue(trace, step, StepColumn.effectsTo);
  for (let i = stepValue(trace, step, StepColumn.effectsFrom); i < to; i++) {
    const kind = trace.effects[i * EFFECT_STRIDE];
    if (kind === Effect.add || kind === Effect.set) touched.push(trace.effects[i * EFFECT_STRIDE + 1] ?? -1);
  }
  const old = new Map<number, number>();
  for (const word of touched) if (word >= 0) old.set(word, before[word] ?? 0);
  const after = states.at(step).words;
  for (const [word, value] of old) if (after[word] !== value) changed.set(word, value);
  return changed;
}
