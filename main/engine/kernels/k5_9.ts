import { K5_7 } from './k5_7.ts';
import type { KernelRevision } from './switches.ts';

export const K5_9: KernelRevision = {
  id: '5.9',
  title: 'Linux 5.9: fork copies pinned anonymous pages early',
  column: 'M4b',
  changed: 'Fork copies pages that may be pinned; COW reuses only if page_count() is 1.',
  sources: [
    '008cfe4418b3, 70e806e4e645 (fork), 09854ba94c6a (do_wp_page), a308c71bf1e6',
    'c444eb564fb1 (PMD split, 5.8)',
  ],
  switches: {
    ...K5_7.switches,
    forkCopiesPinned: 'count',
    cowReuse: 'count',
    splitPmdLocksPage: true,
  },
};
