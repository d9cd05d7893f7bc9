/// <reference types="gupbook" />

// %% [markdown] One operation or two
// Most of what changed in mm/gup.c between 2019 and now is no bug fix. It is the number of atomic operations that a pin
// takes, and their order. Nobody's books are wrong afterwards; but somebody who looks in between sees a count that
// belongs to no moment of the old code.
//
// It matters to three readers:
//
// * whoever reads `page_ref` events and wonders why a pin is `+1` and `+1023` in one trace and `+1024` in another;
// * whoever compares `_refcount` with an exact number (migration, KSM, reclaim, split), for whom a half-made unpin is
//   one more reason to give up and try again;
// * whoever asks `page_maybe_dma_pinned()`, for whom a half-made pin is no pin yet. GUP's re-check closes that window
//   for the one who clears the entry first, and for nobody else.
//
// Each experiment below states what the *tidier* revisions promise. Where it fails, look at the last step: that is the
// moment which the other revisions do not have. No verdict in this notebook is a bug.

// %% A fast pin of a small page
// c24d37322548 (5.14) had to know the page's head for good before it could know what to add: `+1`, look again, `+1023`.
// For one step a pin looks like a reference.
const TWO_ADDS = {
  '5.14': 'fail',
  '5.18': 'fail',
  '5.19': 'fail',
  '6.1': 'fail',
  '6.5': 'fail',
  '6.10': 'fail',
} as const;
experiment(
  'a fast pin is one addition',
  { expect: { ...TWO_ADDS, '7.2': 'fail', '*': 'pass' }, fix: { on: { pinInTwoAdds: false } } },
  (lab) => {
    const { kernel, mm } = lab;
    const page = mm.mmapPage();
    lab.task('driver', function* () {
      yield* kernel.pin_user_pages_fast(page, 1, FOLL_WRITE);
    });
    lab.always('1 or 1025', () => expect(page_ref_count(page) === 1 || page_ref_count(page) === 1025).toBe(true));
  },
);

// %% An unpin of a small page
// 5.11 to 5.17 give back all but one reference and then put the last one, because `put_page()` knows what to do with
// it.
const TIDY_UNPIN = { on: { unpinSplit: false }, off: { unpinSplit: true } } as const;
experiment(
  'an unpin is one subtraction',
  { expect: { '5.11': 'fail', '5.14': 'fail', '*': 'pass' }, fix: TIDY_UNPIN },
  (lab) => {
    const { kernel, mm } = lab;
    const page = mm.mmapPage();
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages(page, 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.always('1 or 1025', () => expect(page_ref_count(page) === 1 || page_ref_count(page) === 1025).toBe(true));
  },
);

// %% The undo of a huge pin
// The same habit, in the undo: all but one, then the last. From 5.18 on it is one subtraction.
const MERGED = ['5.7', '5.9', '5.11', '5.14', '5.18', '5.19', '6.1', '6.5', '6.10', '7.2'] as const;
const UNTIL_FOLIOS = { '5.7': 'fail', '5.9': 'fail', '5.11': 'fail', '5.14': 'fail', '*': 'pass' } as const;
experiment(
  'an undo is one subtraction',
  { kernels: MERGED, expect: UNTIL_FOLIOS, fix: { on: { undoSplit: false }, off: { undoSplit: true } } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('gup', function* () {
      yield* kernel.pin_user_pages_fast_only(buf, 4, FOLL_WRITE);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(buf);
    });
    lab.always('mapped or not, pinned or not', () => expect([0, 1, 4, 5].includes(page_ref_count(buf))).toBe(true));
  },
);

// %% Slow pins of a large folio
// Up to 5.17 the slow path adds to the pincount first and to `_refcount` after, the fast path the other way round.
// Folios made it the same everywhere: references first, so that the pincount never says more than the count can carry.
experiment(
  'the pincount is never ahead of the references',
  {
    kernels: MERGED,
    expect: UNTIL_FOLIOS,
    fix: { on: { slowPincountFirst: false }, off: { slowPincountFirst: true } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('driver', function* () {
      yield* kernel.pin_user_pages(buf, 4, FOLL_WRITE);
    });
    lab.always('pins are contained in references', () =>
      expect(page_pincount(buf)).toBeAtMost(page_ref_count(buf) - 1),
    );
  },
);

// %% unpin_user_pages() of a large folio
// Page by page until 5.17; from 5.18 on consecutive pages of one folio are given back at once.
experiment(
  'unpin_user_pages() gives back a folio at once',
  {
    kernels: MERGED,
    expect: UNTIL_FOLIOS,
    fix: { on: { unpinBatched: true, unpinSplit: false }, off: { unpinBatched: false } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 4, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.always('all or nothing', () => expect(page_ref_count(buf) === 1 || page_ref_count(buf) === 5).toBe(true));
  },
);

// %% The completion of a bio
// `bio_release_pages()` went from pages to folios in 6.1.
const FROM_6_1 = { '6.1': 'pass', '6.5': 'pass', '6.10': 'pass', '7.2': 'pass', '*': 'fail' } as const;
experiment(
  'a bio gives back a folio at once',
  { expect: FROM_6_1, fix: { on: { bioRelease: 'folio' }, off: { bioRelease: 'page' } } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('driver', function* () {
      for (const bio of yield* kernel.dio_write(buf, 4)) yield* kernel.bio_endio(bio);
    });
    lab.always('all or nothing', () => expect(page_ref_count(buf) === 1 || page_ref_count(buf) === 5).toBe(true));
  },
);

// %% A bio filled by two extractions
// With room for two segments, a bio asks for two pages, gets one segment, and asks again. Up to 6.x the next page is
// merged into it, so that one bio takes all four. 7.2 begins a segment with every extraction.
experiment(
  'a bio merges what it extracts',
  { expect: { '7.2': 'fail', '*': 'pass' }, fix: { on: { bioMerges: true } } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('driver', function* () {
      const bios = yield* kernel.dio_write(buf, 4, 2);
      expect(bios.length).toBe(1);
      for (const bio of bios) yield* kernel.bio_endio(bio);
    });
  },
);

// %% A slow pin of a hugetlb page
// Subpage by subpage until 5.11, the whole range in one grab from 5.12 (0fa5bc4023c1), one and then the rest since 6.6
// (4849807114b8).
const WHOLE = { '5.14': 'pass', '5.18': 'pass', '5.19': 'pass', '6.1': 'pass', '6.5': 'pass', '*': 'fail' } as const;
experiment(
  'a slow pin takes a hugetlb page in one grab',
  { kernels: MERGED, expect: WHOLE, fix: { on: { hugetlbGrab: 'folio' }, off: { hugetlbGrab: 'page' } } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapHugetlb({ order: 2 });
    lab.task('driver', function* () {
      yield* kernel.pin_user_pages(buf, 4, FOLL_WRITE);
    });
    lab.always('all or nothing', () => expect(page_ref_count(buf) === 1 || page_ref_count(buf) === 5).toBe(true));
  },
);

// %% A slow pin of a THP
// 57edfcfd3419 (6.6): one reference for the page that was looked up, and one grab for the rest of the range.
const RANGE = { '6.10': 'pass', '7.2': 'pass', '*': 'fail' } as const;
experiment(
  'a slow pin takes a THP in two grabs',
  { kernels: MERGED, expect: RANGE, fix: { on: { slowGrabsRange: true }, off: { slowGrabsRange: false } } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('driver', function* () {
      yield* kernel.pin_user_pages(buf, 4, FOLL_WRITE);
    });
    lab.always('one, and then the rest', () => expect([1, 2, 5].includes(page_ref_count(buf))).toBe(true));
  },
);

// %% munmap() of a THP that is mapped by PTEs
// 10ebac4f95e7: the references of consecutive pages of one folio are given back at once.
experiment(
  'munmap() gives back a folio at once',
  { expect: RANGE, fix: { on: { zapBatches: true, undoSplit: false }, off: { zapBatches: false } } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPteThp({ order: 2, keepers: 1 });
    lab.task('munmap', function* () {
      yield* kernel.munmap(buf);
    });
    lab.always('all or nothing', () => expect(page_ref_count(buf) === 1 || page_ref_count(buf) === 5).toBe(true));
  },
);

// %% fork() of a THP that is mapped by PTEs
// And fork() takes them so, since 6.9.
experiment(
  'fork() takes a folio at once',
  { expect: RANGE, fix: { on: { forkBatches: true }, off: { forkBatches: false } } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPteThp({ order: 2 });
    lab.task('forker', function* () {
      yield* kernel.fork(buf);
    });
    lab.always('all or nothing', () => expect(page_ref_count(buf) === 4 || page_ref_count(buf) === 8).toBe(true));
  },
);

// %% split_huge_page() of a THP
// A PMD that becomes migration entries gave the folio a reference for each of them, only to put all of them again. 6.8
// puts the PMD's one and is done.
experiment(
  'a split adds no references on its way',
  { expect: RANGE, fix: { on: { splitFreezePutsOnce: true }, off: { splitFreezePutsOnce: false } } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('split', function* () {
      yield* kernel.split_huge_page(buf.page(0));
    });
    lab.always('no more than the mapping and the caller', () => expect(page_ref_count(buf)).toBeAtMost(2));
  },
);
