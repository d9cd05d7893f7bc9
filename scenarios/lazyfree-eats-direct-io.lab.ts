/// <reference types="gupbook" />

// %% [markdown] MADV_FREE throws direct I/O away
// A process says `madvise(MADV_FREE)` of a buffer and then reads a file into it with O_DIRECT. That is what an
// allocator does: memory that was freed is handed out again and written to, by the device this time and not by the
// CPU.
//
// **What people believed:** a page is dropped only if it is clean, and whoever writes to it dirties it; and if somebody
// still has a reference, `page_ref_freeze()` refuses. Both are true and both come too late. Reclaim takes the *mapping*
// away on the strength of the dirty bit alone. The freeze that fails afterwards keeps the page from the allocator, but
// the page is in no page table any more.
//
// **The interleaving:** reclaim clears the PTE. Direct I/O has its reference, the device has not written yet, so the
// page is clean: drop the mapping. The device writes. The process reads its buffer, faults, and gets a page of zeroes.
// The data are in a page that goes back to the allocator when the bio completes.
//
// Broken by 854e9ed09ded (MADV_FREE, 4.5) / 802a3a92ad7a; fixed by 6c8e2a256915 ("mm: fix race between MADV_FREE
// reclaim and blkdev direct IO read", 5.18). It was reported as pages of zeroes in data that had been read with
// O_DIRECT under memory pressure.
//
// **What catches it:** I5, *a process and whoever pinned its memory see the same page*. Direct I/O takes plain
// references up to 6.4, so no test for pins could have helped: the fix counts references.
//
// **Replay:** `gupbook run scenarios/lazyfree-eats-direct-io.lab.ts --kernel 5.14 -v` prints the schedule and the
// command that steps through it; in the window, choose the kernel in the strip under the cell.

// %% A direct-I/O read and kswapd
const SINCE_5_18 = {
  '5.18': 'pass',
  '5.19': 'pass',
  '6.1': 'pass',
  '6.5': 'pass',
  '6.10': 'pass',
  '7.2': 'pass',
  '*': 'fail',
} as const;
const COUNTS = { on: { lazyfreeChecksRefs: true }, off: { lazyfreeChecksRefs: false } } as const; // 6c8e2a256915
experiment('a direct-I/O read into a lazily freed page', { bug: 'S18', expect: SINCE_5_18, fix: COUNTS }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage({ lazyfree: true });
  lab.task('reader', function* () {
    for (const bio of yield* kernel.dio_read(buf, 1)) {
      yield* kernel.dma_write(bio.pages, 0, 5);
      yield* kernel.user_read(buf);
      yield* kernel.bio_endio(bio);
    }
  });
  lab.task('kswapd', function* () {
    yield* kernel.shrink_folio(buf.page(0));
  });
});

// %% [markdown] The order that fixes it
// Reclaim: clear the PTE, **full barrier**, read the count, **read barrier**, read the dirty bit. Drop the mapping
// only if the count is 1 (reclaim's own) plus the mappings, and the page is clean.
//
// Fast GUP: take the reference, then read the PTE again. One of the two sees the other: a reference taken before the
// PTE was cleared is in the count; one taken after sees the PTE gone and is given back.
//
// The dirty bit must be read *after* the count. A writer dirties the page and then drops its reference; whoever finds
// the reference gone must find the page dirty.

// %% RDMA instead of direct I/O
// FOLL_PIN and FOLL_LONGTERM make no difference before the fix: nobody in this path asks `page_maybe_dma_pinned()`.
//
// 5.6 passes, and the reason is an accident: its RDMA goes through `get_user_pages()`, which implies FOLL_TOUCH, and
// FOLL_TOUCH with FOLL_WRITE marks the page dirty while the page-table lock is held. `pin_user_pages()` does not ask
// for FOLL_TOUCH. The pin made this case worse.
experiment(
  'a long pin of a lazily freed page',
  {
    kernels: ['5.6', '5.7', '5.14', '5.18', '7.2'],
    expect: { '5.6': 'pass', '5.7': 'fail', ...SINCE_5_18 },
    fix: COUNTS,
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage({ lazyfree: true });
    lab.task('driver', function* () {
      const pages = yield* kernel.ib_umem_get(buf, 1);
      yield* kernel.dma_write(pages, 0, 5);
      yield* kernel.user_read(buf);
      yield* kernel.ib_umem_release(pages);
    });
    lab.task('kswapd', function* () {
      yield* kernel.shrink_folio(buf.page(0));
    });
  },
);

// %% The CPU writes
// The case MADV_FREE was made for. The store leaves a dirty PTE, and whichever of the two comes first, nothing is lost.
experiment('a store of the CPU into a lazily freed page', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage({ lazyfree: true });
  lab.task('process', function* () {
    yield* kernel.user_write(buf, 5);
    expect(yield* kernel.user_read(buf)).toBe(5);
  });
  lab.task('kswapd', function* () {
    yield* kernel.shrink_folio(buf.page(0));
  });
});

// %% madvise() comes second
// The page is ordinary memory, under direct I/O already, when MADV_FREE makes it lazy. Nothing new: the reference is
// older than the PTE that reclaim clears, and the count shows it.
experiment(
  'MADV_FREE during a direct-I/O read',
  { kernels: ['5.14', '5.18'], expect: SINCE_5_18, fix: COUNTS },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('process', function* () {
      const bios = yield* kernel.dio_read(buf, 1);
      yield* kernel.madvise_free(buf, 1);
      for (const bio of bios) {
        yield* kernel.dma_write(bio.pages, 0, 5);
        yield* kernel.user_read(buf);
        yield* kernel.bio_endio(bio);
      }
    });
    lab.task('kswapd', function* () {
      yield* kernel.shrink_folio(buf.page(0));
    });
  },
);
