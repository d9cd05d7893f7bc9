import { K6_1 } from './k6_1.ts';
import type { KernelRevision } from './switches.ts';

export const K6_5: KernelRevision = {
  id: '6.5',
  title: 'Linux 6.5: the zero page is not pinned; block DIO pins',
  column: 'M8',
  changed:
    'FOLL_PIN leaves the zero page alone; bio_iov_iter_get_pages() extracts pins; the slow path takes a range at once.',
  sources: ['c8070b787519, 1ccf164ec866, 57edfcfd3419'],
  switches: {
    ...K6_1.switches,
    slowGrabsRange: true,
  },
};
