/** The second opinion: exact numbers of traces, and the same verdicts and final states as the exact search. */
import { describe, expect, test } from 'vitest';
import { hugePageBios, pinners } from '../../../bench/explore-models.ts';
import { dpor } from '../../../main/engine/explore/dpor/dpor.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { expect as hold } from '../../../main/engine/observe.ts';
import { ADD, R, W, WAIT } from '../../../main/engine/step.ts';
import {
  adders,
  casrot,
  casw,
  fibBench,
  filesystem,
  floatingRead,
  indexer,
  lastwrite,
  lastzero,
  readers,
  rw,
  wainc,
  wcas,
} from './dpor-programs.ts';
import { explore, valuesIn, worldOf } from './explore.ts';

/** Exact numbers of Mazurkiewicz traces: Nidhugg (source, optimal), GenMC and an independent oracle agree. */
const TRACES: readonly (readonly [string, (lab: Lab) => void, number])[] = [
  ['readers(2)', readers(2), 4],
  ['readers(6)', readers(6), 64],
  ['readers(8)', readers(8), 256],
  ['lastzero(5)', lastzero(5), 64],
  ['lastzero(10)', lastzero(10), 3_328],
  ['filesystem(14)', filesystem(14), 2],
  ['filesystem(16)', filesystem(16), 8],
  ['filesystem(18)', filesystem(18), 32],
  ['filesystem(19)', filesystem(19), 64],
  ['indexer(12)', indexer(12), 8],
  ['indexer(13)', indexer(13), 64],
  ['floating_read(3)', floatingRead(3), 24],
  ['floating_read(5)', floatingRead(5), 720],
  ['lastwrite(4)', lastwrite(4), 24],
  ['lastwrite(6)', lastwrite(6), 720],
  ['fib_bench(3)', fibBench(3), 1_698],
  ['ainc(4)', adders(4, 1), 24],
  ['binc(3)', adders(3, 2), 36],
  ['cinc(3)', adders(3, 3), 216],
  ['casrot(3)', casrot(3), 5],
  ['casrot(5)', casrot(5), 43],
  ['casrot(7)', casrot(7), 523],
  ['casw(2)', casw(2), 6],
  ['casw(3)', casw(3), 66],
  ['casw(4)', casw(4), 1_200],
  ['wcas(3)', wcas(3), 13],
  ['wcas(6)', wcas(6), 193],
  ['rw(2)', rw(2), 4],
  ['rw(3)', rw(3), 36],
  ['rw(4)', rw(4), 576],
  ['wainc(2)', wainc(2), 6],
  ['wainc(3)', wainc(3), 24],
  ['wainc(4)', wainc(4), 120],
  ['gup_pin(1 pinner, 1 round)', pinners(1, 1, true), 20],
  ['gup_pin(1 pinner, 2 rounds)', pinners(1, 2, true), 39],
  ['gup_pin(1 pinner, 3 rounds)', pinners(1, 3, true), 58],
  ['gup_pin(2 pinners, 1 round)', pinners(2, 1, true), 2_090],
];

/** The same, where it takes minutes: tried where GUPBOOK_LONG is set. */
const MANY_TRACES: typeof TRACES = [
  ['readers(13)', readers(13), 8_192],
  ['lastzero(15)', lastzero(15), 147_456],
  ['indexer(14)', indexer(14), 512],
  ['indexer(15)', indexer(15), 4_096],
  ['floating_read(7)', floatingRead(7), 40_320],
  ['lastwrite(7)', lastwrite(7), 5_040],
  ['fib_bench(4)', fibBench(4), 19_605],
  ['fib_bench(5)', fibBench(5), 218_243],
  ['ainc(7)', adders(7, 1), 5_040],
  ['casrot(9)', casrot(9), 8_597],
  ['casw(5)', casw(5), 32_880],
  ['wcas(9)', wcas(9), 2_305],
  ['gup_pin(2 pinners, 2 rounds)', pinners(2, 2, true), 195_370],
];

describe('traces', () => {
  test.each(TRACES)('%s', { timeout: 60_000 }, (_name, body, traces) => {
    expect(dpor(worldOf(body))).toMatchObject({ traces, exhaustive: true });
  });

  test.skipIf(process.env.GUPBOOK_LONG === undefined).each(MANY_TRACES)(
    '%s (long)',
    { timeout: 1_200_000 },
    (_name, body, traces) => {
      expect(dpor(worldOf(body), { runs: 1e6 })).toMatchObject({ traces, exhaustive: true });
    },
  );

  test.each([
    ['ainc(7)', adders(7, 1)],
    ['binc(5)', adders(5, 2)],
  ])('%s is one where additions commute', (_name, body) => {
    expect(dpor(worldOf(body), { commute: true }).traces).toBe(1);
  });
});

describe('verdicts', () => {
  test.each([
    ['pinners', pinners(2, 1, true), []],
    ['pinners that do not look again', pinners(2, 1, false), ['expect']],
    ['bios', hugePageBios(1, 2, true), []],
    ['bios with one bias for all', hugePageBios(1, 2, false), ['expect']],
  ])('%s', (_name, body, broken) => {
    expect([...dpor(worldOf(body)).broken]).toEqual(broken);
    expect(explore(body).result.broken.map(({ check }) => check)).toEqual(broken);
  });

  test('of orders that only steps behind a broken expectation show', () => {
    // The reader must come after the write, which in the first run lies behind the broken expectation.
    const body = (lab: Lab): void => {
      const x = lab.word('x', 2);
      lab.task('reader', function* () {
        hold(yield R(x)).toBe(0);
      });
      lab.task('writer', function* () {
        yield W(x, 0);
      });
    };
    const world = worldOf(body);
    const finals = new Set<string>();
    const { broken } = dpor(world, { onFinal: (read) => finals.add(valuesIn(world, read)) });
    expect([...broken]).toEqual(['expect']);
    expect([...finals]).toEqual([...explore(body).finals]);
    expect(finals.size).toBe(1);
  });

  test('of orders in which somebody waits for what additions that commute leave in between', () => {
    const body = (lab: Lab): void => {
      const x = lab.word('x', 0);
      for (const n of [1, 1, 2]) {
        lab.task(`adder ${lab.word('n', n).name}`, function* () {
          yield ADD(x, n);
        });
      }
      lab.task('waiter', function* () {
        yield WAIT(x, 1);
      });
    };
    const world = worldOf(body);
    const finals = new Set<string>();
    const { broken } = dpor(world, { commute: true, onFinal: (read) => finals.add(valuesIn(world, read)) });
    expect([...finals]).toEqual([...explore(body).finals]);
    expect([...broken]).toEqual(['deadlock']);
  });

  test('of orders in which additions that commute stand in front of a write', () => {
    const body = (lab: Lab): void => {
      const x = lab.word('x', 0);
      lab.task('adder', function* () {
        yield ADD(x, 1);
      });
      lab.task('writer', function* () {
        yield ADD(x, 0);
        yield W(x, 0);
      });
    };
    const world = worldOf(body);
    const finals = new Set<string>();
    dpor(world, { commute: true, onFinal: (read) => finals.add(valuesIn(world, read)) });
    expect([...finals].sort()).toEqual([...explore(body).finals].sort());
    expect(finals.size).toBe(2);
  });
});
