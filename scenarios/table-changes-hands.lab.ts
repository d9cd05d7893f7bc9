/// <reference types="gupbook" />

// %% [markdown] A page table changes hands
// Two processes that map the same hugetlb file at the same alignment can share the page that holds their PMD entries.
// `huge_pmd_unshare()` undoes that: one process clears its PUD entry and the table's user count drops. When it drops to
// one, the table is no longer shared. It is an ordinary table of the *other* process from then on, and that process may
// fill it with whatever it likes.
//
// **What people believed:** fast GUP walks with IRQs off, and a page table is only freed after an IPI or a grace
// period, so a walker never looks into a table that is gone. True. But nobody frees this table. It changes its owner,
// and no step of that waits for anybody.
//
// **The interleaving:** a lockless walker of process A reads A's PUD entry and is in the shared table. A's `munmap()`
// unshares. B, the only user left, unmaps its half and maps something private there. The walker reads the entry, takes
// a reference, reads the entry again, finds it unchanged, and returns a page that only B maps.
//
// The TLB flush that follows in A comes too late, and it goes to the CPUs that run A; it says nothing about when B
// may start to write. That is why this row does not depend on how a TLB flush works.
//
// Broken since 39dde65c9940 ("shared page table for hugetlb page", 2.6.20), fixed by 1013af4f585f ("mm/hugetlb: fix
// huge_pmd_unshare() vs GUP-fast race", 6.16, CVE-2025-38085): an IPI to every CPU between clearing the entry and
// dropping the user count. Stable trees have it; the columns here are the `.0` releases.
//
// **What catches it:** I8, *GUP returns the page that was mapped*. Its message names the two processes and the table.
//
// **Replay:** `gupbook run scenarios/table-changes-hands.lab.ts --kernel 6.10 -v` prints the schedule and the command
// that steps through it; in the window, choose the kernel in the strip under the cell.

// %% Fast GUP, FOLL_GET
const IPI = { on: { hugePmdUnshareSync: true }, off: { hugePmdUnshareSync: false } } as const; // 1013af4f585f
experiment(
  "FOLL_GET in a table that became the neighbour's",
  { bug: 'S17', expect: { '7.2': 'pass', '*': 'fail' }, fix: IPI },
  (lab) => {
    const { kernel, mm } = lab;
    const mine = mm.mmapHugetlb({ order: 1, shared: true });
    const other = mm.process('other');
    const theirs = other.mmapHugetlb({ order: 1, sharedWith: mine });
    const later = other.mmapHugetlb({ order: 1, sharedWith: theirs });
    lab.task('gup', function* () {
      const pages = yield* kernel.get_user_pages_fast_only(mine, 1, FOLL_WRITE);
      for (const page of pages) yield* kernel.put_page(page);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(mine);
    });
    lab.task('other', function* () {
      yield* kernel.munmap(theirs);
      yield* kernel.user_write(later, 1);
    });
  },
);

// %% Fast GUP, FOLL_PIN
// The same with a pin. The reference is real, the count balances in the end, I2 has nothing to say. The page is simply
// somebody else's: A's device now writes into B's memory.
experiment(
  "FOLL_PIN in a table that became the neighbour's",
  { kernels: ['5.7', '6.10', '7.2'], expect: { '7.2': 'pass', '*': 'fail' }, fix: IPI },
  (lab) => {
    const { kernel, mm } = lab;
    const mine = mm.mmapHugetlb({ order: 1, shared: true });
    const other = mm.process('other');
    const theirs = other.mmapHugetlb({ order: 1, sharedWith: mine });
    const later = other.mmapHugetlb({ order: 1, sharedWith: theirs });
    lab.task('gup', function* () {
      const pages = yield* kernel.pin_user_pages_fast_only(mine, 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(mine);
    });
    lab.task('other', function* () {
      yield* kernel.munmap(theirs);
      yield* kernel.user_write(later, 1);
    });
  },
);

// %% Where a flush is no IPI
// arm64, or a KVM guest with PV flush. Same verdicts, on both sides of the fix: `tlb_remove_table_sync_one()` is an IPI
// everywhere, whatever the TLB does.
experiment(
  'the same where a TLB flush is no IPI',
  { bug: 'S17', arch: { ipiFlush: false }, expect: { '7.2': 'pass', '*': 'fail' }, fix: IPI },
  (lab) => {
    const { kernel, mm } = lab;
    const mine = mm.mmapHugetlb({ order: 1, shared: true });
    const other = mm.process('other');
    const theirs = other.mmapHugetlb({ order: 1, sharedWith: mine });
    const later = other.mmapHugetlb({ order: 1, sharedWith: theirs });
    lab.task('gup', function* () {
      const pages = yield* kernel.get_user_pages_fast_only(mine, 1, FOLL_WRITE);
      for (const page of pages) yield* kernel.put_page(page);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(mine);
    });
    lab.task('other', function* () {
      yield* kernel.munmap(theirs);
      yield* kernel.user_write(later, 1);
    });
  },
);

// %% The slow path
// `get_user_pages()` holds `mmap_lock` for reading; `munmap()` takes it for writing before it touches the vma. The walk
// and the unsharing cannot meet, on any kernel. The bug is one of the lockless walk alone.
experiment(
  'the slow path never meets the unsharing',
  { kernels: ['5.6', '5.14', '6.10'], expect: { '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const mine = mm.mmapHugetlb({ order: 1, shared: true });
    const other = mm.process('other');
    const theirs = other.mmapHugetlb({ order: 1, sharedWith: mine });
    const later = other.mmapHugetlb({ order: 1, sharedWith: theirs });
    lab.task('gup', function* () {
      const pages = yield* kernel.get_user_pages(mine, 1, FOLL_WRITE);
      for (const page of pages) yield* kernel.put_page(page);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(mine);
    });
    lab.task('other', function* () {
      yield* kernel.munmap(theirs);
      yield* kernel.user_write(later, 1);
    });
  },
);

// %% [markdown] Why an IPI, and why there
// Move the IPI behind the drop of the user count and the race is back: B may have written its first entry by then.
// Before the entry is cleared it is useless, as the next walker is on its way. Between the two is the only place, and
// the one step of `kernel.switches.hugePmdUnshareSync` is all that separates the last two columns of this page.
//
// Later trees wait once for a batch of tables, in the mmu_gather, instead of once for each; the order is the same.
