/// <reference types="gupbook" />

// %% [markdown] A question put to the wrong page
// arm64 maps a 64 KB hugetlb page by 16 PTEs with the contiguous bit, so that a lockless walk of *PTEs* gets to see
// it, page by page. Since 5.19 a read-only pin asks first whether the page is exclusive to the process
// (`gup_must_unshare()`), because a page that is still shared with a child would be replaced under the pin by the next
// copy on write.
//
// **What people believed:** the flag is on the page that the PTE maps. For a PTE-mapped THP it is. A hugetlb page has
// it on the head alone, and the walk asked the tail: never exclusive, always "must unshare". The fast path gave up on
// every page but the first and left the work to the slow path; with CONFIG_DEBUG_VM the question is a VM_BUG.
//
// So no count is wrong and no data are lost. A fast path that is never taken: what breaks is a promise about speed,
// and, for FOLL_FAST_ONLY callers, success.
//
// Fixed by 5805192c7b72 ("mm/gup: handle cont-PTE hugetlb pages correctly in gup_must_unshare() via GUP-fast", 6.5):
// asks the head if it is hugetlb.
//
// **What catches it:** the experiment expects both pages from the lockless walk. Kernels before 5.19 have no such
// question and are not in the row.
//
// **Replay:** `gupbook run scenarios/unshare-asks-a-tail.lab.ts --kernel 6.1 -v` prints the schedule and the command
// that steps through it; in the window, choose the kernel in the strip under the cell.

// %% Two pages of a hugetlb page mapped by contiguous PTEs
const HEAD = { on: { unshareLooksAtHead: true }, off: { unshareLooksAtHead: false } } as const;
const SINCE_5_19 = ['5.19', '6.1', '6.5', '6.10', '7.2'];
experiment(
  'a read-only pin of contiguous PTEs',
  {
    bug: 'S28',
    kernels: SINCE_5_19,
    expect: { '5.19': 'fail', '6.1': 'fail', '*': 'pass' },
    fix: HEAD,
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapHugetlb({ order: 1, contPte: true, readOnly: true });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast_only(buf, 2, 0);
      expect(pages.ret).toBe(2);
      yield* kernel.unpin_user_pages(pages);
    });
  },
);

// %% With CONFIG_DEBUG_VM
// The question itself is the bug: PageAnonExclusive() of a hugetlb tail.
experiment(
  'a read-only pin of contiguous PTEs, debug kernel',
  {
    kernels: SINCE_5_19,
    arch: { debugVm: true },
    expect: { '5.19': 'fail', '6.1': 'fail', '*': 'pass' },
    fix: HEAD,
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapHugetlb({ order: 1, contPte: true, readOnly: true });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast_only(buf, 2, 0);
      yield* kernel.unpin_user_pages(pages);
    });
  },
);

// %% A pin for writing
// A writable entry is exclusive by construction; nobody asks.
experiment('a write pin of contiguous PTEs', { kernels: SINCE_5_19, expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapHugetlb({ order: 1, contPte: true });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast_only(buf, 2, FOLL_WRITE);
    expect(pages.ret).toBe(2);
    yield* kernel.unpin_user_pages(pages);
  });
});

// %% A THP under PTEs
// Here the flag is on every subpage, and the walk asks the right one on all kernels.
experiment('a read-only pin of a PTE-mapped THP', { kernels: SINCE_5_19, expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPteThp({ order: 1, readOnly: true });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast_only(buf, 2, 0);
    expect(pages.ret).toBe(2);
    yield* kernel.unpin_user_pages(pages);
  });
});
