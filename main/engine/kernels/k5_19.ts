import { K5_18 } from './k5_18.ts';
import type { KernelRevision } from './switches.ts';

export const K5_19: KernelRevision = {
  id: '5.19',
  title: 'Linux 5.19: PageAnonExclusive',
  column: 'M7(5.19)',
  changed: 'Anonymous pages know whether one process owns them; a read-only pin of a shared one unshares it first.',
  sources: ['6c287605fd56, 78fbe906cc90, c89357e27f20, a7f226604170'],
  switches: {
    ...K5_18.switches,
    anonExclusive: true,
    forkCopiesPinned: 'exclusive',
    cowReuse: 'exclusive',
    cowReuseThp: 'exclusive',
    unshare: 'anon',
  },
};
