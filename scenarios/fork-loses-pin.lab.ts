/// <reference types="gupbook" />

// %% [markdown] Fork loses the pin
// A process registers a buffer with its RDMA card, forks (to run `ls`, say), and writes to the buffer. From then on the
// card reads and writes memory that the process cannot see.
//
// **What people believed:** a pin keeps a page where it is. It does. What it did not keep is the *process's* idea of
// where the page is.
//
// **The interleaving** needs no race: `fork()` write-protects the page in both processes. Whoever writes first gets a
// copy. If that is the parent, the parent moves to the copy and the card stays with the original, which is the child's
// now.
//
// RDMA users were told to call `madvise(MADV_DONTFORK)`, and libibverbs does when `IBV_FORK_SAFE` is set.
//
// **Fixed in 5.9:** 008cfe4418b3 ("mm: Introduce mm_struct.has_pinned") and 70e806e4e645 ("mm: Do early cow for pinned
// pages during fork() for ptes"): fork copies a page that may be pinned at once, for the child, and leaves the parent's
// entry writable. This is what FOLL_PIN had been made for, four releases after it was merged. 4eae4efa2c29 did the same
// for hugetlb in 5.12. It cannot work for FOLL_GET: see `fork-eats-direct-io.lab.ts`.
//
// **What catches it:** I5, *the owner of a pinned private page still maps that page*.

// %% A small page
const early = {
  '5.6': 'fail',
  'pin-v5': 'fail',
  'pin-v6': 'fail',
  'pin-v7': 'fail',
  '5.7-bias': 'fail',
  '5.7': 'fail',
  '*': 'pass',
} as const;
// 5.6 has no pins: there, tracking them comes first.
const PINS = { follPin: true, forkCopiesPinned: 'count', hugePin: 'bias-per-page', hugeUndo: 'matching' } as const;
const earlyCopy = [
  { kernels: ['5.6', 'pin-v5'], on: PINS },
  { kernels: ['5.9', '5.11', '5.14', '5.18'], off: { forkCopiesPinned: 'no' } },
  { on: { forkCopiesPinned: 'count' }, off: { forkCopiesPinned: 'no' } },
] as const;
experiment('fork and a registered page', { bug: 'S09', expect: early, fix: earlyCopy }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('parent', function* () {
    const pages = yield* kernel.ib_umem_get(buf, 1);
    yield* kernel.fork(buf);
    yield* kernel.user_write(buf, 1);
    yield* kernel.dma_write(pages, 0, 2);
    yield* kernel.ib_umem_release(pages);
  });
});

// %% A THP
// `copy_huge_pmd()` does not copy 2 MB on the spot: it splits the PMD and has the pages copied one by one.
experiment('fork and a registered THP', { expect: early, fix: earlyCopy }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp({ order: 1 });
  lab.task('parent', function* () {
    const pages = yield* kernel.ib_umem_get(buf, 1);
    yield* kernel.fork(buf);
    yield* kernel.user_write(buf, 1);
    yield* kernel.dma_write(pages, 0, 2);
    yield* kernel.ib_umem_release(pages);
  });
});

// %% A hugetlb page
// Three releases later: 4eae4efa2c29 (5.12).
const earlyHugetlb = [
  { kernels: ['5.6', 'pin-v5'], on: { ...PINS, forkCopiesHugetlb: true } },
  { on: { forkCopiesPinned: 'count', forkCopiesHugetlb: true }, off: { forkCopiesHugetlb: false } },
] as const;
experiment(
  'fork and a registered hugetlb page',
  { expect: { ...early, '5.9': 'fail', '5.11': 'fail' }, fix: earlyHugetlb },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapHugetlb({ order: 1 });
    lab.task('parent', function* () {
      const pages = yield* kernel.ib_umem_get(buf, 1);
      yield* kernel.fork(buf);
      yield* kernel.user_write(buf, 1);
      yield* kernel.dma_write(pages, 0, 2);
      yield* kernel.ib_umem_release(pages);
    });
  },
);

// %% The child writes first
// The same bug from the other side, and it looks harmless: the child gets the copy, the parent's next write finds
// itself alone and writes in place. Whether a program works depends on who is scheduled first.
experiment('fork and a registered page, the child writes first', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('parent', function* () {
    const pages = yield* kernel.ib_umem_get(buf, 1);
    const copy = yield* kernel.fork(buf);
    yield* kernel.user_write(copy, 1);
    yield* kernel.dma_write(pages, 0, 2);
    yield* kernel.ib_umem_release(pages);
  });
});

// %% A read-only pin
// The card only reads. Fork write-protects, the parent writes, gets the copy, and the card sends what was there before.
experiment('fork and a page registered for reading', { expect: early, fix: earlyCopy }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('parent', function* () {
    const pages = yield* kernel.ib_umem_get(buf, 1, false);
    yield* kernel.fork(buf);
    yield* kernel.user_write(buf, 1);
    yield* kernel.dma_read(pages, 0);
    yield* kernel.ib_umem_release(pages);
  });
});
