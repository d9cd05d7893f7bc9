import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemsOf, shareOf, unitsOf } from '../../main/cli/units.ts';
import { KERNELS } from '../../main/engine/kernels/index.ts';
import { holds } from '../lab/property.ts';
import { cli, folderWith, QUIET, quarrel } from './cli.ts';

const key = (item: object) => JSON.stringify(item);
const ids = KERNELS.map(({ id }) => id);
const plan = fc
  .array(fc.record({ line: fc.integer({ min: 1, max: 9 }), kernels: fc.subarray(ids) }), { maxLength: 6 })
  .map((list) => list.map((one, i) => ({ ...one, name: `experiment ${i}` })));

describe('shares of the work', () => {
  test('hold every item once, and differ by one item at most', () => {
    const work = fc.record({ plans: fc.array(plan, { maxLength: 4 }), count: fc.integer({ min: 1, max: 9 }) });
    holds(work, ({ plans, count }) => {
      const items = plans.flatMap((one, notebook) => itemsOf(notebook, one));
      const shares = Array.from({ length: count }, (_, i) => shareOf(items, { index: i + 1, count }));
      expect(shares.flat().map(key).sort()).toEqual(items.map(key).sort());
      const sizes = shares.map((share) => share.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    });
  });

  test('become units that run every item once', () => {
    holds(fc.record({ one: plan, parts: fc.integer({ min: 1, max: 8 }) }), ({ one, parts }) => {
      const items = itemsOf(0, one);
      const run = unitsOf(items, parts).flatMap(({ notebook, kernels, lines }) =>
        (kernels ?? []).flatMap((kernel) => (lines ?? []).map((line) => ({ notebook, line, kernel }))),
      );
      expect(run.map(key).sort()).toEqual(items.map(key).sort());
    });
  });

  test('of real notebooks add up to the whole run', async () => {
    const cwd = folderWith({ 'a.lab.ts': quarrel(`{ '*': 'fail' }`), 'b.lab.ts': QUIET });
    const run = async (...options: string[]) => {
      const { status, out } = await cli(['run', '.', '--kernel', '5.6,pin-v5,7.2', '--json', '-', ...options], cwd);
      expect(status).toBe(0);
      return JSON.parse(out).results.map((result: object) => JSON.stringify({ ...result, seconds: 0 }));
    };
    const shares = [
      await run('--shard', '1/4'),
      await run('--shard', '2/4'),
      await run('--shard', '3/4'),
      await run('--shard', '4/4'),
    ];
    expect(shares.map((share) => share.length)).toEqual([3, 2, 2, 2]);
    expect(shares.flat().sort()).toEqual((await run()).sort());
  });

  test('may be empty', async () => {
    const cwd = folderWith({ 'b.lab.ts': QUIET });
    const { status, out } = await cli(['run', '.', '--kernel', '5.6', '--shard', '2/2'], cwd);
    expect(status).toBe(0);
    expect(out).toContain('nothing to run');
  });
});
