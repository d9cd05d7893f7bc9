import { K6_5 } from './k6_5.ts';
import type { KernelRevision } from './switches.ts';

export const K6_10: KernelRevision = {
  id: '6.10',
  title: 'Linux 6.10: try_grab_folio_fast() and try_grab_folio() are two functions',
  column: 'M9',
  changed: 'The slow path takes a range at once, and its grab adds plainly; the fast one needs IRQs off.',
  sources: [
    'f442fa614137',
    'mm/huge_memory.c and mm/hugetlb.c of 6.12: __split_huge_pmd_locked(), dequeue_hugetlb_folio_node_exact()',
    '57edfcfd3419 (a range at once, 6.6), 4849807114b8 (hugetlb, 6.6), 10ebac4f95e7 (zap), 1943f96b3816',
  ],
  switches: {
    ...K6_5.switches,
    slowGrabsRange: true,
    hugetlbGrab: 'page',
    zapBatches: true,
    forkBatches: true,
    faultAddsRange: true,
    uringPinsFast: true,
    splitFreezePutsOnce: true,
    hugetlbUnfreezes: true,
  },
};
