/// <reference types="gupbook" />

// %% [markdown] Reclaim strips a pinned page of its buffers
// A filesystem such as ext4 hangs buffers on a page of a file when the page is about to be dirtied: `page_mkwrite()`
// does it in the write fault. A dirty page without buffers is something its writepage does not expect; it was a BUG_ON
// for a long time. Jan Kara's series that the seed's thread belongs to exists because of that BUG: "DMA to a page
// cache page, and the filesystem never hears of it".
//
// **What people believed:** a page under DMA has an elevated count, so reclaim cannot free it. It cannot. But freeing
// comes last. Before it, reclaim unmaps the page, finds it clean, *releases its buffers*, and only then
// `__remove_mapping()` fails on the count and puts the page back: in the cache, unmapped, clean, and bare.
//
// **The interleaving:** pin for writing (the write fault makes the buffers); writeback cleans the page; reclaim takes
// the buffers away; the device writes; unpin sets the page dirty. Now it is dirty and has no buffers.
//
// Fixed by d824ec2a1546 ("mm: do not reclaim private data from pinned page", 6.4, Jan Kara): after unmapping, a folio
// that may be pinned is kept as it is. That is what `page_maybe_dma_pinned()` was made for in 2019; it took until 2023
// for reclaim to ask. FOLL_GET users are not helped, as nobody can tell them from anybody else.
//
// **What catches it:** I9, *what is written to a page of a file reaches the file*, and before it the WARN of the
// filesystem when the page without buffers is dirtied.
//
// **Replay:** `gupbook run scenarios/reclaim-strips-buffers.lab.ts --kernel 6.1 -v` prints the schedule and the
// command that steps through it; in the window, choose the kernel in the strip under the cell.
//
// The columns are `.0` releases: 6.1 fails and 6.5 passes, 6.4 lies between. 6.1.192 (`--kernel recorded`) has the
// backport.

// %% A pin for writing, kswapd
const KEPT = [
  { kernels: ['5.6'], none: 'a kernel without FOLL_PIN cannot tell that the page is under DMA' },
  // These ask a page for its node after the last put as well: counts-after-the-last-put.lab.ts.
  { kernels: ['5.7-bias', '5.7', '5.9'], on: { reclaimSkipsPinned: 'both', vmstatAfterPut: false } },
  { on: { reclaimSkipsPinned: 'both' }, off: { reclaimSkipsPinned: 'swap' } },
] as const;
experiment(
  'reclaim of a file page under DMA',
  { bug: 'S24', expect: { '6.5': 'pass', '6.10': 'pass', '7.2': 'pass', '*': 'fail' }, fix: KEPT },
  (lab) => {
    const { kernel, mm } = lab;
    const file = mm.file();
    const buf = mm.mmapFile(file, { clean: true });
    lab.task('driver', function* () {
      const pages = kernel.switches.follPin
        ? yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE)
        : yield* kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
      yield* kernel.dma_write(pages, 0, 3);
      yield* kernel.unpin_user_pages_dirty_lock(pages, true);
    });
    lab.task('kswapd', function* () {
      const page = file.cached(0);
      if (page !== null) yield* kernel.shrink_folio(page);
    });
  },
);

// %% shmem
// A filesystem without buffers has nothing to lose: the page is dirty, and swap-out or a later writeback finds it so.
experiment('reclaim of a shmem page under DMA', { kernels: ['5.7', '6.1', '7.2'], expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const file = mm.file({ fs: 'shmem' });
  const buf = mm.mmapFile(file);
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.dma_write(pages, 0, 3);
    yield* kernel.unpin_user_pages_dirty_lock(pages, true);
  });
  lab.task('kswapd', function* () {
    const page = file.cached(0);
    if (page !== null) yield* kernel.shrink_folio(page);
  });
});

// %% The CPU in the device's place
// A store goes through the page table. If reclaim unmapped the page, the store faults, and the fault makes new buffers.
experiment(
  'reclaim of a file page that the CPU writes to',
  { kernels: ['5.6', '6.1', '7.2'], expect: { '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const file = mm.file();
    const buf = mm.mmapFile(file, { clean: true });
    lab.task('process', function* () {
      yield* kernel.user_write(buf, 3);
    });
    lab.task('kswapd', function* () {
      const page = file.cached(0);
      if (page !== null) yield* kernel.shrink_folio(page);
    });
  },
);

// %% Direct I/O into a mapping of a file
// Up to 6.4 direct I/O takes references, and the fix asks for pins: a read() from one file into a mapping of another
// is where it was in 2018. It takes both the pins of direct I/O (1ccf164ec866, 6.5) and the test for pins (6.4).
experiment(
  'reclaim of a file page under direct I/O',
  {
    kernels: ['6.1', '6.5', '7.2'],
    expect: { '6.1': 'fail', '*': 'pass' },
    fix: { on: { dioAcquires: 'pin', reclaimSkipsPinned: 'both' }, off: { dioAcquires: 'get' } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const file = mm.file();
    const buf = mm.mmapFile(file, { clean: true });
    lab.task('reader', function* () {
      for (const bio of yield* kernel.dio_read(buf, 1)) {
        yield* kernel.dma_write(bio.pages, 0, 3);
        yield* kernel.bio_endio(bio);
      }
    });
    lab.task('kswapd', function* () {
      const page = file.cached(0);
      if (page !== null) yield* kernel.shrink_folio(page);
    });
  },
);
