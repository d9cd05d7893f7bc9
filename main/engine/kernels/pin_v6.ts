import { PIN_V5 } from './pin_v5.ts';
import type { KernelRevision } from './switches.ts';

export const PIN_V6: KernelRevision = {
  id: 'pin-v6',
  title: '"mm/gup: track FOLL_PIN pages", v6 posting, 19 Nov 2019',
  column: 'M1b',
  changed: 'refs * GUP_PIN_COUNTING_BIAS on acquire; the undo still subtracts refs plain references.',
  sources: ['v6 cover letter, 19 Nov 2019'],
  switches: {
    ...PIN_V5.switches,
    hugePin: 'bias-per-page',
    hugeUndo: 'head-refs',
  },
};
