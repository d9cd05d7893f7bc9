/// <reference types="gupbook" />

// %% [markdown] What else changed
// A kernel revision in Gupbook is a table of switches. Most of them are somebody's bug fix and have a notebook. The
// rest is here: changes of behaviour that a user of GUP can notice, a cell each, with the release in which the answer
// changes.
//
// Each experiment states one of the two answers and fails on the kernels that give the other. A failure here is no bug.

// %% Swapped in, written
// The count rule of 5.9 sees the swap cache's reference and copies a page that nobody shares. 5.18 (53a05ad9f21d) takes
// the page out of the swap cache and looks again.
experiment(
  'a page that was swapped in is written in place',
  {
    expect: { '5.9': 'fail', '5.11': 'fail', '5.14': 'fail', '*': 'pass' },
    fix: [
      { kernels: ['5.19', '6.1', '6.5', '6.10', '7.2'], none: 'the page came back exclusive: the count is not asked' },
      { on: { cowFreesSwap: true }, off: { cowFreesSwap: false } },
    ],
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('process', function* () {
      yield* kernel.shrink_folio(buf.page(0));
      yield* kernel.user_read(buf);
      const [before] = yield* kernel.get_user_pages(buf, 1, 0);
      if (before !== undefined) yield* kernel.put_page(before);
      yield* kernel.user_write(buf, 1);
      const [after] = yield* kernel.get_user_pages(buf, 1, 0);
      if (after !== undefined) yield* kernel.put_page(after);
      expect(after === before).toBe(true);
    });
  },
);

// %% A PMD split takes the page lock
// From 5.8 to 5.17 (c444eb564fb1), for the sake of those who read the mapcount of a page that is being split.
experiment(
  'splitting a PMD leaves the page unlocked',
  {
    expect: { '5.9': 'fail', '5.11': 'fail', '5.14': 'fail', '*': 'pass' },
    fix: { on: { splitPmdLocksPage: false }, off: { splitPmdLocksPage: true } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const thp = mm.mmapThp({ order: 1 });
    lab.task('process', function* () {
      yield* kernel.split_huge_pmd(thp);
    });
    lab.always('nobody holds the lock', () => expect(value(thp.page(0).locked)).toBe(0));
  },
);

// %% fs-dax, for long
// A long pin of fs-dax memory is refused: the file system must be able to move its blocks. The lockless walk looks at
// the entry and leaves such memory to the slow path, which knows the file. It takes no reference for that.
experiment(
  'the walk looks at a device entry before it takes a reference',
  { kernels: ['5.11', '6.10'], expect: { '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapDax();
    lab.task('driver', function* () {
      yield* kernel.pin_user_pages_fast_only(buf, 1, FOLL_LONGTERM);
    });
    lab.always('the count stays', () => expect(page_ref_count(buf)).toBe(1));
  },
);

// %% fs-dax, for long, by a walk that takes device entries for ordinary ones
// Without the `pte_devmap()` case the long pin is refused as well. Since 6.5 only after the reference was taken.
experiment('a walk that knows no device entries', { kernels: ['6.10'], expect: { '*': 'fail' } }, (lab) => {
  const kernel = lab.kernel.with({ devmapGup: false });
  const buf = lab.mm.mmapDax();
  lab.task('driver', function* () {
    yield* kernel.pin_user_pages_fast_only(buf, 1, FOLL_LONGTERM);
  });
  lab.always('the count stays', () => expect(page_ref_count(buf)).toBe(1));
});

// %% fs-dax, idle
// A device page that nobody uses has the count 1 for as long as there was ZONE_DEVICE special-casing in `put_page()`.
// 7.2 counts it as any other page, and idle is 0.
experiment(
  'an idle fs-dax page has the count 0',
  { expect: { '7.2': 'pass', '*': 'fail' }, fix: { on: { devmapOneBased: false }, off: { devmapOneBased: true } } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapDax();
    lab.task('process', function* () {
      for (const page of yield* kernel.get_user_pages_fast(buf, 1, 0)) yield* kernel.put_page(page);
      yield* kernel.munmap(buf);
    });
    lab.finally('nobody has it', () => expect(page_ref_count(buf)).toBe(0));
  },
);

// %% The huge zero page
// Until 7.x the lockless walk counted references on the huge zero page like on any other. Its PMD is special since
// then.
experiment(
  'the walk leaves the huge zero page alone',
  { expect: { '7.2': 'pass', '*': 'fail' }, fix: { on: { hugeZeroFast: false }, off: { hugeZeroFast: true } } },
  (lab) => {
    const { kernel, mm } = lab;
    const zero = mm.mmapHugeZeroPage({ order: 1 });
    lab.task('driver', function* () {
      const pages = yield* kernel.get_user_pages_fast_only(zero, 1, 0);
      expect(pages.ret).toBe(0);
      for (const page of pages) yield* kernel.put_page(page);
    });
  },
);

// %% The first write to the huge zero page
// It split the PMD and brought one small page. Since 6.13 it brings a huge one.
experiment(
  'the first write to the huge zero page brings a huge page',
  { expect: { '7.2': 'pass', '*': 'fail' }, fix: { on: { hugeZeroWrite: 'huge' }, off: { hugeZeroWrite: 'split' } } },
  (lab) => {
    const { kernel, mm } = lab;
    const zero = mm.mmapHugeZeroPage({ order: 1 });
    lab.task('process', function* () {
      yield* kernel.user_write(zero, 1);
    });
    lab.finally('its second page belongs to the first', () =>
      expect(page_mapped(zero.at(1))?.head === page_mapped(zero)).toBe(true),
    );
  },
);

// %% A huge page directory and follow_page()
// The seed's other line: "BUG_ON to WARN_ON". `follow_page_mask()` of a huge address used to be a BUG for FOLL_GET. The
// postings of November 2019 made it a WARN and returned NULL; what was merged warns and returns the page. Only powerpc
// had such addresses, and 7.2 has none.
experiment(
  'follow_page() of a huge page directory gives the page',
  {
    expect: { '5.6': 'fail', 'pin-v5': 'fail', 'pin-v6': 'fail', 'pin-v7': 'fail', '*': 'pass' },
    fix: { on: { hugeAddr: 'warn' }, off: { hugeAddr: 'warn-null' } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapHugetlb({ order: 1, hugepd: true });
    lab.task('driver', function* () {
      const page = yield* kernel.follow_page(buf, FOLL_GET);
      expect(page !== null).toBe(true);
    });
  },
);

// %% mlock() holds a reference for a while
// 2fbb0c10d1e8 (5.18) gave mlock() a per-CPU batch of its own, and the batch holds a reference.
// `mlock-batch-blocks-pin` is about the consequence.
const SINCE_5_18 = {
  '5.18': 'fail',
  '5.19': 'fail',
  '6.1': 'fail',
  '6.5': 'fail',
  '6.10': 'fail',
  '7.2': 'fail',
} as const;
experiment(
  'mlock() takes no reference',
  { expect: { ...SINCE_5_18, '*': 'pass' }, fix: { on: { mlockBatch: false } } },
  (lab) => {
    const { kernel, mm } = lab;
    const page = mm.mmapPage();
    lab.task('process', function* () {
      yield* kernel.mlock(page.page(0));
    });
    lab.always('the mapping is all there is', () => expect(page_ref_count(page)).toBe(1));
  },
);

// %% munmap() of a page that is in a batch
// munmap() used to drain the LRU batches of its CPU, so that freshly faulted pages were freed at once. 7.2 does not.
experiment(
  'a freshly faulted page is freed by munmap()',
  {
    arch: { lruBatch: true },
    expect: { '7.2': 'fail', '*': 'pass' },
    fix: { on: { munmapDrainsLru: true } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const page = mm.mmapPage({ inLruBatch: true });
    lab.task('process', function* () {
      yield* kernel.munmap(page);
    });
    lab.finally('it is free', () => expect(page_is_free(page)).toBe(true));
  },
);

// %% RDMA takes no lock
// Since 5.11 a registration goes by the fast path and waits for `mmap_lock` only where that fails.
const PIN_KERNELS = [
  ...(['pin-v5', 'pin-v6', 'pin-v7', '5.7-bias', '5.7', '5.9', '5.11', '5.14'] as const),
  ...(['5.18', '5.19', '6.1', '6.5', '6.10', '7.2'] as const),
] as const;
const LOCKED = {
  'pin-v5': 'fail',
  'pin-v6': 'fail',
  'pin-v7': 'fail',
  '5.7-bias': 'fail',
  '5.7': 'fail',
  '5.9': 'fail',
} as const;
experiment(
  'RDMA registers memory without mmap_lock',
  {
    kernels: PIN_KERNELS,
    expect: { ...LOCKED, '*': 'pass' },
    fix: { on: { rdmaPinsFast: true }, off: { rdmaPinsFast: false } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('driver', function* () {
      const pages = yield* kernel.ib_umem_get(buf, 1);
      yield* kernel.ib_umem_release(pages);
    });
    lab.always('nobody holds mmap_lock', () => expect(value(mm.mmap_lock)).toBe(1));
  },
);

// %% io_uring takes no lock
// 1943f96b3816.
experiment(
  'io_uring registers a buffer without mmap_lock',
  {
    kernels: PIN_KERNELS,
    expect: { '6.10': 'pass', '7.2': 'pass', '*': 'fail' },
    fix: { on: { uringPinsFast: true }, off: { uringPinsFast: false } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('ring', function* () {
      const pages = yield* kernel.io_uring_register(buf);
      yield* kernel.io_uring_unregister(pages);
    });
    lab.always('nobody holds mmap_lock', () => expect(value(mm.mmap_lock)).toBe(1));
  },
);

// %% io_uring and private file mappings
// Until GUP itself refused long pins of files, io_uring refused every buffer in a file, private mappings among them.
experiment(
  'io_uring registers a private file mapping',
  {
    expect: { '6.5': 'pass', '6.10': 'pass', '7.2': 'pass', '*': 'fail' },
    fix: { on: { uringRefusesFiles: false }, off: { uringRefusesFiles: true } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const file = mm.file();
    const buf = mm.mmapFile(file, { shared: false });
    lab.task('ring', function* () {
      const pages = yield* kernel.io_uring_register(buf);
      expect(pages.ret).toBe(0);
      yield* kernel.io_uring_unregister(pages);
    });
  },
);

// %% io_uring keeps one pin per folio
// A registered buffer that is one folio keeps one pin from 6.3 on (57bebf807e2a); later every large folio of a buffer
// does.
experiment(
  'a registered THP keeps one pin',
  {
    kernels: ['5.7', '5.9', '5.11', '5.14', '5.18', '5.19', '6.1', '6.5', '6.10', '7.2'],
    expect: { '6.5': 'pass', '6.10': 'pass', '7.2': 'pass', '*': 'fail' },
    fix: { on: { uringCoalesces: 'single' }, off: { uringCoalesces: 'no' } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('ring', function* () {
      const pages = yield* kernel.io_uring_register(buf);
      expect(yield R(buf.page(0).pincount)).toBe(1);
      yield* kernel.io_uring_unregister(pages);
    });
  },
);
