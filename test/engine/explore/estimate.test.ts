/** How many states there will be, said when a tenth of them is there. */
import { describe, expect, test } from 'vitest';
import { hugePageBios, pinners } from '../../../bench/explore-models.ts';
import { estimateStates, probeDepth } from '../../../main/engine/explore/estimate.ts';
import { explore, worldOf } from './explore.ts';

const MODELS = [
  ['3 pinners of 3 rounds', pinners(3, 3, true)],
  ['4 pinners of 2 rounds', pinners(4, 2, true)],
  ['3 pinners with 2 bios each', hugePageBios(3, 2, true)],
] as const;

describe('an estimate', () => {
  test.each(MODELS)('of %s, at a tenth of it, is an interval that is right or close', (_name, body) => {
    const { space, frontier } = explore(body, { symmetry: false });
    const { count } = space.set;
    const sizes: number[] = [];
    for (let id = 0; id < count; id++) sizes[frontier.distanceOf(id)] = (sizes[frontier.distanceOf(id)] ?? 0) + 1;
    let seen = 0;
    const levels = sizes.findIndex((size) => {
      seen += size;
      return seen >= count / 10;
    });
    const estimate = estimateStates(sizes.slice(0, levels + 1), probeDepth(worldOf(body)));
    console.log(`${count} states, estimated ${estimate?.low} to ${estimate?.high}`);
    expect(estimate?.low).toBeLessThan(count * 1.3);
    expect(estimate?.high).toBeGreaterThan(count / 1.3);
    expect((estimate?.high ?? 0) / (estimate?.low ?? 1)).toBeLessThan(2.5);
  });

  test('is not made too early', () => {
    expect(estimateStates([1, 2, 3], 50)).toBeNull();
  });

  test('is what is there when all levels are', () => {
    const levels = [1, 4, 9, 16, 25, 16, 9, 4, 1, 1];
    const estimate = estimateStates(levels, 9);
    expect(estimate?.low).toBeGreaterThanOrEqual(86);
    expect(estimate?.high).toBeLessThan(90);
  });
});
