/// <reference types="gupbook" />

// %% [markdown] Fork eats direct I/O
// The oldest of them, reported about 2009 and written down in open(2): "O_DIRECT I/Os should never be run concurrently
// with the fork(2) system call, if the memory buffer is a private mapping".
//
// **What people believed:** that a note in the man page is enough.
//
// **The interleaving:** a read with O_DIRECT has its pages and waits for the disk. The process forks, which
// write-protects the buffer. Then it writes to another part of the same page, so it gets a copy. The disk's data
// arrives in the page that the process just left, and what the process reads is what was there before.
//
// `fork-loses-pin.lab.ts` has the fix: fork copies pinned pages early. It could do nothing here, because up to 6.4
// direct I/O took plain references (FOLL_GET), and a count of 2 is not a pin.
//
// **Fixed in 6.5:** block and iomap direct I/O extract pins, 1ccf164ec866 ("block: Use iov_iter_extract_pages() and
// page pinning in direct-io.c") and its neighbours, fifteen years later. Other users of FOLL_GET that write are as
// exposed as ever.
//
// **What catches it:** I5 for the process that lost its data; I6 where the child sees it instead.

// %% A direct-I/O read
const untilPins = { '6.5': 'pass', '6.10': 'pass', '7.2': 'pass', '*': 'fail' } as const;
const FORK = { forkCopiesPinned: 'count' } as const;
const pins = [
  { kernels: ['5.6'], on: { ...FORK, dioAcquires: 'pin', follPin: true } },
  {
    kernels: ['pin-v5', 'pin-v6', 'pin-v7', '5.7-bias', '5.7'],
    on: { ...FORK, dioAcquires: 'pin', vmstatAfterPut: false },
  },
  { kernels: ['5.9'], on: { dioAcquires: 'pin', vmstatAfterPut: false } },
  { on: { dioAcquires: 'pin' }, off: { dioAcquires: 'get' } },
] as const;
experiment(
  'fork while a direct-I/O read is in flight',
  { bug: 'S11 (block DIO)', expect: untilPins, fix: pins },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('reader', function* () {
      for (const bio of yield* kernel.dio_read(buf, 1)) {
        lab.irq('completion', function* () {
          yield* kernel.dma_write(bio.pages, 0, 7);
          yield* kernel.bio_endio(bio);
        });
      }
      yield* kernel.fork(buf);
      yield* kernel.user_write(buf, 1);
    });
  },
);

// %% A direct-I/O write
// The disk reads memory. After the fork the parent writes, copies, and nothing is lost: the disk has what was there
// when the write was submitted, which is a legal outcome. If the *child* writes, the child copies. So the write
// direction needs the reuse rule of `vmsplice-reads-on.lab.ts` to go wrong, not fork alone.
experiment('fork while a direct-I/O write is in flight', { expect: { '*': 'pass' } }, (lab) => {
  const { kernel, mm } = lab;
  const buf = mm.mmapPage();
  lab.task('writer', function* () {
    const bios = yield* kernel.dio_write(buf, 1);
    yield* kernel.fork(buf);
    for (const bio of bios) {
      yield* kernel.dma_read(bio.pages, 0);
      yield* kernel.bio_endio(bio);
    }
  });
});

// %% What other users still do
// process_vm_writev() and ptrace take FOLL_GET or FOLL_PIN under `mmap_lock` and let go before they return: short, and
// synchronous to their caller, but fork can come between the look-up and the copy. Here is a driver that does what
// direct I/O did, on the newest kernel: `get_user_pages_fast()`, DMA, `put_page()`.
experiment(
  'fork under a driver that uses FOLL_GET for DMA',
  {
    expect: { '*': 'fail' },
    fix: { none: 'the driver is wrong: pin_user_pages.rst, CASE 5, calls get, write, put incorrect' },
  },
  (lab) => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    lab.task('driver', function* () {
      const pages = yield* kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
      yield* kernel.fork(buf);
      yield* kernel.user_write(buf, 1);
      yield* kernel.dma_write(pages, 0, 7);
      for (const page of pages) yield* kernel.put_page(page);
    });
    lab.finally('the process sees what the device wrote', () => expect(user_data(buf)).toBe(7));
  },
);
