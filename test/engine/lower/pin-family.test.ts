/** Generators written as an author would write them come to the very states of a step table made by hand. */
import { describe, expect, test } from 'vitest';
import { hugePageBios, pinners } from '../../../bench/explore-models.ts';
import { run } from '../harness.ts';

/** Exact counts of SPIN 6.5.2 (-o3, -DNOREDUCE) and TLC for the same step table: states, edges, depth, end states. */
const PINNERS = [
  [2, 1, 421, 995, 14, 2],
  [2, 2, 1_548, 3_909, 26, 2],
  [3, 1, 4_012, 12_720, 19, 2],
  [3, 2, 30_720, 105_002, 36, 2],
  [3, 3, 103_166, 361_102, 54, 2],
  [4, 1, 43_575, 174_157, 24, 2],
] as const;

/** Sizes L and XL: tried where GUPBOOK_LONG is set. */
const LARGE = [
  [4, 2, 723_792, 3_131_667, 48],
  [4, 3, 3_795_287, 16_825_581, 72],
  [4, 4, 12_251_112, 54_941_059, 96],
] as const;

/** Pinners, bios each, states, edges. */
const BIOS = [
  [1, 2, 123, 234],
  [2, 2, 2_692, 8_493],
  [2, 3, 21_682, 105_107],
  [3, 2, 73_718, 324_650],
] as const;

/** Every step is a transition and every state is its own. */
const UNREDUCED = { fuse: false, symmetry: false };

describe('the pin family', () => {
  test.each(PINNERS)('%i pinners of %i rounds have exactly %i states', (cpus, rounds, states, edges, depth, ends) => {
    const result = run('7.2', pinners(cpus, rounds, true), { search: UNREDUCED });
    expect(result).toMatchObject({ verdict: 'pass', exhaustive: true, states, transitions: edges, depth });
    expect(result.executions).toBe(ends);
    expect(result.notes).toEqual([]);
  });

  test.skipIf(process.env.GUPBOOK_LONG === undefined).each(LARGE)(
    '%i pinners of %i rounds have exactly %i states (long)',
    { timeout: 600_000 },
    (cpus, rounds, states, edges, depth) => {
      const result = run('7.2', pinners(cpus, rounds, true), { search: UNREDUCED, states: 1e8, seconds: 600 });
      expect(result).toMatchObject({ verdict: 'pass', states, transitions: edges, depth, executions: 2 });
    },
  );

  test.each([
    [2, 1],
    [2, 2],
    [3, 3],
    [4, 3],
  ])('%i pinners of %i rounds that do not look again break in 9 steps and 2 switches', (cpus, rounds) => {
    const result = run('7.2', pinners(cpus, rounds, false));
    expect(result.verdict).toBe('fail');
    const [failure] = result.failures;
    expect(failure?.trace.schedule).toBe(`0x2.${cpus}x5.0x2`);
    expect(failure?.failingStep).toBe(8);
  });
});

describe('bios of a huge page', () => {
  test.each(BIOS)('%i pinners with %i bios have exactly %i states', (cpus, bios, states, edges) => {
    const result = run('7.2', hugePageBios(cpus, bios, true), { search: UNREDUCED });
    expect(result).toMatchObject({ verdict: 'pass', states, transitions: edges, notes: [] });
  });

  test.each([
    [1, 2],
    [2, 2],
    [2, 3],
    [3, 2],
  ])('%i pinners with %i bios and one bias for all underflow in 11 steps', (cpus, bios) => {
    const [failure] = run('7.2', hugePageBios(cpus, bios, false)).failures;
    expect(failure?.message).toBe('expected at least 0, got -1023');
    expect(failure?.failingStep).toBe(10);
  });
});
