/** The seed's argument in numbers: what the postings did to a 2 MB page, and what merged kernels do. */
import { describe, expect, test } from 'vitest';
import { verifyFailure } from '../../main/engine/explore/verify.ts';
import { FOLL_WRITE } from '../../main/engine/flags.ts';
import type { Lab } from '../../main/engine/interface.ts';
import { KERNELS } from '../../main/engine/kernels/index.ts';
import { page_ref_count, pins_held } from '../../main/engine/observe.ts';
import { stepCount } from '../../main/engine/trace.ts';
import { failure, finalValue, run } from './harness.ts';

const PIN_KERNELS = KERNELS.filter((kernel) => kernel.switches.follPin).map((kernel) => kernel.id);

function perPage(lab: Lab): void {
  const buf = lab.mm.mmapThp({ name: 'buf' });
  lab.task('driver', function* () {
    const pages = yield* lab.kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
    for (const page of pages) yield* lab.kernel.unpin_user_page(page);
  });
  lab.finally('given back', () => page_ref_count(buf) === 1);
}

function twoBios(how: 'get' | 'pin') {
  return (lab: Lab): void => {
    const buf = lab.mm.mmapThp({ name: 'buf', order: 4 });
    const { kernel } = lab;
    lab.task('submit', function* () {
      const pages =
        how === 'pin'
          ? yield* kernel.pin_user_pages_fast(buf, 16, FOLL_WRITE)
          : yield* kernel.get_user_pages_fast(buf, 16, FOLL_WRITE);
      for (const bio of lab.splitBios(pages, 2)) {
        lab.irq(bio.name, function* () {
          yield* kernel.bio_release_pages(bio);
        });
      }
    });
  };
}

describe('success path (one pin for a whole huge page)', () => {
  test('v5: the first unpin already reads "not pinned", and the end is -523263', () => {
    const result = run('pin-v5', perPage);
    expect(result.verdict).toBe('fail');
    const first = result.failures[0];
    expect(first?.check).toMatch(/^I4/);
    expect(first?.message).toBe('buf reads "not pinned" (buf._refcount is 1), but 511 pin(s) are held');
    expect(finalValue(failure(result, 'given back').trace, 'buf._refcount')).toBe(-523263);
  });

  test.each(PIN_KERNELS.filter((id) => id !== 'pin-v5'))('%s balances', (id) => {
    expect(run(id, perPage).verdict).toBe('pass');
  });
});

describe('two bios', () => {
  test.each(KERNELS.map((kernel) => kernel.id))('%s: FOLL_GET balances in every order', (id) => {
    expect(run(id, twoBios('get')).verdict).toBe('pass');
  });

  test.each(PIN_KERNELS)('%s: FOLL_PIN fails only on v5', (id) => {
    expect(run(id, twoBios('pin')).verdict).toBe(id === 'pin-v5' ? 'fail' : 'pass');
  });

  test('5.6 has no FOLL_PIN', () => {
    expect(run('5.6', twoBios('pin')).verdict).toBe('not-applicable');
  });
});

describe('race path (undo after the re-check)', () => {
  const undo =
    (start: number) =>
    (lab: Lab): void => {
      const buf = lab.mm.mmapThp({ name: 'buf', keepers: 1 });
      lab.task('gup', function* () {
        yield* lab.kernel.pin_user_pages_fast_only(buf.at(start), 512 - start, FOLL_WRITE);
      });
      lab.task('munmap', function* () {
        yield* lab.kernel.munmap(buf);
      });
      lab.finally('balanced', () => pins_held(buf) > 0 || page_ref_count(buf) === 1);
    };

  test.each([
    ['pin-v5', 0, 513],
    ['pin-v5', 256, 1025],
    ['pin-v6', 0, 523_777],
    ['pin-v6', 256, 261_889],
  ])('%s from subpage %i leaves the head at %i', (id, start, head) => {
    const result = run(id, undo(start), { options: { without: ['I4'] } });
    expect(finalValue(failure(result, 'balanced').trace, 'buf._refcount')).toBe(head);
  });

  test('v5 from subpage 256 leaves the tail at -256', () => {
    const broken = failure(run('pin-v5', undo(256)), 'I3');
    expect(finalValue(broken.trace, 'buf[256]._refcount')).toBe(-256);
  });

  test('the PTE walk of v5, v6 and v7 leaks 1023 a race', () => {
    for (const id of PIN_KERNELS) {
      const result = run(id, (lab) => {
        const page = lab.mm.mmapPage({ name: 'page', keepers: 1 });
        lab.task('gup', function* () {
          const pages = yield* lab.kernel.pin_user_pages_fast_only(page, 1, FOLL_WRITE);
          yield* lab.kernel.unpin_user_pages(pages);
        });
        lab.task('munmap', function* () {
          yield* lab.kernel.munmap(page);
        });
      });
      const broken = id.startsWith('pin-v');
      expect([id, result.verdict]).toEqual([id, broken ? 'fail' : 'pass']);
      if (broken) expect(finalValue(failure(result, 'I2').trace, 'page._refcount')).toBe(1024);
    }
  });
});

describe('records', () => {
  test('every failure replays from its recorded operations, and a changed record does not', () => {
    const result = run('pin-v5', perPage);
    expect(result.failures.length).toBeGreaterThan(1);
    for (const broken of result.failures) {
      expect(verifyFailure(broken)).toBeNull();
      expect(broken.failingStep).toBe(stepCount(broken.trace) - 1);
      const steps = broken.trace.steps.slice();
      steps[6] = (steps[6] ?? 0) + 1;
      expect(verifyFailure({ ...broken, trace: { ...broken.trace, steps } })).toMatch(/^step 1: /);
    }
  });
});
