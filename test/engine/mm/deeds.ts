/** What a process, a device or the kernel can do with memory, each as one function. */
import { FOLL_LONGTERM, FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Kernel, Lab, Steps } from '../../../main/engine/interface.ts';
import type { Buffer, Kind } from './memory-kinds.ts';

export type Deed = (kernel: Kernel, memory: Buffer, lab: Lab) => Steps<void>;

export const DEEDS = {
  *'pin and write'(kernel, { buf }) {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.dma_write(pages, 0, 5);
    yield* kernel.unpin_user_pages_dirty_lock(pages, true);
  },
  *'pin slowly'(kernel, { buf }) {
    yield* kernel.unpin_user_pages(yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE));
  },
  *'pin for long'(kernel, { buf }) {
    yield* kernel.unpin_user_pages(yield* kernel.pin_user_pages_fast(buf, 1, FOLL_LONGTERM));
  },
  *get(kernel, { buf }) {
    for (const page of yield* kernel.get_user_pages_fast(buf, 1, 0)) yield* kernel.put_page(page);
  },
  *'direct I/O'(kernel, { buf }) {
    for (const bio of yield* kernel.dio_read(buf, 1)) {
      yield* kernel.dma_write(bio.pages, 0, 6);
      yield* kernel.bio_endio(bio);
    }
  },
  *write(kernel, { buf }) {
    yield* kernel.user_write(buf, 7);
  },
  *'read and write'(kernel, { buf }) {
    yield* kernel.user_read(buf);
    yield* kernel.user_write(buf, 8);
  },
  *fork(kernel, { buf }, lab) {
    const copy = yield* kernel.fork(buf);
    lab.task(`writer of ${copy.name}`, function* () {
      yield* kernel.user_write(copy, 9);
    });
  },
  *munmap(kernel, { buf }) {
    yield* kernel.munmap(buf);
  },
  *'drop it'(kernel, { buf }) {
    yield* kernel.madvise_dontneed(buf);
  },
  *reclaim(kernel, { page }) {
    yield* kernel.shrink_folio(page());
  },
  *migrate(kernel, { page }) {
    yield* kernel.migrate_pages(page());
  },
  *split(kernel, { buf }) {
    yield* kernel.split_huge_page(buf.page(0));
  },
  *'split the PMD'(kernel, { buf }) {
    yield* kernel.split_huge_pmd(buf);
  },
  *collapse(kernel, { buf }) {
    yield* kernel.collapse_huge_page(buf);
  },
  *'NUMA hints'(kernel, { buf }) {
    yield* kernel.change_prot_numa(buf);
  },
  *'soft dirty'(kernel, { buf }) {
    yield* kernel.clear_refs(buf);
  },
  *vmsplice(kernel, { buf }) {
    yield* kernel.pipe_read(yield* kernel.vmsplice(buf));
  },
  *ptrace(kernel, { buf }) {
    yield* kernel.proc_mem_write(buf, 3);
  },
  *'memory failure'(kernel, { page }) {
    yield* kernel.memory_failure(page());
  },
  *'let go'(kernel, { buf }) {
    yield* kernel.madvise_free(buf, 1);
  },
  *KSM(kernel, { buf }) {
    if (buf.npages > 1) yield* kernel.ksm_merge(buf.at(0), buf.at(1));
  },
  *io_uring(kernel, { buf }) {
    const pages = yield* kernel.io_uring_register(buf);
    if (pages.ret === 0) yield* kernel.io_uring_unregister(pages);
  },
  *writeback(kernel, { file }) {
    if (file !== null) yield* kernel.writeback(file, 0);
  },
  *truncate(kernel, { file }) {
    if (file !== null) yield* kernel.truncate(file, 0);
  },
  *invalidate(kernel, { file }) {
    if (file !== null) yield* kernel.invalidate_page(file, 0);
  },
  *'read the file'(kernel, { file }) {
    if (file !== null) yield* kernel.read(file, 0);
  },
  *'write the file'(kernel, { file }) {
    if (file !== null) yield* kernel.write(file, 0, 4);
  },
} satisfies Record<string, Deed>;

export type DeedName = keyof typeof DEEDS;

const EVERYWHERE: readonly DeedName[] = [
  'pin and write',
  'pin slowly',
  'pin for long',
  'get',
  'write',
  'fork',
  'munmap',
  'vmsplice',
];
const ANON: readonly DeedName[] = [
  ...EVERYWHERE,
  'direct I/O',
  'read and write',
  'drop it',
  'NUMA hints',
  'ptrace',
  'io_uring',
];
const HUGE: readonly DeedName[] = [...ANON, 'migrate', 'split', 'split the PMD', 'memory failure', 'reclaim'];
const SMALL: readonly DeedName[] = [...ANON, 'reclaim', 'migrate', 'soft dirty', 'memory failure', 'let go', 'KSM'];
const FILE: readonly DeedName[] = ['writeback', 'truncate', 'invalidate', 'read the file', 'write the file'];

/** What can be done with memory of a kind. */
export const CAN: Readonly<Partial<Record<Kind, readonly DeedName[]>>> = {
  page: SMALL,
  pages: [...SMALL, 'collapse'],
  thp: HUGE,
  'thp by PTEs': [...HUGE, 'collapse', 'soft dirty'],
  lazyfree: SMALL,
  hugetlb: EVERYWHERE,
  'shared file': [...EVERYWHERE.filter((name) => name !== 'fork'), 'direct I/O', 'reclaim', 'migrate', ...FILE],
  'private file': [...EVERYWHERE, 'direct I/O', 'reclaim', 'migrate', 'truncate', 'ptrace'],
  untouched: ANON,
  'untouched thp': ANON,
  'zero page': EVERYWHERE,
};
