/** What is too large to search: runs left to chance find failures, shorten them, and never prove anything. */
import { describe, expect, test, vi } from 'vitest';
import { pinners } from '../../../bench/explore-models.ts';
import { Chance } from '../../../main/engine/explore/chance.ts';
import { anybody, byPriority, byWorkLeft } from '../../../main/engine/explore/schedulers.ts';
import { verifyFailure } from '../../../main/engine/explore/verify.ts';
import { walk } from '../../../main/engine/explore/walks.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { expect as hold } from '../../../main/engine/observe.ts';
import { ADD, ADDR, R, W } from '../../../main/engine/step.ts';
import { run } from '../harness.ts';
import { worldOf } from './explore.ts';

// Ends a hang.
vi.setConfig({ testTimeout: 120_000 });

const MANY = { seed: 7, runs: 600, steps: 10_000, total: 100_000 };

/** Far too many states, and a failure that needs one actor to come between two steps of another. */
function large(lab: Lab): void {
  const [flag, sum] = [lab.word('flag', 0), lab.word('sum', 0)];
  for (let i = 0; i < 6; i++) {
    const own = lab.word(`own ${i}`, i);
    lab.task(`busy ${i}`, function* () {
      for (let n = 0; n < 20; n++) yield ADD(own, i + 1);
    });
  }
  const busy = lab.word('busy', 0);
  lab.task('writer', function* () {
    for (let n = 0; n < 12; n++) yield W(busy, n);
    yield W(flag, 1);
    yield W(flag, 0);
  });
  lab.task('reader', function* () {
    for (let n = 0; n < 12; n++) yield R(busy);
    const seen = yield R(flag);
    hold(yield ADDR(sum, seen)).toBe(0);
  });
}

describe('runs left to chance', () => {
  test('find the failure of pinners that do not look again, and shorten it', () => {
    const { broken } = walk(worldOf(pinners(3, 3, false)), MANY);
    expect(broken.map(({ check }) => check)).toEqual(['expect']);
    expect(broken[0]?.path.length).toBeLessThanOrEqual(18);
  });

  test('are the same for the same seed, and others for another', () => {
    const paths = [7, 7, 8].map((seed) => walk(worldOf(large), { ...MANY, seed }).broken[0]?.path);
    expect(paths[0]).toEqual(paths[1]);
    expect(walk(worldOf(large), { ...MANY, seed: 8 }).note).not.toBe(walk(worldOf(large), MANY).note);
  });

  test('make a failure of a search that its budget ended', () => {
    const result = run('7.2', large, { states: 5000 });
    expect(result).toMatchObject({ verdict: 'fail', exhaustive: false, limit: 'states' });
    const [failure] = result.failures;
    expect(
      failure?.trace.actors.filter((_, i) => failure.trace.schedule.split(/[.x]/).includes(`${i}`)).length,
    ).toBeLessThan(5);
    expect(failure === undefined ? 'none' : verifyFailure(failure)).toBeNull();
    expect(result.notes.join()).toMatch(/random runs \(seed 1\) found 1 broken check/);
  });

  test('never make a pass', () => {
    const result = run('7.2', pinners(4, 3, true), { states: 5000 });
    expect(result).toMatchObject({ verdict: 'inconclusive', exhaustive: false, failures: [] });
    expect(result.notes.join()).toMatch(
      /\d+ random runs \(seed 1\) found nothing: .* with a probability of at least 0\.\d+/,
    );
  });
});

describe('who goes next', () => {
  const enabled = [0, 1, 2];

  test('anybody, about as often', () => {
    const scheduler = anybody(new Chance(1));
    const counts = [0, 0, 0];
    for (let i = 0; i < 3000; i++) {
      const chosen = scheduler.choose(enabled, i);
      counts[chosen] = (counts[chosen] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test('the one with the highest priority, which changes depth - 1 times', () => {
    for (let seed = 0; seed < 50; seed++) {
      const scheduler = byPriority(new Chance(seed), 100, 3);
      const chosen = Array.from({ length: 100 }, (_, step) => scheduler.choose(enabled, step));
      const switches = chosen.filter((actor, i) => i > 0 && actor !== chosen[i - 1]).length;
      expect(switches).toBeLessThanOrEqual(2);
    }
  });

  test('in proportion to the work that is left', () => {
    const scheduler = byWorkLeft(
      new Chance(1),
      new Map([
        [0, 90],
        [1, 10],
        [2, 0],
      ]),
    );
    const chosen = Array.from({ length: 50 }, (_, step) => scheduler.choose(enabled, step));
    expect(chosen.filter((actor) => actor === 0).length).toBeGreaterThan(35);
  });
});
