/// <reference types="gupbook" />

// %% [markdown] page_mkclean() and fast GUP
// Writeback makes a page clean so that the next writer has to fault: `page_mkclean()` takes each PTE out, flushes, and
// puts it back write-protected. Fast GUP for writing reads a PTE, takes a reference, reads the PTE again. The seed's
// series rests on what these two promise each other, and on what they do not.
//
// **First half.** The PTE is taken out before GUP's second look: GUP sees another value, gives the reference back, and
// goes the slow way. There it faults for writing, `page_mkwrite()` tells the filesystem, and the page is dirty again.
//
// **Second half.** `page_mkclean()` begins after GUP's second look: the pin stands, and the page is cleaned *under*
// it. Nobody prevents that; pin_user_pages.rst calls it "no synchronisation with page_mkclean()" and leaves what to do
// about it open. What makes it harmless is the holder's last act: it makes the page dirty before it unpins.
//
// So the algorithm protects counts and not cleanliness. Each half below passes, and fails when its step is taken away.

// %% Both halves
const shortPin = (lab: Lab, dirty: 'before unpin' | 'never') => {
  const { kernel, mm } = lab;
  const file = mm.file();
  const buf = mm.mmapFile(file);
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.dma_write(pages, 0, 5);
    yield* kernel.unpin_user_pages_dirty_lock(pages, dirty === 'before unpin');
  });
  lab.task('flusher', function* () {
    yield* kernel.writeback(file, 0);
  });
};
experiment('a short pin and writeback', { kernels: ['5.7', '5.11', '6.1', '7.2'], expect: { '*': 'pass' } }, (lab) =>
  shortPin(lab, 'before unpin'),
);

// %% Second half, without set_page_dirty()
// `make_dirty` false. Cleaned under the pin, written by DMA, unpinned: 5 is in the page, not on disk, and nothing is
// dirty.
const CALLERS = { none: 'the step is missing in the actor, not in the kernel: the first cell has it' } as const;
experiment(
  'a short pin that does not dirty',
  { kernels: ['5.7', '5.11', '6.1', '7.2'], expect: { '*': 'fail' }, fix: CALLERS },
  (lab) => shortPin(lab, 'never'),
);

// %% [markdown] The dirty bit is looked at without the lock
// `unpin_user_pages_dirty_lock()` takes the page lock only if the page is not dirty yet. Two races, both argued in its
// comment: it saw *dirty*, and writeback is about to clean the page: then the write-out that follows carries the data,
// because DMA is over by now. It saw *clean*: it makes the page dirty, and it will be written again. The first cell
// contains both.
//
// "Because DMA is over" is the step one can take away: a driver that calls it early.

// %% Dirty first, DMA afterwards
// The driver makes the page dirty when it *submits* (as direct I/O does with `bio_set_pages_dirty()`, which then looks
// again on completion), and unpins without another look.
experiment(
  'DMA after the page was made dirty',
  { kernels: ['5.11', '7.2'], expect: { '*': 'fail' }, fix: CALLERS },
  (lab) => {
    const { kernel, mm } = lab;
    const file = mm.file();
    const buf = mm.mmapFile(file);
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
      const twice = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages_dirty_lock(twice, true);
      yield* kernel.dma_write(pages, 0, 5);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('flusher', function* () {
      yield* kernel.writeback(file, 0);
    });
  },
);

// %% Direct I/O looks again
// `bio_check_pages_dirty()`: the completion finds the page clean and makes it dirty once more. Before 6.5 with
// references; it is the second look that matters here, not what the page is held by.
experiment(
  'direct I/O into a file, and writeback',
  { kernels: ['5.6', '6.1', '7.2'], expect: { '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const file = mm.file();
    const buf = mm.mmapFile(file);
    lab.task('reader', function* () {
      for (const bio of yield* kernel.dio_read(buf, 1)) {
        yield* kernel.dma_write(bio.pages, 0, 5);
        yield* kernel.bio_endio(bio);
      }
    });
    lab.task('flusher', function* () {
      yield* kernel.writeback(file, 0);
    });
  },
);

// %% [markdown] First half: the second look
// A lockless walk, written out: read the entry, take a reference, read the entry again. The promise behind it: when
// the flusher is through, nobody *new* may come to hold the page for writing without a fault, because a fault is how
// the filesystem hears of it. `through` is raised behind the flusher; a walk that takes its reference later must not
// keep it.

// %% A walk that looks again
const pte_write = (entry: number) => (entry & 1) !== 0; // bit 0 of an entry of the model
const walk = (lab: Lab, again: boolean) => {
  const { kernel, mm } = lab;
  const file = mm.file();
  const buf = mm.mmapFile(file);
  const through = lab.word('flusher is through');
  lab.task('walk', function* () {
    yield IRQ_OFF();
    const pte = yield R(buf.pte(0));
    if (pte_write(pte)) {
      const late = yield R(through);
      yield ADD(buf.page(0)._refcount, 1);
      const kept = !again || (yield R(buf.pte(0))) === pte;
      if (kept) expect(late).toBe(0);
      yield SUBT(buf.page(0)._refcount, 1);
    }
    yield IRQ_ON();
  });
  lab.task('flusher', function* () {
    yield* kernel.writeback(file, 0);
    yield W(through, 1);
  });
};
experiment('a walk that looks again', { kernels: ['7.2'], arch: { ipiFlush: false }, expect: { '*': 'pass' } }, (lab) =>
  walk(lab, true),
);

// %% A walk that does not
experiment(
  'a walk without the second look',
  { kernels: ['7.2'], arch: { ipiFlush: false }, expect: { '*': 'fail' }, fix: CALLERS },
  (lab) => walk(lab, false),
);

// %% The same where a flush is an IPI
// x86 on bare metal. `page_mkclean()` cannot get past its flush while the walk has IRQs off, so the flusher cannot be
// through before the walk has its reference: the second look is redundant here, against *this* opponent. It is how
// such code can be wrong for years on one architecture and fail on the next.
experiment('a walk without the second look, IPI', { kernels: ['7.2'], expect: { '*': 'pass' } }, (lab) =>
  walk(lab, false),
);
