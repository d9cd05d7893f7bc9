import { K5_11 } from './k5_11.ts';
import type { KernelRevision } from './switches.ts';

export const K5_14: KernelRevision = {
  id: '5.14',
  title: 'Linux 5.14: compound_head() is re-read after the reference was taken',
  column: 'M6',
  changed: 'try_get_compound_head() first, then the pincount or the rest of the bias.',
  sources: ['c24d37322548 ("mm/gup: fix try_grab_compound_head() race with split_huge_page()")'],
  switches: {
    ...K5_11.switches,
    headRecheck: 'fail',
    pinInTwoAdds: true,
    putGuard: 'warn-skip',
  },
};
