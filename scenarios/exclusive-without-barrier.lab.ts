/// <reference types="gupbook" />

// %% [markdown] The barrier that was missing
// 5.19 gave every anonymous page a bit, PageAnonExclusive. Who wants to clear it (KSM, swap-out, migration) clears the
// entry, looks for pins, and clears the bit if there are none. Fast GUP takes its pin, reads the entry again, and then
// looks at the bit.
//
// **What people believed:** one of the two sees the other: either GUP finds the entry gone, or the other finds the pin.
//
// **That is store buffering.** Each side writes one word and then reads the other's:
//
//     fast GUP                          page_try_share_anon_rmap()
//     atomic_add(1023, &_refcount);     ptep_get_and_clear(ptep);
//     r0 = READ_ONCE(*ptep);            r1 = atomic_read(&_refcount);
//
// Without a full barrier on *both* sides both may read what was there before. `atomic_add()` returns nothing, so it
// orders nothing; the same goes for the clear on the other side where no TLB flush follows. Then a pinned page is
// marked as shared, the next write copies it, and the device is left behind.
//
// The LKMM calls it SB. With `smp_mb__after_atomic()` and `smp_mb()` it is SB+fencembonceonces, result Never; take one
// of them away and the result is Sometimes.
//
// **Fixed in 6.1:** 088b8aa537c2 ("mm: fix PageAnonExclusive clearing racing with concurrent RCU GUP-fast").
//
// **Differs from the fixes' dates (S16: 5.19):** the table has 5.19 broken on weakly ordered machines. Gupbook's steps
// are sequentially consistent: whoever comes second sees the first. So the kernel's own functions pass here on every
// revision, and this row is no evidence. What the barrier is for is shown below, with the store buffers spelled out;
// what decides it for the hardware is the LKMM (`gupbook report --format litmus`, and herd7).

// %% What sequential consistency says
// The kernel's own steps. Before 5.19 there is no such bit, and so no such row.
const exclusiveKernels = ['5.19', '6.1', '6.5', '6.10', '7.2'] as const;
experiment(
  'a fast pin while the page is swapped out',
  { bug: 'S16', kernels: exclusiveKernels, arch: { ipiFlush: false }, expect: { '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('gup', function* () {
      const pages = yield* kernel.pin_user_pages_fast_only(buf, 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('kswapd', function* () {
      yield* kernel.shrink_folio(buf.page(0));
      yield* kernel.user_write(buf, 1);
    });
  },
);

// %% KSM clears the bit, too
experiment(
  'a fast pin while KSM merges the page',
  { kernels: exclusiveKernels, arch: { ipiFlush: false }, expect: { '*': 'pass' } },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPages(2);
    lab.task('gup', function* () {
      const pages = yield* kernel.pin_user_pages_fast_only(buf, 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('ksmd', function* () {
      yield* kernel.ksm_merge(buf.at(0), buf.at(1));
      yield* kernel.user_write(buf, 1);
    });
  },
);

// %% Two store buffers
// Not the kernel's steps: a CPU whose stores wait in a buffer, a word and an actor that empties it whenever it likes. A
// barrier waits until the own buffer is empty. GUP's store is the pin, the other's is the cleared entry.
experiment(
  'store buffering without barriers',
  { kernels: ['5.19'], expect: { '*': 'fail' }, fix: { none: 'no switch: the experiment below has the barriers' } },
  (lab) => {
    const pte = lab.word('pte', 1);
    const count = lab.word('_refcount', 1);
    const bufferOfGup = lab.word('store buffer of gup', 0);
    const bufferOfSwap = lab.word('store buffer of kswapd', 0);
    const sawPte = lab.word('gup saw the entry', 0);
    const sawCount = lab.word('kswapd saw the count', 0);
    lab.task('gup', function* () {
      yield W(bufferOfGup, 1);
      yield W(sawPte, yield R(pte));
    });
    lab.task('kswapd', function* () {
      yield W(bufferOfSwap, 1);
      yield W(sawCount, yield R(count));
    });
    lab.task('buffer of gup', function* () {
      yield WAIT(bufferOfGup, 1);
      yield ADD(count, 1024);
      yield W(bufferOfGup, 0);
    });
    lab.task('buffer of kswapd', function* () {
      yield WAIT(bufferOfSwap, 1);
      yield W(pte, 0);
      yield W(bufferOfSwap, 0);
    });
    lab.finally('one of them saw the other', () => expect(value(sawPte) === 1 && value(sawCount) === 1).toBe(false));
  },
);

// %% With both barriers
experiment('store buffering with both barriers', { kernels: ['6.1'], expect: { '*': 'pass' } }, (lab) => {
  const pte = lab.word('pte', 1);
  const count = lab.word('_refcount', 1);
  const bufferOfGup = lab.word('store buffer of gup', 0);
  const bufferOfSwap = lab.word('store buffer of kswapd', 0);
  const sawPte = lab.word('gup saw the entry', 0);
  const sawCount = lab.word('kswapd saw the count', 0);
  lab.task('gup', function* () {
    yield W(bufferOfGup, 1);
    yield WAIT(bufferOfGup, 0); // smp_mb__after_atomic()
    yield W(sawPte, yield R(pte));
  });
  lab.task('kswapd', function* () {
    yield W(bufferOfSwap, 1);
    yield WAIT(bufferOfSwap, 0); // smp_mb()
    yield W(sawCount, yield R(count));
  });
  lab.task('buffer of gup', function* () {
    yield WAIT(bufferOfGup, 1);
    yield ADD(count, 1024);
    yield W(bufferOfGup, 0);
  });
  lab.task('buffer of kswapd', function* () {
    yield WAIT(bufferOfSwap, 1);
    yield W(pte, 0);
    yield W(bufferOfSwap, 0);
  });
  lab.finally('one of them saw the other', () => expect(value(sawPte) === 1 && value(sawCount) === 1).toBe(false));
});

// %% [markdown] With one barrier
// Take either `WAIT` above away and the check breaks again. One barrier is none: that is why the commit touches both
// files.
