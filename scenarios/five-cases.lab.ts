/// <reference types="gupbook" />

// %% [markdown] The five cases of pin_user_pages.rst
// Documentation/core-api/pin_user_pages.rst answers "do I need FOLL_PIN?" by five cases. Each is below as an
// experiment that passes, with the argument, and beside it the same with one thing taken away, so that it fails. What
// was taken away is what the case is about.
//
// | case | who | wants |
// | --- | --- | --- |
// | 1 | direct I/O | a pin: data are touched, for a short time |
// | 2 | RDMA | a pin with FOLL_LONGTERM: data are touched, for as long as user space likes |
// | 3 | a device with replayable faults, behind an MMU notifier | neither |
// | 4 | only the struct page is touched | a reference |
// | 5 | "pin, write the data, unpin" by the CPU | a pin: a superset of 1 and 2 |

// %% [markdown] Case 1: direct I/O
// The buffer is memory of the process, the device writes to it, and nothing synchronises the two: neither fork, nor
// reclaim, nor `munmap()` waits for the bio. The pin makes each of them look: fork copies the page for the *child*,
// reclaim leaves the page alone, `munmap()` may unmap it, but it stays allocated until the completion unpins.

// %% Case 1: a read, a fork and a store
const forkDuringRead = (lab: Lab, kernel: Kernel) => {
  const buf = lab.mm.mmapPage();
  lab.task('reader', function* () {
    const bios = yield* kernel.dio_read(buf, 1);
    for (const bio of bios) {
      lab.irq('completion', function* () {
        yield* kernel.dma_write(bio.pages, 0, 7);
        yield* kernel.bio_endio(bio);
      });
    }
    yield* kernel.fork(buf);
    yield* kernel.user_write(buf, 1);
  });
};
experiment('case 1: direct I/O, fork, store', { kernels: ['6.5', '7.2'], expect: { '*': 'pass' } }, (lab) =>
  forkDuringRead(lab, lab.kernel),
);

// %% Case 1 with references
// `dioAcquires: 'get'`, which is direct I/O up to 6.4. fork cannot tell this reference from any other, shares the
// page, and the store gives the process a copy: the device writes to a page that the process no longer sees.
experiment('case 1, by FOLL_GET', { kernels: ['6.5', '7.2'], expect: { '*': 'fail' } }, (lab) => {
  const kernel = lab.kernel.with({ dioAcquires: 'get' });
  forkDuringRead(lab, kernel);
});

// %% [markdown] Case 2: RDMA
// As case 1, and for hours. Two things come on top. The page must not lie where memory is to be movable (CMA,
// ZONE_MOVABLE): FOLL_LONGTERM migrates it first. And what the device wrote must be made dirty when it is given back,
// as nobody else will. On fs-dax it is refused: a file whose blocks cannot be moved any more is no file.

// %% Case 2: registration, migration, fork
const registered = (lab: Lab, kernel: Kernel) => {
  const buf = lab.mm.mmapPage({ zone: 'movable' });
  lab.task('driver', function* () {
    const pages = yield* kernel.ib_umem_get(buf, 1);
    if (pages.ret !== 1) return;
    yield* kernel.fork(buf);
    yield* kernel.user_write(buf, 1);
    yield* kernel.dma_write(pages, 0, 7);
    expect(yield* kernel.user_read(buf)).toBe(7);
    yield* kernel.ib_umem_release(pages);
  });
};
experiment('case 2: RDMA, fork, store', { kernels: ['5.14', '6.1', '7.2'], expect: { '*': 'pass' } }, (lab) =>
  registered(lab, lab.kernel),
);

// %% Case 2 with a fork that does not look
experiment('case 2, fork shares pinned pages', { kernels: ['5.14', '6.1', '7.2'], expect: { '*': 'fail' } }, (lab) => {
  const kernel = lab.kernel.with({ forkCopiesPinned: 'no' });
  registered(lab, kernel);
});

// %% Case 2 on persistent memory
experiment('case 2: refused on fs-dax', { expect: { '5.6': 'not-applicable', '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapDax();
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(-95); // -EOPNOTSUPP
  });
});

// %% [markdown] Case 3: replayable faults
// A device that can take a fault and try again does not need the page to stay: it needs to hear when it goes. The MMU
// notifier calls the driver *before* the page tables change; the driver takes the device's own entry away and only
// then lets `munmap()` go on; a second call says that the change is over. Who fills the device's entry reads a
// sequence number before, and reads it again under the driver's lock: if it moved, or if a change was under way at the
// beginning, what was looked up is worthless, and the device faults again.
//
// The notifier is the driver's code and not the kernel's, so it is written out below: `sequence` is odd while a change
// is under way, `mirror` is the lock, `entry` the device's page table. No reference is held while the device has the
// page.

// %% Case 3: a device page table behind a notifier
const mirrored = (lab: Lab, begin: boolean, retry: boolean) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  const mirror = lab.lock('mirror');
  const sequence = lab.word('sequence');
  const entry = lab.word('device entry');
  lab.task('device fault', function* () {
    const seen = yield R(sequence); // mmu_interval_read_begin()
    if (begin && seen % 2 === 1) return;
    const pages = yield* kernel.get_user_pages_fast_only(buf, 1, FOLL_WRITE);
    for (const page of pages) yield* kernel.put_page(page);
    if (pages.length === 0) return;
    yield LK(mirror);
    const again = yield R(sequence); // mmu_interval_read_retry()
    if (!retry || again === seen) yield W(entry, 1);
    yield UL(mirror);
  });
  lab.task('munmap', function* () {
    yield LK(mirror); // mmu_notifier_invalidate_range_start()
    yield ADD(sequence, 1);
    yield W(entry, 0);
    yield UL(mirror);
    yield* kernel.munmap(buf);
    yield LK(mirror); // mmu_notifier_invalidate_range_end()
    yield ADD(sequence, 1);
    yield UL(mirror);
  });
  lab.always('the device reaches no page that is free', () => {
    if (value(entry) === 1) expect(page_is_free(buf)).toBe(false);
  });
};
experiment('case 3: a mirrored page table', { kernels: ['5.7', '7.2'], expect: { '*': 'pass' } }, (lab) =>
  mirrored(lab, true, true),
);

// %% Case 3 without the second look
// The driver fills its entry without looking at the sequence again. The page may be gone by then, for good: nobody
// will call the notifier a second time.
const CALLERS = { none: "the driver's own protocol: the cell before this one keeps it" } as const;
experiment(
  'case 3, the driver does not look again',
  { kernels: ['5.7', '7.2'], expect: { '*': 'fail' }, fix: CALLERS },
  (lab) => mirrored(lab, true, false),
);

// %% Case 3 without the first look
// "A change is under way" is as bad as "a change came between": the start was announced before we began, the PTE is
// not cleared yet, and the sequence does not move until it is over. The first version of this notebook made that
// mistake, and the explorer found it before its author did.
experiment(
  'case 3, the driver begins during a change',
  { kernels: ['5.7', '7.2'], expect: { '*': 'fail' }, fix: CALLERS },
  (lab) => mirrored(lab, false, true),
);

// %% [markdown] Case 4: only the struct page
// Whoever only looks at the descriptor (its flags, its node, its count) needs it to go on describing the same page,
// and nothing else. A reference does that. Nobody's data are at stake, so nobody has to know: FOLL_GET.

// %% Case 4: look at a page, with a reference
const looked = (lab: Lab, flags: number) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  const looking = lab.word('looking');
  lab.task('reader', function* () {
    const page = yield* kernel.follow_page(buf, flags);
    if (page === null) return;
    yield W(looking, 1);
    yield R(page.flags);
    yield W(looking, 0);
    if (flags === FOLL_GET) yield* kernel.put_page(page);
  });
  lab.task('munmap', function* () {
    yield* kernel.munmap(buf);
  });
  lab.always('what is looked at is still the page', () => {
    if (value(looking) === 1) expect(page_is_free(buf)).toBe(false);
  });
};
experiment('case 4: look at a struct page', { kernels: ['5.7', '7.2'], expect: { '*': 'pass' } }, (lab) =>
  looked(lab, FOLL_GET),
);

// %% Case 4 without the reference
// `follow_page()` without FOLL_GET gives a pointer and nothing else. It was right under `mmap_lock` and nowhere else.
experiment(
  'case 4, without FOLL_GET',
  {
    kernels: ['5.7', '7.2'],
    expect: { '*': 'fail' },
    fix: { none: "the caller's flag: the cell before this one passes it" },
  },
  (lab) => looked(lab, 0),
);

// %% [markdown] Case 5: pin, write, unpin
// Code that writes to the *data* of somebody's page with the CPU is not better off than a device:
// `process_vm_writev()` writes through the kernel's own mapping, and no page table of the process is asked. It needs
// the pin (fork and reclaim look) and it must mark the page dirty before it lets go (writeback looks).
// `get_user_pages()`, write, `put_page()` is called incorrect in as many words. Below, the memory is a file's, so that
// all of it matters.

// %% Case 5: write to a file's page through a pin
const written = (lab: Lab, dirty: boolean) => {
  const { kernel, mm } = lab;
  const file = mm.file();
  const buf = mm.mmapFile(file, { clean: true });
  lab.task('writer', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.dma_write(pages, 0, 5);
    yield* kernel.unpin_user_pages_dirty_lock(pages, dirty);
  });
  lab.task('flusher', function* () {
    yield* kernel.writeback(file, 0);
  });
};
experiment('case 5: pin, write, dirty, unpin', { kernels: ['5.11', '6.5', '7.2'], expect: { '*': 'pass' } }, (lab) =>
  written(lab, true),
);

// %% Case 5 without the dirty bit
// The write fault of the pin made the page dirty, so why again? Because writeback may come between the fault and the
// write: page_mkclean(), write-out, clean. The data come after that, and nobody hears of them.
experiment(
  'case 5, without set_page_dirty()',
  {
    kernels: ['5.11', '6.5', '7.2'],
    expect: { '*': 'fail' },
    fix: { none: 'the flag of unpin_user_pages_dirty_lock(): the cell before this one sets it' },
  },
  (lab) => written(lab, false),
);

// %% Case 5 with a reference
// get, write, put. The same loss, and reclaim may strip the page of its buffers on top.
experiment(
  'case 5, get, write, put',
  {
    kernels: ['5.11', '6.5', '7.2'],
    expect: { '*': 'fail' },
    fix: { none: 'called incorrect by the documentation: such code is to pin, as in the first cell of the case' },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const file = mm.file();
    const buf = mm.mmapFile(file, { clean: true });
    lab.task('writer', function* () {
      const pages = yield* kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
      yield* kernel.dma_write(pages, 0, 5);
      for (const page of pages) yield* kernel.put_page(page);
    });
    lab.task('flusher', function* () {
      yield* kernel.writeback(file, 0);
    });
  },
);
