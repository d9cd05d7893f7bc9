import { K6_10 } from './k6_10.ts';
import type { KernelRevision } from './switches.ts';

export const K7_2: KernelRevision = {
  id: '7.2',
  title: 'Linux 7.2',
  column: 'M10',
  changed: 'No devmap special case in fast GUP; pages[] is filled after all checks passed.',
  sources: [
    'mm/gup.c, mm/swap.c, mm/huge_memory.c, io_uring/rsrc.c, block/bio.c of 7.2',
    '1013af4f585f (huge_pmd_unshare, 6.16), 98c6d259319e (long pins and batches, 6.17), 5afb4bf9fc62 (io_uring)',
  ],
  switches: {
    ...K6_10.switches,
    badPagePincount: true,
    hugeZeroFast: false,
    devmapGup: false,
    devmapOneBased: false,
    hugepd: false,
    longtermDrainsByRefs: true,
    hugePmdUnshareSync: true,
    splitUnfreezesHead: true,
    munmapDrainsLru: false,
    lruFreesByFreeze: true,
    hugeZeroWrite: 'huge',
    bioMerges: false,
    uringCoalesces: 'all',
  },
};
