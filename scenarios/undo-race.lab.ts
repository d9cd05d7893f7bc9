/// <reference types="gupbook" />

// %% [markdown] The undo that was forgotten
// The lockless walk reads the PMD, takes its references, and reads the PMD again. If it changed, the walk must give
// back exactly what it took. In the seed's mail Jan Kara stops at this line of the v5 posting:
//
//     if (unlikely(pte_val(pte) != pte_val(*ptep))) {
//             put_compound_head(head, refs);
//
// "We took just one pin reference there but here we'll release refs normal references AFAICT." The v6 posting
// multiplied the acquire by the bias and left this line as it was; v7 handed `put_compound_head()` the flags.
//
// These experiments look only at the walk that *lost* the race. `keepers: 1` is somebody else's reference, so that the
// page outlives `munmap()` and what is left on it can be read.

// %% From the head
// Starts at subpage 0: `head` and `page` are the same struct page, so what is left behind is left on the head.
const undoMatches = [
  { kernels: ['pin-v5'], on: { hugePin: 'bias-per-page', hugeUndo: 'matching' } },
  { on: { hugeUndo: 'matching' }, off: { hugeUndo: 'head-refs' } },
] as const;
experiment(
  'a refused pin of the whole THP leaves nothing behind',
  {
    bug: 'S02',
    expect: { 'pin-v5': 'fail', 'pin-v6': 'fail', '*': 'pass' },
    fix: undoMatches,
    without: ['I2'],
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ keepers: 1 });
    lab.task('gup', function* () {
      yield* kernel.pin_user_pages_fast_only(buf, 512, FOLL_WRITE);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(buf);
    });
    lab.finally('only the keeper is left when the pin was refused', () => {
      if (pins_held(buf) === 0) expect(page_ref_count(buf)).toBe(1);
    });
  },
);

// %% [markdown] Two ways to be wrong
// * **v5** took 1024 and gives back 512: 512 references are leaked, `_refcount` rests at **513**. The page is never
//   freed, cannot be split, cannot be migrated; and as 513 is below 1024 it does not even read as pinned.
// * **v6** took 512 * 1024 and gives back 512: 523776 are leaked, `_refcount` rests at **523777**, and the page reads
//   as pinned for ever.

// %% From the middle
// Starts at subpage 256. In v5 `head = page` makes the "head" a tail page, and the subtraction lands on the tail
// itself.
experiment(
  'a refused pin of half the THP leaves nothing behind',
  {
    bug: 'S02',
    expect: { 'pin-v5': 'fail', 'pin-v6': 'fail', '*': 'pass' },
    fix: undoMatches,
    without: ['I2'],
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ keepers: 1 });
    lab.task('gup', function* () {
      yield* kernel.pin_user_pages_fast_only(buf.at(256), 256, FOLL_WRITE);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(buf);
    });
    lab.finally('only the keeper is left when the pin was refused', () => {
      if (pins_held(buf) === 0) expect(page_ref_count(buf)).toBe(1);
    });
  },
);

// %% [markdown] A negative tail
// On v5 the head keeps the whole 1024 and the tail page ends at **-256**: a count that must be 0 for as long as the
// page is part of a compound. Nothing looks at it until the page is split or freed; then it is "Bad page state".

// %% The same race with FOLL_GET
experiment('a refused FOLL_GET leaves nothing behind', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp({ keepers: 1 });
  lab.task('gup', function* () {
    const pages = yield* kernel.get_user_pages_fast(buf.at(256), 8, FOLL_WRITE);
    for (const page of pages) yield* kernel.put_page(page);
  });
  lab.task('munmap', function* () {
    yield* kernel.munmap(buf);
  });
});
