/// <reference types="gupbook" />

// %% [markdown] Four billion references
// `_refcount` is 32 bits and does not saturate. Up to 5.0 nobody who took a reference looked at it first.
//
// **What people believed:** a reference needs a pointer somewhere, pointers need memory, and nobody has memory for 2^32
// of them. A pipe buffer is 40 bytes; FUSE and vmsplice() make references for next to nothing. With some 140 GB of
// memory the count of a page can be taken once around.
//
// **What happens (CVE-2019-11487):** the count wraps from -1 to 0 while four billion references exist. The next put
// takes it through 0 again, and the page is freed under all of them.
//
// **Fixed in 5.1:** 8fde12ca79af ("mm: prevent get_user_pages() from overflowing page refcount"), with try_get_page()
// and the same for pipes (15fab63e1e57): whoever would take a reference refuses when the count is negative. Half of the
// range is a wide margin: a negative count is refused long before it comes round to 0.
//
// **What catches it:** the page is freed while it is mapped, "BUG: Bad page state", or I1, *nobody frees a page that
// somebody still has*.
//
// All 15 kernels have the check. The notebook takes it away again.

// %% With the check
// The attacker's 2^32 - 2 references are the page's keepers: with the mapping's own the count stands at -1.
experiment('a reference to a page with 2^32 - 1', { bug: 'S07', expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const page = mm.mmapPage({ keepers: 2 ** 32 - 2 });
  lab.task('attacker', function* () {
    const first = yield* kernel.get_user_pages_fast(page, 1, 0);
    const second = yield* kernel.get_user_pages_fast(page, 1, 0);
    for (const got of [...first, ...second]) yield* kernel.put_page(got);
  });
});

// %% Without it
experiment('a reference to a page with 2^32 - 1, as up to 5.0', { expect: { '*': 'fail' } }, (lab) => {
  const kernel = lab.kernel.with({ overflowCheck: false });
  const page = lab.mm.mmapPage({ keepers: 2 ** 32 - 2 });
  lab.task('attacker', function* () {
    const first = yield* kernel.get_user_pages_fast(page, 1, 0);
    const second = yield* kernel.get_user_pages_fast(page, 1, 0);
    for (const got of [...first, ...second]) yield* kernel.put_page(got);
  });
});

// %% [markdown] Why the race does not matter
// The check is a read, the reference an atomic of its own; two attackers can both pass the check. With 2^31 values
// between "negative" and "zero" it would take two billion CPUs between the two steps to get round.

// %% Two attackers at the edge
// 2^31 - 1 references. Both read a positive count, both add, and the count is negative; the third is refused.
experiment('three attackers at the sign bit', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const page = mm.mmapPage({ keepers: 2 ** 31 - 2 });
  for (const name of ['attacker A', 'attacker B', 'attacker C']) {
    lab.task(name, function* () {
      const pages = yield* kernel.get_user_pages_fast_only(page, 1, 0);
      for (const got of pages) yield* kernel.put_page(got);
    });
  }
  lab.always('the page is not freed', () => expect(page_is_free(page)).toBe(false));
});
