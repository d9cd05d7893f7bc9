/// <reference types="gupbook" />

// %% [markdown] A tour in two minutes
// Everything here is on a key, and nothing runs by itself. `j` and `k` walk the cells, `F1` shows all keys.
//
// Press `j` twice, so that the experiment below has the focus, then `Ctrl+Enter`.

// %% [markdown] 1. Run
// Two bios over one huge page. The experiment calls the kernel's own functions, and is searched in every interleaving
// of its actors on every revision from 5.6 to 7.2. The huge page is a small one, of 4 pages, so that this takes a
// moment.

// %% Two bios over a small huge page
const fix = { on: { hugePin: 'bias-per-page' }, off: { hugePin: 'one-bias' } } as const;
experiment('two bios over a small huge page', { expect: { 'pin-v5': 'fail', '*': 'pass' }, fix }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapThp({ order: 2 });
  lab.task('submit', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 4, FOLL_WRITE);
    for (const bio of lab.splitBios(pages, 2)) {
      lab.irq(bio.name, function* () {
        yield* kernel.bio_release_pages(bio);
      });
    }
  });
  lab.finally('every reference is given back', () => expect(page_ref_count(buf)).toBe(1));
});

// %% [markdown] 2. Look
// The strip has a verdict for each kernel: `pin-v5` fails, and its shortest failing schedule stands at the right. `v`
// goes to the strip, the arrow keys walk it, `Enter` chooses.
//
// * `]` and `[` step through the schedule, `}` and `{` jump to the next change of a page, `f` to the step that breaks.
// * Above the steps is the page as `dump_page()` would print it. Step to where the pin is taken: `1025` is one pin of
//   1024 and one reference, for four pages. The first bio takes that one pin back.
// * `x` goes to the next broken check, `F6` to the next region, and `y` copies what has the focus: in the interleaving
//   that is the table for a changelog.

// %% [markdown] 3. Ask
// `w` goes to the controls above the result. Set `npages` to 1 and press `Enter`: with one page there is nothing to
// count wrong, and `pin-v5` passes. The file did not change. `sweep` beside a control asks for each value in turn;
// `e w` repeats that for the one you used last.

// %% 4. Write: what is missing here?
// A driver pins two pages and forgets to give them back, on every kernel. `Enter` edits this cell. Below the pin, type
// `yield* kernel.unpin` and take `unpin_user_pages` from the list; then `(pages);`. `Esc` leaves, `Ctrl+Enter` runs.
// It passes now, and the strip says that a FAIL was expected: put 'pass' there.
experiment('a driver that forgets', { expect: { '*': 'fail' }, fix: { none: 'the driver is wrong' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield R(buf.page(pages.length - 1)._refcount); // the device works on the page
  });
  lab.finally('every reference is given back', () => expect(page_ref_count(buf)).toBe(1));
});

// %% [markdown] 5. Send
// `Ctrl+Shift+E` makes a mail of a run, with what was searched, how to replay it, and what the model leaves out. Answer
// a mail by its Message-ID. Saving this notebook asks for a place of your own: the shipped one stays as it is.
//
// Next: `two-bios.lab.ts` is the argument that began all this; `Ctrl+Shift+P` offers all commands.
