/// <reference types="gupbook" />

// %% [markdown] Why is this step here?
// The lockless walk is a dozen lines that look more careful than they need to be: IRQs off, read, take, read again,
// read the PMD again, ask for the head again, a sequence count around it all. Each of them was put in by somebody who
// had lost data. Below, 7.2 passes; then one step at a time is taken away, and what breaks is the answer to "why is it
// here?".
//
// `ipiFlush: false` is an architecture on which a TLB flush does not wait for other CPUs: arm64, powerpc radix, a KVM
// guest with PV flush. On x86 bare metal most of these steps are spared their work by the flush's IPI; the last cells
// show which.

// %% [markdown] The head, asked twice
// compound_head(page) is read, the reference is taken on it, and it is read again (c24d37322548). Between the two the
// huge page may have been split: the reference is on a page that has nothing to do with the one the entry maps.

// %% GUP against a split
const WEAK = { ipiFlush: false } as const;
const split = (lab: Lab, kernel: Kernel) => {
  const buf = lab.mm.mmapPteThp({ order: 1 });
  lab.task('gup', function* () {
    const pages = yield* kernel.get_user_pages_fast_only(buf.at(1), 1, FOLL_WRITE);
    for (const page of pages) yield* kernel.put_page(page);
  });
  lab.task('split', function* () {
    yield* kernel.split_huge_page(buf.page(0));
  });
};
experiment('GUP against a split', { kernels: ['5.14', '7.2'], arch: WEAK, expect: { '*': 'pass' } }, (lab) =>
  split(lab, lab.kernel),
);
experiment(
  'GUP against a split, head asked once',
  { kernels: ['5.14', '7.2'], arch: WEAK, expect: { '*': 'fail' } },
  (lab) => {
    const kernel = lab.kernel.with({ headRecheck: 'no' });
    split(lab, kernel);
  },
);

// %% [markdown] The PMD, read again, and the IPI of collapse
// khugepaged takes the page table away and asks each small page whether anybody has a reference. 6.1 got two fixes for
// what fast GUP can do meanwhile: the walk reads the PMD again after it has its reference (70cbc3cc78a9), and
// khugepaged sends an IPI after it took the table away (2ba99c5e0881). Are both needed? Take them away one by one.

// %% GUP against a collapse
const collapse = (lab: Lab, kernel: Kernel) => {
  const buf = lab.mm.mmapPages(2, { order: 1 });
  lab.task('gup', function* () {
    const dma = yield* kernel.dio_read(buf, 1);
    for (const bio of dma) yield* kernel.bio_endio(bio);
  });
  lab.task('khugepaged', function* () {
    yield* kernel.collapse_huge_page(buf);
  });
};
experiment('GUP against a collapse', { kernels: ['6.1', '7.2'], arch: WEAK, expect: { '*': 'pass' } }, (lab) =>
  collapse(lab, lab.kernel),
);

// %% Without the IPI
// The table can be deposited, or freed, while the walk is in it: I11. The walk that reads the PMD again notices, but
// it has read the entry by then, out of a table that is not there any more.
experiment(
  'GUP against a collapse, no IPI',
  { kernels: ['6.1', '7.2'], arch: WEAK, expect: { '*': 'fail' } },
  (lab) => {
    const kernel = lab.kernel.with({ collapseSync: false });
    collapse(lab, kernel);
  },
);

// %% Without the second look at the PMD
// And this one passes. With the IPI in place khugepaged cannot count references while a walk is under way, so there is
// no reference that it could miss; the second look has nothing left to do against khugepaged. The commits say the same
// from the other side: the look came first, as the fix for a wrong page, the IPI afterwards, as the fix for a wrong
// table. The look is kept: it is one load, and it does not depend on who else takes page tables away.
experiment(
  'GUP against a collapse, no second look',
  { kernels: ['6.1', '7.2'], arch: WEAK, expect: { '*': 'pass' } },
  (lab) => {
    const kernel = lab.kernel.with({ pmdRecheck: false });
    collapse(lab, kernel);
  },
);

// %% [markdown] write_protect_seq
// fork reads the count, decides that the page is not pinned, and write-protects it. A pin between the two is lost. The
// sequence count does not keep the walk out; it makes the walk find out, and give everything back (57efa1fe5957).

// %% GUP against fork
const fork = (lab: Lab, kernel: Kernel) => {
  const buf = lab.mm.mmapPage();
  lab.task('pinner', function* () {
    yield* kernel.unpin_user_pages(yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE));
  });
  lab.task('forker', function* () {
    yield* kernel.fork(buf);
    yield* kernel.user_write(buf, 1);
  });
};
experiment('GUP against fork', { kernels: ['5.11', '7.2'], expect: { '*': 'pass' } }, (lab) => fork(lab, lab.kernel));
experiment('GUP against fork, no sequence count', { kernels: ['5.11', '7.2'], expect: { '*': 'fail' } }, (lab) => {
  const kernel = lab.kernel.with({ writeProtectSeq: false });
  fork(lab, kernel);
});

// %% [markdown] IRQs off
// A walk without IRQs off is not in the kernel, so it is written out here: read the entry, read the head, take a
// reference on it, read the entry again. That is fast GUP before 5.14, which asked for the head once. On a machine
// whose flush is an IPI that was enough: a split unmaps the page and flushes before it touches the head, and the flush
// cannot get past a walk with IRQs off. What must hold: if the walk keeps its reference, the page still belongs to the
// head that has it.

// %% A walk with IRQs off
const CALLERS = { none: 'the step is missing in the actor: the cell before this one has it' } as const;
// An entry of the model is present unless it is empty, a swap or migration entry, or being changed: bits 3, 4 and 9.
const pte_present = (entry: number) => entry !== 0 && (entry & 0x218) === 0;
const walk = (lab: Lab, irqsOff: boolean) => {
  const { kernel, mm } = lab;
  const thp = mm.mmapPteThp({ order: 1 });
  const tail = thp.page(1);
  lab.task('walk', function* () {
    if (irqsOff) yield IRQ_OFF();
    const pte = yield R(thp.pte(1));
    const head = pte_present(pte) ? yield R(tail.compound_head) : 0;
    if (head !== 0 && (yield ADDU(tail.head._refcount, 1)) === 1) {
      const again = yield R(thp.pte(1));
      // With a reference on its head the page cannot be split any more: if it is a tail now, it stays one.
      if (again === pte) expect(yield R(tail.compound_head)).toBe(head);
      yield SUBT(tail.head._refcount, 1);
    }
    if (irqsOff) yield IRQ_ON();
  });
  lab.task('split', function* () {
    yield* kernel.split_huge_page(thp.page(0));
  });
};
experiment('a walk with IRQs off, flush by IPI', { kernels: ['7.2'], expect: { '*': 'pass' } }, (lab) =>
  walk(lab, true),
);

// %% A walk with IRQs on
experiment('a walk with IRQs on, flush by IPI', { kernels: ['7.2'], expect: { '*': 'fail' }, fix: CALLERS }, (lab) =>
  walk(lab, false),
);

// %% IRQs off, and a flush that asks nobody
// And where the flush is no IPI, IRQs off do not help: that was S13, reported in 2021 after ten years of "it is fine
// on my machine".
experiment(
  'a walk with IRQs off, flush without IPI',
  {
    kernels: ['7.2'],
    arch: WEAK,
    expect: { '*': 'fail' },
    fix: { none: 'asking for the head again mends it: the first two cells' },
  },
  (lab) => walk(lab, true),
);

// %% [markdown] The entry, read again
// The oldest of the checks. Between the first look and the reference the page may be unmapped, freed, and given to
// another process. The reference then keeps a stranger's page.

// %% A walk that looks again
// `kept` is raised for a walk that got through; the page must not be another process's by then.
const reuse = (lab: Lab, again: boolean) => {
  const { kernel, mm } = lab;
  const mine = mm.mmapPage();
  const other = mm.process('other');
  const theirs = other.mmapUntouched(1);
  const page = mine.page(0);
  const kept = lab.word('kept');
  lab.task('walk', function* () {
    yield IRQ_OFF();
    const pte = yield R(mine.pte(0));
    if (pte !== 0 && (yield ADDU(page._refcount, 1)) === 1) {
      if (!again || (yield R(mine.pte(0))) === pte) {
        yield W(kept, 1);
        yield W(kept, 0);
      }
      yield* kernel.put_page(page);
    }
    yield IRQ_ON();
  });
  lab.task('munmap', function* () {
    yield* kernel.munmap(mine);
  });
  lab.task('other', function* () {
    yield* kernel.user_write(theirs, 9);
  });
  lab.always("what a walk keeps is not another process's", () => {
    if (value(kept) === 1) expect(page_mapped(theirs) === page).toBe(false);
  });
};
experiment(
  'a walk that looks again',
  { kernels: ['7.2'], arch: WEAK, expect: { '*': 'pass' }, without: ['I2'] },
  (lab) => reuse(lab, true),
);

// %% A walk that does not
experiment(
  'a walk that does not look again',
  { kernels: ['7.2'], arch: WEAK, expect: { '*': 'fail' }, fix: CALLERS, without: ['I2'] },
  (lab) => reuse(lab, false),
);

// %% [markdown] And the barriers?
// Every step here is sequentially consistent: the explorer shows what goes wrong when a step is *missing*, not when
// two of them are seen in another order. `exclusive-without-barrier.lab.ts` spells the store buffers out; the litmus
// export gives the same to herd7.
