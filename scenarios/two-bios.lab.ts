/// <reference types="gupbook" />

// %% [markdown] One pin, two bios
// **Jan Kara, 18 Nov 2019, on "[PATCH v5 17/24] mm/gup: track FOLL_PIN pages":** a FOLL_GET user need not know about
// huge pages. It may take references on a whole 2 MB page, submit it as two bios, and drop page references from each
// bio's completion. With the v5 posting's FOLL_PIN it cannot: the fast path takes *one* pin for the whole huge page.
//
// John Hubbard answered that this was "a (big) oversight". Below, the argument is run: same actors, same calls, in
// every interleaving, from 5.6 to 7.2. With all 512 pages it runs on the revisions of the thread and on those that
// stand today; with a smaller huge page, at the end, on all of them.
//
// What to look at: choose `pin-v5` in the strip under the next cell, and step to the end with `]`.

// %% Two bios over one THP, FOLL_PIN
const biasPerPage = { on: { hugePin: 'bias-per-page' }, off: { hugePin: 'one-bias' } } as const;
const THREAD = ['5.6', 'pin-v5', 'pin-v6', 'pin-v7', '5.7-bias', '6.1', '6.5', '6.10', '7.2'] as const;
experiment(
  'two bios over one THP, FOLL_PIN',
  { expect: { 'pin-v5': 'fail', '*': 'pass' }, kernels: THREAD, fix: biasPerPage },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp(); // PMD-mapped 2 MB, _refcount 1
    lab.task('submit', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
      for (const bio of lab.splitBios(pages, 2)) {
        lab.irq(bio.name, function* () {
          yield* kernel.bio_release_pages(bio);
        });
      }
    });
    lab.finally('every reference is given back', () => expect(page_ref_count(buf)).toBe(1));
  },
);

// %% [markdown] What went wrong
// `gup_huge_pmd()` records 512 page pointers but calls `user_page_ref_inc()` once: `_refcount` goes from 1 to 1025,
// which is one pin. Each completion calls `put_user_page()` for each of its 256 pages, and each call subtracts 1024.
//
// | after                 | v5        | refs * GUP_PIN_COUNTING_BIAS |
// |-----------------------|----------:|-----------------------------:|
// | pin, 512 subpages     |      1025 |                       524289 |
// | the first unpin       |         1 |                       523265 |
// | both bios complete    |   -523263 |                            1 |
//
// The first thing to break is not the count but the question FOLL_PIN exists to answer: after the very first unpin,
// `page_dma_pinned()` says no, while 511 subpages may still be under DMA. No race is needed for any of this.

// %% Two bios over one THP, FOLL_GET
experiment('two bios over one THP, FOLL_GET', { expect: { '*': 'pass' }, kernels: THREAD }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp();
  lab.task('submit', function* () {
    const pages = yield* kernel.get_user_pages_fast(buf, 512, FOLL_WRITE);
    for (const bio of lab.splitBios(pages, 2)) {
      lab.irq(bio.name, function* () {
        yield* kernel.bio_release_pages(bio);
      });
    }
  });
  lab.finally('every reference is given back', () => expect(page_ref_count(buf)).toBe(1));
});

// %% [markdown] Why FOLL_GET users never noticed
// `try_get_compound_head(head, refs)` adds one reference per subpage, so it does not matter how the range is divided or
// in which order the parts complete. That is the behaviour Jan asks to keep: "+ refs * GUP_PIN_COUNTING_BIAS".

// %% One task is enough
// The same without any concurrency: pin a huge page, unpin each of its pages.
experiment(
  'pin a THP, unpin every page',
  { bug: 'S01', expect: { 'pin-v5': 'fail', '*': 'pass' }, fix: biasPerPage },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp();
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
      for (const page of pages) yield* kernel.unpin_user_page(page);
    });
    lab.finally('every reference is given back', () => expect(page_ref_count(buf)).toBe(1));
  },
);

// %% [markdown] And with munmap()
// Two pages of the THP, one bio each, and the process unmaps the buffer meanwhile. Now the imbalance becomes a use
// after free: the first completion takes the count back to 1, `munmap()` drops the mapping's reference, the page is
// freed, and the second bio is still in flight.
//
// `pin-v6` fails here as well, for a reason of its own: when `munmap()` wins against the lockless walk, the undo gives
// back too little. That race has a notebook to itself, `undo-race.lab.ts`.
//
// And `5.7-bias`, `5.7` and `5.9` fail for a third reason, which nobody in the thread was looking for: up to 5.10
// `unpin_user_page()` counts the release in vmstat *after* it dropped its reference. When the other bio's put was the
// last one, it asks a page for its node that is free by then. Fixed in 5.11 (4509b42c3896).

// %% Two bios and munmap()
const munmapVerdicts = {
  'pin-v5': 'fail',
  'pin-v6': 'fail',
  '5.7-bias': 'fail',
  '5.7': 'fail',
  '5.9': 'fail',
  '*': 'pass',
} as const;
const munmapFixes = [
  { kernels: ['pin-v5'], on: { hugePin: 'bias-per-page', hugeUndo: 'matching' } },
  { kernels: ['pin-v6'], on: { hugeUndo: 'matching' } },
  { kernels: ['pin-v7'], off: { hugeUndo: 'head-refs' } },
  { on: { vmstatAfterPut: false }, off: { vmstatAfterPut: true } },
] as const;
experiment('two bios and munmap()', { expect: munmapVerdicts, fix: munmapFixes }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp();
  lab.task('submit', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 2, FOLL_WRITE);
    if (pages.length === 0) return; // munmap() was first
    for (const bio of lab.splitBios(pages, 2)) {
      lab.irq(bio.name, function* () {
        yield* kernel.bio_release_pages(bio);
      });
    }
  });
  lab.task('munmap', function* () {
    yield* kernel.munmap(buf);
  });
  lab.finally('the page is freed in the end', () => expect(page_is_free(buf)).toBe(true));
});

// %% [markdown] Every revision
// 512 pages that complete one by one have some hundred thousand states, and nothing happens among them that does not
// happen among 16. So here is the argument once more, on all revisions, with a folio of order 4.

// %% Two bios over a folio of 16 pages, FOLL_PIN
experiment(
  'two bios over a folio of 16 pages, FOLL_PIN',
  { bug: 'S04 pin', expect: { 'pin-v5': 'fail', '*': 'pass' }, fix: biasPerPage },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 4 });
    lab.task('submit', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 16, FOLL_WRITE);
      for (const bio of lab.splitBios(pages, 2)) {
        lab.irq(bio.name, function* () {
          yield* kernel.bio_release_pages(bio);
        });
      }
    });
    lab.finally('every reference is given back', () => expect(page_ref_count(buf)).toBe(1));
  },
);

// %% Two bios over a folio of 16 pages, FOLL_GET
experiment('two bios over a folio of 16 pages, FOLL_GET', { bug: 'S04 get', expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp({ order: 4 });
  lab.task('submit', function* () {
    const pages = yield* kernel.get_user_pages_fast(buf, 16, FOLL_WRITE);
    for (const bio of lab.splitBios(pages, 2)) {
      lab.irq(bio.name, function* () {
        yield* kernel.bio_release_pages(bio);
      });
    }
  });
  lab.finally('every reference is given back', () => expect(page_ref_count(buf)).toBe(1));
});
