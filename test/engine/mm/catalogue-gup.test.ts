/** Known bugs of taking and giving back (S01 to S07), each with its row of the matrix. */
import { describe } from 'vitest';
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { expect, page_maybe_dma_pinned, page_ref_count, pins_held } from '../../../main/engine/observe.ts';
import { changed, row } from './row.ts';

describe('S01 one pin for a whole huge page', () => {
  row('success path', '-  B  ok ok ok  ok ok ok ok  ok ok ok  ok ok ok', (lab) => {
    const buf = lab.mm.mmapThp({ order: 4 });
    lab.task('driver', function* () {
      const pages = yield* lab.kernel.pin_user_pages_fast(buf, 16, FOLL_WRITE);
      for (const page of pages) yield* lab.kernel.unpin_user_page(page);
    });
  });
});

describe('S02 wrong undo of a huge pin', () => {
  const body =
    (start: number) =>
    (lab: Lab): void => {
      const buf = lab.mm.mmapThp({ order: 3, keepers: 1 });
      lab.task('gup', function* () {
        const pages = yield* lab.kernel.pin_user_pages_fast_only(buf.at(start), 8 - start, FOLL_WRITE);
        yield* lab.kernel.unpin_user_pages(pages);
      });
      lab.task('munmap', function* () {
        yield* lab.kernel.munmap(buf);
      });
    };
  for (const start of [0, 4]) {
    row(`from subpage ${start}`, '-  B  B  ok ok  ok ok ok ok  ok ok ok  ok ok ok', body(start), {
      by: ['I2', 'I3'],
    });
  }
});

describe('S03 undo of one page with put_page()', () => {
  row('order-0', '-  B  B  B  ok  ok ok ok ok  ok ok ok  ok ok ok', (lab) => {
    const page = lab.mm.mmapPage({ keepers: 1 });
    lab.task('gup', function* () {
      const pages = yield* lab.kernel.pin_user_pages_fast_only(page, 1, FOLL_WRITE);
      yield* lab.kernel.unpin_user_pages(pages);
    });
    lab.task('munmap', function* () {
      yield* lab.kernel.munmap(page);
    });
  });
});

describe('S04 two bios over one huge page', () => {
  const body =
    (how: 'get' | 'pin') =>
    (lab: Lab): void => {
      const buf = lab.mm.mmapThp({ order: 3 });
      const { kernel } = lab;
      lab.task('submit', function* () {
        const pages =
          how === 'pin'
            ? yield* kernel.pin_user_pages_fast(buf, 8, FOLL_WRITE)
            : yield* kernel.get_user_pages_fast(buf, 8, FOLL_WRITE);
        for (const bio of lab.splitBios(pages, 2)) {
          lab.irq(bio.name, function* () {
            yield* kernel.bio_release_pages(bio);
          });
        }
      });
    };
  row('pin', '-  B  ok ok ok  ok ok ok ok  ok ok ok  ok ok ok', body('pin'));
  row('get', 'ok ok ok ok ok  ok ok ok ok  ok ok ok  ok ok ok', body('get'));
});

describe('S05 false positive of page_maybe_dma_pinned()', () => {
  const body = (huge: boolean) => (lab: Lab) => {
    const page = huge ? lab.mm.mmapThp({ order: 2, keepers: 1022 }) : lab.mm.mmapPage({ keepers: 1022 });
    if (!lab.kernel.switches.follPin) lab.kernel.page_maybe_dma_pinned(page.page(0));
    lab.task('reader', function* () {
      yield* lab.kernel.get_page(page.page(0));
      yield* lab.kernel.put_page(page.page(0));
    });
    lab.always('nobody pinned it', () => expect(page_maybe_dma_pinned(page)).toBe(false));
  };
  row('order-0', '-  B  B  B  B  B  B  B  B  B  B  B  B  B  B', body(false));
  row('huge', '-  B  B  B  B  ok ok ok ok ok ok ok ok ok ok', body(true));
});

describe('S06 whole 1 GB pins', () => {
  row(
    'the ninth',
    '-  ok B  B  B  ok ok ok ok ok ok ok ok ok ok',
    (lab) => {
      const buf = lab.mm.mmapHugetlb({ order: 18 });
      lab.task('pinner', function* () {
        for (let i = 0; i < 9; i++) {
          const pages = yield* lab.kernel.pin_user_pages_fast_only(buf, 262_144, FOLL_WRITE);
          expect(pages.ret).toBe(262_144);
        }
      });
      lab.always('the head has a count', () => page_ref_count(buf) !== 0 || pins_held(buf) === 0);
    },
    { without: ['I2', 'I7'] },
  );
});

describe('S07 overflow of the reference count', () => {
  const body = (lab: Lab): void => {
    // 2^32 - 2 references are held by others: with the mapping's own the count is -1.
    const page = lab.mm.mmapPage({ keepers: 2 ** 32 - 2 });
    lab.task('attacker', function* () {
      const first = yield* lab.kernel.get_user_pages_fast(page, 1, 0);
      const second = yield* lab.kernel.get_user_pages_fast(page, 1, 0);
      for (const got of [...first, ...second]) yield* lab.kernel.put_page(got);
    });
  };
  row('refused', 'ok ok ok ok ok  ok ok ok ok  ok ok ok  ok ok ok', body);
  row('without the check', 'B B B B B  B B B B  B B B  B B B', changed({ overflowCheck: false }, body));
});
