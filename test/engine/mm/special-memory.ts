/** Memory of rarer kinds, and what is written down of it. */
import type { Lab, MapOptions } from '../../../main/engine/interface.ts';
import type { Buffer } from './memory-kinds.ts';

interface Special {
  readonly memory: (lab: Lab) => Buffer;
  /** Names of deeds. */
  readonly acts: readonly string[];
}

function anon(options: MapOptions, npages = 1): (lab: Lab) => Buffer {
  return (lab) => {
    const buf = lab.mm.mmapPages(npages, { name: 'buf', ...options });
    return { buf, page: () => buf.page(0), file: null };
  };
}

function filed(
  file: Parameters<Lab['mm']['file']>[0],
  map: Parameters<Lab['mm']['mmapFile']>[1],
  also?: (lab: Lab, file: ReturnType<Lab['mm']['file']>) => void,
): (lab: Lab) => Buffer {
  return (lab) => {
    const made = lab.mm.file({ name: 'file', ...file });
    also?.(lab, made);
    const buf = lab.mm.mmapFile(made, { name: 'buf', ...map });
    return { buf, file: made, page: () => made.cached(0) ?? buf.page(0) };
  };
}

const LONG = ['pin all for long', 'pin for long', 'pin for long while held', 'lock in memory, pin for long'];
const WHOLE = [
  ...['pin all slowly', 'get from the second on', 'pin from the second on', 'direct I/O on all', 'register all'],
  ...['direct I/O from the second on', 'register from the second on', 'RDMA on all, read only', 'unmap the middle'],
  ...['move the last', 'reclaim the last', 'process_vm', 'fork twice, write', 'munmap', 'vmsplice'],
];
const PARTS = [
  ...['pin all but the last slowly', 'get all but the last', 'pin all, unpin backwards', 'drop the first, fork, write'],
  'direct I/O on all but the last',
];
const FILES = [
  ...['pin both', 'get both slowly', 'read, then write', 'the file', 'the file, pinned', 'reclaim', 'migrate'],
  ...['truncate', 'munmap', 'write the file', 'read the file', 'RDMA', 'register all', 'pin all for long', 'fork'],
];

export const SPECIAL: Readonly<Record<string, Special>> = {
  'page in CMA': { memory: anon({ zone: 'cma' }), acts: LONG },
  'pages in CMA': { memory: anon({ zone: 'cma' }, 2), acts: ['pin all for long', 'pin for long while held', 'RDMA'] },
  'movable page': { memory: anon({ zone: 'movable' }), acts: LONG },
  'movable file': { memory: filed({ zone: 'movable', fs: 'shmem' }, {}), acts: ['pin all for long', 'migrate'] },
  'thp in CMA': {
    memory: (lab) => {
      const buf = lab.mm.mmapThp({ name: 'buf', order: 1, zone: 'cma' });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: ['pin all for long', 'pin for long', 'pin for long while held'],
  },
  'read-only page': {
    memory: anon({ readOnly: true }),
    acts: ['get both slowly', 'pin both', 'force a write', 'read, then write', 'read by ptrace', 'pin for reading'],
  },
  'read-only file': {
    memory: filed({}, { shared: false, readOnly: true }),
    acts: [
      'force a write',
      'read by ptrace',
      'pin for reading',
      'pin all for long',
      'fork twice, write',
      'register all',
    ],
  },
  'read-only shared file': {
    memory: filed({}, { readOnly: true }),
    acts: ['force a write', 'read by ptrace', 'pin for reading', 'pin both', 'read, then write', 'writeback'],
  },
  'bare PFNs': {
    memory: (lab) => {
      const buf = lab.mm.mmapPfn(2, { name: 'buf' });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: [
      ...['get both slowly', 'pin both', 'pin all slowly', 'read, then write', 'fork twice, write', 'munmap'],
      ...['hint, read', 'soft dirty', 'get from the second on'],
    ],
  },
  'page with 2^31 references': {
    memory: (lab) => {
      const buf = lab.mm.mmapPage({ name: 'buf', keepers: 2 ** 31 });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: ['get, try to get', 'pin both', 'get both', 'pin all slowly', 'get both slowly', 'maybe pinned'],
  },
  'thp with 2^31 references': {
    memory: (lab) => {
      const buf = lab.mm.mmapThp({ name: 'buf', order: 1, keepers: 2 ** 31 });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: ['get, try to get', 'pin both', 'pin all slowly', 'maybe pinned', 'RDMA'],
  },
  'huge dax with 2^31 references': {
    memory: (lab) => {
      const buf = lab.mm.mmapDax({ name: 'buf', huge: true, order: 1, keepers: 2 ** 31 - 2 });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: ['pin both', 'get both'],
  },
  'pages under two tables': {
    memory: anon({ order: 1 }, 4),
    acts: [...WHOLE, ...PARTS, 'hint, read', 'soft dirty', 'collapse'],
  },
  'pages with a hole': { memory: anon({ hole: 2 }, 4), acts: ['pin all slowly', 'pin all', 'direct I/O on all'] },
  'two thps': {
    memory: (lab) => {
      const buf = lab.mm.mmapThp({ name: 'buf', order: 2, count: 2 });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: [...WHOLE, ...PARTS, 'split the PMD', 'split'],
  },
  'thp of four by PTEs': {
    memory: (lab) => {
      const buf = lab.mm.mmapPteThp({ name: 'buf', order: 2 });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: [...WHOLE, ...PARTS, 'pin for long, fork, write on both sides', 'collapse', 'split'],
  },
  'folios of two under one PMD': {
    memory: (lab) => {
      const buf = lab.mm.mmapPteThp({ name: 'buf', order: 1, pmdOrder: 2, count: 2 });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: ['pin all slowly', 'fork twice, write', 'munmap', 'reclaim the last', 'register all', 'collapse'],
  },
  'two hugetlb pages': {
    memory: (lab) => {
      const buf = lab.mm.mmapHugetlb({ name: 'buf', order: 1, count: 2 });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: [
      ...PARTS,
      'pin all slowly',
      'pin from the second on',
      'unmap the middle',
      'fork twice, write',
      'register all',
      'fork',
    ],
  },
  'hugetlb by contiguous PTEs': {
    memory: (lab) => {
      const buf = lab.mm.mmapHugetlb({ name: 'buf', order: 1, contPte: true, readOnly: true });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: ['pin for reading', 'get both', 'get both slowly', 'munmap'],
  },
  'hugetlb by huge page directory': {
    memory: (lab) => {
      const buf = lab.mm.mmapHugetlb({ name: 'buf', order: 1, hugepd: true });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: ['pin both', 'get both', 'follow', 'pin all slowly'],
  },
  'shared hugetlb': {
    memory: (lab) => {
      const buf = lab.mm.mmapHugetlb({ name: 'buf', order: 1, shared: true });
      const other = lab.mm.process('other');
      other.mmapHugetlb({ name: 'other buf', order: 1, sharedWith: buf });
      return { buf, page: () => buf.page(0), file: null };
    },
    acts: ['pin both', 'get both slowly', 'munmap', 'read, then write', 'fork', 'drop it', 'unmap the middle'],
  },
  'shmem file': { memory: filed({ fs: 'shmem' }, {}), acts: [...FILES, 'direct I/O'] },
  'private shmem file': { memory: filed({ fs: 'shmem' }, { shared: false }), acts: [...FILES, 'pin for reading'] },
  'part of a file': { memory: filed({ pages: 4 }, { from: 1, pages: 2 }), acts: [...FILES, 'move the last'] },
  'file in folios of two': { memory: filed({ pages: 2, order: 1 }, {}), acts: [...FILES, 'move the last'] },
  'file that two map': {
    memory: filed(
      {},
      { name: 'buf' },
      (lab, file) => void lab.mm.process('other').mmapFile(file, { name: 'other buf' }),
    ),
    acts: [...FILES, 'memory failure'],
  },
  'file that was never read': {
    memory: filed({ cached: false }, { populate: false }),
    acts: [...FILES.filter((name) => name !== 'reclaim' && name !== 'migrate'), 'find it'],
  },
  'file that is not mapped yet': { memory: filed({}, { populate: false, shared: false }), acts: FILES },
  'clean file': { memory: filed({}, { clean: true }), acts: [...FILES, 'write', 'direct I/O'] },
  'page that was hinted': {
    memory: anon({ protnone: true }, 2),
    acts: ['hint, read', 'get both slowly', 'fork twice, write', 'soft dirty', 'reclaim', 'migrate', 'KSM', 'collapse'],
  },
};
