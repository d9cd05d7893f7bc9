/// <reference types="gupbook" />

// %% [markdown] Giving back the wrong thing
// `put_page()` gives back a reference, `unpin_user_page()` a pin. Nothing in the type of a `struct page *` says which
// of the two somebody holds, and the kernel, as distributions build it, does not check. Each experiment below is one
// mistake of a driver, on every revision. They all fail; the question is how soon anybody notices, and that is what
// the prose says.
//
// | mistake | small page | large page with an exact pincount |
// | --- | --- | --- |
// | `put_page()` of a pin | 1023 references leaked | pincount stuck: pinned for ever |
// | unpin of a reference | 1023 too few: negative, GUP refuses the page | pincount -1: the next pin is invisible |
// | unpin twice | the same; with 1024 references left: freed while mapped | as a double put |
//
// **What catches it:** I2 in the end, whatever happens. I4, I1 or the kernel itself in between, where there is
// something to see.
//
// **Replay:** `gupbook run scenarios/misuse.lab.ts --kernel 7.2 -v` prints the schedule and the command that steps
// through it; in the window, choose the kernel in the strip under the cell.
//
// No kernel fixes its drivers. The nearest are CONFIG_DEBUG_VM from 5.7 to 5.17 (below) and, since 6.12 in stable
// trees, the "nonzero pincount" of the page allocator.

// %% put_page() of a pin
// 1025 - 1 = 1024: the page still reads as pinned, by nobody. munmap() makes that 1023: no longer "pinned", and never
// free.
const DRIVER = { none: 'a mistake of the caller; no kernel can take it back' } as const;
experiment('put_page() of a pinned page', { expect: { '5.6': 'not-applicable', '*': 'fail' }, fix: DRIVER }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    for (const page of pages) yield* kernel.put_page(page);
    yield* kernel.munmap(buf);
    expect(yield R(buf.page(0)._refcount)).toBe(1023);
  });
});

// %% put_page() of a pinned THP
// With an exact pincount the references balance: munmap() frees the page, pincount 1 and all. Up to 6.10 nobody looks
// (the field is set to 0 when the page is next made a compound); 7.2 says *Bad page state ... nonzero pincount*.
experiment(
  'put_page() of a pinned THP',
  { kernels: ['5.7', '5.18', '6.10', '7.2'], expect: { '*': 'fail' }, fix: DRIVER },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
      for (const page of pages) yield* kernel.put_page(page);
      yield* kernel.munmap(buf);
    });
  },
);

// %% The page allocator looks
// The same mistake with all checks of the books left out: what is left is what the kernel itself says. Only a kernel
// with the check says anything.
experiment(
  'a page that is freed with a pincount',
  {
    kernels: ['5.7', '5.18', '6.10', '7.2'],
    expect: { '7.2': 'fail', '*': 'pass' },
    fix: { on: { badPagePincount: false } }, // the failure is the kernel telling: what "mends" it is not to look
    without: ['I1', 'I2', 'I4', 'I7'],
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
      for (const page of pages) yield* kernel.put_page(page);
      yield* kernel.munmap(buf);
    });
  },
);

// %% unpin_user_page() of a reference
// 2 - 1024 = -1022. Nobody says so. The next lockless GUP of the page finds a negative count: WARN_ON_ONCE, refused.
// (On 5.6 the two are one function, and right.)
experiment(
  'unpin of a page that is only referenced',
  { expect: { '5.6': 'pass', '*': 'fail' }, fix: DRIVER },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('driver', function* () {
      const pages = yield* kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
      for (const page of pages) yield* kernel.unpin_user_page(page);
    });
  },
);

// %% unpin_user_page() of a referenced THP
// The references balance, the pincount is -1. The next pin makes it 0: a page under DMA that reads "not pinned", which
// is the one thing that must never be (I4).
experiment(
  'unpin of a THP that is only referenced, and then a pin',
  { kernels: ['5.7', '5.18', '7.2'], expect: { '*': 'fail' }, fix: DRIVER },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('driver', function* () {
      const got = yield* kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
      for (const page of got) yield* kernel.unpin_user_page(page);
      yield* kernel.pin_user_pages_fast(buf.at(1), 1, FOLL_WRITE);
    });
  },
);

// %% unpin twice, with 1023 others
// The worst of the table. 1023 other references and the mapping make 1024, exactly what one unpin too many takes away:
// the page is freed while it is mapped. *Bad page state ... nonzero mapcount*.
experiment(
  'unpin twice of a page with 1023 other references',
  { expect: { '5.6': 'not-applicable', '*': 'fail' }, fix: DRIVER },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage({ keepers: 1023 });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
      yield* kernel.unpin_user_pages(pages);
    });
  },
);

// %% unpin of fewer pages than were pinned
// Two pages pinned, one given back: `release` with the length of the *request* instead of the length of the answer is
// how drivers get there, or an error path that forgets.
experiment(
  'unpin of one page of two',
  { kernels: ['5.7', '5.18', '7.2'], expect: { '*': 'fail' }, fix: DRIVER },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPages(2);
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 2, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages.slice(0, 1));
      yield* kernel.munmap(buf);
    });
    lab.finally('the pages are free', () => expect(page_is_free(buf)).toBe(true));
    lab.finally('both are', () => expect(page_is_free(buf.page(1))).toBe(true));
  },
);

// %% A guard that BUGs, a guard that skips, and no guard
// CONFIG_DEBUG_VM, an unpin of a reference. 5.7 to 5.13 have VM_BUG_ON in `put_compound_head()`; 5.14 to 5.17 warn
// once and *do not put*, which leaks the page instead; since 5.18 the references are subtracted unseen. `putGuard` is
// the switch.
experiment(
  'a debug kernel stops an unpin that goes too low',
  {
    kernels: ['5.7', '5.14', '5.18', '7.2'],
    arch: { debugVm: true },
    expect: { '5.7': 'fail', '5.14': 'pass', '5.18': 'pass', '7.2': 'pass' },
    fix: { on: { putGuard: 'none' }, off: { putGuard: 'bug' } },
    without: ['I2', 'I4', 'I7'],
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('driver', function* () {
      const pages = yield* kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
      for (const page of pages) yield* kernel.unpin_user_page(page);
    });
  },
);

// %% [markdown] What the kernel refuses
// FOLL_GET to a pin function and FOLL_PIN to a get function: WARN_ON_ONCE and -EINVAL, nothing is taken. A negative
// number of pages (an error code that was not looked at): WARN_ON, nothing is given back. These three are safe on
// every revision.

// %% Calls that are refused
experiment(
  'FOLL_GET with pin_user_pages(), FOLL_PIN with get_user_pages()',
  { expect: { '5.6': 'not-applicable', '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('driver', function* () {
      expect((yield* kernel.pin_user_pages(buf, 1, FOLL_GET)).ret).toBe(-22);
      expect((yield* kernel.get_user_pages(buf, 1, FOLL_PIN)).ret).toBe(-22);
      yield* kernel.unpin_user_pages(-12);
    });
    lab.finally('nothing happened', () => expect(page_ref_count(buf)).toBe(1));
  },
);

// %% [markdown] A mapping that nobody made
// No revision of this notebook miscounts mappings, so no bug of the library breaks I10, *in the end a page is mapped as
// often as its mapcount says*. A driver can: this one inserts the page into its own table by hand, counts that as a
// mapping, and forgets to take it off. Reclaim, migration and the old copy-on-write rule all believe the number.

// %% A driver that counts a mapping it does not have
experiment('a driver leaves a mapcount behind', { expect: { '*': 'fail' }, fix: DRIVER }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('driver', function* () {
    for (const page of yield* kernel.get_user_pages(buf, 1, FOLL_WRITE)) {
      yield ADD(page.mapcount, 1);
      yield* kernel.put_page(page);
    }
  });
});
