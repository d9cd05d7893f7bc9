import { PIN_V6 } from './pin_v6.ts';
import type { KernelRevision } from './switches.ts';

export const PIN_V7: KernelRevision = {
  id: 'pin-v7',
  title: '"mm/gup: track FOLL_PIN pages", v7 posting, 20 Nov 2019',
  column: 'M2',
  changed: 'put_compound_head() gets the flags and multiplies by the bias; the PTE walk still undoes with put_page().',
  sources: ['v7 cover letter, 20 Nov 2019'],
  switches: {
    ...PIN_V6.switches,
    hugeUndo: 'matching',
  },
};
