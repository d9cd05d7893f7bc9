/// <reference types="gupbook" />

// %% [markdown] It looks pinned
// `page_maybe_dma_pinned()` has no list of pins to look at. For a page without a pincount it compares `_refcount` with
// GUP_PIN_COUNTING_BIAS, so 1024 plain references and one pin are the same thing to it.
//
// **What people believed:** nobody takes 1024 references on one page. Documentation/core-api/pin_user_pages.rst is
// careful and says it the other way round: a false positive costs something, a false negative corrupts data, so only
// the first is allowed.
//
// **How to get there:** map a page into a thousand processes, or map a THP by PTEs: a 2 MB page that is mapped by 512
// entries holds 512 references on its head before anybody does anything; a second process that maps it so makes it
// 1024.
//
// From 5.7 on (47e29d32afba, "page->hpage_pinned_refcount: exact pin counts for huge pages") compound pages of order 2
// and above count their pins in a word of their own, from 5.18 on all compound pages do. Order-0 pages never will:
// there is no room in `struct page`.
//
// **What catches it:** no built-in check, since this is allowed. The experiments state it themselves.

// %% A small page with 1022 keepers
// One mapping, 1022 references, and one more that comes and goes. Fails on every revision; that is the price of the
// bias.
experiment(
  'a small page with a thousand references',
  {
    bug: 'S05 order-0',
    kernels: [
      'pin-v5',
      'pin-v6',
      'pin-v7',
      '5.7-bias',
      '5.7',
      '5.9',
      '5.11',
      '5.14',
      '5.18',
      '5.19',
      '6.1',
      '6.5',
      '6.10',
      '7.2',
    ],
    expect: { '*': 'fail' },
    fix: { none: 'accepted by design: a small page has no room for a count of its own' },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const page = mm.mmapPage({ keepers: 1022 });
    lab.task('reader', function* () {
      const [got] = yield* kernel.get_user_pages_fast(page, 1, 0);
      if (got !== undefined) yield* kernel.put_page(got);
    });
    lab.always('nobody pinned it, so it does not look pinned', () => expect(page_maybe_dma_pinned(page)).toBe(false));
  },
);

// %% The same of a huge page
// As soon as pins have a word of their own, the question has an exact answer.
const exact = { on: { hugePin: 'exact', pincountOrder: 2 }, off: { pincountOrder: 99 } } as const;
const BIASED = { 'pin-v5': 'fail', 'pin-v6': 'fail', 'pin-v7': 'fail', '5.7-bias': 'fail', '*': 'pass' } as const;
experiment('a THP with a thousand references', { bug: 'S05 huge', expect: BIASED, fix: exact }, (lab) => {
  const { kernel, mm } = lab;
  const thp = mm.mmapThp({ order: 2, keepers: 1022 });
  lab.task('reader', function* () {
    expect(yield* kernel.page_maybe_dma_pinned(thp.page(0))).toBe(false);
    yield* kernel.get_page(thp.page(0));
    expect(yield* kernel.page_maybe_dma_pinned(thp.page(0))).toBe(false);
    yield* kernel.put_page(thp.page(0));
  });
});

// %% A THP that is mapped by PTEs
// Every entry holds a reference on the head, every page a driver takes is one more. 8 and 8 here, and 1008 for the
// other 63 processes that map it so: a 2 MB page needs only one of them to have 512.
experiment("a THP that PTEs map, under a driver's references", { expect: BIASED, fix: exact }, (lab) => {
  const { kernel, mm } = lab;
  const thp = mm.mmapPteThp({ order: 3, keepers: 1008 });
  lab.task('driver', function* () {
    const pages = yield* kernel.get_user_pages(thp, 8, FOLL_WRITE);
    expect(yield* kernel.page_maybe_dma_pinned(thp.page(0))).toBe(false);
    for (const page of pages) yield* kernel.put_page(page);
  });
});

// %% Order 1
// An order-1 page has one tail, and 5.7 kept the pincount in the second. So from 5.7 to 5.17 a large folio of two pages
// still goes by the bias. 5.18 moved the word.
experiment(
  'an order-1 page with a thousand references',
  {
    expect: {
      '5.18': 'pass',
      '5.19': 'pass',
      '6.1': 'pass',
      '6.5': 'pass',
      '6.10': 'pass',
      '7.2': 'pass',
      '*': 'fail',
    },
    kernels: ['pin-v7', '5.7-bias', '5.7', '5.9', '5.11', '5.14', '5.18', '5.19', '6.1', '6.5', '6.10', '7.2'],
    fix: { on: { hugePin: 'exact', pincountOrder: 1 }, off: { pincountOrder: 2 } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const folio = mm.mmapThp({ order: 1, keepers: 1023 });
    lab.task('reader', function* () {
      expect(yield* kernel.page_maybe_dma_pinned(folio.page(0))).toBe(false);
    });
  },
);

// %% [markdown] What it costs
// * `fork()` copies the page at once instead of sharing it (5.9 to 5.18; since 5.19 it asks PageAnonExclusive first,
//   and then the count).
// * Reclaim puts the page back on its list (5.11 and later).
// * `clear_refs` leaves its PTE writable (5.11 and later), so a checkpoint sees it dirty every time.
//
// None of them is wrong, all of them are slow. The experiment below shows the first: the child gets a copy of its own
// although nobody ever pinned anything.

// %% Fork copies for nobody
// `has_pinned` is sticky: one pin in the life of the process, of any page, is enough to have fork look at counts at
// all.
experiment(
  'fork copies a page that only looks pinned',
  {
    expect: {
      '5.9': 'fail',
      '5.11': 'fail',
      '5.14': 'fail',
      '5.18': 'fail',
      '5.19': 'fail',
      '6.1': 'fail',
      '6.5': 'fail',
      '6.10': 'fail',
      '7.2': 'fail',
      '*': 'pass',
    },
    kernels: ['pin-v7', '5.7-bias', '5.7', '5.9', '5.11', '5.14', '5.18', '5.19', '6.1', '6.5', '6.10', '7.2'],
    fix: { none: 'accepted by design: fork cannot tell a thousand readers from one pin' },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const page = mm.mmapPage({ keepers: 1023 });
    const other = mm.mmapPage();
    lab.task('process', function* () {
      yield* kernel.unpin_user_pages(yield* kernel.pin_user_pages_fast(other, 1, FOLL_WRITE));
      yield* kernel.fork(page);
    });
    lab.finally('parent and child share the page', () => expect(page_mapcount(page)).toBe(2));
  },
);
