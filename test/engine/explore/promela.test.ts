/** SPIN, asked about the very same states: the outside check of lowering, search and counts at once. */
import { describe, expect, test } from 'vitest';
import { hugePageBios, pinners } from '../../../bench/explore-models.ts';
import { runSpin, spinIsMissing } from '../../../bench/explore-spin.ts';
import type { Checks } from '../../../main/engine/explore/checks.ts';
import { promelaOf } from '../../../main/engine/explore/promela.ts';
import type { SearchOptions } from '../../../main/engine/explore/search.ts';
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { page_ref_count } from '../../../main/engine/observe.ts';
import { ADD, LK, R } from '../../../main/engine/step.ts';
import { explore } from './explore.ts';

const missing = spinIsMissing();
if (missing !== null) console.log(`the comparison with SPIN is left out: ${missing}`);

function compared(body: (lab: Lab) => void, options: SearchOptions = {}) {
  const kept: Checks[] = [];
  const { result, space } = explore(body, {
    ...options,
    remember: 'always',
    symmetry: false,
    onChecks: (checks) => kept.push(checks),
  });
  const checks = kept.at(-1);
  if (checks === undefined) throw new Error('no checks');
  const spin = runSpin({ model: promelaOf(space, checks, 'test'), define: {}, table: 18 });
  return { result, spin };
}

function pinAndUnmap(lab: Lab): void {
  const { kernel } = lab;
  const buf = lab.mm.mmapThp({ name: 'buf', order: 1 });
  lab.task('pinner', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 2, FOLL_WRITE);
    for (const bio of lab.splitBios(pages, 2)) {
      lab.irq(bio.name, function* () {
        yield* kernel.bio_release_pages(bio);
      });
    }
  });
  lab.task('unmapper', function* () {
    yield* kernel.munmap(buf);
  });
}

/** The model speaks of the least int, which SPIN cannot read as a number. */
function wrapsToTheLeast(lab: Lab): void {
  const count = lab.word('count', 2 ** 31 - 1);
  lab.task('wraps', function* () {
    yield ADD(count, 1);
    yield R(count);
    yield ADD(count, -1);
  });
  lab.task('looks', function* () {
    yield R(count);
  });
}

describe.skipIf(missing !== null)('SPIN', () => {
  test.each([
    ['2 pinners of 2 rounds', pinners(2, 2, true), { fuse: false }],
    ['3 pinners of 1 round', pinners(3, 1, true), { fuse: false }],
    ['bios of a huge page', hugePageBios(2, 2, true), { fuse: false }],
    ['a count that wraps', wrapsToTheLeast, { fuse: false }],
    ['pin and unmap in the kernel', pinAndUnmap, {}],
    ['pin and unmap in the kernel, step by step', pinAndUnmap, { fuse: false }],
  ])('stores exactly the states of %s', { timeout: 120_000 }, (_name, body, options) => {
    const { result, spin } = compared(body, options);
    expect(result.broken).toEqual([]);
    expect(spin).toMatchObject({ errors: 0, states: result.states, transitions: result.transitions + 1 });
  });

  test.each([
    ['an expectation', pinners(2, 1, false)],
    [
      'a deadlock',
      (lab: Lab): void => {
        const lock = lab.lock('lock');
        lab.task('A', function* () {
          yield LK(lock);
          yield LK(lock);
        });
      },
    ],
    [
      'a condition in the end',
      (lab: Lab): void => {
        pinAndUnmap(lab);
        const page = lab.mm.mmapPage({ name: 'page' });
        lab.finally('nobody has the page', () => page_ref_count(page) === 0);
      },
    ],
  ])('finds %s broken, too', { timeout: 120_000 }, (_name, body) => {
    const { result, spin } = compared(body);
    expect(result.broken.length).toBeGreaterThan(0);
    expect(spin.errors).toBe(1);
  });
});
