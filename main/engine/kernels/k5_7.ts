import { K5_7_BIAS } from './k5_7_bias.ts';
import type { KernelRevision } from './switches.ts';

export const K5_7: KernelRevision = {
  id: '5.7',
  title: 'Linux 5.7: exact pin counts for huge pages',
  column: 'M4a',
  changed: 'Compound pages of order 2 and above keep their pins in a pincount of their own.',
  sources: [
    '47e29d32afba ("mm/gup: page->hpage_pinned_refcount: exact pin counts for huge pages")',
    'df3a0a21b698 (CMA pages and FOLL_LONGTERM in the fast path)',
  ],
  switches: {
    ...K5_7_BIAS.switches,
    hugePin: 'exact',
    pincountOrder: 2,
    slowPincountFirst: true,
    putGuard: 'bug',
    longtermFastTest: 'before',
  },
};
