import { K5_14 } from './k5_14.ts';
import type { KernelRevision } from './switches.ts';

export const K5_18: KernelRevision = {
  id: '5.18',
  title: 'Linux 5.18: folios; every compound page has a pincount',
  column: 'M7(5.18)',
  changed: 'try_grab_folio() retries when the folio changed under it; gup_put_folio() puts all references at once.',
  sources: [
    'mm/gup.c of 5.18: try_grab_folio(), gup_put_folio(), gup_folio_next()',
    '53a05ad9f21d, d4c470970d45 (do_wp_page), 3bff7e3f1f16 (do_huge_pmd_wp_page)',
    '6c8e2a256915 (MADV_FREE), 2fbb0c10d1e8 (mlock batch); 5.17: follow_pfn_pte() and FOLL_PIN',
  ],
  switches: {
    ...K5_14.switches,
    headRecheck: 'retry',
    pincountOrder: 1,
    slowPincountFirst: false,
    undoSplit: false,
    unpinSplit: false,
    unpinBatched: true,
    putGuard: 'none',
    pfnPinSkipped: false,
    cowFreesSwap: true,
    splitPmdLocksPage: false,
    cowReuseThp: 'count',
    lazyfreeChecksRefs: true,
    mlockBatch: true,
  },
};
