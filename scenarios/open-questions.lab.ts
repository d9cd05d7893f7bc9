/// <reference types="gupbook" />

// %% [markdown] Open questions
// The other notebooks reproduce what is known. These ask what nobody in the threads behind them wrote down an answer
// to: two consumers of memory, one pin, Linux 7.2. Each says what was asked, what came out, and how far that reaches.
//
// How to read a result here:
//
// * *pass* means: in **this** world (one page or two, one device, these actors, each doing its thing once), with
//   sequentially consistent steps, every order was visited and no check broke. It says nothing about weaker memory,
//   about two devices, or about a function that the model leaves out.
// * *fail* is first suspected to be an error of the model, then of the experiment, and only then of the kernel. The
//   prose says what would decide it.
//
// Nothing below is a bug report. Two questions came out as *fail*; one of them is a bound of the model, the other by
// design.

// %% Reclaim, fork and direct I/O
// A page under a direct-I/O read, a fork, and kswapd at any moment of it. Three parties look at one count: fork asks
// whether to copy, reclaim asks twice whether to keep away, and the completion subtracts. **Question:** is there an
// order in which the process does not see what the device wrote? **Answer:** none was found. (With the read, the fork
// and reclaim as three independent actors there are 690,547 states. That was searched to the end once, and passed; it
// is too long to ship.)
const LATEST = { kernels: ['7.2'], expect: { '7.2': 'pass' } } as const;
experiment('reclaim, fork and direct I/O', LATEST, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('process', function* () {
    const bios = yield* kernel.dio_read(buf, 1);
    yield* kernel.fork(buf);
    for (const bio of bios) {
      yield* kernel.dma_write(bio.pages, 0, 7);
      yield* kernel.bio_endio(bio);
    }
    expect(yield* kernel.user_read(buf)).toBe(7);
  });
  lab.task('kswapd', function* () {
    yield* kernel.shrink_folio(buf.page(0));
  });
});

// %% [markdown] A long pin, and somebody else who migrates
// A page in CMA is wanted for a long pin. At the same time compaction has taken it off the LRU, to migrate it for
// reasons of its own. The pin cannot isolate the page, because it is isolated. **Question:** what does the caller get?
//
// **What came out:** *fail*: -ENOMEM in the model, in orders where compaction stands still while the pin goes round
// three times.
//
// **What decides it:** the model's three rounds are a bound of the model (`ROUNDS` in main/engine/mm/longterm.ts). The
// kernel has none: a folio that must not stay counts as *collected* whether or not it could be isolated, and the
// caller goes round until it has moved. This was tried the other way. 1aaf8c122918 ("mm: gup: fix infinite loop within
// __get_longterm_locked", 6.14) took "nothing isolated" for success, because a loop without an end had been seen; then
// long pins landed *in* CMA whenever the page was isolated by somebody else, which is this very order. 517f496e1e61
// (6.16) put the loop back.
//
// So the finding is an artefact of the bound. What it points at is real, and accepted: the long pin spins, with
// mmap_lock held for reading, for as long as somebody else has the page isolated.

// %% A long pin and compaction
experiment(
  'a long pin and compaction',
  {
    kernels: ['7.2'],
    expect: { '7.2': 'fail' },
    fix: { none: 'the model gives up after three rounds where the kernel goes on' },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage({ zone: 'cma' });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
      expect(pages.ret).toBe(1);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('kcompactd', function* () {
      yield* kernel.migrate_pages(buf.page(0));
    });
  },
);

// %% It never stays in CMA
// The half of it that must hold on any account: whatever the call returns, a page that it did return does not lie in
// CMA. **Answer:** holds.
experiment('a long pin never stays in CMA', LATEST, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage({ zone: 'cma' });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    if (pages.ret === 1) expect(pages[0] === buf.page(0)).toBe(false);
    yield* kernel.unpin_user_pages(pages);
  });
  lab.task('kcompactd', function* () {
    yield* kernel.migrate_pages(buf.page(0));
  });
});

// %% A long pin, an mlock batch, and somebody else who drains
// 98c6d259319e (6.17) drains when the count is not what is expected. Between that look and the migration somebody else
// may drain as well, and the reference may be *on its way out* of the batch: taken from the list, not put yet.
// **Question:** is there an order in which the drain comes back too early? **Answer:** none with one batch: the
// draining side holds the batch's lock until the last reference is put, so a second drain waits. (The model has one
// batch for all CPUs. `lru_add_drain_all()` waits for the work it queued on each CPU, which is the same promise; that
// is an argument and not a search.)
experiment('a long pin and a batch that is being drained', LATEST, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage({ zone: 'cma' });
  lab.task('driver', function* () {
    yield* kernel.mlock(buf.page(0));
    lab.task('drain', function* () {
      yield* kernel.lru_add_drain();
    });
    const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(1);
    yield* kernel.unpin_user_pages(pages);
  });
});

// %% Collapse and unshare
// A page shared with a child is pinned read-only for long: the pin unshares it first, by a fault that makes a copy.
// khugepaged wants to collapse the block at the same time, where a flush is no IPI. **Question:** can the pin end up
// on a page that khugepaged has copied away, or on the child's? **Answer:** none was found.
experiment('collapse and unshare', { ...LATEST, arch: { ipiFlush: false } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPages(2, { order: 1 });
  lab.task('process', function* () {
    yield* kernel.fork(buf);
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_LONGTERM);
    yield* kernel.user_write(buf, 3);
    yield* kernel.unpin_user_pages(pages);
  });
  lab.task('khugepaged', function* () {
    yield* kernel.collapse_huge_page(buf);
  });
});

// %% KSM and a read-only long pin
// Two pages of zeroes, one of them about to be pinned read-only. KSM write-protects by the PageAnonExclusive protocol;
// the pin asks the flag after its second look at the entry. **Question:** can a page be merged *and* pinned?
// **Answer:** none was found; either KSM finds the reference, or the pin finds the entry changed or the flag gone, and
// unshares.
experiment('KSM and a read-only long pin', { ...LATEST, arch: { ipiFlush: false } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPages(2);
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_LONGTERM);
    yield* kernel.user_write(buf, 3);
    yield* kernel.dma_read(pages, 0);
    yield* kernel.unpin_user_pages(pages);
  });
  lab.task('ksmd', function* () {
    yield* kernel.ksm_merge(buf.at(0), buf.at(1));
  });
});

// %% One pin for a large folio, and half of it thrown away
// io_uring keeps one pin of a folio and gives the others back. The process says MADV_DONTNEED of the second half and
// somebody tries to split the folio. The ring may still write to that half. **Question:** is one pin enough to keep
// *all* of a folio that is mapped only in part? **Answer:** yes, in all orders: the split finds a reference too many,
// at the look or at the freeze.
experiment('one pin for a folio, DONTNEED, split', LATEST, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp({ order: 1 });
  lab.task('ring', function* () {
    const pages = yield* kernel.io_uring_register(buf);
    if (pages.ret === 0) yield* kernel.io_uring_unregister(pages);
  });
  lab.task('process', function* () {
    yield* kernel.madvise_dontneed(buf.at(1), 1);
    yield* kernel.split_huge_page(buf.page(0));
  });
});

// %% [markdown] MADV_DONTNEED of memory that a ring has
// The same without the large folio, and the question put to the process: it threw the page away, so its next access
// gets a fresh one. The ring still has the old one. **Question:** who tells either of them?
//
// **What came out:** *fail*: nobody does, the device's data are not what the process reads.
//
// **What decides it:** it is by design, and old: `madvise(2)` promises fresh pages, a pin promises that *the page*
// stays, and neither promises that the two go on meaning the same. Hypervisors know it: QEMU refuses to discard guest
// memory (the balloon) while VFIO has it mapped. I5 is silent about it, because it was the process itself that let go;
// the check in this cell is its own.

// %% DONTNEED under a registered buffer
experiment(
  'DONTNEED under a registered buffer',
  {
    kernels: ['7.2'],
    expect: { '7.2': 'fail' },
    fix: { none: 'by design: the process let go of the page, the ring did not' },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('process', function* () {
      const pages = yield* kernel.io_uring_register(buf);
      if (pages.ret !== 0) return;
      yield* kernel.madvise_dontneed(buf);
      yield* kernel.dma_write(pages, 0, 5);
      expect(yield* kernel.user_read(buf)).toBe(5);
      yield* kernel.io_uring_unregister(pages);
    });
  },
);

// %% hugetlb: unshare against the child's write
// hugetlb's copy on write still goes by the mapcount (`vmsplice-reads-on.lab.ts`). A read-only *pin* unshares first,
// so it should not depend on that rule. **Question:** does it, when the child writes at the same time, and mapcount
// goes from two to one in the middle of the parent's unshare? **Answer:** none was found; whoever is left alone with
// the page becomes its exclusive owner under the lock.
experiment('hugetlb: unshare against the child', LATEST, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapHugetlb({ order: 1 });
  lab.task('parent', function* () {
    const copy = yield* kernel.fork(buf);
    lab.task('child', function* () {
      yield* kernel.user_write(copy, 9);
    });
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_LONGTERM);
    yield* kernel.dma_read(pages, 0);
    yield* kernel.unpin_user_pages(pages);
  });
});

// %% MADV_FREE, fork and direct I/O
// Lazily freed memory is forked, so that two PTEs map it; then direct I/O reads into the parent's. Breaking COW makes
// a page of its own for the parent, which is not lazy. **Question:** can reclaim throw away the data between the copy
// and the completion? **Answer:** none was found.
experiment('MADV_FREE, fork and direct I/O', LATEST, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage({ lazyfree: true });
  lab.task('process', function* () {
    yield* kernel.fork(buf);
    for (const bio of yield* kernel.dio_read(buf, 1)) {
      yield* kernel.dma_write(bio.pages, 0, 5);
      yield* kernel.bio_endio(bio);
    }
    expect(yield* kernel.user_read(buf)).toBe(5);
  });
  lab.task('kswapd', function* () {
    yield* kernel.shrink_folio(buf.page(0));
  });
});

// %% Unpin, truncate and writeback of one page
// The completion makes the page dirty under its lock; truncation takes the page out of the file under the same lock;
// writeback cleans it. **Question:** is there an order that leaves a dirty page without a file, or a file's page
// without its buffers? **Answer:** none was found: whoever comes after truncation finds no mapping and leaves the
// buffers alone.
experiment('unpin, truncate and writeback', LATEST, (lab) => {
  const { kernel, mm } = lab;
  const file = mm.file();
  const buf = mm.mmapFile(file);
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.dma_write(pages, 0, 5);
    yield* kernel.unpin_user_pages_dirty_lock(pages, true);
  });
  lab.task('truncate', function* () {
    yield* kernel.truncate(file, 0);
  });
  lab.task('flusher', function* () {
    yield* kernel.writeback(file, 0);
  });
});

// %% Memory failure of a page in a pinned THP
// The second page of a THP goes bad while both are being pinned. memory_failure() splits first, and a pin forbids the
// split. **Question:** can it take the page out of use under a pin that it did not see?
// **Answer:** none was found: it says -EBUSY, or it is first and the pin does not get the bad page. (What it cannot do
// is stop the DMA.)
experiment('memory failure of a THP that is being pinned', LATEST, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp({ order: 1 });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 2, FOLL_WRITE);
    yield* kernel.unpin_user_pages(pages);
  });
  lab.task('memory failure', function* () {
    yield* kernel.memory_failure(buf.page(1));
  });
});
