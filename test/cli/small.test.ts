import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataFolder } from '../../main/cli/data-folder.ts';
import { inParallel } from '../../main/cli/pool.ts';
import { differs, statusOf } from '../../main/cli/status.ts';
import { holds, seed } from '../lab/property.ts';

describe('the data folder', () => {
  test.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', {}, join('/home/u', '.config/gupbook')],
    ['linux', { XDG_CONFIG_HOME: '/x' }, join('/x', 'gupbook')],
    ['darwin', {}, join('/home/u', 'Library/Application Support/gupbook')],
    ['win32', { APPDATA: '/roaming' }, join('/roaming', 'gupbook')],
    ['linux', { GUPBOOK_USER_DATA: '/own', XDG_CONFIG_HOME: '/x' }, '/own'],
  ])('on %s with %j is %s', (platform, env, folder) => {
    expect(dataFolder(env, '/home/u', platform)).toBe(folder);
  });
});

describe('work in parallel', () => {
  test('is done once each, in order, by no more than so many at a time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5)), fc.integer({ min: 1, max: 5 }), async (ticks, jobs) => {
        let busy = 0;
        let most = 0;
        const values = await inParallel(ticks, jobs, async (wait, index) => {
          most = Math.max(most, ++busy);
          for (let i = 0; i < wait; i++) await null;
          busy--;
          return index;
        });
        expect(values).toEqual(ticks.map((_, index) => index));
        expect(most).toBeLessThanOrEqual(jobs);
      }),
      { seed },
    );
  });

  test('starts nothing more after a failure', async () => {
    const started: number[] = [];
    const work = async (item: number) => {
      started.push(item);
      await null;
      if (item === 2) throw new Error('two');
    };
    await expect(inParallel([1, 2, 3, 4, 5, 6], 2, work)).rejects.toThrow('two');
    const count = started.length;
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(started.length).toBe(count);
    expect(started).not.toContain(6);
  });
});

describe('a status', () => {
  const verdict = fc.constantFrom('pass', 'fail', 'inconclusive', 'not-applicable', 'error');
  const judged = fc.record({ verdict, expected: fc.option(verdict), asExpected: fc.boolean() });

  test('is never 0 where a search was cut off that nobody expected to be', () => {
    holds(fc.array(judged), (results) => {
      const cut = { verdict: 'inconclusive', expected: null, asExpected: true } as const;
      expect(statusOf([...results, cut])).not.toBe(0);
    });
  });

  test('does not depend on the order', () => {
    holds(fc.array(judged), (results) => {
      expect(statusOf([...results].reverse())).toBe(statusOf(results));
    });
  });

  test('of a verdict that differs is told by the mark in the table too', () => {
    holds(judged, (result) => {
      expect(differs(result)).toBe(statusOf([result]) === 1);
    });
  });
});
