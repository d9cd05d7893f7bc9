/** `verify`: the verdict of the second search beside that of the first. */
import { describe, expect, test } from 'vitest';
import { hugePageBios, pinners } from '../../../bench/explore-models.ts';
import { secondOpinion } from '../../../main/engine/explore/second-opinion.ts';
import { run } from '../harness.ts';
import { explore, worldOf } from './explore.ts';

describe('a second opinion', () => {
  test.each([
    ['a pass', pinners(2, 1, true), 'pass'],
    ['a failure', pinners(2, 1, false), 'fail'],
    ['bios', hugePageBios(1, 2, true), 'pass'],
  ])('agrees with %s', (_what, body, verdict) => {
    const result = run('7.2', body, { verify: true });
    expect(result.verdict).toBe(verdict);
    expect(result.notes.join()).toMatch(/second opinion: all \d+ traces/);
  });

  test('says so where it does not agree', () => {
    const { result } = explore(pinners(2, 1, false));
    const opinion = secondOpinion(worldOf(pinners(2, 1, true)), result, new Set());
    expect(opinion).toEqual({
      agrees: false,
      note: 'the two searches contradict each other on: expect. This is an error of Gupbook',
    });
  });
});
