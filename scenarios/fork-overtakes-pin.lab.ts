/// <reference types="gupbook" />

// %% [markdown] Fork overtakes the pin
// 5.9 has fork copy what may be pinned. Slow GUP holds `mmap_lock` and cannot meet fork. Fast GUP takes no lock.
//
// **What people believed:** fast GUP re-reads the entry once it has its reference; if fork write-protected it
// meanwhile, the walk sees that and gives the pin back. If fork did not yet, then fork will see the pin.
//
// **The interleaving** that is neither:
//
// | fork                                      | fast GUP                                |
// |-------------------------------------------|-----------------------------------------|
// | reads `_refcount`: not pinned, so share   |                                         |
// |                                           | takes 1024                              |
// |                                           | re-reads the entry: writable, unchanged |
// | write-protects the entry                  | returns the page                        |
//
// Between "is it pinned?" and "write-protect" there is a window, and the pin falls into it. The next write of the
// parent copies, and the device keeps the page that the parent just left.
//
// **Fixed in 5.11:** 57efa1fe5957 ("mm/gup: prevent gup_fast from racing with COW during fork"): `write_protect_seq` of
// the mm is odd while fork copies page tables. Fast GUP reads it before and after, and when it was odd or has moved it
// drops all it took and goes the slow way.
//
// **What catches it:** I5, once the parent has written.
//
// **Differs from the fixes' dates (S10: pin-v5 pin-v6 pin-v7 5.7-bias 5.7):** the table has no verdict there, because
// fork does not ask for pins at all on these kernels. The same two actors lose the pin there as well, with or without
// the race; what is missing is the fix of `fork-loses-pin.lab.ts`, and the sequence count on top of it.

// %% The race
const raced = {
  'pin-v5': 'fail',
  'pin-v6': 'fail',
  'pin-v7': 'fail',
  '5.7-bias': 'fail',
  '5.7': 'fail',
  '5.9': 'fail',
  '*': 'pass',
} as const;
const seqcount = [
  {
    kernels: ['pin-v5', 'pin-v6', 'pin-v7'],
    on: { forkCopiesPinned: 'count', writeProtectSeq: true, pteUndoMatches: true },
  },
  { kernels: ['5.7-bias', '5.7'], on: { forkCopiesPinned: 'count', writeProtectSeq: true } },
  { on: { writeProtectSeq: true }, off: { writeProtectSeq: false } },
] as const;
experiment('a fast pin while the process forks', { bug: 'S10', expect: raced, fix: seqcount }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('pinner', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.unpin_user_pages(pages);
  });
  lab.task('forker', function* () {
    yield* kernel.fork(buf);
    yield* kernel.user_write(buf, 1);
  });
});

// %% The slow path
// `pin_user_pages()` holds `mmap_lock` for reading while it walks, `fork()` holds it for writing. From 5.9 on that is
// all it takes; no sequence count is needed.
const forkAsks = [
  { kernels: ['5.9', '5.11', '5.14', '5.18'], off: { forkCopiesPinned: 'no' } },
  { on: { forkCopiesPinned: 'count' }, off: { forkCopiesPinned: 'no' } },
] as const;
experiment(
  'a slow pin while the process forks',
  {
    expect: { 'pin-v5': 'fail', 'pin-v6': 'fail', 'pin-v7': 'fail', '5.7-bias': 'fail', '5.7': 'fail', '*': 'pass' },
    fix: forkAsks,
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('pinner', function* () {
      const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('forker', function* () {
      yield* kernel.fork(buf);
      yield* kernel.user_write(buf, 1);
    });
  },
);

// %% Two reads of one number
// The pinner alone, with the sequence count: FOLL_FAST_ONLY shows that the fast path itself gives everything back when
// fork was at work, and that nothing is left on the page.
experiment(
  'a fast-only pin gives back what fork may have shared',
  { kernels: ['5.11', '5.14', '5.19', '7.2'], expect: { '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('pinner', function* () {
      const pages = yield* kernel.pin_user_pages_fast_only(buf, 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('forker', function* () {
      yield* kernel.fork(buf);
    });
    lab.finally('no pin is left', () => expect(page_maybe_dma_pinned(buf)).toBe(false));
  },
);
