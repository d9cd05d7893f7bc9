/** Known bugs of fork and copy on write (S08 to S12), each with its row of the matrix. */
import { describe } from 'vitest';
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Lab, MapOptions, UserMapping } from '../../../main/engine/interface.ts';
import { changed, row } from './row.ts';

type Memory = 'order-0' | 'THP' | 'hugetlb';

function memory(lab: Lab, kind: Memory): UserMapping {
  const options: MapOptions = { name: 'buf', order: 1 };
  if (kind === 'THP') return lab.mm.mmapThp(options);
  return kind === 'hugetlb' ? lab.mm.mmapHugetlb(options) : lab.mm.mmapPage({ name: 'buf' });
}

describe('S08 vmsplice leak (CVE-2020-29374)', () => {
  const body =
    (kind: Memory) =>
    (lab: Lab): void => {
      const { kernel } = lab;
      const buf = memory(lab, kind);
      lab.task('parent', function* () {
        const copy = yield* kernel.fork(buf);
        lab.task('child', function* () {
          const pipe = yield* kernel.vmsplice(copy);
          yield* kernel.munmap(copy);
          yield* kernel.pipe_read(pipe);
        });
        yield* kernel.user_write(buf, 42);
      });
    };
  row('order-0', 'B B B B B  B  ok ok ok  ok ok ok ok  ok ok', body('order-0'), { by: ['I6'] });
  row(
    'order-0, 5.8',
    'ok ok ok ok ok  ok ok ok ok  ok ok ok  ok ok ok',
    changed({ breakCowOnRead: true }, body('order-0')),
  );
  row('THP', 'B B B B B  B  B B B  ok ok ok ok  ok ok', body('THP'), { by: ['I6'] });
  row('hugetlb', 'B B B B B  B  B B B  B B B B  B B', body('hugetlb'), { by: ['I6'] });
});

describe('S09 fork after a pin', () => {
  const body =
    (kind: Memory) =>
    (lab: Lab): void => {
      const { kernel } = lab;
      const buf = memory(lab, kind);
      lab.task('parent', function* () {
        const pages = yield* kernel.ib_umem_get(buf, 1);
        yield* kernel.fork(buf);
        yield* kernel.user_write(buf, 1);
        yield* kernel.dma_write(pages, 0, 2);
        yield* kernel.ib_umem_release(pages);
      });
    };
  row('order-0', 'B B B B B  B  ok ok ok  ok ok ok ok  ok ok', body('order-0'), { by: ['I5'] });
  row('THP', 'B B B B B  B  ok ok ok  ok ok ok ok  ok ok', body('THP'), { by: ['I5'] });
  row('hugetlb', 'B B B B B  B  B  B  ok  ok ok ok ok  ok ok', body('hugetlb'), { by: ['I5'] });
});

describe('S10 fast pin against fork', () => {
  row(
    'order-0',
    '- B B B B  B  B  ok ok  ok ok ok ok  ok ok',
    (lab) => {
      const { kernel } = lab;
      const buf = lab.mm.mmapPage();
      lab.task('pinner', function* () {
        const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
        yield* kernel.unpin_user_pages(pages);
      });
      lab.task('forker', function* () {
        yield* kernel.fork(buf);
        yield* kernel.user_write(buf, 1);
      });
    },
    { by: ['I5'] },
  );
});

describe('S11 O_DIRECT read and fork', () => {
  row(
    'order-0',
    'B B B B B  B  B B B  B B B  ok ok ok',
    (lab) => {
      const { kernel } = lab;
      const buf = lab.mm.mmapPage();
      lab.task('reader', function* () {
        for (const bio of yield* kernel.dio_read(buf, 1)) {
          lab.irq('completion', function* () {
            yield* kernel.dma_write(bio.pages, 0, 7);
            yield* kernel.bio_endio(bio);
          });
        }
        yield* kernel.fork(buf);
        yield* kernel.user_write(buf, 1);
      });
    },
    { by: ['I5', 'I6'] },
  );
});
