/// <reference types="gupbook" />

// %% [markdown] 1023 references a race
// `gup_pte_range()` has an undo of its own. The v4 to v7 postings take a pin there (1024) and undo it with
// `put_page(head)` (1). Each race that is lost leaks 1023 references. It was found on linux-next in February 2020 by
// Claudio Imbrenda; the fix is one line, `put_compound_head(head, 1, flags)`.
//
// v7 is the posting that had got the huge pages right, so this is the last of the three.

// %% The race
const undoMatches = { on: { pteUndoMatches: true }, off: { pteUndoMatches: false } } as const;
experiment(
  'pin one page while it is unmapped',
  {
    bug: 'S03',
    expect: { 'pin-v5': 'fail', 'pin-v6': 'fail', 'pin-v7': 'fail', '*': 'pass' },
    fix: undoMatches,
  },
  (lab) => {
    const { kernel, mm } = lab;
    const page = mm.mmapPage({ keepers: 1 });
    lab.task('gup', function* () {
      const pages = yield* kernel.pin_user_pages_fast(page, 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(page);
    });
    lab.finally('only the keeper is left', () => expect(page_ref_count(page)).toBe(1));
  },
);

// %% [markdown] What it looks like afterwards
// `_refcount` is 1024: exactly one bias, which is the keeper's 1 and the 1023 that were leaked. The page reads as
// pinned by somebody who does not exist, and when the keeper goes it stays at 1023 for ever: not pinned, not free.

// %% A subpage of a PTE-mapped THP
// The same walk, the same undo; the references are the head's.
experiment(
  'pin one subpage while it is unmapped',
  { expect: { 'pin-v5': 'fail', 'pin-v6': 'fail', 'pin-v7': 'fail', '*': 'pass' }, fix: undoMatches },
  (lab) => {
    const { kernel, mm } = lab;
    const thp = mm.mmapPteThp({ order: 2, keepers: 1 });
    lab.task('gup', function* () {
      const pages = yield* kernel.pin_user_pages_fast(thp.at(1), 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(thp);
    });
    lab.finally('only the keeper is left', () => expect(page_ref_count(thp)).toBe(1));
  },
);

// %% Without the race
// Nobody unmaps: the undo is never taken, and every revision balances.
experiment('pin and unpin one page', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const page = mm.mmapPage();
  lab.task('gup', function* () {
    const pages = yield* kernel.pin_user_pages_fast(page, 1, FOLL_WRITE);
    yield* kernel.unpin_user_pages(pages);
  });
});
