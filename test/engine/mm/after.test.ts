/**
 * One thing done after another: what is left, what the kernel said, and in how many steps, for every state that a first
 * deed can leave memory in and every second one. Written down in sequences/after-*.txt, to be compared with the kernel's
 * source like the others there.
 */
import type { Kernel } from '../../../main/engine/interface.ts';
import { kernelBehind } from '../../../main/engine/kernel.ts';
import { reclaim_pages } from '../../../main/engine/mm/reclaim.ts';
import { PageModel } from '../../../main/engine/page.ts';
import { bookOf } from './book.ts';
import { DEEDS } from './deeds.ts';
import { type Buffer, KINDS, type Kind } from './memory-kinds.ts';
import { SPECIAL } from './special-memory.ts';
import { type Act, endOf, told } from './steps.ts';

/** What leaves entries and pages in every state they can be in. */
const FIRST = {
  *'swapped out'(kernel, { page }) {
    yield* kernel.shrink_folio(page());
  },
  *'kept in the swap cache'(kernel, { buf, page }) {
    yield* kernel.get_user_pages_fast(buf, 1, 0);
    yield* kernel.shrink_folio(page());
  },
  *'first one dropped'(kernel, { buf }) {
    yield* kernel.madvise_dontneed(buf, 1);
  },
  *shared(kernel, { buf }) {
    yield* kernel.fork(buf);
  },
  *hinted(kernel, { buf }) {
    yield* kernel.change_prot_numa(buf);
  },
  *'failed in memory'(kernel, { page }) {
    yield* kernel.memory_failure(page());
  },
  *'let go'(kernel, { buf }) {
    yield* kernel.madvise_free(buf);
  },
  *pinned(kernel, { buf }) {
    yield* pinned(kernel, buf);
  },
  *'pinned, then shared'(kernel, { buf }) {
    yield* pinned(kernel, buf);
    yield* kernel.fork(buf);
  },
  *merged(kernel, { buf }) {
    yield* kernel.ksm_merge(buf.at(0), buf.at(buf.npages - 1));
  },
  *'not writable for soft dirty'(kernel, { buf }) {
    yield* kernel.clear_refs(buf);
  },
  *'its PMD split'(kernel, { buf }) {
    yield* kernel.split_huge_pmd(buf);
  },
  *unmapped(kernel, { buf }) {
    yield* kernel.munmap(buf);
  },
} satisfies Record<string, Act>;

function* pinned(kernel: Kernel, buf: Buffer['buf']) {
  if (kernel.switches.follPin) yield* kernel.pin_user_pages(buf, 1, 0);
  else yield* kernel.get_user_pages(buf, 1, 0);
}

/** What comes then, beside what deeds.ts has. */
const LAST = {
  *'touch all'(kernel, { buf }, _lab, say) {
    for (let i = 0; i < buf.npages; i++)
      say(yield* kernel.user_read(buf.at(i)), yield* kernel.user_write(buf.at(i), 1));
  },
  *'get all'(kernel, { buf }, _lab, say) {
    say((yield* kernel.get_user_pages_fast(buf, buf.npages, 0)).ret, (yield* kernel.get_user_pages(buf, 1, 0)).ret);
  },
  *'page out'(kernel, { buf }) {
    const heads: PageModel[] = [];
    for (let i = 0; i < buf.npages; i++) {
      const page = buf.page(i).head;
      if (PageModel.is(page)) heads.push(page);
    }
    yield* reclaim_pages(kernelBehind(kernel), heads);
  },
  *'let all go'(kernel, { buf, page }, _lab, say) {
    yield* kernel.madvise_free(buf);
    say(yield* kernel.shrink_folio(page()));
  },
} satisfies Record<string, Act>;

const ALWAYS = [
  ...(['fork', 'munmap', 'drop it', 'reclaim', 'migrate', 'memory failure', 'NUMA hints', 'soft dirty'] as const),
  ...(['KSM', 'collapse', 'split', 'split the PMD', 'pin slowly', 'ptrace', 'io_uring', 'vmsplice'] as const),
];
const ANY: readonly (keyof typeof FIRST)[] = [
  ...([
    'first one dropped',
    'shared',
    'hinted',
    'failed in memory',
    'let go',
    'pinned',
    'pinned, then shared',
  ] as const),
  ...(['not writable for soft dirty', 'unmapped'] as const),
];
const STATES: Readonly<Partial<Record<Kind, readonly (keyof typeof FIRST)[]>>> = {
  pages: [...ANY, 'swapped out', 'kept in the swap cache', 'merged'],
  thp: [...ANY, 'its PMD split'],
  'thp by PTEs': ANY,
  untouched: ['shared', 'hinted', 'let go', 'unmapped'],
  'untouched thp': ['shared', 'hinted', 'let go'],
  'zero page': ['shared', 'hinted', 'let go', 'first one dropped'],
  'huge zero page': ['shared', 'hinted', 'let go', 'its PMD split'],
  'shared file': [
    'hinted',
    'failed in memory',
    'first one dropped',
    'pinned',
    'unmapped',
    'not writable for soft dirty',
  ],
  'private file': ['shared', 'hinted', 'failed in memory', 'first one dropped', 'pinned, then shared', 'let go'],
  hugetlb: ['shared', 'failed in memory', 'pinned, then shared', 'unmapped', 'hinted'],
  dax: ['shared', 'hinted', 'first one dropped', 'let go'],
  'huge dax': ['shared', 'hinted', 'first one dropped', 'let go', 'its PMD split'],
};
/** The same of rarer kinds. */
const RARER: Readonly<Record<string, readonly (keyof typeof FIRST)[]>> = {
  'bare PFNs': ['shared', 'hinted', 'first one dropped', 'let go'],
  'pages under two tables': ['first one dropped', 'hinted', 'pinned, then shared', 'merged', 'swapped out'],
  'two thps': ['first one dropped', 'hinted', 'pinned, then shared', 'its PMD split', 'let go'],
  'folios of two under one PMD': ['first one dropped', 'pinned, then shared', 'failed in memory'],
  'shared hugetlb': ['shared', 'unmapped', 'failed in memory', 'pinned'],
  'read-only page': ['shared', 'swapped out', 'kept in the swap cache', 'hinted', 'pinned, then shared'],
  'file in folios of two': ['first one dropped', 'failed in memory', 'pinned', 'hinted'],
  'page in CMA': ['pinned', 'swapped out'],
  'file that is not mapped yet': ['shared', 'hinted', 'let go'],
};
const KERNELS = ['7.2', '6.1', '5.18', '5.11', '5.7'];

const usual = Object.entries(KINDS).map(([kind, memory]) => [kind, memory, STATES] as const);
const rarer = Object.entries(SPECIAL).map(([kind, { memory }]) => [kind, memory, RARER] as const);
for (const [kind, memory, list] of [...usual, ...rarer]) {
  const states = Object.entries(list).find(([name]) => name === kind)?.[1] ?? [];
  const situations = new Map<string, readonly Act[]>();
  for (const state of states) {
    for (const name of ALWAYS) situations.set(`${state}: ${name}`, [FIRST[state], DEEDS[name]]);
    for (const [name, act] of Object.entries(LAST)) situations.set(`${state}: ${name}`, [FIRST[state], act]);
  }
  if (situations.size === 0) continue;
  bookOf(`after-${kind.replaceAll(' ', '-')}`, [...situations.keys()], (name) => {
    const acts = situations.get(name);
    return acts === undefined ? '' : told((id) => endOf(id, { memory, acts }), KERNELS);
  });
}
