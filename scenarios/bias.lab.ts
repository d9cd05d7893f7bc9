/// <reference types="gupbook" />

// %% [markdown] Two counts in one word
// GUP_PIN_COUNTING_BIAS is 1024. A pin of a small page adds 1024 to `_refcount`, a plain reference adds 1, and both
// share one 32-bit integer. The comment in the posting says why that works:
//
// * the bias is a power of two, so a dump of the count can be read: the upper bits are pins, the lower ten references;
// * when the references outgrow their ten bits they carry into the pins' bits, "and this is OK, because subtraction
//   recovers the original values".
//
// The experiments below take that apart.

// %% Carry into the pins and back
// 1023 keepers and the mapping fill the lower ten bits: 1024, which looks like one pin. Pin, get, put and unpin all
// carry through that boundary in every order, and everybody gets back what they gave.
experiment('carry from references into pins, and back', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const page = mm.mmapPage({ keepers: 1023 });
  lab.task('pinner', function* () {
    const pages = yield* kernel.pin_user_pages_fast(page, 1, FOLL_WRITE);
    yield* kernel.unpin_user_pages(pages);
  });
  for (const name of ['reader A', 'reader B']) {
    lab.task(name, function* () {
      yield* kernel.get_page(page.page(0));
      yield* kernel.put_page(page.page(0));
    });
  }
  lab.finally('the count is what it was', () => expect(page_ref_count(page)).toBe(1024));
});

// %% 1024 references read as a pin
// The price: `page_maybe_dma_pinned()` says "maybe". Documentation/core-api/pin_user_pages.rst accepts false positives;
// this is one, on every revision.
const byDesign = { none: 'false positives of page_maybe_dma_pinned() are accepted by design' } as const;
experiment('1024 references read as a pin', { expect: { '*': 'fail' }, fix: byDesign }, (lab) => {
  const { kernel, mm } = lab;
  const page = mm.mmapPage({ keepers: 1022 });
  lab.task('reader', function* () {
    yield* kernel.get_page(page.page(0));
    yield* kernel.put_page(page.page(0));
  });
  lab.always('nobody pinned it, so it does not read as pinned', () => expect(page_maybe_dma_pinned(page)).toBe(false));
});

// %% A bias of 256
// Four times the pins before the count turns negative, but 256 references are enough for a false positive: a page that
// 300 processes map reads as pinned.
experiment('what if the bias were 256?', { expect: { '5.6': 'not-applicable', '*': 'fail' } }, (lab) => {
  const { mm } = lab;
  const kernel = lab.kernel.with({ biasShift: 8 });
  const page = mm.mmapPage({ keepers: 300 });
  lab.task('pinner', function* () {
    const pages = yield* kernel.pin_user_pages_fast(page, 1, FOLL_WRITE);
    yield* kernel.unpin_user_pages(pages);
  });
  lab.always('it reads as pinned only while it is', () => {
    if (pins_held(page) === 0 && page_ref_count(page) === 301) expect(page_maybe_dma_pinned(page)).toBe(false);
  });
});

// %% The same with 1024
experiment('300 references under a bias of 1024', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const page = mm.mmapPage({ keepers: 300 });
  lab.task('pinner', function* () {
    const pages = yield* kernel.pin_user_pages_fast(page, 1, FOLL_WRITE);
    yield* kernel.unpin_user_pages(pages);
  });
  lab.always('it reads as pinned only while it is', () => {
    if (pins_held(page) === 0 && page_ref_count(page) === 301) expect(page_maybe_dma_pinned(page)).toBe(false);
  });
});

// %% [markdown] A larger bias, and the sign bit
// A bias of 2^20 leaves room for eleven bits of pins. Under `5.7-bias`, where a whole 2 MB page costs 512 pins at once,
// the fourth pin of a THP adds up to 2^31: the count turns negative. It still reads as pinned, because the comparison
// is without sign; the fifth pin is refused with a WARN, because a count that is not positive is not to be trusted.
// Subtraction still recovers everything.

// %% A bias of 2^20
experiment(
  'four whole-THP pins reach the sign bit',
  { kernels: ['5.7-bias'], expect: { '5.7-bias': 'pass' } },
  (lab) => {
    const { mm } = lab;
    const kernel = lab.kernel.with({ biasShift: 20 });
    const buf = mm.mmapThp();
    lab.task('pinner', function* () {
      const first = yield* kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
      const second = yield* kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
      const third = yield* kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
      expect(yield R(buf.page(0)._refcount)).toBeAtLeast(0);
      const fourth = yield* kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
      expect(yield R(buf.page(0)._refcount)).toBeAtMost(-1);
      const fifth = yield* kernel.pin_user_pages_fast(buf, 512, FOLL_WRITE);
      expect(fifth.ret).toBe(-12); // -ENOMEM
      for (const pages of [first, second, third, fourth]) yield* kernel.unpin_user_pages(pages);
    });
    lab.finally('the count is what it was', () => expect(page_ref_count(buf)).toBe(1));
  },
);

// %% Not a power of two
// Nothing in the arithmetic needs a power of two: pins of 1000 balance as well. What is lost is that a count can be
// read at a glance: 3003 is three pins and three references only to somebody who divides.
experiment('a bias of 1000 balances too', { kernels: ['7.2'], expect: { '7.2': 'pass' } }, (lab) => {
  const page = lab.mm.mmapPage();
  const count = page.page(0)._refcount;
  for (const name of ['pinner A', 'pinner B', 'pinner C']) {
    lab.task(name, function* () {
      yield ADD(count, 1000);
      yield ADD(count, 1);
      yield SUBT(count, 1000);
      yield SUBT(count, 1);
    });
  }
  lab.finally('the count is what it was', () => expect(page_ref_count(page)).toBe(1));
});
