/// <reference types="gupbook" />

// %% [markdown] Copied away from the device
// 5.9 closed the vmsplice leak with one comparison: reuse a page for writing only if `page_count()` is 1
// (09854ba94c6a, "mm: do_wp_page() simplification"). It was the right question with the wrong consequence.
//
// **What people believed:** copying more often than needed is slow, never wrong.
//
// **It is wrong when somebody has the page for DMA.** A pin makes the count 1025. If anything write-protects the page's
// entry in the meantime, the process's next write does not find 1, copies, and moves to the copy. The device keeps
// writing to the page that nobody maps any more. Before 5.9 the mapcount was 1 and the page was reused.
//
// Who write-protects a page that is mapped once?
//
// * `/proc/PID/clear_refs`, for soft dirty. Taught to skip pages that may be pinned in 5.11 (9348b73c2e1b).
// * Reclaim: out to swap and back in by a read fault, read-only. 5.11 leaves pinned pages out of the swap cache
//   (feb889fb40fa). It asks *before* it unmaps, so a pin that comes after the question is lost.
//
// **Fixed for good in 5.19** by PageAnonExclusive (6c287605fd56 and its series): a page that is exclusive is reused
// whatever its count; and whoever wants to take that bit away clears the entry first and looks for pins then.
//
// **What catches it:** I5, *the owner of a pinned private page still maps that page*.

// %% Soft dirty
const skips = { on: { clearRefsSkipsPinned: true }, off: { clearRefsSkipsPinned: false } } as const;
const exclusive = {
  kernels: ['5.19', '6.1', '6.5', '6.10', '7.2'],
  off: { clearRefsSkipsPinned: false, cowReuse: 'count' },
} as const;
experiment(
  'clear_refs on a pinned page',
  { expect: { '5.9': 'fail', '*': 'pass' }, fix: [skips, exclusive] },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('process', function* () {
      const pages = yield* kernel.ib_umem_get(buf, 1);
      yield* kernel.clear_refs(buf);
      yield* kernel.user_write(buf, 1);
      yield* kernel.ib_umem_release(pages);
    });
  },
);

// %% Reclaim
// kswapd looks, the process pins, kswapd unmaps; the process reads (swap-in, read-only) and writes (copy). The counter
// that 5.7 to 5.10 update too late has a notebook to itself and is kept out of this.
const RECLAIM = { '5.9': 'fail', '5.11': 'fail', '5.14': 'fail', '5.18': 'fail', '*': 'pass' } as const;
const anonExclusive = [
  {
    kernels: ['5.9', '5.11', '5.14', '5.18'],
    on: {
      anonExclusive: true,
      cowReuse: 'exclusive',
      cowReuseThp: 'exclusive',
      forkCopiesPinned: 'exclusive',
      unshare: 'anon',
    },
  },
  {
    off: {
      anonExclusive: false,
      cowReuse: 'count',
      cowReuseThp: 'count',
      forkCopiesPinned: 'count',
      unshare: 'no',
      reclaimSkipsPinned: 'swap',
    },
  },
] as const;
experiment('swapped out under a pin', { bug: 'S12', expect: RECLAIM, fix: anonExclusive }, (lab) => {
  const { mm } = lab;
  const kernel = lab.kernel.with({ vmstatAfterPut: false });
  const buf = mm.mmapPage();
  lab.task('process', function* () {
    const pages = yield* kernel.ib_umem_get(buf, 1);
    yield* kernel.user_read(buf);
    yield* kernel.user_write(buf, 1);
    yield* kernel.ib_umem_release(pages);
  });
  lab.task('kswapd', function* () {
    yield* kernel.shrink_folio(buf.page(0));
  });
});

// %% Soft dirty and FOLL_GET
// The half of it that 5.11 could not see: a direct-I/O read up to 6.4 takes a plain reference, and clear_refs cannot
// tell it from a reader's. Fixed by the reuse rule of 5.19, not by any question about pins.
experiment(
  'clear_refs during a direct-I/O read',
  {
    expect: { '5.9': 'fail', '5.11': 'fail', '5.14': 'fail', '5.18': 'fail', '*': 'pass' },
    fix: [{ on: { anonExclusive: true, cowReuse: 'exclusive' }, off: { cowReuse: 'count', dioAcquires: 'get' } }],
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('process', function* () {
      const bios = yield* kernel.dio_read(buf, 1);
      yield* kernel.clear_refs(buf);
      yield* kernel.user_write(buf, 1);
      for (const bio of bios) {
        yield* kernel.dma_write(bio.pages, 0, 7);
        yield* kernel.bio_endio(bio);
      }
    });
  },
);
