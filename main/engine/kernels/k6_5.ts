import { K6_1 } from './k6_1.ts';
import type { KernelRevision } from './switches.ts';

export const K6_5: KernelRevision = {
  id: '6.5',
  title: 'Linux 6.5: the zero page is not pinned; block DIO pins',
  column: 'M8',
  changed: 'FOLL_PIN leaves the zero page alone; bio_iov_iter_get_pages() extracts pins.',
  sources: [
    'c8070b787519, 1ccf164ec866',
    '8ac268436e6d, a6e79df92e4a (long pins of files)',
    'd824ec2a1546 (reclaim, 6.4), 5805192c7b72 (hugetlb and unshare), 57bebf807e2a (io_uring, 6.3)',
  ],
  switches: {
    ...K6_1.switches,
    zeroPagePinned: false,
    longtermFastTest: 'after',
    longtermFileRefused: true,
    unshare: 'all',
    unshareLooksAtHead: true,
    reclaimSkipsPinned: 'both',
    dioAcquires: 'pin',
    uringRefusesFiles: false,
    uringCoalesces: 'single',
  },
};
