import { K5_6 } from './k5_6.ts';
import type { KernelRevision } from './switches.ts';

export const PIN_V5: KernelRevision = {
  id: 'pin-v5',
  title: '"mm/gup: track FOLL_PIN pages", v5 posting, 14 Nov 2019',
  column: 'M1',
  changed: 'One GUP_PIN_COUNTING_BIAS for a whole huge page; the undo subtracts plain references from the subpage.',
  sources: [
    '<20191115055340.1825745-18-jhubbard@nvidia.com> (v5 17/24)',
    '<8424f891-271d-5c34-8f7c-ebf3e3aa6664@nvidia.com> (the review that found it)',
  ],
  switches: {
    ...K5_6.switches,
    follPin: true,
    hugeUndo: 'page-refs',
    pteUndoMatches: false,
    slowGrabUnlessZero: true,
    hugeAddr: 'warn-null',
  },
};
