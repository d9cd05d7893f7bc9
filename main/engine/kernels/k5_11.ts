import { K5_9 } from './k5_9.ts';
import type { KernelRevision } from './switches.ts';

export const K5_11: KernelRevision = {
  id: '5.11',
  title: 'Linux 5.11: write_protect_seq closes the fast-pin race with fork',
  column: 'M5',
  changed: 'unpin goes through put_compound_head(head, 1, FOLL_PIN); vmstat is updated before the put.',
  sources: ['57efa1fe5957, 4509b42c3896', '9348b73c2e1b (clear_refs), feb889fb40fa (reclaim)'],
  switches: {
    ...K5_9.switches,
    writeProtectSeq: true,
    vmstatAfterPut: false,
    unpinSplit: true,
    clearRefsSkipsPinned: true,
    reclaimSkipsPinned: 'swap',
    rdmaPinsFast: true,
  },
};
