/**
 * On random programs every way to search comes to the same: verdicts, shortest failures, final states. Ways that must
 * agree: every order one by one, the exact search with and without keys, fusion, symmetry and remembered decisions, and
 * the search that keeps no states. `npm run long` tries 10,000 of them.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dpor } from '../../../main/engine/explore/dpor/dpor.ts';
import type { SearchOptions } from '../../../main/engine/explore/search.ts';
import { explore, valuesIn, worldOf } from './explore.ts';
import { everyOrder } from './naive.ts';
import { bodyOf, type RandomProgram, randomProgram } from './random-programs.ts';

const HOURS = 6 * 3_600_000;
const RUNS = Number(process.env.GUPBOOK_RUNS ?? 200);
/** A long run tells how far it is each time after so many programs. */
const TOLD = 1000;
const SEED = Number(process.env.GUPBOOK_SEED ?? Date.now() % 2 ** 31);

function all(check: (program: RandomProgram) => void): void {
  console.log(`GUPBOOK_SEED=${SEED} GUPBOOK_RUNS=${RUNS}`);
  let seen = 0;
  const property = fc.property(randomProgram, (program) => {
    check(program);
    if (++seen % TOLD === 0) console.log(`${seen} programs agree`);
  });
  fc.assert(property, { numRuns: RUNS, seed: SEED });
}

/** States of the largest search that is compared: what is cut off has not found all. */
const STATES = 30_000;

/** What a search found, in a form that can be compared. Distances only where they are those of real steps. */
function summary(program: RandomProgram, options: SearchOptions) {
  const { result, finals } = explore(bodyOf(program), { ...options, states: STATES });
  return {
    limit: result.limit,
    broken: Object.fromEntries(result.broken.map(({ check, path }) => [check, path.length]).sort()),
    finals: [...finals].sort(),
  };
}

/** Traces of one program that are tried. */
const TRACES = 2000;

/** What the search that keeps no states found; null where there are too many traces. */
function second(program: RandomProgram, commute: boolean) {
  const world = worldOf(bodyOf(program));
  const finals = new Set<string>();
  const onFinal = (read: (word: number) => number): Set<string> => finals.add(valuesIn(world, read));
  const { broken, exhaustive } = dpor(world, { commute, observe: true, runs: TRACES, onFinal });
  if (!exhaustive) return null;
  return { broken: [...broken].sort(), finals: [...finals].sort() };
}

describe('random programs', () => {
  test('come to the same, whatever way they are searched', { timeout: HOURS }, () => {
    let tried = 0;
    let tooLarge = 0;
    all((program) => {
      // Every other way has at most as many states.
      const plain = summary(program, { fuse: false, keyless: true });
      if (plain.limit !== null) {
        tooLarge++;
        return;
      }
      const everything = everyOrder(bodyOf(program), 500);
      if (everything !== null) {
        tried++;
        const { broken, finals } = everything;
        const found = { limit: null, broken: Object.fromEntries([...broken].sort()), finals: [...finals].sort() };
        expect(found).toEqual(plain);
      }
      expect(summary(program, { fuse: false, symmetry: false })).toEqual(plain);
      expect(summary(program, { symmetry: false })).toEqual(plain);
      expect(summary(program, { symmetry: false, remember: 'never' })).toEqual(plain);
      expect(summary(program, {})).toEqual(plain);
      expect(summary(program, { fuse: false, remember: 'never' })).toEqual(plain);
      for (const commute of [false, true]) {
        const other = second(program, commute);
        if (other !== null) expect(other).toEqual({ broken: Object.keys(plain.broken).sort(), finals: plain.finals });
      }
    });
    console.log(`${tried} of ${RUNS} programs have so few orders that all were tried one by one`);
    console.log(`${tooLarge} have more than ${STATES} states, and were left out`);
    expect(tooLarge).toBeLessThan(RUNS / 20 + 5);
    expect(tried).toBeGreaterThan(RUNS / 2);
  });
});
