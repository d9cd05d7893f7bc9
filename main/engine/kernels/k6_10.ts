import { K6_5 } from './k6_5.ts';
import type { KernelRevision } from './switches.ts';

export const K6_10: KernelRevision = {
  id: '6.10',
  title: 'Linux 6.10: try_grab_folio_fast() and try_grab_folio() are two functions',
  column: 'M9',
  changed: 'The slow path has a grab of its own that adds plainly; the fast one needs IRQs off.',
  sources: ['f442fa614137'],
  switches: {
    ...K6_5.switches,
  },
};
