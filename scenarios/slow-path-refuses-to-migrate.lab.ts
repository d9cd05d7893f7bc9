/// <reference types="gupbook" />

// %% [markdown] The slow path with the fast path's grab
// FOLL_LONGTERM must not leave a pin in CMA or (5.14) in ZONE_MOVABLE. Fast and slow GUP keep that rule differently.
// The lockless walk *refuses* such a page: it cannot migrate, it can only leave the page to the slow path. The slow
// path *takes* the page, finds that it lies in the wrong place, gives the pin back, migrates the page and starts
// again.
//
// So the two need two grabs: one that looks at the zone, one that does not. It is tempting to share them.
//
// **Twice the same mistake.** 54d516b1d62f ("mm/gup: small refactoring: simplify try_grab_page()", 5.15) let the slow
// path go through the fast path's function; every long pin of a CMA page failed. Reverted by c36c04c2e132 (5.17, and
// in stable). 57edfcfd3419 ("mm/gup: accelerate thp gup even for "pages != NULL"", 6.6) did it again for the *rest of
// a range*: the first page of a large folio came through the slow grab, pages two to n through the fast one.
// Confidential guests with memory in CMA got -EFAULT and a WARN. Fixed by f442fa614137 (6.10, 6.6.y), which gave the
// two functions two names.
//
// **What people believed:** a grab is a grab; under the page-table lock the fast one is merely stricter. It was the
// strictness that hurt.
//
// The columns of this page are 5.14 and 5.18, 6.5 and 6.10: none of the releases between 5.15 and 5.16 or 6.6 and 6.9.
// Those two states are made with `kernel.with()` from the columns beside them. No race is needed: one task, one call.
//
// **What catches it:** the experiment itself expects that the pin is had. The kernel breaks no invariant, it just says
// no.
//
// **Replay:** `gupbook run scenarios/slow-path-refuses-to-migrate.lab.ts --kernel 5.14 -v` prints the schedule and the
// command that steps through it; in the window, choose the kernel in the strip under the cell.

// %% A long pin of one CMA page
const SINCE_5_7 = ['5.7', '5.9', '5.11', '5.14', '5.18', '5.19', '6.1', '6.5', '6.10', '7.2'];
experiment('a long pin of a CMA page', { bug: 'S19', kernels: SINCE_5_7, expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage({ zone: 'cma' });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(1);
    yield* kernel.unpin_user_pages(pages);
  });
});

// %% The same in 5.15 and 5.16
experiment('a long pin of a CMA page, 5.15', { kernels: ['5.14'], expect: { '5.14': 'fail' } }, (lab) => {
  const { mm } = lab;
  const kernel = lab.kernel.with({ slowGrabTestsLongterm: 'all' }); // 54d516b1d62f
  const buf = mm.mmapPage({ zone: 'cma' });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(1);
    yield* kernel.unpin_user_pages(pages);
  });
});

// %% A range of a CMA folio
experiment('a long pin of a THP in CMA', { expect: { '5.6': 'not-applicable', '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp({ order: 1, zone: 'cma' });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages(buf, 2, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(2);
    yield* kernel.unpin_user_pages(pages);
  });
});

// %% The same in 6.6 to 6.9
// One page at a time still works there; it takes a range of two to be refused. That is why the pins of single pages,
// which is what most tests did, never showed it.
experiment('a long pin of a THP in CMA, 6.6', { kernels: ['6.5'], expect: { '6.5': 'fail' } }, (lab) => {
  const { mm } = lab;
  const kernel = lab.kernel.with({ slowGrabsRange: true, slowGrabTestsLongterm: 'range' }); // 57edfcfd3419
  const buf = mm.mmapThp({ order: 1, zone: 'cma' });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages(buf, 2, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(2);
    yield* kernel.unpin_user_pages(pages);
  });
});

// %% One page of it, in 6.6 to 6.9
experiment('a long pin of one page of a THP in CMA, 6.6', { kernels: ['6.5'], expect: { '6.5': 'pass' } }, (lab) => {
  const { mm } = lab;
  const kernel = lab.kernel.with({ slowGrabsRange: true, slowGrabTestsLongterm: 'range' }); // 57edfcfd3419
  const buf = mm.mmapThp({ order: 1, zone: 'cma' });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(1);
    yield* kernel.unpin_user_pages(pages);
  });
});

// %% [markdown] And the fast path?
// It must refuse, and it does: from 5.7 (df3a0a21b698, CMA) and 5.14 (d1e153fea2a8, ZONE_MOVABLE) on. Then the slow
// path takes over, and both end with a page outside CMA. Up to 5.6 and in the postings the lockless walk did not look
// at all and pinned CMA pages for good; the next cell shows it.

// %% FOLL_LONGTERM through the fast path
const FAST = {
  '5.6': 'not-applicable',
  'pin-v5': 'fail',
  'pin-v6': 'fail',
  'pin-v7': 'fail',
  '5.7-bias': 'fail',
  '*': 'pass',
} as const;
const CMA = { on: { longtermFastTest: 'before' }, off: { longtermFastTest: 'no' } } as const; // df3a0a21b698
experiment('a long pin by the fast path leaves CMA', { expect: FAST, fix: CMA }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage({ zone: 'cma' });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(1);
    expect(pages[0] === buf.page(0)).toBe(false); // it was migrated out of CMA
    yield* kernel.unpin_user_pages(pages);
  });
});

// %% ZONE_MOVABLE
// The same for memory that is to be unplugged one day. 5.14 is the first column that keeps long pins out of it.
const MOVABLE = {
  '5.6': 'not-applicable',
  'pin-v5': 'fail',
  'pin-v6': 'fail',
  'pin-v7': 'fail',
  '5.7-bias': 'fail',
  '5.7': 'fail',
  '5.9': 'fail',
  '5.11': 'fail',
  '*': 'pass',
} as const;
const ZONE = { on: { longtermFastTest: 'before', longtermZones: 'zone' }, off: { longtermZones: 'cma' } } as const;
experiment('a long pin by the fast path leaves ZONE_MOVABLE', { expect: MOVABLE, fix: ZONE }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage({ zone: 'movable' });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    expect(pages.ret).toBe(1);
    expect(pages[0] === buf.page(0)).toBe(false);
    yield* kernel.unpin_user_pages(pages);
  });
});
