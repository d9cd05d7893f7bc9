import { K6_10 } from './k6_10.ts';
import type { KernelRevision } from './switches.ts';

export const K7_2: KernelRevision = {
  id: '7.2',
  title: 'Linux 7.2',
  column: 'M10',
  changed: 'No devmap special case in fast GUP; pages[] is filled after all checks passed.',
  sources: ['mm/gup.c of 7.2'],
  switches: {
    ...K6_10.switches,
    badPagePincount: true,
  },
};
