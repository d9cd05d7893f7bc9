/** A few mutants of the model, always the same ones: the tests must catch nearly all. `npm run mutate` takes them all. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SAMPLE = 60;

test('mutants of the model are caught', { timeout: 1_200_000 }, () => {
  const run = join(import.meta.dirname, 'run.mjs');
  const options = ['--quick', '--sample', String(SAMPLE), '--seed', '2', '--jobs', '1', '--least', '0', '--json'];
  const { stdout, stderr, status } = spawnSync(process.execPath, [run, ...options], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  expect(status, stderr).toBe(0);
  const { mutants, share, survivors } = JSON.parse(stdout);
  expect(mutants).toBe(SAMPLE);
  expect(share, `not caught: ${survivors.join('; ')}`).toBeGreaterThanOrEqual(85);
});
