/// <reference types="gupbook" />

// %% [markdown] A counter looked up in a page that is gone
// `nr_foll_pin_released` is kept per memory node, and the node is found in the page. 1970dc6f5226 (5.7) put the update
// where it reads well: after the pin was given back.
//
// **What people believed:** the page was ours a line ago. It was; the reference that made it ours is the one the line
// before dropped. If that was the last one, the page is free by the time its node is asked for. Mostly nothing
// happens: a struct page does not go away, and its node does not change. It does go away when the memory under it is
// unplugged, and then the kernel reads a node number out of a memmap that is not there.
//
// No race is needed to have the last reference; unplugging in that window would take some luck. The model does not
// unplug: it says so when the kernel asks a free page anything.
//
// Fixed by 4509b42c3896 ("mm/gup: combine put_compound_head() and unpin_user_page()", 5.11), almost in passing: the
// common function counts first and puts afterwards.
//
// **What catches it:** *kernel BUG*: a look into a page on a free list.
//
// **Replay:** `gupbook run scenarios/counts-after-the-last-put.lab.ts --kernel 5.9 -v` prints the schedule and the
// command that steps through it; in the window, choose the kernel in the strip under the cell.
//
// 5.6 and the postings are not in the row: the counters came with the merged series.

// %% The pin outlives the mapping
const MERGED = ['5.7-bias', '5.7', '5.9', '5.11', '5.14', '5.18', '5.19', '6.1', '6.5', '6.10', '7.2'];
const COUNTS_FIRST = { on: { vmstatAfterPut: false }, off: { vmstatAfterPut: true } } as const;
experiment(
  'the last unpin of a page',
  {
    bug: 'S27',
    kernels: MERGED,
    expect: { '5.7-bias': 'fail', '5.7': 'fail', '5.9': 'fail', '*': 'pass' },
    fix: COUNTS_FIRST,
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
      yield* kernel.munmap(buf);
      yield* kernel.unpin_user_pages(pages);
    });
  },
);

// %% A race for the last reference
// The mapping goes while the driver unpins. Only one of the two orders is bad.
experiment(
  'unpin races with munmap()',
  {
    kernels: MERGED,
    expect: { '5.7-bias': 'fail', '5.7': 'fail', '5.9': 'fail', '*': 'pass' },
    fix: COUNTS_FIRST,
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(buf);
    });
  },
);

// %% A THP
// Exact counts change nothing: the order of put and count is the same.
experiment(
  'the last unpin of a THP',
  {
    kernels: MERGED,
    expect: { '5.7-bias': 'fail', '5.7': 'fail', '5.9': 'fail', '*': 'pass' },
    fix: COUNTS_FIRST,
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapThp({ order: 2 });
    lab.task('driver', function* () {
      const pages = yield* kernel.pin_user_pages_fast(buf, 4, FOLL_WRITE);
      yield* kernel.munmap(buf);
      yield* kernel.unpin_user_pages(pages);
    });
  },
);

// %% While the page is mapped
// The usual case, and why nobody saw it: the mapping's reference keeps the page.
experiment('unpin of a page that stays mapped', { kernels: MERGED, expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.unpin_user_pages(pages);
  });
});
