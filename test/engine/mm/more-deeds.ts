/** What is done less often, and in variants: for the written-down sequences alone. */
import { FOLL_FORCE, FOLL_GET, FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Act } from './steps.ts';

export const MORE = {
  *'pin all but the last slowly'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.pin_user_pages(buf, buf.npages - 1, FOLL_WRITE);
    say(pages.ret, pages.map(({ name }) => name).join(' '));
    yield* kernel.unpin_user_pages(pages.slice(1));
  },
  *'get all but the last'(kernel, { buf }, lab, say) {
    const pages = yield* kernel.get_user_pages_fast(buf, buf.npages - 1, 0);
    say(pages.ret, pages.map(({ name }) => name).join(' '));
    for (const bio of lab.splitBios(pages, 2)) yield* kernel.bio_release_pages(bio);
  },
  *'pin all, unpin backwards'(kernel, { buf }) {
    const pages = yield* kernel.pin_user_pages_fast(buf, buf.npages, FOLL_WRITE);
    yield* kernel.unpin_user_pages_dirty_lock(pages.toReversed(), true);
  },
  *'drop the first, fork, write'(kernel, { buf }) {
    yield* kernel.madvise_dontneed(buf, 1);
    const copy = yield* kernel.fork(buf);
    yield* kernel.user_write(copy.at(copy.npages - 1), 2);
  },
  *'direct I/O on all but the last'(kernel, { buf }) {
    for (const bio of yield* kernel.dio_write(buf, buf.npages - 1, 2)) yield* kernel.bio_endio(bio);
  },
  *'pin all slowly'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.pin_user_pages(buf, buf.npages, FOLL_WRITE);
    say(pages.ret, pages.map(({ name }) => name).join(' '));
    yield* kernel.unpin_user_pages(pages);
  },
  *'get from the second on'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.get_user_pages_fast(buf.at(1), buf.npages - 1, 0);
    say(pages.ret, pages.map(({ name }) => name).join(' '));
    for (const page of pages) yield* kernel.put_page(page);
  },
  *'pin from the second on'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.pin_user_pages(buf.at(1), buf.npages - 1, FOLL_WRITE);
    say(pages.ret, pages.map(({ name }) => name).join(' '));
    yield* kernel.unpin_user_pages_dirty_lock(pages.slice(1), true);
  },
  *'direct I/O on all'(kernel, { buf }, lab, say) {
    const bios = yield* kernel.dio_read(buf, buf.npages, 3);
    say(bios.map(({ pages }) => pages.length).join(' '));
    for (const bio of bios) {
      lab.irq(bio.name, function* () {
        yield* kernel.dma_write(bio.pages, bio.pages.length - 1, 7);
        yield* kernel.bio_endio(bio);
      });
    }
  },
  *'direct I/O from the second on'(kernel, { buf }) {
    for (const bio of yield* kernel.dio_write(buf.at(1), buf.npages - 1)) yield* kernel.bio_endio(bio);
  },
  *'register all'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.io_uring_register(buf);
    say(pages.ret);
    if (pages.ret === 0) yield* kernel.io_uring_unregister(pages);
  },
  *'register from the second on'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.io_uring_register(buf.at(1), buf.npages - 1);
    say(pages.ret);
    if (pages.ret === 0) yield* kernel.io_uring_unregister(pages);
  },
  *'pin all for long'(kernel, { buf }, _lab, say) {
    const pages = kernel.switches.follPin
      ? yield* kernel.pin_user_pages(buf, buf.npages, FOLL_WRITE | FOLL_LONGTERM)
      : yield* kernel.get_user_pages(buf, buf.npages, FOLL_WRITE | FOLL_LONGTERM);
    say(pages.ret, pages.map(({ name }) => name).join(' '));
  },
  *'pin for long while held'(kernel, { buf }, _lab, say) {
    yield* kernel.get_user_pages_fast(buf, 1, 0);
    say((yield* kernel.pin_user_pages(buf, buf.npages, FOLL_WRITE | FOLL_LONGTERM)).ret);
  },
  *'RDMA on all, read only'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.ib_umem_get(buf, buf.npages, false);
    say(pages.ret);
    yield* kernel.ib_umem_release(pages, false);
  },
  *'unmap the middle'(kernel, { buf }) {
    yield* kernel.madvise_dontneed(buf.at(1), Math.min(2, buf.npages - 1));
    yield* kernel.user_write(buf.at(1), 3);
    yield* kernel.munmap(buf);
  },
  *'move the last'(kernel, { buf }, _lab, say) {
    say(yield* kernel.migrate_pages(buf.page(buf.npages - 1)), yield* kernel.user_write(buf.at(buf.npages - 1), 1));
  },
  *'reclaim the last'(kernel, { buf }, _lab, say) {
    say(yield* kernel.shrink_folio(buf.page(buf.npages - 1)), yield* kernel.user_write(buf.at(buf.npages - 1), 1));
  },
  *'write and fork, then reclaim'(kernel, { buf, page }, _lab, say) {
    yield* kernel.user_write(buf, 1);
    const copy = yield* kernel.fork(buf);
    say(yield* kernel.shrink_folio(page()));
    say(yield* kernel.user_write(copy, 2), yield* kernel.user_read(buf), yield* kernel.user_write(buf, 3));
    yield* kernel.munmap(copy);
    yield* kernel.munmap(buf);
  },
  *'get and keep'(kernel, { buf }, _lab, say) {
    say((yield* kernel.get_user_pages_fast(buf, 1, 0)).ret);
  },
  *'pin and keep'(kernel, { buf }, _lab, say) {
    const pages = kernel.switches.follPin
      ? yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE)
      : yield* kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
    say(pages.ret);
  },
  *'pin all'(kernel, { buf }, _lab, say) {
    const pages = kernel.switches.follPin
      ? yield* kernel.pin_user_pages_fast_only(buf, buf.npages, FOLL_WRITE)
      : yield* kernel.get_user_pages_fast_only(buf, buf.npages, FOLL_WRITE);
    say(pages.ret);
    if (kernel.switches.follPin) yield* kernel.unpin_user_pages(pages);
    else for (const page of pages) yield* kernel.put_page(page);
  },
  *'get both slowly'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.get_user_pages(buf, Math.min(2, buf.npages), 0);
    say(pages.ret);
    for (const page of pages) yield* kernel.put_page(page);
  },
  *'get both'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.get_user_pages_fast(buf, Math.min(2, buf.npages), FOLL_WRITE);
    say(pages.ret);
    for (const page of pages) yield* kernel.put_page(page);
  },
  *'pin both'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.pin_user_pages_fast(buf, Math.min(2, buf.npages), FOLL_WRITE);
    say(pages.ret, pages.map(({ name }) => name).join(' '));
    yield* kernel.unpin_user_pages(pages);
  },
  *'pin both slowly, touching'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.pin_user_pages_remote(buf, Math.min(2, buf.npages), FOLL_WRITE);
    say(pages.ret);
    for (const page of pages) yield* kernel.unpin_user_page(page);
  },
  *'pin for reading'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, 0);
    say(pages.ret);
    yield* kernel.unpin_user_pages(pages);
  },
  *'pin twice, add one, unpin as a folio'(kernel, { buf }) {
    yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.folio_add_pin(buf.page(0));
    yield* kernel.unpin_user_folio(buf.page(0), 2);
  },
  *'pin, unpin the range dirty'(kernel, { buf }) {
    const pages = yield* kernel.pin_user_pages_fast(buf, Math.min(2, buf.npages), FOLL_WRITE);
    const [first] = pages;
    if (first !== undefined) yield* kernel.unpin_user_page_range_dirty_lock(first, pages.length, true);
  },
  *'pin, unpin clean'(kernel, { buf }) {
    const pages = yield* kernel.pin_user_pages_fast(buf, Math.min(2, buf.npages), FOLL_WRITE);
    yield* kernel.unpin_user_pages_dirty_lock(pages, false);
  },
  *'pin for long, fork, write on both sides'(kernel, { buf }, lab) {
    const pages = yield* kernel.pin_user_pages_fast(buf, Math.min(2, buf.npages), FOLL_WRITE | FOLL_LONGTERM);
    const copy = yield* kernel.fork(buf);
    yield* kernel.user_write(buf, 1);
    lab.task(`writer of ${copy.name}`, function* () {
      yield* kernel.user_write(copy, 2);
      yield* kernel.munmap(copy);
    });
    yield* kernel.unpin_user_pages(pages);
  },
  *'fork the process, let the child exit'(kernel, { buf }, lab) {
    const child = yield* kernel.fork(lab.mm);
    yield* kernel.user_write(child.mapping(buf), 2);
    yield* kernel.exit_mmap(child);
    yield* kernel.user_write(buf, 3);
  },
  *'fork twice, write'(kernel, { buf }, lab) {
    const copy = yield* kernel.fork(buf);
    yield* kernel.fork(buf);
    lab.task(`writer of ${copy.name}`, function* () {
      yield* kernel.user_write(copy, 2);
      yield* kernel.user_read(copy);
    });
    yield* kernel.user_write(buf, 3);
  },
  *RDMA(kernel, { buf }) {
    yield* kernel.ib_umem_release(yield* kernel.ib_umem_get(buf, Math.min(2, buf.npages)), true);
  },
  *'direct I/O out'(kernel, { buf }) {
    for (const bio of yield* kernel.dio_write(buf, Math.min(2, buf.npages), 1)) yield* kernel.bio_endio(bio);
  },
  *'two bios'(kernel, { buf }, lab) {
    const pages = yield* kernel.get_user_pages_fast(buf, Math.min(2, buf.npages), FOLL_WRITE);
    for (const bio of lab.splitBios(pages, 2)) yield* kernel.bio_release_pages(bio);
  },
  *'read, then write'(kernel, { buf }, _lab, say) {
    say(yield* kernel.user_read(buf));
    say(yield* kernel.user_write(buf.at(buf.npages - 1), 4));
    say(yield* kernel.user_read(buf.at(buf.npages - 1)));
  },
  *'read by ptrace'(kernel, { buf }, _lab, say) {
    say(yield* kernel.proc_mem_read(buf), yield* kernel.proc_mem_write(buf, 5), yield* kernel.proc_mem_read(buf));
  },
  *process_vm(kernel, { buf }, _lab, say) {
    const n = Math.min(2, buf.npages);
    say(yield* kernel.process_vm_readv(buf, n), yield* kernel.process_vm_writev(buf, 6, n));
  },
  *'force a write'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.get_user_pages(buf, 1, FOLL_WRITE | FOLL_FORCE);
    say(pages.ret);
    for (const page of pages) yield* kernel.put_page(page);
  },
  *follow(kernel, { buf }, _lab, say) {
    for (const flags of [0, FOLL_GET, FOLL_PIN]) say((yield* kernel.follow_page(buf, flags))?.name);
  },
  *'maybe pinned'(kernel, { buf }, _lab, say) {
    say(yield* kernel.page_maybe_dma_pinned(buf.page(0)));
    yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    say(yield* kernel.page_maybe_dma_pinned(buf.page(0)));
  },
  *'get, try to get'(kernel, { buf }, _lab, say) {
    yield* kernel.get_page(buf.page(0));
    say(yield* kernel.try_get_page(buf.page(0)));
    say((yield* kernel.try_get_compound_head(buf.page(buf.npages - 1), 2))?.name);
  },
  *'drop it, read it'(kernel, { buf }, _lab, say) {
    yield* kernel.madvise_dontneed(buf.at(buf.npages - 1), 1);
    say(yield* kernel.user_read(buf.at(buf.npages - 1)), yield* kernel.user_write(buf.at(buf.npages - 1), 2));
  },
  *'lock in memory, pin for long'(kernel, { buf }, _lab, say) {
    yield* kernel.mlock(buf.page(0));
    const pages = yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM);
    say(pages.ret);
    yield* kernel.munmap(buf);
    yield* kernel.unpin_user_pages(pages);
  },
  *drain(kernel, { buf }) {
    yield* kernel.user_write(buf, 1);
    yield* kernel.lru_add_drain();
  },
  *'touch again and again'(kernel, { buf }) {
    for (let i = 0; i < 17; i++) {
      for (const page of yield* kernel.get_user_pages(buf.at(i % buf.npages), 1, 0)) yield* kernel.put_page(page);
    }
  },
  *'touch a pinned page'(kernel, { page, buf }, _lab, say) {
    yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    say(yield* kernel.shrink_folio(page()), yield* kernel.migrate_pages(page()));
  },
  *'swap out and in'(kernel, { page, buf }, _lab, say) {
    say(yield* kernel.shrink_folio(page()), yield* kernel.user_read(buf), yield* kernel.user_write(buf, 1));
    say(yield* kernel.shrink_folio(page()), yield* kernel.user_write(buf, 2));
    yield* kernel.munmap(buf);
  },
  *'let go, write, reclaim'(kernel, { page, buf }, _lab, say) {
    yield* kernel.madvise_free(buf);
    say(yield* kernel.shrink_folio(page()));
    yield* kernel.madvise_free(buf);
    yield* kernel.user_write(buf, 1);
    say(yield* kernel.shrink_folio(page()));
  },
  *'split, unmap'(kernel, { buf }, _lab, say) {
    say(yield* kernel.split_huge_page(buf.page(0)));
    yield* kernel.munmap(buf);
  },
  *'split while pinned'(kernel, { buf }, _lab, say) {
    yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    say(yield* kernel.split_huge_page(buf.page(0)));
  },
  *'fork, split, write'(kernel, { buf }, _lab, say) {
    const copy = yield* kernel.fork(buf);
    say(yield* kernel.split_huge_page(buf.page(0)));
    yield* kernel.user_write(copy.at(copy.npages - 1), 3);
  },
  *'collapse, write'(kernel, { buf }, _lab, say) {
    say(yield* kernel.collapse_huge_page(buf));
    yield* kernel.user_write(buf, 1);
    say(yield* kernel.collapse_huge_page(buf));
  },
  *'collapse while held'(kernel, { buf }, _lab, say) {
    yield* kernel.get_user_pages_fast(buf, 1, 0);
    say(yield* kernel.collapse_huge_page(buf));
  },
  *'merge, write'(kernel, { buf }, _lab, say) {
    say(yield* kernel.ksm_merge(buf.at(0), buf.at(1)));
    say(yield* kernel.user_write(buf.at(1), 1), yield* kernel.user_read(buf.at(0)));
  },
  *'merge what is pinned, and what differs'(kernel, { buf }, _lab, say) {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    say(yield* kernel.ksm_merge(buf.at(0), buf.at(1)), yield* kernel.ksm_merge(buf.at(1), buf.at(0)));
    yield* kernel.unpin_user_pages(pages);
    yield* kernel.user_write(buf.at(1), 1);
    say(yield* kernel.ksm_merge(buf.at(0), buf.at(1)));
  },
  *'fails in memory while held'(kernel, { page, buf }, _lab, say) {
    yield* kernel.get_user_pages_fast(buf, 1, 0);
    say(yield* kernel.memory_failure(page()));
    say(yield* kernel.user_read(buf));
  },
  *'fails in memory, touched'(kernel, { page, buf }, _lab, say) {
    say(yield* kernel.memory_failure(page()), yield* kernel.memory_failure(page()), yield* kernel.user_read(buf));
    say((yield* kernel.get_user_pages_fast(buf, 1, 0)).ret);
  },
  *'hint, read'(kernel, { buf }, _lab, say) {
    yield* kernel.change_prot_numa(buf);
    say((yield* kernel.get_user_pages_fast(buf, buf.npages, 0)).ret, yield* kernel.user_write(buf, 1));
  },
  *'clear, write'(kernel, { buf }, _lab, say) {
    yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.clear_refs(buf);
    say(yield* kernel.user_write(buf, 1), yield* kernel.user_write(buf.at(buf.npages - 1), 1));
  },
  *move(kernel, { page, buf }, _lab, say) {
    yield* kernel.fork(buf);
    say(yield* kernel.migrate_pages(page()), yield* kernel.user_write(buf, 1), yield* kernel.user_read(buf));
  },
  *'find it'(kernel, { file }, _lab, say) {
    if (file === null) return;
    say((yield* kernel.find_get_page(file, 0))?.name, yield* kernel.read(file, 0));
    say((yield* kernel.find_get_page(file, 0))?.name);
  },
  *'the file'(kernel, { file, buf }, _lab, say) {
    if (file === null) return;
    yield* kernel.user_write(buf, 1);
    yield* kernel.fsync(file);
    say(yield* kernel.invalidate_page(file, 0), (yield* kernel.find_get_page(file, 0))?.name);
    say(yield* kernel.user_read(buf), yield* kernel.read(file, 0));
    yield* kernel.writeback(file, 0);
    say(yield* kernel.invalidate_page(file, 0), yield* kernel.user_write(buf, 3));
    yield* kernel.truncate(file, 0);
    say(yield* kernel.user_read(buf), yield* kernel.read(file, 0));
  },
  *'the file, pinned'(kernel, { file, buf, page }, _lab, say) {
    if (file === null) return;
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    say(yield* kernel.invalidate_page(file, 0), yield* kernel.shrink_folio(page()));
    yield* kernel.writeback(file, 0);
    yield* kernel.truncate(file, 0);
    yield* kernel.unpin_user_pages_dirty_lock(pages, true);
  },
} satisfies Record<string, Act>;
