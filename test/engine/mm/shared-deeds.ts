/**
 * What a process does while another one has the same memory, or somebody keeps a reference: for the written-down ends of
 * between.test.ts, where the one that is started here comes after each number of steps of the first.
 */
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Act } from './steps.ts';

export const SHARED = {
  *'share, swap out, read while the other reads'(kernel, { buf, page }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      say('other', yield* kernel.user_read(copy));
    });
    say(yield* kernel.shrink_folio(page()), yield* kernel.user_read(buf));
  },
  *'share, swap out, write while the other writes'(kernel, { buf, page }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      say('other', yield* kernel.user_write(copy, 2), yield* kernel.user_read(copy));
    });
    say(yield* kernel.shrink_folio(page()), yield* kernel.user_write(buf, 3), yield* kernel.user_read(buf));
  },
  *'share, swap out, read while the other lets go'(kernel, { buf, page }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      yield* kernel.munmap(copy);
    });
    say(yield* kernel.shrink_folio(page()), yield* kernel.user_read(buf), yield* kernel.user_write(buf, 3));
  },
  *'share, swap out, let go while the other reads'(kernel, { buf, page }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      say('other', yield* kernel.user_read(copy));
    });
    say(yield* kernel.shrink_folio(page()));
    yield* kernel.munmap(buf);
  },
  *'keep, swap out, read, write'(kernel, { buf, page }, lab, say) {
    const kept = yield* kernel.get_user_pages_fast(buf, 1, 0);
    say(yield* kernel.shrink_folio(page()), yield* kernel.user_read(buf));
    lab.task('other', function* () {
      for (const one of kept) yield* kernel.put_page(one);
    });
    say(yield* kernel.user_write(buf, 4), yield* kernel.user_read(buf));
  },
  *'keep, swap out, write'(kernel, { buf, page }, lab, say) {
    const kept = yield* kernel.get_user_pages_fast(buf, 1, 0);
    say(yield* kernel.shrink_folio(page()));
    lab.task('other', function* () {
      say('other', yield* kernel.user_write(buf, 5));
    });
    say(yield* kernel.user_write(buf, 4));
    for (const one of kept) yield* kernel.put_page(one);
    say(yield* kernel.user_read(buf), yield* kernel.shrink_folio(page()));
  },
  *'keep, swap out, let go'(kernel, { buf, page }, lab, say) {
    const kept = yield* kernel.get_user_pages_fast(buf, 1, 0);
    say(yield* kernel.shrink_folio(page()));
    lab.task('other', function* () {
      say('other', yield* kernel.user_read(buf));
    });
    yield* kernel.munmap(buf);
    for (const one of kept) yield* kernel.put_page(one);
  },
  *'keep, swap out, share, both write'(kernel, { buf, page }, lab, say) {
    const kept = yield* kernel.get_user_pages_fast(buf, 1, 0);
    say(yield* kernel.shrink_folio(page()));
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      say('other', yield* kernel.user_write(copy, 2));
      yield* kernel.munmap(copy);
    });
    say(yield* kernel.user_read(buf), yield* kernel.user_write(buf, 3));
    for (const one of kept) yield* kernel.put_page(one);
    say(yield* kernel.user_read(buf));
  },
  *'pin, share, write while the other writes'(kernel, { buf }, lab, say) {
    const pages = kernel.switches.follPin
      ? yield* kernel.pin_user_pages(buf, buf.npages, FOLL_WRITE)
      : yield* kernel.get_user_pages(buf, buf.npages, FOLL_WRITE);
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      say('other', yield* kernel.user_write(copy, 2), yield* kernel.user_write(copy.at(copy.npages - 1), 3));
      yield* kernel.munmap(copy);
    });
    say(yield* kernel.user_write(buf, 4), yield* kernel.dma_read(pages, 0));
    if (kernel.switches.follPin) yield* kernel.unpin_user_pages(pages);
    else for (const one of pages) yield* kernel.put_page(one);
  },
  *'share, move while the other writes'(kernel, { buf, page }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      say('other', yield* kernel.user_write(copy, 2));
    });
    say(yield* kernel.migrate_pages(page()), yield* kernel.user_read(buf));
  },
  *'share, move while the other lets go'(kernel, { buf, page }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      yield* kernel.munmap(copy);
    });
    say(yield* kernel.migrate_pages(page()), yield* kernel.user_write(buf, 1));
  },
  *'share, split while the other writes'(kernel, { buf }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      say('other', yield* kernel.user_write(copy.at(copy.npages - 1), 2));
    });
    say(yield* kernel.split_huge_page(buf.page(0)), yield* kernel.user_read(buf.at(buf.npages - 1)));
  },
  *'share, split while the other lets go'(kernel, { buf }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      yield* kernel.munmap(copy);
    });
    say(yield* kernel.split_huge_page(buf.page(0)), yield* kernel.user_write(buf, 2));
    yield* kernel.munmap(buf);
  },
  *'share, fail while the other reads'(kernel, { buf, page }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      say('other', yield* kernel.user_read(copy), yield* kernel.user_write(copy, 2));
    });
    say(yield* kernel.memory_failure(page()), yield* kernel.user_read(buf));
  },
  *'share, write while the other pins'(kernel, { buf }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      const pages = kernel.switches.follPin
        ? yield* kernel.pin_user_pages_fast(copy, copy.npages, 0)
        : yield* kernel.get_user_pages_fast(copy, copy.npages, 0);
      say('other', pages.ret);
      if (kernel.switches.follPin) yield* kernel.unpin_user_pages(pages);
      else for (const one of pages) yield* kernel.put_page(one);
    });
    say(yield* kernel.user_write(buf, 4), yield* kernel.user_write(buf.at(buf.npages - 1), 5));
  },
  *'share, collapse while the other writes'(kernel, { buf }, lab, say) {
    const copy = yield* kernel.fork(buf);
    lab.task('other', function* () {
      say('other', yield* kernel.user_write(copy, 2));
    });
    say(yield* kernel.collapse_huge_page(buf), yield* kernel.user_read(buf));
  },
} satisfies Record<string, Act>;
