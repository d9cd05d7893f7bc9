/** On random programs every way to search comes to the same: verdicts, shortest failures, final states. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SearchOptions } from '../../../main/engine/explore/search.ts';
import { explore } from './explore.ts';
import { everyOrder } from './naive.ts';
import { bodyOf, type RandomProgram, randomProgram } from './random-programs.ts';

const RUNS = Number(process.env.GUPBOOK_RUNS ?? 200);
const SEED = Number(process.env.GUPBOOK_SEED ?? Date.now() % 2 ** 31);

function all(check: (program: RandomProgram) => void): void {
  console.log(`GUPBOOK_SEED=${SEED} GUPBOOK_RUNS=${RUNS}`);
  fc.assert(fc.property(randomProgram, check), { numRuns: RUNS, seed: SEED });
}

/** What a search found, in a form that can be compared. Distances only where they are those of real steps. */
function summary(program: RandomProgram, options: SearchOptions) {
  const { result, finals } = explore(bodyOf(program), options);
  return {
    broken: Object.fromEntries(result.broken.map(({ check, path }) => [check, path.length]).sort()),
    finals: [...finals].sort(),
  };
}

describe('random programs', () => {
  test('every order, tried one by one, comes to what the search says', { timeout: 600_000 }, () => {
    let tried = 0;
    all((program) => {
      const everything = everyOrder(bodyOf(program), 500);
      if (everything === null) return;
      tried++;
      const { broken, finals } = everything;
      const plain = { broken: Object.fromEntries([...broken].sort()), finals: [...finals].sort() };
      expect(summary(program, { fuse: false, symmetry: false })).toEqual(plain);
    });
    console.log(`${tried} of ${RUNS} programs have few enough orders`);
    expect(tried).toBeGreaterThan(RUNS / 2);
  });

  test('keys, fusion, symmetry and remembered decisions change nothing', { timeout: 600_000 }, () => {
    all((program) => {
      const plain = summary(program, { fuse: false, keyless: true });
      expect(summary(program, { fuse: false, symmetry: false })).toEqual(plain);
      expect(summary(program, { symmetry: false })).toEqual(plain);
      expect(summary(program, { symmetry: false, remember: 'never' })).toEqual(plain);
      expect(summary(program, {})).toEqual(plain);
      expect(summary(program, { fuse: false, remember: 'never' })).toEqual(plain);
    });
  });
});
