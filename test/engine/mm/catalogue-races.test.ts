/** Known bugs of GUP against those who change page tables and pages (S12 to S28), each with its row of the matrix. */
import { describe } from 'vitest';
import { FOLL_LONGTERM, FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Lab, Steps, UserMapping } from '../../../main/engine/interface.ts';
import { expect, page_ref_count } from '../../../main/engine/observe.ts';
import { changed, row } from './row.ts';

const WEAK = { ipiFlush: false };

describe('S12 copy on write that counts references', () => {
  row(
    'soft dirty',
    'ok ok ok ok ok  ok B  ok ok  ok ok ok  ok ok ok',
    (lab) => {
      const { kernel } = lab;
      const buf = lab.mm.mmapPage();
      lab.task('process', function* () {
        const pages = yield* kernel.ib_umem_get(buf, 1);
        yield* kernel.clear_refs(buf);
        yield* kernel.user_write(buf, 1);
        yield* kernel.ib_umem_release(pages);
      });
    },
    { by: ['I5'] },
  );

  // (The counter of S27 is no part of this.)
  const races = changed({ vmstatAfterPut: false }, (lab) => {
    const { kernel } = lab;
    const buf = lab.mm.mmapPage();
    lab.task('process', function* () {
      const pages = yield* kernel.ib_umem_get(buf, 1);
      yield* kernel.user_read(buf);
      yield* kernel.user_write(buf, 1);
      yield* kernel.ib_umem_release(pages);
    });
    lab.task('kswapd', function* () {
      yield* kernel.shrink_folio(buf.page(0));
    });
  });
  row('swap-out races with the pin', 'ok ok ok ok ok  ok B  B B  B ok ok  ok ok ok', races, { by: ['I5'] });
});

describe('S13 reference on a head that the page left', () => {
  row(
    'split',
    'B B B B B  B B B  ok ok ok ok  ok ok ok',
    (lab) => {
      const { kernel } = lab;
      const buf = lab.mm.mmapPteThp({ order: 1 });
      lab.task('gup', function* () {
        const pages = yield* kernel.get_user_pages_fast_only(buf.at(1), 1, FOLL_WRITE);
        for (const page of pages) yield* kernel.put_page(page);
      });
      lab.task('split', function* () {
        yield* kernel.split_huge_page(buf.page(0));
      });
    },
    { arch: WEAK, by: ['I8'] },
  );
});

describe('S14 fast GUP against collapse', () => {
  const body = (lab: Lab): void => {
    const { kernel } = lab;
    const buf = lab.mm.mmapPages(2, { order: 1 });
    lab.task('gup', function* () {
      const dma = yield* kernel.dio_read(buf, 1);
      for (const bio of dma) yield* kernel.bio_endio(bio);
    });
    lab.task('khugepaged', function* () {
      yield* kernel.collapse_huge_page(buf);
    });
  };
  row('IPI', 'ok ok ok ok ok  ok ok ok ok  ok ok ok  ok ok ok', body);
  row('no IPI', 'B B B B B  B B B B  B B ok  ok ok ok', body, { arch: WEAK, by: ['I5'] });
});

describe('S15 fast GUP in a page table that collapse took away', () => {
  const body = (lab: Lab): void => {
    const { kernel } = lab;
    const buf = lab.mm.mmapPages(2, { order: 1 });
    lab.task('gup', function* () {
      const pages = yield* kernel.get_user_pages_fast_only(buf, 1, 0);
      for (const page of pages) yield* kernel.put_page(page);
    });
    lab.task('khugepaged', function* () {
      yield* kernel.collapse_huge_page(buf);
    });
  };
  row('IPI', 'ok ok ok ok ok  ok ok ok ok  ok ok ok  ok ok ok', body);
  row('no IPI', 'B B B B B  B B B B  B B ok  ok ok ok', body, { arch: WEAK, by: ['I11'] });
});

describe('S17 huge_pmd_unshare() against fast GUP', () => {
  row(
    'table reused',
    'B B B B B  B B B B  B B B  B B ok',
    (lab) => {
      const { kernel } = lab;
      const a = lab.mm.mmapHugetlb({ name: 'a', order: 1, shared: true });
      const other = lab.mm.process('other');
      const b = other.mmapHugetlb({ name: 'b', order: 1, sharedWith: a });
      const later = other.mmapHugetlb({ name: 'later', order: 1, sharedWith: b });
      lab.task('gup', function* () {
        const pages = yield* kernel.get_user_pages_fast_only(a, 1, FOLL_WRITE);
        for (const page of pages) yield* kernel.put_page(page);
      });
      lab.task('munmap', function* () {
        yield* kernel.munmap(a);
      });
      lab.task('other', function* () {
        yield* kernel.munmap(b);
        yield* kernel.user_write(later, 1);
      });
    },
    { by: ['I8'] },
  );
});

describe('S18 MADV_FREE against direct I/O', () => {
  row(
    'lazyfree',
    'B B B B B  B B B B  ok ok ok  ok ok ok',
    (lab) => {
      const { kernel } = lab;
      const buf = lab.mm.mmapPage({ lazyfree: true });
      lab.task('reader', function* () {
        for (const bio of yield* kernel.dio_read(buf, 1)) {
          yield* kernel.dma_write(bio.pages, 0, 5);
          yield* kernel.user_read(buf);
          yield* kernel.bio_endio(bio);
        }
      });
      lab.task('kswapd', function* () {
        yield* kernel.shrink_folio(buf.page(0));
      });
    },
    { by: ['I5'] },
  );
});

describe('stores of the CPU against those who take the entry away', () => {
  const stored = (kind: 'lazyfree' | 'file', deed: (lab: Lab, buf: UserMapping) => Steps<unknown>) => (lab: Lab) => {
    const file = kind === 'file' ? lab.mm.file() : null;
    const buf = file === null ? lab.mm.mmapPage({ lazyfree: true }) : lab.mm.mmapFile(file, { clean: false });
    lab.task('process', function* () {
      yield* lab.kernel.user_write(buf, 5);
      expect(yield* lab.kernel.user_read(buf)).toBe(5);
    });
    lab.task('kernel', function* () {
      yield* deed(lab, buf);
    });
  };
  const all = 'ok ok ok ok ok  ok ok ok ok  ok ok ok  ok ok ok';
  row(
    'reclaim of MADV_FREE',
    all,
    stored('lazyfree', (lab, buf) => lab.kernel.shrink_folio(buf.page(0))),
  );
  row(
    'reclaim of a file',
    all,
    stored('file', (lab, buf) => lab.kernel.shrink_folio(buf.page(0))),
  );
  row(
    'migration of a file',
    all,
    stored('file', (lab, buf) => lab.kernel.migrate_pages(buf.page(0))),
  );
  row(
    'NUMA hints',
    all,
    stored('file', (lab, buf) => lab.kernel.change_prot_numa(buf)),
  );
  row(
    'soft dirty',
    all,
    stored('file', (lab, buf) => lab.kernel.clear_refs(buf)),
  );
});

describe('S19 slow path with the grab of the fast one', () => {
  const body = (lab: Lab): void => {
    const { kernel } = lab;
    const buf = lab.mm.mmapPage({ zone: 'cma' });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
      expect(pages.ret).toBe(1);
      yield* kernel.unpin_user_pages(pages);
    });
  };
  row('long pin of a CMA page', '- ok ok ok ok  ok ok ok ok  ok ok ok  ok ok ok', body);
  row('5.15', '- B B B B  B B B B  B B B  B B B', changed({ slowGrabTestsLongterm: 'all' }, body));
  const huge = (lab: Lab): void => {
    const { kernel } = lab;
    const buf = lab.mm.mmapThp({ order: 1, zone: 'cma' });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages(buf, 2, FOLL_WRITE | FOLL_LONGTERM);
      expect(pages.ret).toBe(2);
      yield* kernel.unpin_user_pages(pages);
    });
  };
  row('a range of a CMA folio', '- ok ok ok ok  ok ok ok ok  ok ok ok  ok ok ok', huge);
  row(
    '6.6',
    '- B B B B  B B B B  B B B  B B B',
    changed({ slowGrabsRange: true, slowGrabTestsLongterm: 'range' }, huge),
  );
});

describe('S20 long pin against the mlock batch', () => {
  row('CMA', '- ok ok ok ok  ok ok ok ok  B B B  B B ok', (lab) => {
    const { kernel } = lab;
    const buf = lab.mm.mmapPage({ zone: 'cma' });
    lab.task('driver', function* () {
      yield* kernel.mlock(buf.page(0));
      const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
      expect(pages.ret).toBe(1);
      yield* kernel.unpin_user_pages(pages);
    });
  });
});

describe('S21 a pin of bare PFNs', () => {
  row(
    'pages[] never filled in',
    '- ok ok ok B  B B B B  ok ok ok  ok ok ok',
    (lab) => {
      const { kernel } = lab;
      const io = lab.mm.mmapPfn(1);
      lab.task('driver', function* () {
        yield* kernel.pin_user_pages(io, 1, FOLL_WRITE);
      });
    },
    { by: ['I8'], without: ['I2', 'I7', 'I4'] },
  );
});

describe('S22 the zero page', () => {
  row('count run-up', '- B B B B  B B B B  B B B  ok ok ok', (lab) => {
    const { kernel } = lab;
    const buf = lab.mm.mmapZeroPage();
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 1, 0);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.always('nobody but the kernel has a say', () => expect(page_ref_count(buf)).toBe(1));
  });
});

describe('S24 buffers of a pinned file page', () => {
  row(
    'reclaim',
    'B B B B B  B B B B  B B B  ok ok ok',
    (lab) => {
      const { kernel } = lab;
      const file = lab.mm.file();
      const buf = lab.mm.mmapFile(file, { clean: true });
      lab.task('driver', function* () {
        const pages = kernel.switches.follPin
          ? yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE)
          : yield* kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
        yield* kernel.dma_write(pages, 0, 3);
        yield* kernel.unpin_user_pages_dirty_lock(pages, true);
      });
      lab.task('kswapd', function* () {
        const page = file.cached(0);
        if (page !== null) yield* kernel.shrink_folio(page);
      });
    },
    { by: ['I9'] },
  );
});

describe('S25 long pins of files', () => {
  row(
    'written after writeback',
    'B B B B B  B B B B  B B B  ok ok ok',
    (lab) => {
      const { kernel } = lab;
      const file = lab.mm.file();
      const buf = lab.mm.mmapFile(file);
      lab.task('driver', function* () {
        const pages = yield* kernel.ib_umem_get(buf, 1);
        if (pages.ret === 1) yield* kernel.dma_write(pages, 0, 3);
      });
      lab.task('flusher', function* () {
        yield* kernel.writeback(file, 0);
      });
    },
    { by: ['I9'] },
  );
});

describe('long pins of persistent memory', () => {
  const refused = (huge: boolean) => (lab: Lab) => {
    const buf = lab.mm.mmapDax({ huge, order: 1, pages: 1 });
    lab.task('driver', function* () {
      expect((yield* lab.kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE | FOLL_LONGTERM)).ret).toBe(-95);
    });
  };
  row('a page is refused', '- ok ok ok ok  ok ok ok ok  ok ok ok  ok ok ok', refused(false));
  row('a huge page is refused', '- ok ok ok ok  ok ok ok ok  ok ok ok  ok ok ok', refused(true));
});

describe('S27 a counter looked up in a page that is gone', () => {
  row(
    'vmstat after the last put',
    '- ok ok ok B  B B ok ok  ok ok ok  ok ok ok',
    (lab) => {
      const { kernel } = lab;
      const buf = lab.mm.mmapPage();
      lab.task('driver', function* () {
        const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
        yield* kernel.munmap(buf);
        yield* kernel.unpin_user_pages(pages);
      });
    },
    { by: ['kernel BUG'] },
  );
});

describe('S28 unshare asks a hugetlb tail', () => {
  row('contiguous PTEs', '- ok ok ok ok  ok ok ok ok  ok B B  ok ok ok', (lab) => {
    const { kernel } = lab;
    const buf = lab.mm.mmapHugetlb({ order: 1, contPte: true, readOnly: true });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast_only(buf, 2, 0);
      expect(pages.ret).toBe(2);
      yield* kernel.unpin_user_pages(pages);
    });
  });
});
