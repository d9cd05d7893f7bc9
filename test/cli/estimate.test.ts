/** `run --estimate` and the line that tells how far a search is. */
import { expect, test } from 'vitest';
import { progressText } from '../../main/cli/progress.ts';
import { cli, folderWith, quarrel } from './cli.ts';

test('an estimate tells how large each search is, and searches nothing', { timeout: 60_000 }, async () => {
  const cwd = folderWith({ 'a.lab.ts': quarrel(`{ '*': 'fail' }`) });
  const { status, out, err } = await cli(['run', 'a.lab.ts', '--kernel', '5.6,7.2', '--estimate'], cwd);
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const size = '\\d+ states, about [\\d^.]+ orders \\([\\d^.]+ to [\\d^.]+\\)';
  expect(out).toMatch(
    new RegExp(
      `^a\\.lab\\.ts\\n  get and put / 5\\.6: ${size}\\n  get and put / 7\\.2: ${size}\\n  a count above one / 5\\.6: ${size}\\n`,
    ),
  );
});

test('progress tells states, frontier, depth, rate, bytes and an estimate', () => {
  const progress = {
    experiment: 'e',
    kernel: '7.2',
    states: 1_200_000,
    transitions: 4e6,
    frontier: 300_000,
    depth: 40,
  };
  expect(progressText({ ...progress, bytes: 24 * 2 ** 20, estimate: { low: 4.1e6, high: 5.2e6 } }, 1.1e6)).toBe(
    '1,200,000 of about 4.1 M to 5.2 M states, 300,000 to look at, 40 steps deep, 1.1 M/s, 24 MB',
  );
  expect(progressText({ ...progress, estimate: null }, 950)).toBe(
    '1,200,000 states, 300,000 to look at, 40 steps deep, 950/s',
  );
});
