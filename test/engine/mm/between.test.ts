/**
 * What is left when somebody comes between: one actor goes so many steps, another comes and goes, the first goes on. Every
 * place where the first can be interrupted is tried, and equal ends are one line: written down in sequences/between-*.txt.
 */
import { bookOf } from './book.ts';
import { DEEDS } from './deeds.ts';
import { KINDS, type Kind } from './memory-kinds.ts';
import { MORE } from './more-deeds.ts';
import { SHARED } from './shared-deeds.ts';
import { SPECIAL } from './special-memory.ts';
import { type Act, interruptionsOf, type Situation, told } from './steps.ts';

type Pairs = Readonly<Record<string, readonly string[]>>;

/** Who is interrupted, and by whom. */
const WHO: Readonly<Partial<Record<Kind, Pairs>>> = {
  page: {
    'pin all': ['munmap', 'fork', 'migrate'],
    'pin slowly': ['munmap', 'reclaim'],
    write: ['fork', 'munmap'],
    'fork twice, write': ['get and keep', 'munmap'],
    reclaim: ['get and keep', 'write', 'fork'],
    'swap out and in': ['reclaim', 'write', 'fork', 'munmap'],
    migrate: ['get and keep', 'munmap', 'write'],
    'memory failure': ['munmap', 'get and keep'],
    'let go, write, reclaim': ['get and keep', 'write'],
    'clear, write': ['munmap'],
    'hint, read': ['munmap', 'reclaim'],
  },
  pages: {
    collapse: ['get and keep', 'munmap', 'write', 'drop it', 'reclaim', 'fork'],
    'merge, write': ['pin and keep', 'munmap', 'write', 'fork'],
  },
  thp: {
    'pin all': ['munmap', 'split the PMD'],
    'pin slowly': ['split the PMD', 'munmap'],
    'fork twice, write': ['split the PMD', 'munmap', 'get and keep'],
    split: ['get and keep', 'munmap', 'fork'],
    migrate: ['get and keep', 'split the PMD', 'write'],
    reclaim: ['get and keep', 'write'],
    munmap: ['split the PMD', 'NUMA hints'],
    'hint, read': ['munmap', 'split the PMD'],
  },
  'thp by PTEs': {
    collapse: ['munmap', 'get and keep'],
    split: ['get and keep', 'write'],
    'fork twice, write': ['split'],
  },
  lazyfree: { reclaim: ['get and keep', 'write', 'munmap'] },
  hugetlb: {
    'fork twice, write': ['get and keep', 'munmap'],
    'drop it, read it': ['write', 'munmap'],
    'pin slowly': ['munmap'],
  },
  'shared file': {
    'pin all': ['munmap', 'writeback'],
    write: ['truncate', 'writeback', 'reclaim'],
    writeback: ['write', 'truncate', 'pin and keep'],
    truncate: ['pin and keep', 'write'],
    invalidate: ['get and keep', 'write'],
    reclaim: ['get and keep', 'write', 'pin and keep'],
    migrate: ['get and keep', 'truncate'],
    'find it': ['truncate', 'reclaim', 'migrate'],
    'pin, unpin the range dirty': ['writeback', 'truncate'],
  },
  'private file': { 'read, then write': ['truncate', 'drop it', 'reclaim'], 'force a write': ['drop it', 'truncate'] },
  untouched: { 'read, then write': ['write', 'read and write', 'fork'] },
  'untouched thp': { 'read, then write': ['write', 'read and write', 'fork'] },
  'huge dax': { 'pin all': ['munmap'], get: ['munmap'], 'read, then write': ['munmap', 'write'] },
  dax: { 'pin all': ['munmap'], 'read, then write': ['write'] },
};

/** The same, once more. */
const ALSO: Readonly<Record<string, Pairs>> = {
  page: {
    'fork twice, write': ['write', 'drop it', 'reclaim', 'migrate'],
    'clear, write': ['fork', 'reclaim', 'migrate'],
    'hint, read': ['write', 'migrate'],
    migrate: ['fork', 'reclaim', 'drop it'],
    'memory failure': ['fork', 'migrate', 'reclaim', 'write'],
    'drop it, read it': ['write', 'fork', 'get and keep'],
  },
  pages: {
    'merge, write': ['migrate', 'drop it', 'reclaim', 'get and keep'],
    collapse: ['migrate', 'memory failure', 'NUMA hints', 'KSM'],
    'get both': ['munmap', 'KSM', 'migrate'],
  },
  thp: {
    'memory failure': ['split the PMD', 'munmap', 'get and keep', 'write', 'fork'],
    'fork twice, write': ['write', 'drop it', 'migrate'],
    'drop it': ['split the PMD', 'write', 'pin slowly', 'migrate'],
    'NUMA hints': ['munmap', 'split the PMD', 'migrate'],
    fork: ['split the PMD', 'get and keep', 'migrate'],
    'split the PMD': ['migrate', 'write', 'munmap', 'get and keep'],
    migrate: ['fork', 'munmap', 'split'],
    split: ['write', 'split the PMD', 'migrate'],
  },
  'thp by PTEs': {
    collapse: ['write', 'fork', 'drop it'],
    'fork twice, write': ['write', 'munmap', 'get and keep', 'migrate'],
    split: ['munmap', 'fork', 'collapse'],
    'memory failure': ['write', 'munmap'],
  },
  hugetlb: {
    'fork twice, write': ['write', 'drop it'],
    'pin slowly': ['drop it', 'fork'],
    'pin all': ['munmap', 'fork'],
  },
  'zero page': { 'read, then write': ['write', 'munmap', 'fork', 'drop it'], 'pin slowly': ['write'] },
  'huge zero page': { 'read, then write': ['write', 'munmap', 'split the PMD', 'drop it'], fork: ['split the PMD'] },
  'private file': { 'read, then write': ['write', 'munmap', 'migrate', 'fork'], 'force a write': ['write', 'fork'] },
  'shared file': { write: ['munmap', 'migrate'], 'read the file': ['truncate', 'reclaim', 'migrate'] },
  'page in CMA': {
    'pin for long': ['get and keep', 'munmap', 'write', 'fork', 'migrate'],
    'pin all for long': ['get and keep', 'drop it', 'reclaim'],
  },
  'pages in CMA': { 'pin all for long': ['get and keep', 'munmap', 'fork'] },
  'thp in CMA': { 'pin for long': ['get and keep', 'split the PMD', 'munmap'] },
  'file that was never read': {
    'read, then write': ['read the file', 'truncate', 'write'],
    'read the file': ['read the file', 'write the file', 'truncate'],
  },
  'shared hugetlb': { 'pin slowly': ['munmap'], 'pin all': ['munmap'], write: ['munmap'], munmap: ['get and keep'] },
  'read-only page': { 'force a write': ['munmap', 'fork', 'drop it', 'force a write'] },
};

const SWAP = [
  ...(['share, swap out, read while the other reads', 'share, swap out, write while the other writes'] as const),
  ...(['share, swap out, read while the other lets go', 'share, swap out, let go while the other reads'] as const),
  ...(['keep, swap out, read, write', 'keep, swap out, write', 'keep, swap out, let go'] as const),
  'keep, swap out, share, both write',
] as const;
const FORKED = ['pin, share, write while the other writes', 'share, write while the other pins'] as const;
const MOVED = ['share, move while the other writes', 'share, move while the other lets go'] as const;
const SPLIT = ['share, split while the other writes', 'share, split while the other lets go'] as const;

/** Who starts the one that comes between. */
const ALONE: Readonly<Partial<Record<Kind, readonly (keyof typeof SHARED)[]>>> = {
  page: [...SWAP, ...FORKED, ...MOVED, 'share, fail while the other reads'],
  pages: ['share, collapse while the other writes'],
  thp: [...FORKED, ...MOVED, ...SPLIT, 'share, fail while the other reads'],
  'thp by PTEs': [...FORKED, ...SPLIT],
  hugetlb: [...FORKED, 'share, fail while the other reads'],
  'private file': FORKED,
};

/** Two eras: what differs between the others is in the sequences. */
const KERNELS = ['7.2', '5.11'];

const everything: Readonly<Record<string, Act>> = { ...DEEDS, ...MORE };

const rarer = Object.entries(SPECIAL).map(([kind, { memory }]) => [kind, memory] as const);
for (const [kind, memory] of [...Object.entries(KINDS), ...rarer]) {
  const first = Object.entries(WHO).find(([name]) => name === kind)?.[1];
  const pairs = [...Object.entries(first ?? {}), ...Object.entries(ALSO[kind] ?? {})];
  if (pairs.length === 0) continue;
  const situations = new Map<string, Situation>();
  for (const [one, seconds] of pairs) {
    for (const two of seconds) {
      const [first, second] = [everything[one], everything[two]];
      if (first === undefined || second === undefined) throw new Error(`nobody can ${one} or ${two}`);
      situations.set(`${one}, between it ${two}`, { memory, acts: [first, second] });
    }
  }
  const alone = Object.entries(ALONE).find(([name]) => name === kind)?.[1] ?? [];
  for (const one of alone) situations.set(one, { memory, acts: [SHARED[one]] });
  bookOf(`between-${kind.replaceAll(' ', '-')}`, [...situations.keys()], (name) => {
    const situation = situations.get(name);
    return situation === undefined ? '' : told((id) => interruptionsOf(id, situation), KERNELS);
  });
}
