/**
 * Generators that do nothing but wait, which is what the engine's steps are measured against. In a file of another kind,
 * because the engine's generators and those of tests and benches are prepared to tell where they are, and these are not.
 */

/** Waits `n` times. */
export function* bare(n: number): Generator<number, number, number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield i;
  return sum;
}

function* deep(depth: number): Generator<number, number, number> {
  return depth === 0 ? yield depth : yield* deep(depth - 1);
}

/** Waits `n` times, each time at the end of a chain of `depth` generators made for it. */
export function* chained(n: number, depth: number): Generator<number, number, number> {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += yield* deep(depth - 1);
  return sum;
}
