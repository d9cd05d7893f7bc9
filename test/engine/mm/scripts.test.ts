/**
 * The minimal step scripts of known bugs: the model takes the steps that they name, in their order, with their numbers.
 * What the broken kernels of S02 and S03 leave behind is asserted in test/engine/seed.test.ts. Which orders of two
 * actors' steps are bad is no number: the rows of the catalogue-*.test.ts files search them.
 */
import { describe, expect, test } from 'vitest';
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import { KINDS, type Kind } from './memory-kinds.ts';
import { type Act, interruptionsOf, stepsOf } from './steps.ts';

/** Tests that the run has these steps in this order, others between them or not. What one gives may be missing. */
function takes(id: string, who: string, kind: Kind, act: Act, wanted: readonly string[]): void {
  test(`${id}: ${who} {${wanted.join('; ')}}`, () => {
    const steps = stepsOf(id, { memory: KINDS[kind], acts: [act] });
    let from = 0;
    const found = wanted.filter((step) => {
      const at = steps.findIndex((line, i) => i >= from && (line === step || line.startsWith(`${step} `)));
      if (at >= 0) from = at + 1;
      return at >= 0;
    });
    expect(found).toEqual(wanted);
  });
}

const pin: Act = function* (kernel, { buf }) {
  yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
};

/** Takes a reference on one page, by its number. */
const getAt = (at: number): Act =>
  function* (kernel, { buf }) {
    yield* kernel.get_user_pages_fast(buf.at(at), 1, FOLL_WRITE);
  };

describe('S02', () => {
  test.each([0, 256])('pin-v7, start %i: head 1 when the race is lost, 1 and the pins when it is not', (start) => {
    const ends = interruptionsOf('pin-v7', {
      memory: (lab) => {
        const buf = lab.mm.mmapThp({ name: 'buf', keepers: 1 });
        return { buf, page: () => buf.page(0), file: null };
      },
      acts: [
        function* (kernel, { buf }) {
          yield* kernel.pin_user_pages_fast_only(buf.at(start), 512 - start, FOLL_WRITE);
        },
        function* (kernel, { buf }) {
          yield* kernel.munmap(buf);
        },
      ],
    });
    const heads = ends.map((end) => /buf\._refcount (-?\d+)/.exec(end)?.[1]);
    expect(new Set(heads)).toEqual(new Set(['1', `${1 + (512 - start) * 1024}`]));
  });
});

describe('S10', () => {
  const forkAndWrite: Act = function* (kernel, { buf }) {
    yield* kernel.fork(buf);
    yield* kernel.user_write(buf, 1);
  };

  takes('5.11', 'T1', 'page', pin, [
    'W mm.has_pinned 1',
    'R mm.write_protect_seq',
    'R buf.pte',
    'ADDU buf._refcount 1024 = 1',
    'R buf.pte',
    'R mm.write_protect_seq',
  ]);
  takes('5.11', 'T2', 'page', forkAndWrite, [
    'ADD mm.write_protect_seq 1',
    'R mm.has_pinned',
    'ADD buf._refcount 1',
    'W buf.pte',
    'ADD mm.write_protect_seq 1',
    // The fault of the write: the mapping of the parent and of the child, so it copies.
    'R buf._refcount = 2',
    'W buf.pte',
  ]);

  test.each([
    ['5.9', true],
    ['5.11', false],
  ])('%s: T1 succeeded and pte is not the original page: %s', (id, reached) => {
    const ends = interruptionsOf(id, { memory: KINDS.page, acts: [forkAndWrite, pin] }).map((end) =>
      end.split(/[:;] /),
    );
    // The page has the child's mapping and the pin; the entry of the parent was changed.
    const bad = ends.filter(
      (end) => end.includes('buf._refcount 1025') && end.some((word) => word.startsWith('buf.pte ')),
    );
    expect(bad.length > 0).toBe(reached);
  });
});

describe('S13', () => {
  const split: Act = function* (kernel, { buf }) {
    yield* kernel.split_huge_page(buf.page(0));
  };

  takes('5.14', 'T1', 'thp by PTEs', getAt(1), [
    'R buf.pte[1]',
    'R buf.tails.compound_head',
    'ADDU buf._refcount 1 = 1',
    'R buf.tails.compound_head',
    'R buf.pte[1]',
  ]);
  takes('5.14', 'T2', 'thp by PTEs', split, [
    'XCHG buf.pte[1]',
    'SUBT buf._refcount 1',
    'CAS buf._refcount 1 = 1',
    'W buf.tails.compound_head',
    'CAS buf[1]._refcount  1 = 1',
    'ADD buf._refcount 1',
    'ADD buf[1]._refcount 1',
    'W buf.pte[1]',
  ]);
});

describe('S14', () => {
  const collapse: Act = function* (kernel, { buf }) {
    yield* kernel.collapse_huge_page(buf);
  };

  takes('6.1', 'T1', 'pages', getAt(0), [
    'IRQ- actor 0.irqs_off',
    'R buf.pmd',
    'R buf.pte[0]',
    'ADDU buf[0]._refcount 1 = 1',
    'R buf.pmd',
    'R buf.pte[0]',
    'IRQ+ actor 0.irqs_off',
  ]);
  takes('6.1', 'T2', 'pages', collapse, [
    'XCHG buf.pmd',
    'SYNC',
    'R buf[0]._refcount = 1',
    'R buf[0].data',
    'W buf.pte[0]',
    'SUBT buf[0]._refcount 1',
    'W buf.pmd',
  ]);
});

describe('S18', () => {
  const read: Act = function* (kernel, { buf }) {
    for (const bio of yield* kernel.dio_read(buf, 1)) yield* kernel.bio_endio(bio);
  };
  const reclaim: Act = function* (kernel, { buf }) {
    yield* kernel.shrink_folio(buf.page(0));
  };

  takes('5.18', 'T1', 'lazyfree', read, ['R buf.pte', 'ADDU buf._refcount 1 = 1', 'R buf.pte', 'W buf.PG_dirty 1']);
  takes('5.18', 'T2', 'lazyfree', reclaim, ['XCHG buf.pte', 'R buf._refcount = 2', 'R buf.PG_dirty']);
  takes('5.14', 'T2', 'lazyfree', reclaim, ['XCHG buf.pte', 'R buf.PG_dirty', 'CAS buf._refcount 1 = 1']);
});
