/**
 * Every atomic step of what is done with every kind of memory, in its order, on every kernel: written down in
 * sequences/, one file for each kind of memory. What changes there is to be compared with the kernel's source.
 */
import type { Lab } from '../../../main/engine/interface.ts';
import { bookOf } from './book.ts';
import { CAN, DEEDS } from './deeds.ts';
import { type Buffer, KINDS, type Kind } from './memory-kinds.ts';
import { MORE } from './more-deeds.ts';
import { SPECIAL } from './special-memory.ts';
import { type Act, type Situation, stepsOf, told } from './steps.ts';

const BOTH = ['get both slowly', 'get both', 'pin both', 'pin both slowly, touching', 'pin for reading'] as const;
const ANY = [
  ...BOTH,
  ...(['pin twice, add one, unpin as a folio', 'pin, unpin the range dirty', 'pin, unpin clean', 'RDMA'] as const),
  ...(['two bios', 'read, then write', 'follow', 'maybe pinned', 'get, try to get', 'touch again and again'] as const),
] as const;
const PRIVATE = [
  ...ANY,
  ...(['pin for long, fork, write on both sides', 'fork twice, write', 'direct I/O out', 'process_vm'] as const),
  ...(['read by ptrace', 'drop it, read it', 'force a write', 'hint, read', 'drain'] as const),
] as const;
const MOVED = ['touch a pinned page', 'move', 'fails in memory, touched', 'fails in memory while held'] as const;
const SMALL = [...PRIVATE, ...MOVED, 'swap out and in', 'let go, write, reclaim', 'clear, write'] as const;
const LOCKED = ['lock in memory, pin for long'] as const;
const SPLIT = ['split, unmap', 'split while pinned', 'fork, split, write'] as const;

const ALSO: Readonly<Record<Kind, readonly (keyof typeof MORE)[]>> = {
  page: [...SMALL, ...LOCKED],
  pages: [
    ...SMALL,
    ...(['collapse, write', 'collapse while held', 'merge, write', 'merge what is pinned, and what differs'] as const),
  ],
  thp: [...PRIVATE, ...MOVED, ...SPLIT, ...LOCKED],
  'thp of four': ANY,
  'two thps': ['pin both', 'get both slowly', 'fork twice, write', 'drop it, read it', 'hint, read'],
  'thp by PTEs': [...PRIVATE, ...MOVED, ...SPLIT, 'collapse, write', 'collapse while held', 'clear, write'],
  lazyfree: ['let go, write, reclaim', 'swap out and in'],
  hugetlb: [
    ...ANY,
    ...(['pin for long, fork, write on both sides', 'fork twice, write', 'drop it, read it'] as const),
    ...(['fails in memory, touched', 'fails in memory while held'] as const),
  ],
  'hugetlb by PUD': ['pin both', 'get both slowly', 'follow'],
  'shared file': [...ANY, 'the file', 'the file, pinned', 'direct I/O out'],
  'private file': [...PRIVATE, 'the file', 'the file, pinned', 'touch a pinned page'],
  untouched: [...BOTH, 'read, then write', 'fork twice, write', 'drain', 'follow'],
  'untouched thp': [...BOTH, 'read, then write', 'fork twice, write', 'drain', 'follow'],
  'zero page': ['read, then write', 'pin both', 'get both', 'fork twice, write', 'drop it, read it'],
  'huge zero page': [
    'read, then write',
    'pin both',
    'get both',
    'fork twice, write',
    'drop it, read it',
    'pin for reading',
  ],
  dax: [...BOTH, 'read, then write', 'fork twice, write', 'drop it, read it', 'follow', 'RDMA'],
  'huge dax': [...BOTH, 'read, then write', 'fork twice, write', 'drop it, read it', 'follow', 'RDMA'],
  'NUMA hints': ['get both', 'pin both', 'get both slowly', 'read, then write', 'fork twice, write', 'follow'],
};

const ONLY_HERE = ['collapse', 'KSM', 'reclaim', 'let go', 'memory failure', 'migrate'] as const;

const LRU = { lruBatch: true };
const DEBUG = { debugVm: true };
const WEAK = { ipiFlush: false };

/** What is looked at with other surroundings as well. */
const VARIANTS: readonly (readonly [string, NonNullable<Situation['arch']>, readonly Kind[], readonly string[]])[] = [
  ['LRU batches', LRU, ['page', 'pages', 'thp', 'thp by PTEs'], ['get both slowly', 'touch again and again', 'drain']],
  [
    'LRU batches',
    LRU,
    ['untouched', 'untouched thp', 'shared file'],
    ['read, then write', 'drain', 'get both', 'munmap'],
  ],
  [
    'LRU batches',
    LRU,
    ['page', 'thp'],
    ['fork twice, write', 'swap out and in', 'move', 'lock in memory, pin for long'],
  ],
  ['debug kernel', DEBUG, ['page', 'thp', 'thp by PTEs', 'hugetlb'], ['pin both', 'get both', 'get, try to get']],
  ['debug kernel', DEBUG, ['page', 'thp by PTEs', 'shared file'], ['pin both slowly, touching', 'fork twice, write']],
  ['no IPI', WEAK, ['page', 'pages'], ['pin both', 'munmap', 'collapse, write']],
];

const everything: Readonly<Record<string, Act>> = { ...DEEDS, ...MORE };

function situationsOf(kind: Kind, memory: (lab: Lab) => Buffer): Map<string, Situation> {
  const situations = new Map<string, Situation>();
  const add = (name: string, title: string, arch: Situation['arch'] = {}): void => {
    const act = everything[name];
    if (act !== undefined) situations.set(title, { memory, acts: [act], arch });
  };
  // What a second page, or MADV_FREE, makes no difference to is written down once.
  const common = kind === 'pages' || kind === 'lazyfree' ? ONLY_HERE : (CAN[kind] ?? []);
  for (const name of [...common, ...ALSO[kind]]) add(name, name);
  for (const [title, arch, kinds, names] of VARIANTS) {
    if (kinds.includes(kind)) for (const name of names) add(name, `${name} (${title})`, arch);
  }
  return situations;
}

for (const [kind, memory] of Object.entries(KINDS)) {
  const known = Object.keys(ALSO).find((name): name is Kind => name === kind);
  if (known === undefined) continue;
  const situations = situationsOf(known, memory);
  bookOf(kind.replaceAll(' ', '-'), [...situations.keys()], (name) => {
    const situation = situations.get(name);
    return situation === undefined ? '' : told((id) => stepsOf(id, situation));
  });
}

const special = new Map<string, Situation>();
for (const [kind, { memory, acts }] of Object.entries(SPECIAL)) {
  for (const name of acts) {
    const act = everything[name];
    if (act !== undefined) special.set(`${kind}: ${name}`, { memory, acts: [act] });
  }
}
bookOf('special', [...special.keys()], (name) => {
  const situation = special.get(name);
  return situation === undefined ? '' : told((id) => stepsOf(id, situation));
});
