/** For every failing cell of the library, its fix mends it; for every later cell that passes, taking the fix away breaks it. */
import { afterAll, expect, test } from 'vitest';
import { BASE } from '../../main/engine/kernels/switches.ts';
import { noFindings, tryFixes } from './fixes.ts';
import { shippedFiles } from './shipped.ts';

const HALF_AN_HOUR = 30 * 60_000;
const all = noFindings();

test.each(shippedFiles())('%s: the fix is what makes the difference', { timeout: HALF_AN_HOUR }, (file) => {
  const findings = { ...all, complaints: [] };
  tryFixes(file, findings);
  expect(findings.complaints).toEqual([]);
});

/** Switches that change no verdict, and why: the states with and without are the same. */
const UNSEEN: Readonly<Record<string, string>> = {
  faultAddsRange: 'adds 0: an event of page_ref and no more',
  hugetlbUnfreezes: 'a count goes from 0 to 1 either way, by another operation',
  splitUnfreezesHead: 'a frozen count gets its value either way, by another operation',
  lruFreesByFreeze: 'the last reference goes either way, by another operation',
  slowGrabUnlessZero: 'the two differ at a count of 0, which the page-table lock rules out',
  hugepd: 'without huge page directories the notebook about them is not applicable: 7.2',
};

test('every switch makes a difference in some notebook', () => {
  const idle = Object.keys(BASE).filter((name) => !all.switches.has(name));
  expect(idle.sort()).toEqual(Object.keys(UNSEEN).sort());
});

afterAll(() => {
  const { on, off, given, none } = all.tally;
  console.info(
    `fixes: ${on} failing cells pass with the fix switched on, ${off} later cells fail with it off, ` +
      `${given} pass when a step is given back, ${none} have nothing to switch`,
  );
});
