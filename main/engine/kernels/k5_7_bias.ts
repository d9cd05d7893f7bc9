import { PIN_V7 } from './pin_v7.ts';
import type { KernelRevision } from './switches.ts';

export const K5_7_BIAS: KernelRevision = {
  id: '5.7-bias',
  title: 'Linux 5.7 at 3faa52c03f44: bias for all pages',
  column: 'M3',
  changed: 'put_compound_head(head, 1, flags) in the PTE walk; page_maybe_dma_pinned() compares without sign.',
  sources: [
    '3faa52c03f44 ("mm/gup: track FOLL_PIN pages")',
    '1970dc6f5226 (nr_foll_pin_acquired, nr_foll_pin_released)',
    'mm/gup.c of 5.7: follow_pfn_pte() tests FOLL_GET only',
  ],
  switches: {
    ...PIN_V7.switches,
    pteUndoMatches: true,
    slowGrabUnlessZero: false,
    vmstatAfterPut: true,
    pfnPinSkipped: true,
    hugeAddr: 'warn',
  },
};
