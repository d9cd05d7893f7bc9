/** What a kernel does to those who give back wrongly: the counts, and what is said about it. */
import { describe, expect, test } from 'vitest';
import { FOLL_GET, FOLL_PIN, FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Kernel, Lab, UserMapping } from '../../../main/engine/interface.ts';
import { KERNELS } from '../../../main/engine/kernels/index.ts';
import { W } from '../../../main/engine/step.ts';
import { drive } from './linear.ts';

const PIN_KERNELS = KERNELS.filter((kernel) => kernel.switches.follPin);
const MERGED = PIN_KERNELS.filter((kernel) => !kernel.id.startsWith('pin-'));
const EXACT = MERGED.filter((kernel) => kernel.switches.hugePin === 'exact');
const ids = (kernels: readonly { readonly id: string }[]): string[] => kernels.map(({ id }) => id);

const page = (lab: Lab): UserMapping => lab.mm.mmapPage({ name: 'page' });
const thp = (lab: Lab): UserMapping => lab.mm.mmapThp({ name: 'thp' });

function* pinThenPut(lab: Lab, buf: UserMapping) {
  const pages = yield* lab.kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
  for (const pinned of pages) yield* lab.kernel.put_page(pinned);
}

function* getThenUnpin(lab: Lab, buf: UserMapping) {
  const pages = yield* lab.kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
  yield* lab.kernel.unpin_user_pages(pages);
}

describe('put_page() of a pin', () => {
  test.each(ids(PIN_KERNELS))('%s: a small page keeps 1023 too many', (id) => {
    const run = drive(id, page, pinThenPut);
    expect(run.count(run.buf.page(0), '_refcount')).toBe(1024);
    expect(run.events).toEqual([]);
  });

  test.each(ids(PIN_KERNELS))('%s: and after munmap() 1023 that nobody ever gives back', (id) => {
    const run = drive(id, page, function* (lab, buf) {
      yield* pinThenPut(lab, buf);
      yield* lab.kernel.munmap(buf);
    });
    expect(run.count(run.buf.page(0), '_refcount')).toBe(1023);
  });

  test.each(ids(EXACT))('%s: a huge page has its count right and its pincount stuck', (id) => {
    const run = drive(id, thp, pinThenPut);
    expect(run.count(run.buf.page(0), '_refcount')).toBe(1);
    expect(run.count(run.buf.page(0), 'pincount')).toBe(1);
  });

  test.each(ids(EXACT))('%s: freed so, only 7.2 finds the pincount', (id) => {
    const run = drive(id, thp, function* (lab, buf) {
      yield* pinThenPut(lab, buf);
      yield* lab.kernel.munmap(buf);
    });
    const found = id === '7.2' ? ['BUG: Bad page state: thp: nonzero pincount'] : [];
    expect(run.events).toEqual(found);
  });

  test.each(['6.12.117', '7.2.13'])('%s finds it as well', (id) => {
    const run = drive(id, thp, function* (lab, buf) {
      yield* pinThenPut(lab, buf);
      yield* lab.kernel.munmap(buf);
    });
    expect(run.events).toEqual(['BUG: Bad page state: thp: nonzero pincount']);
  });
});

describe('unpin of a reference', () => {
  test.each(ids(PIN_KERNELS))('%s: a small page goes 1023 too low, and nobody says so', (id) => {
    const run = drive(id, page, getThenUnpin);
    expect(run.count(run.buf.page(0), '_refcount')).toBe(-1022);
    expect(run.events).toEqual([]);
  });

  test.each(ids(PIN_KERNELS))('%s: the next get on it warns and is refused', (id) => {
    const run = drive(id, page, function* (lab, buf) {
      yield* getThenUnpin(lab, buf);
      const pages = yield* lab.kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
      if (pages.ret !== -12) throw new Error(`not refused: ${pages.ret}`);
    });
    expect(run.events[0]).toBe('WARN_ON_ONCE(page_ref_count(head) < 0) in try_get_compound_head()');
  });

  test.each(ids(EXACT))('%s: a huge page has its count right and its pincount at -1', (id) => {
    const run = drive(id, thp, getThenUnpin);
    expect(run.count(run.buf.page(0), '_refcount')).toBe(1);
    expect(run.count(run.buf.page(0), 'pincount')).toBe(-1);
  });

  test('debug kernels: a BUG from 5.7 to 5.13, a warning that skips the put from 5.14 to 5.17, nothing since', () => {
    const debug = { debugVm: true };
    const said = Object.fromEntries(ids(EXACT).map((id) => [id, drive(id, page, getThenUnpin, debug).events]));
    const bug = ['VM_BUG_ON_PAGE(page_ref_count(page) < refs) in put_compound_head()'];
    const warn = ['VM_WARN_ON_ONCE_PAGE(page_ref_count(page) < refs) in put_page_refs()'];
    expect(said).toEqual({
      ...{ '5.7': bug, '5.9': bug, '5.11': bug, '5.14': warn },
      ...{ '5.18': [], '5.19': [], '6.1': [], '6.5': [], '6.10': [], '7.2': [] },
    });
    const skipped = drive('5.14', page, getThenUnpin, debug);
    expect(skipped.count(skipped.buf.page(0), '_refcount')).toBe(2);
  });
});

describe('double unpin', () => {
  test.each(ids(MERGED))('%s: with exactly 1024 references left the page is freed while it is mapped', (id) => {
    const run = drive(
      id,
      (lab) => lab.mm.mmapPage({ name: 'page', keepers: 1023 }),
      function* (lab, buf) {
        const pages = yield* lab.kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
        yield* lab.kernel.unpin_user_pages(pages);
        yield* lab.kernel.unpin_user_pages(pages);
      },
    );
    expect(run.events[0]).toBe('BUG: Bad page state: page: nonzero mapcount');
  });
});

describe('wrong arguments', () => {
  test.each(ids(PIN_KERNELS))('%s: FOLL_GET with pin_user_pages(), FOLL_PIN with get_user_pages(): -EINVAL', (id) => {
    const run = drive(id, page, function* (lab, buf) {
      const { kernel } = lab;
      for (const pages of [
        yield* kernel.pin_user_pages(buf, 1, FOLL_GET),
        yield* kernel.pin_user_pages_fast(buf, 1, FOLL_GET),
        yield* kernel.get_user_pages(buf, 1, FOLL_PIN),
        yield* kernel.get_user_pages_fast(buf, 1, FOLL_PIN),
        yield* kernel.get_user_pages_fast(buf, 1, 1 << 30),
      ]) {
        if (pages.ret !== -22 || pages.length !== 0) throw new Error(`not refused: ${pages.ret}`);
      }
    });
    expect(run.count(run.buf.page(0), '_refcount')).toBe(1);
    expect(run.events).toHaveLength(5);
    expect(run.events.slice(0, 4).every((text) => text.includes('exclude each other'))).toBe(true);
    expect(run.events[4]).toContain('unknown flags');
  });

  test.each(ids(MERGED))('%s: unpin_user_pages(pages, -ENOMEM) warns and does nothing', (id) => {
    const run = drive(id, page, function* (lab) {
      yield* lab.kernel.unpin_user_pages(-12);
    });
    expect(run.events).toEqual(['WARN_ON(IS_ERR_VALUE(npages)) in unpin_user_pages()']);
    expect(run.count(run.buf.page(0), '_refcount')).toBe(1);
  });

  test.each(['6.5', '7.2'])('%s: folio_add_pin() of a page that is not pinned warns', (id) => {
    const small = drive(id, page, function* (lab, buf) {
      yield* lab.kernel.folio_add_pin(buf.page(0));
    });
    expect(small.events).toEqual(['WARN_ON_ONCE(refcount < GUP_PIN_COUNTING_BIAS) in folio_add_pin()']);
    const huge = drive(id, thp, function* (lab, buf) {
      yield* lab.kernel.folio_add_pin(buf.page(0));
    });
    expect(huge.events).toEqual(['WARN_ON_ONCE(_pincount < 1) in folio_add_pin()']);
  });
});

describe('debug kernels since 5.19', () => {
  // Only subpage 1 is exclusive, as after a fork that copied that one alone.
  function* onlyOneExclusive(buf: UserMapping) {
    for (const i of [0, 2, 3]) yield W(buf.page(i).anon_exclusive, 0);
  }
  const unpinned = (id: string, subpage: number) =>
    drive(
      id,
      (lab) => lab.mm.mmapPteThp({ name: 'thp', order: 2 }),
      function* (lab, buf) {
        yield* onlyOneExclusive(buf);
        yield* lab.kernel.pin_user_pages_fast(buf.at(1), 1, FOLL_WRITE);
        yield* lab.kernel.unpin_user_page(buf.page(subpage));
      },
      { debugVm: true },
    );

  test.each(['5.19', '6.1', '7.2'])('%s: unpin of another subpage than the pinned one is caught', (id) => {
    expect(unpinned(id, 1).events).toEqual([]);
    expect(unpinned(id, 2).events).toEqual([
      'VM_BUG_ON_PAGE(!PageAnonExclusive(thp[2])) in sanity_check_pinned_pages()',
    ]);
    expect(unpinned('5.18', 2).events).toEqual([]);
  });

  test('S26: io_uring unpins the head where it pinned a tail', () => {
    const body = (uringUnpinsHead: boolean) => {
      const kernels: Kernel[] = [];
      return drive(
        '6.12.117',
        (lab) => {
          kernels.push(lab.kernel.with({ uringUnpinsHead }));
          return lab.mm.mmapPteThp({ name: 'thp', order: 2 });
        },
        function* (lab, buf) {
          const kernel = kernels.at(-1) ?? lab.kernel;
          yield* onlyOneExclusive(buf);
          const pages = yield* kernel.io_uring_register(buf.at(1), 1);
          yield* kernel.io_uring_unregister(pages);
        },
        { debugVm: true },
      );
    };
    expect(body(false).events).toEqual([]);
    expect(body(true).events).toEqual(['VM_BUG_ON_PAGE(!PageAnonExclusive(thp)) in sanity_check_pinned_pages()']);
    expect(body(true).count(body(true).buf.page(0), 'pincount')).toBe(0);
  });

  test.each(['5.6', '5.11', '7.2'])('%s: get_page() of a free page', (id) => {
    const run = drive(
      id,
      page,
      function* (lab, buf) {
        yield* lab.kernel.munmap(buf);
        yield* lab.kernel.get_page(buf.page(0));
        yield* lab.kernel.put_page(buf.page(0));
        yield* lab.kernel.put_page(buf.page(0));
      },
      { debugVm: true },
    );
    expect(run.events[0]).toBe('VM_BUG_ON_PAGE(page_ref_zero_or_close_to_overflow(page))');
    expect(run.events).toContain('VM_BUG_ON_PAGE(page_ref_count(page) == 0) in put_page_testzero()');
  });
});
