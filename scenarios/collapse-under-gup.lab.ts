/// <reference types="gupbook" />

// %% [markdown] Collapse under the walk
// khugepaged takes 512 small pages, copies them into a huge one, and replaces the page table by one PMD. To be sure
// that nobody has one of the small pages it compares counts with mapcounts.
//
// **What people believed:** it is safe, as `pmdp_collapse_flush()` clears the PMD and flushes the TLB, and a flush
// waits for lockless walkers. What runs afterwards runs alone.
//
// **The interleaving:** the flush sends no IPI. The walker has read the PMD and is in the page table.
//
// | khugepaged                             | fast GUP                                  |
// |----------------------------------------|-------------------------------------------|
// |                                        | reads the PMD, then the PTE               |
// | clears the PMD, flushes                |                                           |
// | count is 1, mapcount is 1: nobody has it |                                         |
// |                                        | takes its reference                       |
// |                                        | reads the PTE again: unchanged            |
// | copies the page, clears the PTE        | has a page that nobody maps any more      |
//
// The PTE is unchanged because nobody changed it: it is the PMD above it that has gone.
//
// **Fixed in 6.1:** 70cbc3cc78a9 ("mm: gup: fix the fast GUP race against THP collapse"): re-read the PMD, too. Broken
// since fast GUP came to machines without IPI flush (2667f50e8b81, 3.19).
//
// **What catches it:** I5, *the owner of a pinned private page still maps that page*: the device reads into a page that
// the process has left.

// %% Direct I/O, where a flush is no IPI
const since61 = { '6.1': 'pass', '6.5': 'pass', '6.10': 'pass', '7.2': 'pass', '*': 'fail' } as const;
const noIpi = { ipiFlush: false } as const;
const recheck = { on: { pmdRecheck: true }, off: { pmdRecheck: false, collapseSync: false } } as const;
experiment(
  'direct I/O into pages that collapse',
  { bug: 'S14', arch: noIpi, expect: since61, fix: recheck, without: ['I11'] },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPages(2, { order: 1 });
    lab.task('gup', function* () {
      for (const bio of yield* kernel.dio_read(buf, 1)) yield* kernel.bio_endio(bio);
    });
    lab.task('khugepaged', function* () {
      yield* kernel.collapse_huge_page(buf);
    });
  },
);

// %% [markdown] I11 is left out
// The walker is in a page table that khugepaged takes away. That is a bug of its own, with a fix of its own in the same
// release; `walk-in-freed-table.lab.ts` has it. 6.1 got both, so to break 6.1 again both have to go.

// %% With a flush by IPI
experiment('direct I/O into pages that collapse, x86', { bug: 'S14', expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPages(2, { order: 1 });
  lab.task('gup', function* () {
    for (const bio of yield* kernel.dio_read(buf, 1)) yield* kernel.bio_endio(bio);
  });
  lab.task('khugepaged', function* () {
    yield* kernel.collapse_huge_page(buf);
  });
});

// %% Re-check without IPI, IPI without re-check
// Either of the two fixes of 6.1 is enough against the lost page. Only the IPI keeps the walker out of the freed table.
experiment(
  'direct I/O into pages that collapse, without the re-check of the PMD',
  { kernels: ['6.1', '7.2'], arch: noIpi, expect: { '*': 'pass' } },
  (lab) => {
    const kernel = lab.kernel.with({ pmdRecheck: false });
    const buf = lab.mm.mmapPages(2, { order: 1 });
    lab.task('gup', function* () {
      for (const bio of yield* kernel.dio_read(buf, 1)) yield* kernel.bio_endio(bio);
    });
    lab.task('khugepaged', function* () {
      yield* kernel.collapse_huge_page(buf);
    });
  },
);

// %% Already pinned
// Without a race: the pin is there first, khugepaged sees a count that does not fit, and gives up.
experiment('a pinned page does not collapse', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPages(2, { order: 1 });
  lab.task('process', function* () {
    const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE);
    expect(yield* kernel.collapse_huge_page(buf)).toBe(false);
    yield* kernel.unpin_user_pages(pages);
  });
});
