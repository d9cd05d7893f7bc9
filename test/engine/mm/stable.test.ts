/**
 * Stable kernels are a release plus what was backported since: each must differ from its release in exactly that, and
 * behave like it in all else. A switch that slips in one of their tables is seen here, also where no recording shows it.
 */
import { expect, test } from 'vitest';
import { kernelById } from '../../../main/engine/kernels/index.ts';

function switchesOf(id: string): ReadonlyMap<string, unknown> {
  const found = kernelById(id);
  if (found === undefined) throw new Error(`no kernel ${id}`);
  return new Map(Object.entries(found.switches));
}

/** Switches by which `id` differs from `release`, with their values in `id`. */
function differences(id: string, release: string): Readonly<Record<string, unknown>> {
  const of = switchesOf(release);
  return Object.fromEntries([...switchesOf(id)].filter(([name, value]) => of.get(name) !== value));
}

test('5.10.262 is 5.9 with the fixes for fork, split, collapse and MADV_FREE', () => {
  expect(differences('5.10.262', '5.9')).toEqual({
    // From 5.11: 57efa1fe5957 (fork and fast pins), 4509b42c3896 (the counters before the put).
    writeProtectSeq: true,
    vmstatAfterPut: false,
    // From 5.14: c24d37322548 (a split under the reference).
    headRecheck: 'fail',
    // Seen in its own gup.c and reclaim.
    unpinSplit: true,
    putGuard: 'warn-skip',
    pinInTwoAdds: true,
    clearRefsSkipsPinned: true,
    reclaimSkipsPinned: 'swap',
    lazyfreeChecksRefs: true,
    hugePmdUnshareSync: true,
    pfnPinSkipped: false,
    // From 6.1: 70cbc3cc78a9 and 2ba99c5e0881 (collapse and the PTE walk).
    pmdRecheck: true,
    collapseSync: true,
  });
});

test('6.1.192 is 6.1 without pins of the zero page, with drains before long pins', () => {
  expect(differences('6.1.192', '6.1')).toEqual({
    zeroPagePinned: false,
    unshareLooksAtHead: true,
    reclaimSkipsPinned: 'both',
    hugePmdUnshareSync: true,
    longtermDrainsByRefs: true,
  });
});

test('6.12.117 is 6.10 with one pin a folio in io_uring, and checks of the pincount at free time', () => {
  expect(differences('6.12.117', '6.10')).toEqual({
    badPagePincount: true,
    hugepd: false,
    uringCoalesces: 'all',
    hugePmdUnshareSync: true,
    longtermDrainsByRefs: true,
  });
});

test('6.18 is 6.12.117 without devmap references', () => {
  expect(differences('6.18', '6.12.117')).toEqual({
    devmapGup: false,
    devmapOneBased: false,
    hugeZeroWrite: 'huge',
  });
});

test('7.2.13 is 7.2', () => {
  expect(differences('7.2.13', '7.2')).toEqual({});
});
