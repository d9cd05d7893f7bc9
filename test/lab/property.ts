/** Randomised tests of the lab: one seed a run, printed at start; GUPBOOK_SEED=N repeats it. */
import fc from 'fast-check';
import { vi } from 'vitest';

// The limit is there to end a hang, not to measure.
vi.setConfig({ testTimeout: 120_000 });

export const seed = Number(process.env.GUPBOOK_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`GUPBOOK_SEED=${seed}`);

/** Fails with the seed, the path and the smallest counterexample found. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, numRuns = 500): void {
  fc.assert(
    fc.property(arbitrary, (value) => {
      check(value);
    }),
    { seed, numRuns },
  );
}

/** One of these texts. */
export function among(...texts: readonly string[]): fc.Arbitrary<string> {
  return fc.constantFrom(...texts);
}
