/// <reference types="gupbook" />

// %% [markdown] io_uring gives back the head where it pinned a tail
// io_uring's registered buffers are long pins. Since 6.12 (a8edbb424b13) it keeps *one* pin for each large folio of a
// buffer, the one of the first page it uses there, and gives the others back at once. When the buffer went away it
// called `unpin_user_page()` with the folio's head.
//
// **What people believed:** all pins of a compound page are the head's, so it does not matter which page of it is
// named. For the counts that is true: `compound_head()` of either is the same. But an unpin is also a statement about
// *the page*, and debug kernels check it: since 5.19 whoever unpins an anonymous page must find PageAnonExclusive set,
// on the very page. Of a PTE-mapped THP every subpage has a flag of its own. The reproducer takes a THP, says
// MADV_DONTFORK of its second half and forks: the first half is shared from then on, the second is not.
//
// Fixed by 5afb4bf9fc62 ("io_uring/rsrc: fix folio unpinning", 6.16 and stable): `unpin_user_folio()`, which names no
// page.
//
// No column of this page has the bug: it came after 6.10 and went before 7.2. `uringUnpinsHead` puts it in.
//
// **What catches it:** the kernel itself, with CONFIG_DEBUG_VM (`arch.debugVm`): VM_BUG_ON in
// `sanity_check_pinned_pages()`. Kernels as distributions build them say nothing, and nothing is wrong with their
// counts.
//
// **Replay:** `gupbook run scenarios/unpin-head-for-tail.lab.ts --kernel 6.10 -v` prints the schedule and the command
// that steps through it; in the window, choose the kernel in the strip under the cell.
//
// Two things are not as everywhere else in this library. The model has no MADV_DONTFORK: the first step of the task
// below is what the fork does to the shared half, written as a step. And the books of who holds what are kept by page;
// a driver that names another page than it pinned confuses them and not the kernel, so the checks that read those
// books are left out.

// %% Unregister a buffer in a half-shared THP
experiment(
  'unregister a buffer whose neighbour is shared',
  { kernels: ['5.19', '6.1', '6.5', '6.10', '7.2'], arch: { debugVm: true }, expect: { '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPteThp({ order: 1 });
    lab.task('process', function* () {
      yield W(buf.page(0).anon_exclusive, 0); // fork(), with MADV_DONTFORK of the rest
      const pages = yield* kernel.io_uring_register(buf.at(1), 1);
      yield* kernel.io_uring_unregister(pages);
    });
  },
);

// %% The same, unpinned by its head
experiment(
  'unregister it by the head of its folio',
  {
    kernels: ['5.19', '6.1', '6.5', '6.10', '7.2'],
    arch: { debugVm: true },
    expect: { '*': 'fail' },
    without: ['I1', 'I2', 'I4'],
  },
  (lab) => {
    const { mm } = lab;
    const kernel = lab.kernel.with({ uringUnpinsHead: true });
    const buf = mm.mmapPteThp({ order: 1 });
    lab.task('process', function* () {
      yield W(buf.page(0).anon_exclusive, 0);
      const pages = yield* kernel.io_uring_register(buf.at(1), 1);
      yield* kernel.io_uring_unregister(pages);
    });
  },
);

// %% The counts
// The same once more on a kernel without debug checks. What is asked is only what the counts are in the end.
experiment(
  'unregister it by the head: the counts are right',
  {
    kernels: ['5.19', '6.1', '6.5', '6.10', '7.2'],
    expect: { '*': 'pass' },
    without: ['I1', 'I2', 'I4'],
  },
  (lab) => {
    const { mm } = lab;
    const kernel = lab.kernel.with({ uringUnpinsHead: true });
    const buf = mm.mmapPteThp({ order: 1 });
    lab.task('process', function* () {
      yield W(buf.page(0).anon_exclusive, 0);
      const pages = yield* kernel.io_uring_register(buf.at(1), 1);
      yield* kernel.io_uring_unregister(pages);
    });
    lab.finally('two mappings, no pin', () => {
      expect(page_ref_count(buf)).toBe(2);
      expect(page_pincount(buf)).toBe(0);
    });
  },
);
