/**
 * SPIN agrees with the explorer on what ships: on the verdict and, where nothing breaks, on the number of states and of
 * transitions. Here small models under two kernels; `npm run spin` takes all.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { spinIsMissing } from '../../bench/explore-spin.ts';
import { KERNELS } from '../../main/engine/kernels/index.ts';
import { kernelsOf } from './cells.ts';
import { shipped, shippedFiles } from './shipped.ts';
import { disagreement, expressed } from './spin.ts';

const all = process.env.GUPBOOK_SPIN === 'all';
/** Larger experiments are told as "too many states", never as agreeing. */
const MOST = Number(process.env.GUPBOOK_SPIN_STATES ?? (all ? 100_000 : 250));
const kernels = new Set(all ? KERNELS.map(({ id }) => id) : ['pin-v5', '7.2']);
const HOURS = 6 * 3_600_000;

const missing = spinIsMissing();
if (missing !== null) console.log(`SPIN is not asked about the shipped experiments: ${missing}`);

/** Models that SPIN was asked about: kernels that an experiment cannot tell apart have one. */
const seen = new Set<string>();
const counts = new Map<string, number>();
const count = (what: string): number => counts.set(what, (counts.get(what) ?? 0) + 1).get(what) ?? 0;

describe.skipIf(missing !== null)('SPIN agrees on', () => {
  test.each(shippedFiles())('%s', { timeout: HOURS }, (file) => {
    const complaints: string[] = [];
    for (const experiment of shipped(file).experiments) {
      for (const kernel of kernelsOf(experiment).filter(({ id }) => kernels.has(id))) {
        const found = expressed(experiment, kernel, MOST);
        if ('reason' in found) {
          count(found.reason);
          continue;
        }
        count(found.breaks ? 'fail' : 'pass');
        if (seen.has(found.model)) continue;
        seen.add(found.model);
        count('models');
        const complaint = disagreement(found);
        if (complaint !== null) complaints.push(`${experiment.name}, ${kernel.id}: ${complaint}`);
      }
    }
    expect(complaints).toEqual([]);
  });

  test('at least some of both verdicts', () => {
    expect(counts.get('pass') ?? 0).toBeGreaterThan(0);
    expect(counts.get('fail') ?? 0).toBeGreaterThan(0);
  });
});

afterAll(() => {
  const told = [...counts].map(([what, n]) => `${n} ${what}`).join(', ');
  if (told !== '') console.info(`shipped experiments for SPIN, of at most ${MOST} states: ${told}`);
});
