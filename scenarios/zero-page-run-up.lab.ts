/// <reference types="gupbook" />

// %% [markdown] Everybody's page
// Memory that was only ever read maps the zero page. It belongs to the kernel, its count means nothing, nobody frees
// it. Up to 6.4 FOLL_PIN counts it like any other page: 1024 a pin, and since *every* process can pin it, all pins of
// all processes meet in one 32-bit word.
//
// **What people believed:** a balanced pin does no harm to any page. True, as long as the pins are balanced and few.
// 2^21 of them turn the count negative, and from then on GUP refuses the zero page to everybody with a WARN. And long
// pins are not balanced at once: VFIO maps guest memory that nobody wrote to yet, page after page of zeroes, and holds
// them; the work-around 873aefb376bb had VFIO give pins of the zero page back at once.
//
// Fixed by c8070b787519 ("mm: Don't pin ZERO_PAGE in pin_user_pages()", 6.5): a pin of the zero page succeeds and
// counts nothing, neither the page nor `nr_foll_pin_acquired`; so does its unpin. FOLL_GET still counts.
//
// Postscript, 6.1.130: the backport 476c1dfefab8 returned 0 from a function whose result was a *bool*, so every pin of
// the zero page failed instead. Fixed within weeks. No column of this page has it; the next cells would have caught
// it.
//
// **What catches it:** the experiment asks that the count of the zero page is the kernel's alone.
//
// **Replay:** `gupbook run scenarios/zero-page-run-up.lab.ts --kernel 6.1 -v` prints the schedule and the command that
// steps through it; in the window, choose the kernel in the strip under the cell.

// %% A pin of memory that was only read
const SKIPPED = { on: { zeroPagePinned: false }, off: { zeroPagePinned: true } } as const;
const ROW = { '5.6': 'not-applicable', '6.5': 'pass', '6.10': 'pass', '7.2': 'pass', '*': 'fail' } as const;
experiment('a pin of the zero page', { bug: 'S22', expect: ROW, fix: SKIPPED }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapZeroPage();
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, 0);
    expect(pages.ret).toBe(1);
    yield* kernel.unpin_user_pages(pages);
  });
  lab.always('nobody but the kernel has a say', () => expect(page_ref_count(buf)).toBe(1));
});

// %% [markdown] How that becomes somebody else's problem
// 2^21 pins of 1024 reach the sign bit; so do two pins of 2^30, and that is a search of a few hundred states. (The
// same substitution as in `bias.lab.ts`: nothing in the arithmetic changes.) From then on the count is negative, and
// whoever comes next, an unrelated process with an unrelated buffer of zeroes, is refused with -ENOMEM.

// %% One process spends the count, another is refused
experiment(
  'the zero page is refused to a stranger',
  { kernels: ['5.7', '6.1', '6.5', '7.2'], expect: { '5.7': 'fail', '6.1': 'fail', '*': 'pass' }, fix: SKIPPED },
  (lab) => {
    const { mm } = lab;
    const kernel = lab.kernel.with({ biasShift: 30 });
    const zeroes = mm.mmapZeroPage();
    const other = mm.process('other');
    const buffer = other.mmapZeroPage();
    lab.task('attacker', function* () {
      const first = yield* kernel.pin_user_pages_fast(zeroes, 1, 0);
      const second = yield* kernel.pin_user_pages_fast(zeroes, 1, 0);
      yield* kernel.unpin_user_pages(second);
      yield* kernel.unpin_user_pages(first);
    });
    lab.task('stranger', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buffer, 1, 0);
      expect(pages.ret).toBe(1);
      yield* kernel.unpin_user_pages(pages);
    });
  },
);

// %% A write pin
// GUP for writing never sees the zero page: it faults first, and gets a page of the process's own.
experiment('a write pin gets a page of its own', { expect: { '5.6': 'not-applicable', '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapZeroPage();
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    expect(pages.ret).toBe(1);
    expect(pages[0] === buf.page(0)).toBe(false);
    yield* kernel.unpin_user_pages(pages);
  });
  lab.finally('the zero page is as it was', () => expect(page_ref_count(buf.page(0))).toBe(1));
});

// %% The huge zero page
// `is_zero_page()` looks for the small one. The huge zero page is counted like any folio, on every revision that can
// pin it; its count is a pincount of its own, so that nothing reads as pinned that is not, but the references are
// shared by all. (v5 fails for the reason `two-bios.lab.ts` is about: one pin for a whole huge page.)
experiment(
  'a pin of the huge zero page balances',
  {
    expect: { '5.6': 'not-applicable', 'pin-v5': 'fail', '*': 'pass' },
    fix: [
      { kernels: ['7.2'], none: 'it takes the huge zero page by the slow path, page by page' },
      { on: { hugePin: 'bias-per-page', hugeUndo: 'matching' }, off: { hugePin: 'one-bias' } },
    ],
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapHugeZeroPage({ order: 2 });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 4, 0);
      expect(pages.ret).toBe(4);
      yield* kernel.unpin_user_pages(pages);
    });
  },
);
