import { K5_19 } from './k5_19.ts';
import type { KernelRevision } from './switches.ts';

export const K6_1: KernelRevision = {
  id: '6.1',
  title: 'Linux 6.1: the PTE walk re-reads the PMD; full barriers',
  column: 'M7(6.1)',
  changed: 'gup_pte_range() re-checks the PMD; collapse waits for lockless walkers; bio pages are put per folio.',
  sources: ['70cbc3cc78a9, 2ba99c5e0881, 088b8aa537c2', '5535be309971 (FOLL_FORCE, 6.0)'],
  switches: {
    ...K5_19.switches,
    pmdRecheck: true,
    bioRelease: 'folio',
    collapseSync: true,
    forcedWrite: 'exclusive',
  },
};
