/// <reference types="gupbook" />

// %% [markdown] A batch that nobody drains
// A long pin of a page in CMA or ZONE_MOVABLE migrates the page first, and migration demands that nobody else has a
// reference. Per-CPU batches of the LRU hold references, for a moment that ends when somebody drains them. The long pin
// knows that, and asks: is the page on the LRU? If not, it may be waiting in a batch: drain.
//
// **What people believed:** a page that waits in a batch is not on the LRU, so `!PageLRU` finds them all. That held
// until 2fbb0c10d1e8 (5.18) gave `mlock()` a batch of its own. A page that is being mlocked *is* on the LRU, waits in
// a batch nevertheless, and has a reference more than expected. The pin sees PG_lru, does not drain, migration finds
// the count wrong and says -EAGAIN until it gives up: -ENOMEM to whoever wanted the pin.
//
// pKVM hit it: the memory of a protected guest is mlocked and then pinned. Fixed by 98c6d259319e ("mm/gup: check
// ref_count instead of lru before migration", 6.17, and in stable): it compares the count with
// `folio_expected_ref_count() + 1` and drains if they differ. PG_lru was a guess; the count is what migration will
// look at.
//
// **What catches it:** the experiment expects the pin to be had. No interleaving is needed: the batch has its reference
// before the pin begins, and nobody else would drain it for a long time.
//
// **Replay:** `gupbook run scenarios/mlock-batch-blocks-pin.lab.ts --kernel 6.10 -v` prints the schedule and the
// command that steps through it; in the window, choose the kernel in the strip under the cell.
//
// **Differs from the fixes' dates (S20: 5.6 pin-v5 pin-v6 pin-v7 5.7-bias 5.7 5.9 5.11 5.14):** the fix's Fixes tag
// reaches back to 9a4e9f3b2d73 (2019), because any stray reference blocks the migration. The batch that holds one while
// PG_lru is set came with 2fbb0c10d1e8 (5.18); before it `mlock()` isolated the page itself, and what waits in the
// older batches is not on the LRU, so it is drained: the second cell. What is left before 5.18 is the third cell.

// %% mlock(), then a long pin of a CMA page
experiment(
  'a long pin of a page that was just mlocked',
  {
    bug: 'S20',
    expect: { '5.18': 'fail', '5.19': 'fail', '6.1': 'fail', '6.5': 'fail', '6.10': 'fail', '*': 'pass' },
    fix: { on: { longtermDrainsByRefs: true }, off: { longtermDrainsByRefs: false } },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage({ zone: 'cma' });
    lab.task('driver', function* () {
      yield* kernel.mlock(buf.page(0));
      const pages = yield* kernel.ib_umem_get(buf, 1);
      expect(pages.ret).toBe(1);
      yield* kernel.ib_umem_release(pages);
    });
  },
);

// %% A page that waits to get on the LRU
// Just faulted in, PG_lru not set, a reference held by the `lru_add` batch. Every revision drains for this one.
experiment(
  'a long pin of a page that was just faulted in',
  { arch: { lruBatch: true }, expect: { '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage({ zone: 'cma', inLruBatch: true });
    lab.task('driver', function* () {
      const pages = yield* kernel.ib_umem_get(buf, 1);
      expect(pages.ret).toBe(1);
      yield* kernel.ib_umem_release(pages);
    });
  },
);

// %% A reference that no drain gives back
// Somebody reads the page through a reference of their own while the long pin tries to move it. On every revision
// there is an order in which all attempts fall into that time, and the pin fails with -ENOMEM. That is by design: a
// page that is in use does not move. (The model looks at two passes and three rounds; the kernel makes ten passes and
// goes round for as long as pages keep moving. More attempts make the order rarer, not impossible.)
experiment(
  'a long pin while somebody has a reference',
  {
    kernels: ['5.7', '5.14', '6.10', '7.2'],
    expect: { '*': 'fail' },
    fix: { none: 'a reference that is really held keeps the page where it is, by design' },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage({ zone: 'cma' });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
      expect(pages.ret).toBe(1);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('reader', function* () {
      const pages = yield* kernel.get_user_pages_fast_only(buf, 1, 0);
      for (const page of pages) yield* kernel.put_page(page);
    });
  },
);
