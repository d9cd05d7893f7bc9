/**
 * Stable kernels whose behaviour was recorded: a column of the table each, plus what was backported since. Their ids are
 * what `uname -r` says.
 */
import { K5_9 } from './k5_9.ts';
import { K6_1 } from './k6_1.ts';
import { K6_10 } from './k6_10.ts';
import { K7_2 } from './k7_2.ts';
import type { KernelRevision } from './switches.ts';

const R5_10: KernelRevision = {
  id: '5.10.262',
  title: 'Linux 5.10.262 (stable)',
  column: 'M4b+',
  changed: '5.10 with the fixes for fork, split, collapse, MADV_FREE and huge_pmd_unshare() that stable took.',
  sources: ['Debian linux 5.10.262-1: mm/gup.c, mm/memory.c, mm/khugepaged.c, mm/hugetlb.c, debian/changelog'],
  switches: {
    ...K5_9.switches,
    writeProtectSeq: true,
    vmstatAfterPut: false,
    unpinSplit: true,
    putGuard: 'warn-skip',
    headRecheck: 'fail',
    pinInTwoAdds: true,
    pmdRecheck: true,
    clearRefsSkipsPinned: true,
    reclaimSkipsPinned: 'swap',
    lazyfreeChecksRefs: true,
    collapseSync: true,
    hugePmdUnshareSync: true,
    pfnPinSkipped: false,
  },
};

const R6_1: KernelRevision = {
  id: '6.1.192',
  title: 'Linux 6.1.192 (stable)',
  column: 'M7(6.1)+',
  changed: '6.1 with the zero page not pinned, reclaim that skips pinned pages, and drains before long pins.',
  sources: ['Debian linux 6.1.192-2: mm/gup.c, mm/vmscan.c, mm/hugetlb.c, debian/changelog'],
  switches: {
    ...K6_1.switches,
    zeroPagePinned: false,
    unshareLooksAtHead: true,
    reclaimSkipsPinned: 'both',
    hugePmdUnshareSync: true,
    longtermDrainsByRefs: true,
  },
};

const R6_12: KernelRevision = {
  id: '6.12.117',
  title: 'Linux 6.12.117 (stable)',
  column: 'M9+',
  changed: '6.12: io_uring keeps one pin per folio; the checks at free time include the pincount.',
  sources: ['Debian linux 6.12.117-1: mm/gup.c, mm/page_alloc.c, io_uring/rsrc.c, debian/changelog'],
  switches: {
    ...K6_10.switches,
    badPagePincount: true,
    hugepd: false,
    uringCoalesces: 'all',
    hugePmdUnshareSync: true,
    longtermDrainsByRefs: true,
  },
};

const R6_18: KernelRevision = {
  id: '6.18',
  title: 'Linux 6.18',
  column: 'M9+(6.18)',
  changed: 'As 6.12; only its vmstat counters were recorded.',
  sources: ['/proc/vmstat of 6.18.44 around system calls'],
  switches: {
    ...R6_12.switches,
    devmapGup: false,
    devmapOneBased: false,
    hugeZeroWrite: 'huge',
  },
};

const R7_2: KernelRevision = {
  id: '7.2.13',
  title: 'Linux 7.2.13 (stable)',
  column: 'M10+',
  changed: 'As 7.2.',
  sources: ['Debian linux 7.2.13-1'],
  switches: K7_2.switches,
};

export const RECORDED_KERNELS: readonly KernelRevision[] = [R5_10, R6_1, R6_12, R6_18, R7_2];
