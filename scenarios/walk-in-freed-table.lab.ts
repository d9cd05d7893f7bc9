/// <reference types="gupbook" />

// %% [markdown] A walk in a freed table
// What does a lockless walker walk in? In page tables, and it holds no reference on them. They stay because whoever
// frees one waits for walkers: by an IPI, or by RCU, since IRQs off is a read-side critical section.
//
// **What people believed:** everybody who frees a page table goes through the mmu_gather, and it waits.
//
// **khugepaged does not.** It unlinks the table by clearing the PMD, copies the pages, and deposits the table for
// later, or frees it, at once. Only a TLB flush lies between, and a flush waits for walkers only where it is an IPI.
//
// **The interleaving (Jann Horn):** the walker reads the PMD. khugepaged clears it, flushes, and gives the table away.
// The walker reads an entry in memory that belongs to somebody else now.
//
// **Fixed in 6.1:** 2ba99c5e0881 ("mm/khugepaged: fix GUP-fast interaction by sending IPI"):
// `tlb_remove_table_sync_one()` after `pmdp_collapse_flush()`, an IPI to every CPU whatever the flush does. Broken
// since khugepaged exists (ba76149f47d8).
//
// Re-reading the PMD (70cbc3cc78a9, same release) does not help here: the walker has looked into the table by then.
//
// **What catches it:** I11, *nobody looks into a page table that was freed*.

// %% Where a flush is no IPI
const since61 = { '6.1': 'pass', '6.5': 'pass', '6.10': 'pass', '7.2': 'pass', '*': 'fail' } as const;
const sync = { on: { collapseSync: true }, off: { collapseSync: false } } as const;
const noIpi = { ipiFlush: false } as const;
experiment(
  'a walk in the table that khugepaged takes away',
  { bug: 'S15', arch: noIpi, expect: since61, fix: sync },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPages(2, { order: 1 });
    lab.task('gup', function* () {
      const pages = yield* kernel.get_user_pages_fast_only(buf, 1, 0);
      for (const page of pages) yield* kernel.put_page(page);
    });
    lab.task('khugepaged', function* () {
      yield* kernel.collapse_huge_page(buf);
    });
  },
);

// %% With a flush by IPI
experiment('a walk in the table that khugepaged takes away, x86', { bug: 'S15', expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPages(2, { order: 1 });
  lab.task('gup', function* () {
    const pages = yield* kernel.get_user_pages_fast_only(buf, 1, 0);
    for (const page of pages) yield* kernel.put_page(page);
  });
  lab.task('khugepaged', function* () {
    yield* kernel.collapse_huge_page(buf);
  });
});

// %% munmap() does it right
// `free_pgtables()` goes through the mmu_gather. Where the flush is no IPI the table is freed by RCU, after every
// walker has turned its interrupts on again.
experiment('a walk in the table that munmap() frees', { arch: noIpi, expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPages(2, { order: 1 });
  lab.task('gup', function* () {
    const pages = yield* kernel.get_user_pages_fast_only(buf, 2, 0);
    for (const page of pages) yield* kernel.put_page(page);
  });
  lab.task('munmap', function* () {
    yield* kernel.munmap(buf);
  });
});

// %% [markdown] Why IRQs off
// A walker that left its interrupts on would be waited for by nobody. There is no switch for that in this notebook: the
// walk of every revision turns them off first, see `IRQ_OFF` at its begin in any trace.
