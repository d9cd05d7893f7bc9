/// <reference types="gupbook" />

// %% [markdown] The child that reads on
// CVE-2020-29374. A process forks, drops its privileges in the child, and goes on. The child has nothing but a pipe.
//
// **What people believed:** after `munmap()` a page is gone. Copy on write asked `mapcount`: "is mine the only mapping?
// Then I may write in place." That nobody maps the page does not mean that nobody *has* it.
//
// **The interleaving:**
//
// 1. the parent forks; both map one page, write-protected;
// 2. the child calls `vmsplice()`: the pipe takes a FOLL_GET reference on the page, for reading;
// 3. the child unmaps it: mapcount 1, `_refcount` 2;
// 4. the parent writes. Its fault sees mapcount 1 and makes the entry writable again;
// 5. the child reads the pipe, and has what the parent wrote after the fork.
//
// **The history is a long one.**
//
// | commit                        | in   | what it did                                                        |
// |-------------------------------|------|--------------------------------------------------------------------|
// | 17839856fd58                  | 5.8  | GUP breaks COW even to read: closed, but it broke userfaultfd users |
// | 09854ba94c6a, a308c71bf1e6    | 5.9  | reuse only at `page_count()` 1, no forced break: order-0 closed     |
// | 3bff7e3f1f16                  | 5.18 | the count rule for THPs                                            |
// | 6c287605fd56 and the series   | 5.19 | PageAnonExclusive: whoever is not exclusive is copied              |
//
// hugetlb still goes by mapcount. The kernel's own selftest (`mm/cow.c`) expects it to fail.
//
// **What catches it:** I6, *nobody else can read what a process writes to its private memory*.

// %% A small page
const orderZero = {
  '5.6': 'fail',
  'pin-v5': 'fail',
  'pin-v6': 'fail',
  'pin-v7': 'fail',
  '5.7-bias': 'fail',
  '5.7': 'fail',
  '*': 'pass',
} as const;
const countRule = [
  { kernels: ['5.6', 'pin-v5', 'pin-v6', 'pin-v7', '5.7-bias'], on: { cowReuse: 'count' } },
  { kernels: ['5.7'], on: { breakCowOnRead: true } }, // as 5.8 did
  { off: { cowReuse: 'mapcount' } },
] as const;
experiment('a pipe keeps a small page', { bug: 'S08 order-0', expect: orderZero, fix: countRule }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('parent', function* () {
    const copy = yield* kernel.fork(buf);
    lab.task('child', function* () {
      const pipe = yield* kernel.vmsplice(copy);
      yield* kernel.munmap(copy);
      yield* kernel.pipe_read(pipe);
    });
    yield* kernel.user_write(buf, 42);
  });
});

// %% 5.8: break COW at GUP
// The first fix, on the kernel it was made for: FOLL_GET of a private page faults as a write would. The pipe gets a
// page of the child's own.
experiment('a pipe keeps a small page, 5.8', { kernels: ['5.7'], expect: { '5.7': 'pass' } }, (lab) => {
  const { mm } = lab;
  const kernel = lab.kernel.with({ breakCowOnRead: true });
  const buf = mm.mmapPage();
  lab.task('parent', function* () {
    const copy = yield* kernel.fork(buf);
    lab.task('child', function* () {
      const pipe = yield* kernel.vmsplice(copy);
      yield* kernel.munmap(copy);
      yield* kernel.pipe_read(pipe);
    });
    yield* kernel.user_write(buf, 42);
  });
});

// %% [markdown] Huge pages were another function
// `do_huge_pmd_wp_page()` kept the mapcount rule when `do_wp_page()` lost it, and taking the forced break away again
// (a308c71bf1e6) reopened the hole there. It stayed open for two and a half years.
//
// **Differs from the fixes' dates (S08 THP: 5.18):** the table leaves 5.18 open. 3bff7e3f1f16 ("mm/huge_memory:
// streamline COW logic in do_huge_pmd_wp_page()") is in 5.18, and with it the PMD is reused only if the count is 1: the
// notebook finds no leak. mm/huge_memory.c of 5.18 decides it.

// %% A THP
const thpRow = {
  '5.18': 'pass',
  '5.19': 'pass',
  '6.1': 'pass',
  '6.5': 'pass',
  '6.10': 'pass',
  '7.2': 'pass',
  '*': 'fail',
} as const;
const countRuleThp = { on: { cowReuseThp: 'count', cowReuse: 'count' }, off: { cowReuseThp: 'mapcount' } } as const;
experiment('a pipe keeps a THP', { bug: 'S08 THP', expect: thpRow, fix: countRuleThp }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp({ order: 1 });
  lab.task('parent', function* () {
    const copy = yield* kernel.fork(buf);
    lab.task('child', function* () {
      const pipe = yield* kernel.vmsplice(copy);
      yield* kernel.munmap(copy);
      yield* kernel.pipe_read(pipe);
    });
    yield* kernel.user_write(buf, 42);
  });
});

// %% A hugetlb page
// Open to this day: `hugetlb_wp()` asks for the mapcount. Copying on any reference would make writes to hugetlb memory
// fail for want of a free huge page, which is worse for those who use it.
const open = { none: 'nobody fixed it: hugetlb_wp() goes by mapcount on every kernel' } as const;
experiment('a pipe keeps a hugetlb page', { bug: 'S08 hugetlb', expect: { '*': 'fail' }, fix: open }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapHugetlb({ order: 1 });
  lab.task('parent', function* () {
    const copy = yield* kernel.fork(buf);
    lab.task('child', function* () {
      const pipe = yield* kernel.vmsplice(copy);
      yield* kernel.munmap(copy);
      yield* kernel.pipe_read(pipe);
    });
    yield* kernel.user_write(buf, 42);
  });
});

// %% The child does not unmap
// Without step 3 mapcount is 2, the parent's write copies on every kernel, and the child keeps what it had at the fork.
experiment('a pipe and the mapping keep a small page', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('parent', function* () {
    const copy = yield* kernel.fork(buf);
    lab.task('child', function* () {
      const pipe = yield* kernel.vmsplice(copy);
      yield* kernel.pipe_read(pipe);
    });
    yield* kernel.user_write(buf, 42);
  });
});
