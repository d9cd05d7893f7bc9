/**
 * The order in which states are expanded: by their distance from the start in steps, and within one distance in the
 * order in which they were met. Where every transition is one step, that is the order of their numbers.
 */

export interface Frontier {
  /** Distance of the states that are expanded now. */
  readonly distance: number;
  /** The next state at this distance, of `count` in all; -1 when there is none. */
  next(count: number): number;
  /** Goes on to the next distance at which states wait. Everything reached so far must be known here. */
  advance(count: number): boolean;
  /** A new state was reached. */
  reached(id: number, distance: number): void;
  /** A known state was reached again. True if this way is shorter and the state's parent must change. */
  again(id: number, distance: number): boolean;
  distanceOf(id: number): number;
  /** Number of states that wait, of `count` in all. */
  waiting(count: number): number;
  /** Numbers of states at each distance that lies behind. */
  sizes(): number[];
  /** States up to a distance, of `count` in all, the farthest first. */
  backwards(farthest: number, count: number): Iterable<number>;
  /** All there is to know but the distances of states; and back to it, with these. */
  snapshot(): number[][];
  restore(snapshot: readonly (readonly number[])[], distances: Int32Array): void;
}

/** Every transition is one step. */
export class PlainFrontier implements Frontier {
  distance = 0;
  private at = 0;
  /** Number of the first state of each distance. */
  private levels = [0];

  next(count: number): number {
    return this.at >= count || this.at === this.levels[this.distance + 1] ? -1 : this.at++;
  }

  advance(count: number): boolean {
    if (this.at >= count) return false;
    this.distance++;
    return true;
  }

  reached(id: number, distance: number): void {
    if (distance === this.levels.length) this.levels.push(id);
  }

  again(): boolean {
    return false;
  }

  distanceOf(id: number): number {
    let [low, high] = [0, this.levels.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.levels[middle] ?? 0) <= id) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  waiting(count: number): number {
    return count - this.at;
  }

  sizes(): number[] {
    return Array.from({ length: this.distance }, (_, d) => (this.levels[d + 1] ?? 0) - (this.levels[d] ?? 0));
  }

  snapshot(): number[][] {
    return [[this.distance, this.at], this.levels];
  }

  restore([[distance = 0, at = 0] = [], levels = [0]]: readonly (readonly number[])[]): void {
    this.distance = distance;
    this.at = at;
    this.levels = [...levels];
  }

  *backwards(farthest: number, count: number): Iterable<number> {
    for (let id = Math.min(count, this.levels[farthest + 1] ?? count) - 1; id >= 0; id--) yield id;
  }
}

/** Transitions stand for one step or several: states wait by distance, and may be reached a shorter way later. */
export class WeightedFrontier implements Frontier {
  distance = 0;
  private distances = new Int32Array(1 << 10);
  private buckets: number[][] = [[0]];
  private at = 0;
  private expanded = 0;
  private done: number[] = [];

  next(): number {
    const bucket = this.buckets[this.distance] ?? [];
    while (this.at < bucket.length) {
      const id = bucket[this.at++] ?? -1;
      // A shorter way was found meanwhile.
      if (this.distances[id] !== this.distance) continue;
      this.expanded++;
      this.done[this.distance] = (this.done[this.distance] ?? 0) + 1;
      return id;
    }
    return -1;
  }

  advance(): boolean {
    do {
      if (this.distance + 1 >= this.buckets.length) return false;
      this.buckets[this.distance] = [];
      this.distance++;
      this.at = 0;
    } while (this.buckets[this.distance]?.length === 0);
    return true;
  }

  reached(id: number, distance: number): void {
    if (id >= this.distances.length) {
      const wide = new Int32Array(this.distances.length * 2);
      wide.set(this.distances);
      this.distances = wide;
    }
    this.distances[id] = distance;
    this.wait(id, distance);
  }

  again(id: number, distance: number): boolean {
    if (distance >= (this.distances[id] ?? 0)) return false;
    this.distances[id] = distance;
    this.wait(id, distance);
    return true;
  }

  private wait(id: number, distance: number): void {
    while (this.buckets.length <= distance) this.buckets.push([]);
    this.buckets[distance]?.push(id);
  }

  distanceOf(id: number): number {
    return this.distances[id] ?? 0;
  }

  waiting(count: number): number {
    return count - this.expanded;
  }

  sizes(): number[] {
    return Array.from({ length: this.distance }, (_, d) => this.done[d] ?? 0);
  }

  snapshot(): number[][] {
    return [[this.distance, this.at, this.expanded], Array.from(this.done, (n) => n ?? 0), ...this.buckets];
  }

  restore(
    [[distance = 0, at = 0, expanded = 0] = [], done = [], ...buckets]: readonly (readonly number[])[],
    distances: Int32Array,
  ): void {
    this.distance = distance;
    this.at = at;
    this.expanded = expanded;
    this.done = [...done];
    this.buckets = buckets.map((bucket) => [...bucket]);
    this.distances = Int32Array.from({ length: Math.max(1 << 10, distances.length) }, (_, id) => distances[id] ?? 0);
  }

  *backwards(farthest: number, count: number): Iterable<number> {
    const starts = new Int32Array(farthest + 2);
    for (let id = 0; id < count; id++) {
      const distance = this.distances[id] ?? 0;
      if (distance <= farthest) starts[farthest - distance + 1] = (starts[farthest - distance + 1] ?? 0) + 1;
    }
    for (let i = 1; i < starts.length; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
    const order = new Int32Array(starts[farthest + 1] ?? 0);
    for (let id = 0; id < count; id++) {
      const distance = this.distances[id] ?? 0;
      if (distance > farthest) continue;
      const place = starts[farthest - distance] ?? 0;
      order[place] = id;
      starts[farthest - distance] = place + 1;
    }
    yield* order;
  }
}
