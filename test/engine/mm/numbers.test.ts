/** Numbers that a kernel developer would check first: how far counts reach, and what a lost race leaves behind. */
import { describe, expect, test } from 'vitest';
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Lab, UserMapping } from '../../../main/engine/interface.ts';
import { KERNELS } from '../../../main/engine/kernels/index.ts';
import { drive } from './linear.ts';

const BIAS_PER_PAGE = ['pin-v6', 'pin-v7', '5.7-bias'];
const EXACT = KERNELS.filter(({ switches }) => switches.follPin && switches.hugePin === 'exact').map(({ id }) => id);

/** Pins all of a mapping again and again; tells the head's count at the end, and which pin was refused (0 for none). */
function pinnedWhole(id: string, build: (lab: Lab) => UserMapping, npages: number, times: number) {
  const refusals: number[] = [];
  const run = drive(id, build, function* (lab, buf) {
    for (let i = 1; i <= times; i++) {
      const pages = yield* lab.kernel.pin_user_pages_fast(buf, npages, FOLL_WRITE);
      if (pages.ret !== npages) refusals.push(i);
    }
  });
  const refused = refusals[0] ?? 0;
  return { run, refused, count: run.count(run.buf.page(0), '_refcount') };
}

const thp = (lab: Lab): UserMapping => lab.mm.mmapThp({ name: 'buf' });
const gigantic = (lab: Lab): UserMapping => lab.mm.mmapHugetlb({ name: 'buf', order: 18 });

describe('room for pins', () => {
  test.each(BIAS_PER_PAGE)('%s: the 4096th pin of a whole 2 MB page is negative, the 4097th refused', (id) => {
    expect(pinnedWhole(id, thp, 512, 4095).count).toBe(4095 * 512 * 1024 + 1);
    const full = pinnedWhole(id, thp, 512, 4096);
    expect(full.refused).toBe(0);
    expect(full.count).toBe(-(2 ** 31) + 1);
    const over = pinnedWhole(id, thp, 512, 4097);
    expect(over.refused).toBe(4097);
    expect(over.run.events[0]).toMatch(/^WARN_ON_ONCE/);
  });

  test.each(BIAS_PER_PAGE)('%s: the 8th pin of a whole 1 GB page is negative, the 9th refused', (id) => {
    expect(pinnedWhole(id, gigantic, 262_144, 7).count).toBe(7 * 2 ** 28 + 1);
    const full = pinnedWhole(id, gigantic, 262_144, 8);
    expect([full.refused, full.count]).toEqual([0, -(2 ** 31) + 1]);
    expect(pinnedWhole(id, gigantic, 262_144, 9).refused).toBe(9);
  });

  test.each(EXACT)('%s: of a 1 GB page it takes 8192 whole pins', (id) => {
    const full = pinnedWhole(id, gigantic, 262_144, 8192);
    expect([full.refused, full.count]).toEqual([0, -(2 ** 31) + 1]);
    expect(full.run.count(full.run.buf.page(0), 'pincount')).toBe(-(2 ** 31));
    expect(pinnedWhole(id, gigantic, 262_144, 8193).refused).toBe(8193);
  });

  test.each(['5.7-bias', '5.9', '7.2'])('%s: a small page has room for 2^21 - 1 pins', (id) => {
    // The others' pins are keepers: 2097150 of them, the mapping's own reference, and one pin more.
    const others = (2 ** 21 - 2) * 1024;
    const pin = (n: number) =>
      drive(
        id,
        (lab) => lab.mm.mmapPage({ name: 'page', keepers: others }),
        function* (lab, buf) {
          for (let i = 0; i < n; i++) yield* lab.kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
        },
      );
    const count = (n: number): number => pin(n).count(pin(n).buf.page(0), '_refcount');
    expect(count(1)).toBe((2 ** 21 - 1) * 1024 + 1);
    expect(count(2)).toBe(-(2 ** 31) + 1);
    expect(count(3)).toBe(-(2 ** 31) + 1);
    expect(pin(3).events[0]).toMatch(/^WARN_ON_ONCE/);
  });
});

describe('one pin for a whole huge page, v5', () => {
  test('after 1, 2 and 512 unpins the head is at 1, -1023 and -523263', () => {
    const after = (n: number): number => {
      const run = drive('pin-v5', thp, function* (lab, buf) {
        const pages = yield* lab.kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
        for (const page of pages.slice(0, n)) yield* lab.kernel.unpin_user_page(page);
      });
      return run.count(run.buf.page(0), '_refcount');
    };
    expect([0, 1, 2, 512].map(after)).toEqual([1025, 1, -1023, -523_263]);
  });

  test('the slow path takes one bias a subpage, and balances', () => {
    const run = drive('pin-v5', thp, function* (lab, buf) {
      const pages = yield* lab.kernel.pin_user_pages(buf, 512, FOLL_WRITE);
      for (const page of pages) yield* lab.kernel.unpin_user_page(page);
    });
    expect(run.count(run.buf.page(0), '_refcount')).toBe(1);
  });
});

describe('what pins look like', () => {
  test.each(EXACT)('%s: 512 pins of a THP are 513 references and a pincount of 512', (id) => {
    const run = drive(id, thp, function* (lab, buf) {
      yield* lab.kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
    });
    expect(run.count(run.buf.page(0), '_refcount')).toBe(513);
    expect(run.count(run.buf.page(0), 'pincount')).toBe(512);
    expect(run.vmstat('nr_foll_pin_acquired')).toBe(512);
  });

  test.each(EXACT)('%s: a pin of a small page is 1024 references', (id) => {
    const run = drive(
      id,
      (lab) => lab.mm.mmapPage({ name: 'page' }),
      function* (lab, buf) {
        yield* lab.kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
      },
    );
    expect(run.count(run.buf.page(0), '_refcount')).toBe(1025);
  });

  test.each([
    ['5.14', false],
    ['5.18', true],
  ])('%s: a compound page of order 1 has a pincount: %s', (id, exact) => {
    const run = drive(
      id,
      (lab) => lab.mm.mmapThp({ name: 'thp', order: 1 }),
      function* (lab, buf) {
        yield* lab.kernel.pin_user_pages_fast(buf, 2, FOLL_WRITE);
      },
    );
    expect(run.count(run.buf.page(0), '_refcount')).toBe(exact ? 3 : 2049);
    expect(run.count(run.buf.page(0), 'pincount')).toBe(exact ? 2 : 0);
  });
});
