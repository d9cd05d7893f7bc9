/// <reference types="gupbook" />

// %% [markdown] The reference is on the wrong head
// A tail page has no count of its own. To take a reference on it the walk asks `compound_head()` where the count is,
// and takes it there. Those are two operations.
//
// **What people believed:** the entry is read again afterwards. If it still says the same, nothing happened meanwhile.
//
// **The interleaving (Jann Horn):** the walk reads the entry of subpage 1 and its head H. Somebody splits the huge
// page: freezes H, makes every tail a page with a count of its own, and maps them again. The *same* subpage comes back
// into the *same* entry. Now the walk adds its reference to H, which is an ordinary page that has nothing to do with
// subpage 1 any more, and reads the entry again: unchanged. The caller holds subpage 1 with nothing to hold it by.
//
// **Fixed in 5.14:** c24d37322548 ("mm/gup: fix try_grab_compound_head() race with split_huge_page()"): once the
// reference is held, ask for the head again. If it is another one, put the reference back and fail; folios (5.18) try
// again instead.
//
// **Where it can happen:** the split clears the entries and flushes the TLB before it freezes the head. On x86 hardware
// that flush is an IPI, and a walker with IRQs off holds it up: nothing can happen between its two reads. On arm64, on
// powerpc with radix, or in a KVM guest with PV flush nobody waits for the walker.
//
// **What catches it:** I8, *GUP returns the page that was mapped, with its references on the right head*.

// %% Split, where a flush is no IPI
const later = {
  '5.14': 'pass',
  '5.18': 'pass',
  '5.19': 'pass',
  '6.1': 'pass',
  '6.5': 'pass',
  '6.10': 'pass',
  '7.2': 'pass',
} as const;
const recheck = { on: { headRecheck: 'fail' }, off: { headRecheck: 'no' } } as const;
const noIpi = { ipiFlush: false } as const;
experiment(
  'FOLL_GET of a subpage that is split off',
  { bug: 'S13', arch: noIpi, expect: { ...later, '*': 'fail' }, fix: recheck },
  (lab) => {
    const { kernel, mm } = lab;
    const thp = mm.mmapPteThp({ order: 1 });
    lab.task('gup', function* () {
      const pages = yield* kernel.get_user_pages_fast_only(thp.at(1), 1, FOLL_WRITE);
      for (const page of pages) yield* kernel.put_page(page);
    });
    lab.task('split', function* () {
      yield* kernel.split_huge_page(thp.page(0));
    });
  },
);

// %% The same with a flush by IPI
// Every revision passes, with the re-check and without.
experiment('FOLL_GET of a subpage that is split off, x86', { bug: 'S13', expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const thp = mm.mmapPteThp({ order: 1 });
  lab.task('gup', function* () {
    const pages = yield* kernel.get_user_pages_fast_only(thp.at(1), 1, FOLL_WRITE);
    for (const page of pages) yield* kernel.put_page(page);
  });
  lab.task('split', function* () {
    yield* kernel.split_huge_page(thp.page(0));
  });
});

// %% Order 2, FOLL_PIN
// With an exact pincount there is one more thing to get wrong. From 5.7 to 5.13 the walk decides *before* it has its
// reference whether this compound keeps a pincount, and again after; the split may come between, and what is added is
// not what will be taken off.
const recheckPin = [
  {
    kernels: ['pin-v5', 'pin-v6', 'pin-v7'],
    none: 'these undo with put_page(), see pte-undo.lab.ts: it is never balanced',
  },
  { on: { headRecheck: 'fail', pinInTwoAdds: true }, off: { headRecheck: 'no' } },
] as const;
experiment(
  'FOLL_PIN of a subpage that is split off',
  { arch: noIpi, expect: { '5.6': 'not-applicable', ...later, '*': 'fail' }, fix: recheckPin },
  (lab) => {
    const { kernel, mm } = lab;
    const thp = mm.mmapPteThp({ order: 2 });
    lab.task('gup', function* () {
      const pages = yield* kernel.pin_user_pages_fast_only(thp.at(1), 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('split', function* () {
      yield* kernel.split_huge_page(thp.page(0));
    });
  },
);

// %% [markdown] What the IPI is worth
// The first two experiments differ in one flag of the machine. Code that leans on the flush being an IPI works for
// years on the machine of whoever wrote it; this one came with 7aef4172c795 (4.7) and was found by reading.
