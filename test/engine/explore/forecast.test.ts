/** How large a search will be, told before it is made. */
import { describe, expect, test } from 'vitest';
import { pinners } from '../../../bench/explore-models.ts';
import { estimateOrders, forecast } from '../../../main/engine/explore/forecast.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { ADD, CHOOSE, R } from '../../../main/engine/step.ts';
import { kernel } from '../harness.ts';
import { worldOf } from './explore.ts';
import { everyOrder } from './naive.ts';

const crossing =
  (actors: number, steps: number) =>
  (lab: Lab): void => {
    const word = lab.word('word', 0);
    for (let i = 0; i < actors; i++) {
      lab.task(`task ${i}`, function* () {
        for (let n = 0; n < steps; n++) yield ADD(word, 1);
      });
    }
  };

describe('probes', () => {
  test.each([
    ['two actors of four steps', crossing(2, 4)],
    ['three actors of two steps', crossing(3, 2)],
    [
      'a choice that decides how much is to do',
      (lab: Lab): void => {
        const word = lab.word('word', 0);
        lab.task('other', function* () {
          yield R(word);
        });
        lab.task('chooser', function* () {
          const n = yield CHOOSE(4);
          for (let i = 0; i < n; i++) yield ADD(word, 1);
        });
      },
    ],
  ])('of %s tell the number of orders, within the interval that they give', (_what, body) => {
    const orders = everyOrder(body, 10_000)?.orders ?? 0;
    for (const seed of [1, 2, 3]) {
      const { low = 0, high = 0 } = estimateOrders(worldOf(body), seed) ?? {};
      expect(10 ** low).toBeLessThan(orders * 1.2);
      expect(10 ** high).toBeGreaterThan(orders / 1.2);
    }
  });

  test('of what need not end say so', () => {
    const body = (lab: Lab): void => {
      const word = lab.word('word', 0);
      lab.task('spinner', function* () {
        while ((yield R(word)) === 0);
      });
    };
    expect(estimateOrders(worldOf(body))).toBeNull();
  });
});

describe('a forecast', () => {
  const told = (cpus: number, rounds: number) =>
    forecast({ name: 'pinners', options: {}, body: pinners(cpus, rounds, true), line: 1 }, kernel('7.2'), {
      budget: { states: 1, seconds: 1 },
      host: { now: () => performance.now(), progress() {} },
      scriptName: '',
      nameFinder: () => null,
      explain: (error) => ({ message: String(error), line: 0, column: 0, stack: '' }),
    });

  test('of a small search is its size', () => {
    expect(told(2, 1).notes.join()).toMatch(/^235 states, about 10\^\d/);
    expect(told(2, 1)).toMatchObject({ verdict: 'inconclusive', exhaustive: false, failures: [] });
  });

  test('of a large search is an interval that is right or close', () => {
    const [, low = '', high = ''] = /^about ([\d,]+) to ([\d,]+) states/.exec(told(4, 3).notes.join()) ?? [];
    const number = (text: string): number => Number(text.replaceAll(',', ''));
    console.log(`191,151 states, estimated ${low} to ${high}`);
    expect(number(low)).toBeLessThan(191_151 * 1.3);
    expect(number(high)).toBeGreaterThan(191_151 / 1.3);
  });
});
