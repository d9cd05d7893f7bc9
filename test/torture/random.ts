/** Seeded random numbers (mulberry32): the same seed gives the same torture. */

/** A source of numbers in [0, 1). */
export type Random = () => number;

export function random(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An integer in [0, bound). */
export function below(next: Random, bound: number): number {
  return Math.floor(next() * bound);
}
