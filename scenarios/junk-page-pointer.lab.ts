/// <reference types="gupbook" />

// %% [markdown] An entry that was counted and never filled in
// A VM_MIXEDMAP or VM_PFNMAP mapping can hold bare page frame numbers without a struct page: device memory, say. GUP
// has no page to return there. `follow_pfn_pte()` touches the PTE and says "there is something, but no page for you":
// -EEXIST, or -EFAULT if the caller asked for references.
//
// **What people believed:** "asked for references" is `flags & FOLL_GET`. It had been, for as long as there was only
// one way to ask. FOLL_PIN is another flag, and 3faa52c03f44 (5.7) did not come by here. So a pin got -EEXIST; and
// -EEXIST means to `__get_user_pages()` that the page needs no reference: next page, please, *count this one*. Its
// `pages[i]` is never written. The caller is told that it has n pages, one of which is whatever was on the caller's
// stack.
//
// No race, one call. Fixed by 7196040e19ad ("mm: fix invalid page pointer returned with FOLL_PIN gups", 5.18 and
// stable): a caller that wants pages gets -EFAULT.
//
// **What catches it:** I8, *GUP returns the page that was mapped*: here it returns none at all, and says it did. The
// counts are left out of this experiment (`without`), because what a pin of nobody's page adds up to is no question.
//
// **Replay:** `gupbook run scenarios/junk-page-pointer.lab.ts --kernel 5.14 -v` prints the schedule and the command
// that steps through it; in the window, choose the kernel in the strip under the cell.
//
// 5.6 and the three postings are not in the row: they have no merged FOLL_PIN, and in the postings' text the case is
// open.

// %% A pin of a bare PFN
const MERGED = ['5.7-bias', '5.7', '5.9', '5.11', '5.14', '5.18', '5.19', '6.1', '6.5', '6.10', '7.2'];
const FILLED = { on: { pfnPinSkipped: false }, off: { pfnPinSkipped: true } } as const;
experiment(
  'a pin of a bare PFN',
  {
    bug: 'S21',
    kernels: MERGED,
    expect: { '5.7-bias': 'fail', '5.7': 'fail', '5.9': 'fail', '5.11': 'fail', '5.14': 'fail', '*': 'pass' },
    fix: FILLED,
    without: ['I2', 'I4', 'I7'],
  },
  (lab) => {
    const { kernel, mm } = lab;
    const io = mm.mmapPfn(1);
    lab.task('driver', function* () {
      yield* kernel.pin_user_pages(io, 1, FOLL_WRITE);
    });
  },
);

// %% What the caller is told
// The same call, and only its answer. -14 is -EFAULT.
experiment(
  'a pin of a bare PFN is refused',
  {
    kernels: MERGED,
    expect: { '5.7-bias': 'fail', '5.7': 'fail', '5.9': 'fail', '5.11': 'fail', '5.14': 'fail', '*': 'pass' },
    fix: FILLED,
    without: ['I2', 'I4', 'I7', 'I8'],
  },
  (lab) => {
    const { kernel, mm } = lab;
    const io = mm.mmapPfn(1);
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages(io, 1, FOLL_WRITE);
      expect(pages.ret).toBe(-14);
    });
  },
);

// %% The same with FOLL_GET
// Always right, on every revision: the flag that is tested is the flag that was passed.
experiment('a reference on a bare PFN is refused', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const io = mm.mmapPfn(1);
  lab.task('driver', function* () {
    const pages = yield* kernel.get_user_pages(io, 1, FOLL_WRITE);
    expect(pages.ret).toBe(-14);
  });
});
