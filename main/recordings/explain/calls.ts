/**
 * Calls that take, give back or move references, as scenes of the engine: what a trace is made of. `n` is a number of
 * pages of a large folio.
 */
import { FOLL_GET, FOLL_LONGTERM, FOLL_TOUCH, FOLL_WRITE } from '../../engine/flags.ts';
import type { Bio, Kernel, Lab, MemoryBuilder, Steps, UserMapping, UserPages } from '../../engine/interface.ts';
import { kernelBehind } from '../../engine/kernel.ts';
import { reclaim_pages } from '../../engine/mm/reclaim.ts';
import { folio_get, folio_put } from '../../engine/mm/refcount.ts';
import { split_locked } from '../../engine/mm/split-huge-page.ts';
import { PageModel } from '../../engine/page.ts';
import { LK, UL } from '../../engine/step.ts';
import type { Scene } from './observe.ts';

/** A call, and how an experiment spells it. */
export interface Call {
  /** As people say it: `pin_user_pages_fast()`. */
  readonly name: string;
  /** What it does to the references of a page it is about: takes them, gives them back, or neither for good. */
  readonly does: 'take' | 'release' | 'other';
  readonly scene: Scene;
  /** Pages of a large folio that one call is about; null for small pages. */
  readonly pages: number | null;
  readonly lruBatch?: boolean;
}

type Take = (kernel: Kernel, buffer: UserMapping, n: number) => Steps<UserPages>;
type Make = (mm: MemoryBuilder) => UserMapping;

const TAKES: readonly (readonly [name: string, how: 'get' | 'pin', take: Take])[] = [
  ['get_user_pages_fast()', 'get', (kernel, buffer, n) => kernel.get_user_pages_fast(buffer, n, FOLL_WRITE)],
  ['get_user_pages()', 'get', (kernel, buffer, n) => kernel.get_user_pages(buffer, n, FOLL_WRITE | FOLL_TOUCH)],
  ['pin_user_pages_fast()', 'pin', (kernel, buffer, n) => kernel.pin_user_pages_fast(buffer, n, FOLL_WRITE)],
  ['pin_user_pages()', 'pin', (kernel, buffer, n) => kernel.pin_user_pages(buffer, n, FOLL_WRITE)],
  [
    'pin_user_pages(FOLL_LONGTERM)',
    'pin',
    (kernel, buffer, n) => kernel.pin_user_pages(buffer, n, FOLL_WRITE | FOLL_LONGTERM),
  ],
];

const small: Make = (mm) => mm.mmapPages(2);
const thp: Make = (mm) => mm.mmapThp();
const pteThp: Make = (mm) => mm.mmapPteThp();
const hugetlb: Make = (mm) => mm.mmapHugetlb();

/** The calls on small pages. */
export function smallCalls(): Call[] {
  const calls: Call[] = [];
  for (const [name, how, take] of TAKES) {
    calls.push(taking(name, small, take, 1, null));
    if (how === 'pin') {
      calls.push(giving('unpin_user_page()', small, take, 1, null, unpinEach));
      calls.push(giving('unpin_user_pages()', small, take, 1, null, (kernel, pages) => kernel.unpin_user_pages(pages)));
    } else calls.push(giving('put_page()', small, take, 1, null, putEach));
    calls.push(taking(`${name} of the zero page`, zeroPage, take, 1, null));
  }
  calls.push(
    other('get_page()', 'take', small, ({ kernel }, buffer) => kernel.get_page(buffer.page(0))),
    ...transfers(small, 1, null),
    ...mappings(small, 'a page', null),
    ...faults(),
    ...fileCalls(),
    drain(small),
    lastDrain(),
    unmapWaiting(),
  );
  return calls;
}

/** The calls on `n` pages of a THP that tell releases apart. */
export function tellingCalls(n: number): Call[] {
  const calls: Call[] = [];
  for (const [name, how, take] of TAKES) {
    calls.push(taking(name, thp, take, n, n));
    if (how === 'pin') {
      calls.push(giving('unpin_user_pages()', thp, take, n, n, (kernel, pages) => kernel.unpin_user_pages(pages)));
    }
    if (n === 1)
      calls.push(
        giving(
          how === 'pin' ? 'unpin_user_page()' : 'put_page()',
          thp,
          take,
          n,
          n,
          how === 'pin' ? unpinEach : putEach,
        ),
      );
  }
  return calls;
}

/** The calls on whole THPs that tell releases apart. */
export function tellingFolioCalls(): Call[] {
  return [
    other('get_page()', 'take', thp, ({ kernel }, buffer) => kernel.get_page(buffer.page(0)), 1),
    other('munmap() of a THP', 'release', thp, ({ kernel }, buffer) => kernel.munmap(buffer), 512),
    other('munmap() of a THP mapped by PTEs', 'release', pteThp, ({ kernel }, buffer) => kernel.munmap(buffer), 512),
    partOfThp(),
    ...splits(thp, 'a THP'),
    ...largeFaults(),
    drain(thp),
  ];
}

function partOfThp(): Call {
  const call = ({ kernel }: Lab, buffer: UserMapping): Steps<void> => kernel.madvise_dontneed(buffer.at(1), 1);
  return other('madvise(MADV_DONTNEED) of one page', 'other', thp, call, 512);
}

/** The calls on `n` pages of a large folio of 512. */
export function largeCalls(n: number): Call[] {
  const calls: Call[] = [];
  for (const [kind, make] of [
    ['PMD', thp],
    ['hugetlb', hugetlb],
    ['huge zero page', hugeZero],
  ] as const) {
    for (const [name, how, take] of TAKES) {
      const called = kind === 'PMD' ? name : `${name} of a ${kind === 'hugetlb' ? 'hugetlb page' : kind}`;
      calls.push(taking(called, make, take, n, n));
      if (how === 'pin') {
        calls.push(giving('unpin_user_pages()', make, take, n, n, (kernel, pages) => kernel.unpin_user_pages(pages)));
        calls.push(giving('unpin_user_page() each', make, take, n, n, unpinEach));
      } else calls.push(giving('put_page() each', make, take, n, n, putEach));
    }
    if (kind !== 'huge zero page') calls.push(...transfers(make, n, n));
  }
  return calls;
}

/** The calls on large folios that are not about a number of pages. */
export function folioCalls(): Call[] {
  const calls: Call[] = [];
  for (const [name, how, take] of TAKES) {
    // PTEs map the folio: each page is found by itself.
    calls.push(taking(`${name} of one page`, pteThp, take, 1, 1));
    const give = how === 'pin' ? unpinEach : putEach;
    calls.push(giving(how === 'pin' ? 'unpin_user_page()' : 'put_page()', pteThp, take, 1, 1, give));
  }
  calls.push(
    other('get_page()', 'take', thp, ({ kernel }, buffer) => kernel.get_page(buffer.page(0)), 1),
    ...mappings(thp, 'a THP', 512),
    ...mappings(pteThp, 'a THP mapped by PTEs', 512),
    ...mappings(hugetlb, 'a hugetlb page', 512),
    other('split_huge_pmd()', 'other', thp, ({ kernel }, buffer) => kernel.split_huge_pmd(buffer), 512),
    partOfThp(),
    other(
      'split_huge_page()',
      'other',
      thp,
      function* ({ kernel }, buffer) {
        yield* kernel.split_huge_page(buffer.page(0));
      },
      512,
    ),
    ...splits(thp, 'a THP'),
    ...largeFaults(),
    ...largeFile(),
    drain(thp),
  );
  return calls;
}

function taking(name: string, make: Make, take: Take, n: number, pages: number | null): Call {
  return {
    name,
    does: 'take',
    pages,
    scene: ({ kernel, mm }, watch) => {
      const buffer = make(mm);
      return function* () {
        watch();
        yield* take(kernel, buffer, n);
      };
    },
  };
}

type Give = (kernel: Kernel, pages: UserPages) => Steps<void>;

function giving(name: string, make: Make, take: Take, n: number, pages: number | null, give: Give): Call {
  return {
    name,
    does: 'release',
    pages,
    scene: ({ kernel, mm }, watch) => {
      const buffer = make(mm);
      return function* () {
        const taken = yield* take(kernel, buffer, n);
        watch();
        yield* give(kernel, taken);
      };
    },
  };
}

function* unpinEach(kernel: Kernel, pages: UserPages): Steps<void> {
  for (const page of pages) yield* kernel.unpin_user_page(page);
}

function* putEach(kernel: Kernel, pages: UserPages): Steps<void> {
  for (const page of pages) yield* kernel.put_page(page);
}

function other(
  name: string,
  does: Call['does'],
  make: Make,
  call: (lab: Lab, buffer: UserMapping) => Steps<void>,
  pages: number | null = null,
): Call {
  return {
    name,
    does,
    pages,
    scene: (lab, watch) => {
      const buffer = make(lab.mm);
      return function* () {
        watch();
        yield* call(lab, buffer);
      };
    },
  };
}

/** Calls that take for a transfer, and their ends. */
function transfers(make: Make, n: number, pages: number | null): Call[] {
  const calls: Call[] = [];
  for (const [name, submit] of [
    ['O_DIRECT write', (kernel: Kernel, buffer: UserMapping) => kernel.dio_write(buffer, n)],
    ['O_DIRECT read', (kernel: Kernel, buffer: UserMapping) => kernel.dio_read(buffer, n)],
  ] as const) {
    calls.push(
      other(
        name,
        'take',
        make,
        function* ({ kernel }, buffer) {
          yield* submit(kernel, buffer);
        },
        pages,
      ),
    );
    calls.push({
      name: `end of ${name}`,
      does: 'release',
      pages,
      scene: ({ kernel, mm }, watch) => {
        const buffer = make(mm);
        return function* () {
          const bios: readonly Bio[] = yield* submit(kernel, buffer);
          watch();
          for (const bio of bios) yield* kernel.bio_endio(bio);
        };
      },
    });
  }
  calls.push(
    taking('io_uring register', make, (kernel, buffer) => kernel.io_uring_register(buffer, n), n, pages),
    giving(
      'io_uring unregister',
      make,
      (kernel, buffer) => kernel.io_uring_register(buffer, n),
      n,
      pages,
      (kernel, taken) => kernel.io_uring_unregister(taken),
    ),
    other(
      'process_vm_readv()',
      'other',
      make,
      function* ({ kernel }, buffer) {
        yield* kernel.process_vm_readv(buffer, n);
      },
      pages,
    ),
    taking('vmsplice()', make, (kernel, buffer) => kernel.vmsplice(buffer, n), n, pages),
    giving(
      'read from a pipe',
      make,
      (kernel, buffer) => kernel.vmsplice(buffer, n),
      n,
      pages,
      function* (kernel, taken) {
        yield* kernel.pipe_read(taken);
      },
    ),
  );
  return calls;
}

/** What unmaps, shares or moves a page. */
function mappings(make: Make, what: string, pages: number | null): Call[] {
  return [
    other(`munmap() of ${what}`, 'release', make, ({ kernel }, buffer) => kernel.munmap(buffer), pages),
    other(
      `munmap() of ${what} that is held`,
      'release',
      make,
      function* ({ kernel }, buffer) {
        yield* kernel.munmap(buffer);
      },
      pages,
    ),
    other(
      `fork() over ${what}`,
      'take',
      make,
      function* ({ kernel }, buffer) {
        yield* kernel.fork(buffer);
      },
      pages,
    ),
    {
      name: `fork() over ${what} that is pinned`,
      does: 'other',
      pages,
      scene: ({ kernel, mm }, watch) => {
        const buffer = make(mm);
        return function* () {
          yield* kernel.pin_user_pages_fast(buffer, 1, FOLL_WRITE);
          watch();
          yield* kernel.fork(buffer);
        };
      },
    },
    {
      name: `write to ${what} after fork()`,
      does: 'release',
      pages,
      scene: ({ kernel, mm }, watch) => {
        const buffer = make(mm);
        return function* () {
          yield* kernel.fork(buffer);
          watch();
          yield* kernel.user_write(buffer, 1);
        };
      },
    },
    {
      name: `exit of the child of a fork() over ${what}`,
      does: 'release',
      pages,
      scene: ({ kernel, mm }, watch) => {
        const buffer = make(mm);
        return function* () {
          const child = yield* kernel.fork(buffer);
          watch();
          yield* kernel.munmap(child);
        };
      },
    },
    other(
      `migration of ${what}`,
      'other',
      make,
      function* ({ kernel }, buffer) {
        yield* kernel.migrate_pages(buffer.page(0));
      },
      pages,
    ),
    {
      name: `migration of ${what} that is held`,
      does: 'other',
      pages,
      scene: ({ kernel, mm }, watch) => {
        const buffer = make(mm);
        return function* () {
          yield* kernel.get_user_pages(buffer, 1, FOLL_WRITE);
          watch();
          yield* kernel.migrate_pages(buffer.page(0));
        };
      },
    },
    ...reclaims(make, what, pages),
  ];
}

function reclaims(make: Make, what: string, pages: number | null): Call[] {
  const reclaim = (pinned: boolean): Call => ({
    name: `reclaim of ${what}${pinned ? ' that is pinned' : ''}`,
    does: 'other',
    pages,
    scene: ({ kernel, mm }, watch) => {
      const buffer = make(mm);
      return function* () {
        if (pinned) yield* kernel.pin_user_pages_fast(buffer, 1, FOLL_WRITE);
        watch();
        yield* kernel.shrink_folio(buffer.page(0));
      };
    },
  });
  return [reclaim(false), reclaim(true), pageout(make, what, pages, false), pageout(make, what, pages, true)];
}

/** MADV_PAGEOUT isolates what it reclaims without a look at its neighbours. */
function pageout(make: Make, what: string, pages: number | null, pinned: boolean): Call {
  return {
    name: `madvise(MADV_PAGEOUT) of ${what}${pinned ? ' that is pinned' : ''}`,
    does: 'other',
    pages,
    scene: ({ kernel, mm }, watch) => {
      const buffer = make(mm);
      return function* () {
        if (pinned) yield* kernel.pin_user_pages_fast(buffer, 1, FOLL_WRITE);
        watch();
        yield* reclaim_pages(kernelBehind(kernel), [headOf(buffer)]);
      };
    },
  };
}

/** /sys/kernel/debug/split_huge_pages: until 6.11 the look-up takes a reference, later the split does. */
function splits(make: Make, what: string): Call[] {
  const split = (name: string, body: (kernel: Kernel, buffer: UserMapping) => Steps<void>): Call =>
    other(`split_huge_pages of ${what}${name}`, 'other', make, ({ kernel }, buffer) => body(kernel, buffer), 512);
  return [
    split(', looked up', function* (kernel, buffer) {
      const page = yield* kernel.follow_page(buffer, FOLL_GET);
      if (page === null) return;
      const head = headOf(buffer);
      yield LK(head.locked);
      yield* split_locked(kernelBehind(kernel), head);
      yield UL(head.locked);
      yield* kernel.put_page(page);
    }),
    split('', function* (kernel, buffer) {
      const head = headOf(buffer);
      yield LK(head.locked);
      yield* folio_get(kernelBehind(kernel), head);
      yield* split_locked(kernelBehind(kernel), head);
      yield UL(head.locked);
      yield* folio_put(kernelBehind(kernel), head);
    }),
  ];
}

function headOf(buffer: UserMapping): PageModel {
  const { head } = buffer.page(0);
  if (!(head instanceof PageModel)) throw new TypeError('this page was not made by the engine');
  return head;
}

const zeroPage: Make = (mm) => mm.mmapZeroPage();
const hugeZero: Make = (mm) => mm.mmapHugeZeroPage();

/** First touches, which allocate. */
function faults(): Call[] {
  return [
    touching('first write to anonymous memory', (mm) => mm.mmapUntouched(1), true, null),
    touching('first read of anonymous memory', (mm) => mm.mmapUntouched(1), false, null),
    touching('first write to memory that was read', (mm) => mm.mmapZeroPage(), true, null),
  ];
}

function largeFaults(): Call[] {
  return [
    touching('first write to a THP', (mm) => mm.mmapUntouched(512, { thp: true }), true, 512),
    touching('first read of a THP', (mm) => mm.mmapUntouched(512, { thp: true }), false, 512),
  ];
}

/** With and without the batch that holds a fresh page. */
function touching(name: string, make: Make, write: boolean, pages: number | null): Call {
  return {
    name,
    does: 'take',
    pages,
    lruBatch: true,
    scene: ({ kernel, mm }, watch) => {
      const buffer = make(mm);
      return function* () {
        watch();
        if (write) yield* kernel.user_write(buffer, 1);
        else yield* kernel.user_read(buffer);
      };
    },
  };
}

function drain(make: Make): Call {
  return {
    name: 'drain of an LRU batch',
    does: 'release',
    pages: null,
    lruBatch: true,
    scene: ({ kernel, mm }, watch) => {
      if (make === thp) mm.mmapThp({ inLruBatch: true });
      else mm.mmapPages(1, { inLruBatch: true });
      return function* () {
        watch();
        yield* kernel.lru_add_drain();
      };
    },
  };
}

/** Up to 6.12 it drains the batch first. */
function unmapWaiting(): Call {
  return {
    name: 'munmap() of a page that waits for the LRU',
    does: 'release',
    pages: null,
    lruBatch: true,
    scene: ({ kernel, mm }, watch) => {
      const buffer = mm.mmapPages(1, { inLruBatch: true });
      return function* () {
        watch();
        yield* kernel.munmap(buffer);
      };
    },
  };
}

/** A page that was unmapped while it waited: the batch has its last reference. */
function lastDrain(): Call {
  return {
    name: 'drain of an LRU batch that has the last reference',
    does: 'release',
    pages: null,
    lruBatch: true,
    scene: ({ kernel, mm }, watch) => {
      const buffer = mm.mmapPages(1, { inLruBatch: true });
      return function* () {
        yield* kernel.munmap(buffer);
        watch();
        yield* kernel.lru_add_drain();
      };
    },
  };
}

function fileCalls(): Call[] {
  const calls: Call[] = [];
  for (const fs of ['ext4', 'shmem'] as const) {
    const make: Make = (mm) => mm.mmapFile(mm.file({ fs, pages: 2 }));
    for (const [name, , take] of TAKES) calls.push(taking(`${name} of a file`, make, take, 1, null));
    calls.push(other('munmap() of a file', 'release', make, ({ kernel }, buffer) => kernel.munmap(buffer)));
  }
  const whole = (
    name: string,
    call: (kernel: Kernel, file: ReturnType<MemoryBuilder['file']>) => Steps<unknown>,
  ): Call => ({
    name,
    does: 'other',
    pages: null,
    scene: ({ kernel, mm }, watch) => {
      const file = mm.file();
      mm.mmapFile(file);
      return function* () {
        watch();
        yield* call(kernel, file);
      };
    },
  });
  calls.push(
    whole('read() of a file', (kernel, file) => kernel.read(file, 0)),
    whole('write() to a file', (kernel, file) => kernel.write(file, 0, 1)),
    whole('writeback', (kernel, file) => kernel.writeback(file, 0)),
    whole('truncation of a file', (kernel, file) => kernel.truncate(file, 0)),
    whole('invalidation of a cached page', (kernel, file) => kernel.invalidate_page(file, 0)),
    whole('look-up in the page cache', (kernel, file) => kernel.find_get_page(file, 0)),
  );
  return calls;
}

function largeFile(): Call[] {
  const make: Make = (mm) => mm.mmapFile(mm.file({ pages: 16, order: 4 }));
  return [
    ...TAKES.map(([name, , take]) => taking(`${name} of a file`, make, take, 1, 1)),
    other('munmap() of a file', 'release', make, ({ kernel }, buffer) => kernel.munmap(buffer), 16),
  ];
}
