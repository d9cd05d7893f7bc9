/// <reference types="gupbook" />

// %% [markdown] Dirty COW: a write that forgot it was one
// A debugger writes to read-only memory of its tracee, by FOLL_FORCE. The page must not be written where it is: it may
// be a page of a file. So GUP for writing breaks COW first, by a write fault that gives the process a copy, and takes
// the copy. But the PTE of the copy is still *read-only*, as the mapping is; how does the second look-up know that
// this time it may take the page?
//
// **Up to 4.8** it dropped FOLL_WRITE after the fault: "COW was broken, the next look-up can go as a read". **What
// people believed:** nothing happens between the fault and the look-up. MADV_DONTNEED does: the copy is thrown away,
// the read look-up faults in the page of the *file*, and the writer, who still means to write, writes into the page
// cache. Any file that can be read can be overwritten. CVE-2016-5195, fixed by 19be0eaffa3a (4.9, 4.8.3).
//
// **4.9 to 5.19:** FOLL_WRITE stays, FOLL_COW says that COW was broken, and the look-up takes a read-only page only if
// its PTE is also dirty, which the copy's is. The page of a file could be dirty as well: the THP variant
// CVE-2017-1000405 and, for shared memory with userfaultfd, CVE-2022-2590.
//
// **6.0 and later** (5535be309971): no flag at all. The look-up takes a read-only page for a forced write only if the
// page is anonymous and exclusive to this process. The question is put to the page, and not to the history of the
// call.
//
// All columns of this page are younger than 4.9. The broken look-up is a switch, `forcedWrite: 'drop-write'`. It is no
// counting bug at all: every count balances, in the failing run as well.
//
// **What catches it:** the experiment asks that nobody changes the file. I5 to I9 are silent, and rightly: nobody's
// promise to a *holder* is broken.
//
// **Replay:** `gupbook run scenarios/dirty-cow.lab.ts --kernel 7.2 -v` prints the schedule and the command that steps
// through it; in the window, choose the kernel in the strip under the cell.

// %% ptrace writes, madvise() throws away
experiment('a forced write to a private file mapping', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const file = mm.file();
  const buf = mm.mmapFile(file, { shared: false, readOnly: true });
  lab.task('writer', function* () {
    yield* kernel.proc_mem_write(buf, 1);
  });
  lab.task('madvise', function* () {
    yield* kernel.madvise_dontneed(buf);
  });
  lab.always("the file is nobody's to write", () => {
    const page = file.cached(0);
    if (page !== null) expect(value(page.data)).toBe(0);
  });
});

// %% The same before 4.9
experiment(
  'a forced write that drops FOLL_WRITE',
  { kernels: ['5.6', '6.1', '7.2'], expect: { '*': 'fail' } },
  (lab) => {
    const { mm } = lab;
    const kernel = lab.kernel.with({ forcedWrite: 'drop-write' });
    const file = mm.file();
    const buf = mm.mmapFile(file, { shared: false, readOnly: true });
    lab.task('writer', function* () {
      yield* kernel.proc_mem_write(buf, 1);
    });
    lab.task('madvise', function* () {
      yield* kernel.madvise_dontneed(buf);
    });
    lab.always("the file is nobody's to write", () => {
      const page = file.cached(0);
      if (page !== null) expect(value(page.data)).toBe(0);
    });
  },
);

// %% [markdown] One actor less
// Without `madvise()` the same look-up is right, in every order: that is how it stayed in the kernel for nine years.
// With it the window is three steps wide. The public exploit ran two threads in a loop.

// %% Nobody throws anything away
experiment(
  'a forced write that drops FOLL_WRITE, alone',
  { kernels: ['5.6', '6.1', '7.2'], expect: { '*': 'pass' } },
  (lab) => {
    const { mm } = lab;
    const kernel = lab.kernel.with({ forcedWrite: 'drop-write' });
    const file = mm.file();
    const buf = mm.mmapFile(file, { shared: false, readOnly: true });
    lab.task('writer', function* () {
      yield* kernel.proc_mem_write(buf, 1);
      expect(yield* kernel.user_read(buf)).toBe(1);
    });
    lab.finally('the file is as it was', () => {
      const page = file.cached(0);
      if (page !== null) expect(value(page.data)).toBe(0);
    });
  },
);

// %% The page of a shared mapping
// FOLL_FORCE does not help there: a read-only *shared* mapping is refused with -EFAULT, there is no copy to be had.
experiment('a forced write to a shared file mapping is refused', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const file = mm.file();
  const buf = mm.mmapFile(file, { readOnly: true });
  lab.task('writer', function* () {
    expect(yield* kernel.proc_mem_write(buf, 1)).toBe(-14);
  });
});
