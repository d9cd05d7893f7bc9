/**
 * States on their way into the set. They are added many at a time, because their places in memory are far apart: asked
 * for together, they arrive together.
 */
import type { StateSet } from './state-set.ts';

/** States that are added together. */
const SIZE = 256;

/** Told of each state, in the order in which they were put. `id` is the complement of its number if it was known. */
export interface Receiver {
  receive(id: number, buffer: Int32Array, at: number, parent: number, distance: number, checks: number): void;
}

export class Batch {
  private readonly set: StateSet;
  private readonly receiver: Receiver;
  private words = 0;
  private states = new Int32Array(0);
  private readonly hashes = new Int32Array(SIZE);
  private readonly parents = new Int32Array(SIZE);
  private readonly distances = new Int32Array(SIZE);
  private readonly checks = new Int32Array(SIZE);
  private count = 0;

  constructor(set: StateSet, receiver: Receiver) {
    this.set = set;
    this.receiver = receiver;
  }

  put(state: Int32Array, hash: number, parent: number, distance: number, checks: number): void {
    const words = state.length;
    if (words !== this.words) this.resize(words);
    const i = this.count++;
    for (let w = 0; w < words; w++) this.states[i * words + w] = state[w] ?? 0;
    this.hashes[i] = hash;
    this.parents[i] = parent;
    this.distances[i] = distance;
    this.checks[i] = checks;
    if (this.count === SIZE) this.flush();
  }

  private resize(words: number): void {
    this.flush();
    this.words = words;
    this.states = new Int32Array(SIZE * words);
  }

  /** What was put and not added yet; {@link putBack} puts it again. */
  waiting(): number[][] {
    const { count, states, hashes, parents, distances, checks, words } = this;
    return Array.from({ length: count }, (_, i) => [
      hashes[i] ?? 0,
      parents[i] ?? 0,
      distances[i] ?? 0,
      checks[i] ?? 0,
      ...states.subarray(i * words, (i + 1) * words),
    ]);
  }

  putBack(waiting: readonly (readonly number[])[]): void {
    for (const [hash = 0, parent = 0, distance = 0, checks = 0, ...state] of waiting)
      this.put(Int32Array.from(state), hash, parent, distance, checks);
  }

  /** Adds what was put. */
  flush(): void {
    const { count, set, states, hashes, parents, distances, checks, words, receiver } = this;
    if (count === 0) return;
    this.count = 0;
    set.warm(hashes, count);
    for (let i = 0; i < count; i++) {
      const parent = parents[i] ?? -1;
      const id = set.add(states, i * words, hashes[i] ?? 0, parent);
      receiver.receive(id, states, i * words, parent, distances[i] ?? 0, checks[i] ?? 0);
    }
  }
}
