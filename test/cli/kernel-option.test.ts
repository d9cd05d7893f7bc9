import { describe, expect, test } from 'vitest';
import { kernelsNamed, nearestIds } from '../../main/cli/kernel-option.ts';
import { KERNELS } from '../../main/engine/kernels/index.ts';

describe('--kernel', () => {
  test('leaves the choice to the experiments where it is not given', () => {
    expect(kernelsNamed(undefined)).toBeNull();
  });
  test('gives ids in the order of history, each once', () => {
    expect(kernelsNamed('7.2, pin-v5,5.6,7.2')).toEqual(['5.6', 'pin-v5', '7.2']);
  });
  test('all names every revision', () => {
    expect(kernelsNamed('pin-v5,all')).toEqual(KERNELS.map(({ id }) => id));
  });
  test('recorded names the stable kernels that recordings were made on', () => {
    expect(kernelsNamed('recorded,7.2')).toEqual(['7.2', '5.10.262', '6.1.192', '6.12.117', '6.18', '7.2.13']);
    expect(kernelsNamed('6.1.192')).toEqual(['6.1.192']);
  });
  test.each([
    ['v5', 'pin-v5'],
    ['pinv6', 'pin-v6'],
    ['PIN-V7', 'pin-v7'],
    ['5.20', '5.9'],
    ['7.3', '7.2'],
    ['bias', '5.7-bias'],
  ])('%s is near %s', (typed, meant) => {
    const ids = KERNELS.map(({ id }) => id);
    expect(nearestIds(typed, ids)).toContain(meant);
    expect(() => kernelsNamed(typed)).toThrow(meant);
  });
});
