/** For every failing cell of the library, its fix mends it; for every later cell that passes, taking the fix away breaks it. */
import { afterAll, expect, test } from 'vitest';
import { noFindings, tryFixes } from './fixes.ts';
import { shippedFiles } from './shipped.ts';

const HALF_AN_HOUR = 30 * 60_000;
const all = noFindings();

test.each(shippedFiles())('%s: the fix is what makes the difference', { timeout: HALF_AN_HOUR }, (file) => {
  const findings = { ...all, complaints: [] };
  tryFixes(file, findings);
  expect(findings.complaints).toEqual([]);
});

afterAll(() => {
  const { on, off, given, none } = all.tally;
  console.info(
    `fixes: ${on} failing cells pass with the fix switched on, ${off} later cells fail with it off, ` +
      `${given} pass when a step is given back, ${none} have nothing to switch`,
  );
});
