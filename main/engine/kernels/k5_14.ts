import { K5_11 } from './k5_11.ts';
import type { KernelRevision } from './switches.ts';

export const K5_14: KernelRevision = {
  id: '5.14',
  title: 'Linux 5.14: compound_head() is re-read after the reference was taken',
  column: 'M6',
  changed: 'try_get_compound_head() first, then the pincount or the rest of the bias.',
  sources: [
    'c24d37322548 ("mm/gup: fix try_grab_compound_head() race with split_huge_page()")',
    'd1e153fea2a8 (FOLL_LONGTERM keeps out of ZONE_MOVABLE)',
    '4eae4efa2c29 (hugetlb and fork), 0fa5bc4023c1 (one grab for a hugetlb page), both of 5.12',
  ],
  switches: {
    ...K5_11.switches,
    headRecheck: 'fail',
    pinInTwoAdds: true,
    putGuard: 'warn-skip',
    longtermZones: 'zone',
    forkCopiesHugetlb: true,
    hugetlbGrab: 'folio',
  },
};
