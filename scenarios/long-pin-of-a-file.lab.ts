/// <reference types="gupbook" />

// %% [markdown] A long pin of a file
// RDMA registers a buffer that is a shared mapping of a file, for writing, and keeps it for hours. In those hours the
// flusher comes by every few seconds.
//
// **What people believed:** writeback copes with writers: it write-protects the page, so that the next write faults
// and the filesystem hears of it (`page_mkwrite()`), then writes the page out and calls it clean. All of that is true
// of writers that have a page table. A device has none. It goes on writing to a page that is clean by all accounts;
// nothing writes it out again until the pin ends, and if the last thing that happened before a crash was DMA, it is
// lost. Checksums of stable pages come out wrong in between.
//
// A short pin (direct I/O) has the same hole for microseconds, and `unpin_user_pages_dirty_lock()` closes it at the
// end. A long pin has it for as long as user space likes. There is no repair; so it is refused: 8ac268436e6d ("mm/gup:
// disallow FOLL_LONGTERM GUP-nonfast writing to file-backed mappings") and a6e79df92e4a (the fast path), both 6.5.
// shmem and hugetlb remain allowed: nobody writes those back behind their user's back.
//
// **What catches it:** I9, *what is written to a page of a file reaches the file*: the page holds 3, the disk does
// not, and nothing is dirty. The experiment stops while the pin is held, as that is when it matters.
//
// **Replay:** `gupbook run scenarios/long-pin-of-a-file.lab.ts --kernel 6.1 -v` prints the schedule and the command
// that steps through it; in the window, choose the kernel in the strip under the cell.

// %% DMA into a file, and the flusher
const REFUSED = [
  { kernels: ['5.6'], none: 'without FOLL_PIN there is no long pin that could be refused' },
  { on: { longtermFileRefused: true }, off: { longtermFileRefused: false } },
] as const;
experiment(
  'a long pin of a file, and writeback',
  { bug: 'S25', expect: { '6.5': 'pass', '6.10': 'pass', '7.2': 'pass', '*': 'fail' }, fix: REFUSED },
  (lab) => {
    const { kernel, mm } = lab;
    const file = mm.file();
    const buf = mm.mmapFile(file);
    lab.task('driver', function* () {
      const pages = yield* kernel.ib_umem_get(buf, 1);
      if (pages.ret === 1) yield* kernel.dma_write(pages, 0, 3);
    });
    lab.task('flusher', function* () {
      yield* kernel.writeback(file, 0);
    });
  },
);

// %% What the caller is told
// -14 is -EFAULT, by the fast path's refusal and then by the slow path's.
experiment(
  'a long pin of a file is refused',
  { kernels: ['5.7', '6.1', '6.5', '7.2'], expect: { '5.7': 'fail', '6.1': 'fail', '*': 'pass' }, fix: REFUSED },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapFile(mm.file());
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
      expect(pages.ret).toBe(-14);
      yield* kernel.unpin_user_pages(pages);
    });
  },
);

// %% Only reading
// A long pin that is not for writing is allowed, of any file: a device that reads cannot dirty anything.
//
// (The three postings fail here for a reason of their own: the flusher write-protects the entry between the lockless
// walk's two looks at it, and their undo gives back 1 of 1024. That is `pte-undo.lab.ts`.)
experiment(
  'a long pin of a file to read',
  {
    expect: { '5.6': 'not-applicable', 'pin-v5': 'fail', 'pin-v6': 'fail', 'pin-v7': 'fail', '*': 'pass' },
    fix: { on: { pteUndoMatches: true }, off: { pteUndoMatches: false } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const file = mm.file();
    const buf = mm.mmapFile(file);
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_LONGTERM);
      expect(pages.ret).toBe(1);
      yield* kernel.dma_read(pages, 0);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('flusher', function* () {
      yield* kernel.writeback(file, 0);
    });
  },
);

// %% shmem and hugetlb
// What is left to those who want file-like shared memory under RDMA.
experiment('a long pin of shmem', { expect: { '5.6': 'not-applicable', '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapFile(mm.file({ fs: 'shmem' }));
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(1);
    yield* kernel.dma_write(pages, 0, 3);
    yield* kernel.unpin_user_pages_dirty_lock(pages, true);
  });
});

// %% A private mapping of a file
// FOLL_WRITE breaks COW first, so that the page is anonymous. Nothing to refuse.
experiment('a long pin of a private file mapping', { expect: { '5.6': 'not-applicable', '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const file = mm.file();
  const buf = mm.mmapFile(file, { shared: false });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(1);
    yield* kernel.dma_write(pages, 0, 3);
    yield* kernel.unpin_user_pages_dirty_lock(pages, true);
  });
  lab.task('flusher', function* () {
    yield* kernel.writeback(file, 0);
  });
});
