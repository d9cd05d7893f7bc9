/// <reference types="gupbook" />

// %% [markdown] The look-up without a lock
// The comment in the seed's patch leans on "the lockless algorithm" of the page cache, by a name that no merged kernel
// has (`page_cache_gup_pin_speculative()`). The algorithm is older than FOLL_PIN, and it is this:
//
//     look-up                                   removal, with the i_pages lock held
//     1  find the page in the tree              A  freeze the count: from what is expected to 0
//     2  take a reference unless the count is 0     B  take the page out of the tree
//     3  is it still in the tree? no: put, go to 1  C  free it
//
// **The argument has two halves.** *2 before A:* A finds a reference that it does not expect and gives up; the page
// stays in the cache. *A before 2:* 2 finds 0 and the look-up starts again; B follows, and 1 finds nothing. There is
// no third order. A page that was taken out and put back at the same index between 1 and 2 is fine: a look-up with the
// lock could have seen it, too. RCU keeps the struct page in 1 a struct page; it does not keep it *this* page, and
// that is what 3 is for.
//
// Below the argument passes, and then each of its steps is taken away. The look-up and both removals are the kernel's;
// where a kernel has no switch for the step, the actor is written out without it.

// %% Both halves
// Truncation does not even look at the count: it takes the page out and drops the cache's reference, and whoever has
// one keeps an orphan. Invalidation freezes. The freed page is handed out again at once, to a process that writes 9 to
// it; a look-up that returned somebody else's page would read that.
const lookUp = (lab: Lab, kernel: Kernel, removal: 'truncate' | 'invalidate') => {
  const { mm } = lab;
  const file = mm.file({ fs: 'shmem' });
  const buf = mm.mmapUntouched(1);
  lab.task('reader', function* () {
    const page = yield* kernel.find_get_page(file, 0);
    if (page === null) return;
    expect(yield R(page.data)).toBe(0);
    yield* kernel.put_page(page);
  });
  lab.task('remover', function* () {
    if (removal === 'truncate') yield* kernel.truncate(file, 0);
    else yield* kernel.invalidate_page(file, 0);
    yield* kernel.user_write(buf, 9);
  });
};
experiment('look-up against truncation', { kernels: ['5.6', '6.1', '7.2'], expect: { '*': 'pass' } }, (lab) =>
  lookUp(lab, lab.kernel, 'truncate'),
);
experiment('look-up against invalidation', { kernels: ['5.6', '6.1', '7.2'], expect: { '*': 'pass' } }, (lab) =>
  lookUp(lab, lab.kernel, 'invalidate'),
);

// %% Without step 3
// `pageCacheRecheck: false`. Between 1 and 2 the page is freed *and given to somebody else*, so that its count is 1
// again and step 2 succeeds. The reference is real, the page is wrong.
experiment('look-up without the second look', { kernels: ['5.6', '6.1', '7.2'], expect: { '*': 'fail' } }, (lab) => {
  const kernel = lab.kernel.with({ pageCacheRecheck: false });
  lookUp(lab, kernel, 'truncate');
});

// %% [markdown] Without "unless the count is 0"
// Step 2 as a plain addition, and step 3 as it should be. The look-up resurrects a page that is being freed: 0 becomes
// 1, step 3 sees that the page is gone from the tree and gives the reference back: 1 becomes 0, *again*. Two actors
// have seen the count reach 0, and each of them frees the page.

// %% Step 2 as a plain addition
const CALLERS = { none: 'the step is missing in the actor, not in the kernel: the first cell has it' } as const;
const handmade = (lab: Lab, unlessZero: boolean) => {
  const { kernel, mm } = lab;
  const file = mm.file({ fs: 'shmem' });
  const page = file.cached(0);
  if (page === null) return;
  const last = lab.word('the reader saw the count reach 0');
  lab.task('reader', function* () {
    const slot = yield R(file.slot(0));
    if (slot === 0) return;
    if (unlessZero) {
      if ((yield ADDU(page._refcount, 1)) === 0) return;
    } else yield ADD(page._refcount, 1);
    const again = yield R(file.slot(0));
    if (again === slot) yield R(page.data);
    if ((yield SUBT(page._refcount, 1)) === 1) yield W(last, 1);
  });
  lab.task('remover', function* () {
    yield* kernel.truncate(file, 0);
  });
  lab.always('a page is freed once', () => {
    if (value(last) === 1) expect(page_is_free(page)).toBe(false);
  });
};
experiment(
  'look-up by a plain addition',
  { kernels: ['5.6', '7.2'], expect: { '*': 'fail' }, fix: CALLERS, without: ['I1', 'I2'] },
  (lab) => handmade(lab, false),
);

// %% The same with ADDU
// Nothing else changed.
experiment(
  'look-up by an addition unless zero',
  { kernels: ['5.6', '7.2'], expect: { '*': 'pass' }, without: ['I1', 'I2'] },
  (lab) => handmade(lab, true),
);

// %% [markdown] Why A is a freeze, and why dirty is asked after it
// Reclaim removes a page only if nobody else has it and it is clean. Two questions, and the order decides. A user of
// the page dirties it and *then* drops the reference. Ask "dirty?" first and the count afterwards, and a writer fits
// in between: clean, now it is dirtied, the reference is dropped, nobody has it: removed, with the data in it. Ask the
// count first, and by freezing it, so that nobody can come back: whoever was there has left, and what they left is
// seen. `__remove_mapping()` says so in its longest comment.

// %% The count first
// The remover is written out: the page is locked, its entry in the page tables is gone, this is the last act. `writer`
// is a GUP user with its reference.
const removal = (lab: Lab, order: 'count first' | 'dirty first' | 'no freeze') => {
  const { mm } = lab;
  const file = mm.file({ fs: 'shmem' });
  const page = file.cached(0);
  if (page === null) return;
  lab.task('writer', function* () {
    if ((yield ADDU(page._refcount, 1)) === 0) return;
    if ((yield R(file.slot(0))) !== 0) {
      yield W(page.data, 5);
      yield W(page.dirty, 1);
    }
    yield SUBT(page._refcount, 1);
  });
  lab.task('reclaim', function* () {
    if (order === 'dirty first' && (yield R(page.dirty)) === 1) return;
    if (order === 'no freeze') {
      if ((yield R(page._refcount)) !== 1) return;
    } else if ((yield CAS(page._refcount, 1, 0)) === 0) return;
    if (order !== 'dirty first' && (yield R(page.dirty)) === 1) {
      if (order !== 'no freeze') yield W(page._refcount, 1);
      return;
    }
    yield W(file.slot(0), 0);
  });
  lab.finally('what was written is in the cache or on disk', () => {
    if (value(file.slot(0)) === 0) expect(value(page.data)).toBe(file_data(file, 0));
  });
};
experiment('reclaim asks the count first', { kernels: ['7.2'], expect: { '*': 'pass' }, without: ['I2'] }, (lab) =>
  removal(lab, 'count first'),
);

// %% The dirty bit first
experiment(
  'reclaim asks the dirty bit first',
  { kernels: ['7.2'], expect: { '*': 'fail' }, fix: CALLERS, without: ['I2'] },
  (lab) => removal(lab, 'dirty first'),
);

// %% A comparison instead of a freeze
// The count is 1, so go on: but nothing keeps the next look-up from taking the page a step later. That is what the 0
// is for.
experiment(
  'reclaim compares and does not freeze',
  { kernels: ['7.2'], expect: { '*': 'fail' }, fix: CALLERS, without: ['I2'] },
  (lab) => removal(lab, 'no freeze'),
);

// %% The kernel's own reclaim
// `shrink_folio()` as it is, against a read(2) and a write(2) of the same page.
experiment('reclaim against read and write', { kernels: ['5.6', '7.2'], expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const file = mm.file();
  const page = file.cached(0);
  lab.task('process', function* () {
    yield* kernel.write(file, 0, 5);
    expect(yield* kernel.read(file, 0)).toBe(5);
  });
  lab.task('kswapd', function* () {
    if (page !== null) yield* kernel.shrink_folio(page);
  });
});
