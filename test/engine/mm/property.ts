/**
 * Randomised tests of the model: one seed a run, printed at start; GUPBOOK_SEED=N repeats it, GUPBOOK_RUNS=N does
 * more, GUPBOOK_SHRINK=0 takes the first counterexample as it is.
 */
import fc from 'fast-check';
import { vi } from 'vitest';

// The limit is there to end a hang, not to measure.
vi.setConfig({ testTimeout: 600_000 });

export const seed = Number(process.env.GUPBOOK_SEED ?? Math.floor(Math.random() * 2 ** 31));
const more = process.env.GUPBOOK_RUNS === undefined ? null : Number(process.env.GUPBOOK_RUNS);
console.log(`GUPBOOK_SEED=${seed}`);

/** Fails with the seed, the path and the smallest counterexample found. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, numRuns: number): void {
  fc.assert(
    fc.property(arbitrary, (value) => {
      check(value);
    }),
    { seed, numRuns: more ?? numRuns, endOnFailure: process.env.GUPBOOK_SHRINK === '0' },
  );
}
