/**
 * The table of features by revision that the kernels are made from, row by row: what a column says must be what the
 * revision's switches say. (The row of barriers is about weak memory, which the model does not have.)
 */
import { describe, expect, test } from 'vitest';
import type { KernelSwitches } from '../../../main/engine/interface.ts';
import { KERNELS } from '../../../main/engine/kernels/index.ts';
import { BASE } from '../../../main/engine/kernels/switches.ts';
import { CASES } from './switch-cases.ts';

interface Row {
  /** What the table calls it. */
  readonly feature: string;
  readonly says: (switches: KernelSwitches) => string | boolean;
  /** A word for each of the 15 columns, in history order. */
  readonly columns: string;
}

const ROWS: readonly Row[] = [
  {
    feature: 'huge pin adds to head.ref',
    says: ({ follPin, hugePin }) => (follPin ? hugePin : '-'),
    columns:
      '- one-bias bias-per-page bias-per-page bias-per-page exact exact exact exact exact exact exact exact exact exact',
  },
  {
    feature: 'exact pincount for order',
    says: ({ follPin, hugePin, pincountOrder }) => (follPin && hugePin === 'exact' ? String(pincountOrder) : '-'),
    columns: '- - - - -  2 2 2 2  1 1 1 1 1 1',
  },
  {
    feature: 'huge undo',
    says: ({ follPin, hugeUndo }) => (follPin ? hugeUndo : '(refs)'),
    columns: `(refs) page-refs head-refs ${'matching '.repeat(12)}`,
  },
  {
    feature: 'pte undo matches acquire',
    says: ({ follPin, pteUndoMatches }) => !follPin || pteUndoMatches,
    columns: 'yes no no no yes yes yes yes yes yes yes yes yes yes yes',
  },
  {
    feature: 'head re-check after ref',
    says: ({ headRecheck }) => headRecheck,
    columns: 'no no no no no no no no fail retry retry retry retry retry retry',
  },
  {
    feature: 'pmd re-check in pte walk',
    says: ({ pmdRecheck }) => pmdRecheck,
    columns: 'no no no no no no no no no no no yes yes yes yes',
  },
  {
    feature: 'fork copies pinned anon early',
    says: ({ forkCopiesPinned }) => forkCopiesPinned,
    columns: 'no no no no no no count count count count exclusive exclusive exclusive exclusive exclusive',
  },
  {
    feature: 'write_protect_seq',
    says: ({ writeProtectSeq }) => writeProtectSeq,
    columns: 'no no no no no no no yes yes yes yes yes yes yes yes',
  },
  {
    feature: 'anon COW reuse rule, order-0',
    says: ({ cowReuse }) => cowReuse,
    columns: `${'mapcount '.repeat(6)}${'count '.repeat(4)}${'exclusive '.repeat(5)}`,
  },
  {
    feature: 'R/O pin triggers unshare',
    says: ({ unshare }) => unshare,
    // The part about files is of 6.2; what was recorded on 6.1 agrees.
    columns: 'no no no no no no no no no no anon anon all all all',
  },
  {
    feature: 'longterm test in fast path',
    says: ({ longtermFastTest, longtermZones }) => (longtermFastTest === 'no' ? 'none' : longtermZones),
    columns: 'none none none none none cma cma cma zone zone zone zone zone zone zone',
  },
  {
    feature: 'zero page is counted when pinned',
    says: ({ follPin, zeroPagePinned }) => (follPin ? zeroPagePinned : '(get)'),
    columns: '(get) yes yes yes yes yes yes yes yes yes yes yes no no no',
  },
  {
    feature: 'collapse sync IPI',
    says: ({ collapseSync }) => collapseSync,
    columns: 'no no no no no no no no no no no yes yes yes yes',
  },
  {
    feature: 'hugetlb unshare sync',
    says: ({ hugePmdUnshareSync }) => hugePmdUnshareSync,
    columns: 'no no no no no no no no no no no no no no yes',
  },
  {
    feature: 'MADV_FREE tests refcount',
    says: ({ lazyfreeChecksRefs }) => lazyfreeChecksRefs,
    columns: 'no no no no no no no no no yes yes yes yes yes yes',
  },
  {
    feature: 'reclaim skips pinned',
    says: ({ reclaimSkipsPinned }) => reclaimSkipsPinned,
    columns: 'no no no no no no no swap swap swap swap swap both both both',
  },
  {
    feature: 'longterm writable file pin refused',
    says: ({ longtermFileRefused }) => longtermFileRefused,
    columns: 'no no no no no no no no no no no no yes yes yes',
  },
  {
    feature: 'block DIO acquires with',
    says: ({ dioAcquires }) => dioAcquires,
    columns: 'get get get get get get get get get get get get pin pin pin',
  },
];

describe('the table of features', () => {
  test.each(ROWS)('$feature', ({ says, columns }) => {
    const words: Readonly<Record<string, string | boolean>> = { yes: true, no: false };
    const told = KERNELS.map(({ switches }) => says(switches));
    const wanted = columns.trim().split(/\s+/);
    expect(told).toHaveLength(wanted.length);
    // A switch that has names says "no" where the table does.
    expect(told).toEqual(wanted.map((word, i) => (typeof told[i] === 'boolean' ? words[word] : word)));
  });
});

test('every switch has a case that tells its values apart', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(BASE).sort());
});
