/** What processes and devices do with memory, and what the kernel does to it, as scripts call it. */
import { addressOf, countOf, extentOf, fileOf, processOf, userPagesOf, wholeOf } from '../arguments.ts';
import type { MemoryFile, Page, Process, Steps, UserAddress, UserMapping, UserPages } from '../interface.ts';
import { MappingModel } from '../mapping.ts';
import { collapse_huge_page } from '../mm/collapse.ts';
import { fork } from '../mm/fork.ts';
import { try_to_merge_two_pages } from '../mm/ksm.ts';
import { lru_add_drain, mlock_folio } from '../mm/lru.ts';
import { memory_failure } from '../mm/memory-failure.ts';
import { migrate_pages } from '../mm/migrate.ts';
import { exit_mmap, madvise_dontneed, munmap } from '../mm/munmap.ts';
import { filemap_read, filemap_write, find_get_page } from '../mm/page-cache.ts';
import { change_prot_numa, clear_refs, madvise_free } from '../mm/protect.ts';
import { shrink_folio } from '../mm/reclaim.ts';
import { split_huge_page } from '../mm/split-huge-page.ts';
import { split_huge_pmd } from '../mm/split-pmd.ts';
import { fsync, invalidate_page, truncate } from '../mm/truncate.ts';
import { dma_read, dma_write, user_read, user_write } from '../mm/user.ts';
import { writeback_page } from '../mm/writeback.ts';
import { processFor } from '../process.ts';
import { mappingOf, modelOf } from '../world.ts';
import { GupCalls } from './gup.ts';

type Start = UserMapping | UserAddress;

export class MemoryCalls extends GupCalls {
  munmap(mapping: UserMapping): Steps<void> {
    return munmap(this, mappingOf(mapping, 'munmap()'));
  }

  madvise_dontneed(start: Start, nr?: number): Steps<void> {
    const { mapping, index, nr: n } = extentOf(start, nr, 'madvise_dontneed()');
    return madvise_dontneed(this, mapping, index, n);
  }

  exit_mmap(process: Process): Steps<void> {
    return exit_mmap(this, processOf(process, 'exit_mmap()'));
  }

  fork(of: UserMapping): Steps<UserMapping>;
  fork(of: Process): Steps<Process>;
  *fork(of: UserMapping | Process): Steps<UserMapping | Process> {
    const child = yield* fork(this, processOf(of, 'fork()'));
    return MappingModel.is(of) ? of.copyFor(child) : processFor(this.world, child, () => null);
  }

  user_read(at: Start): Steps<number> {
    const { mapping, index } = addressOf(at, 'user_read()');
    return user_read(this, mapping, index);
  }

  user_write(at: Start, value: number): Steps<number> {
    const { mapping, index } = addressOf(at, 'user_write()');
    return user_write(this, mapping, index, wholeOf(value, 'user_write()'));
  }

  dma_write(pages: UserPages, index: number, value: number): Steps<void> {
    const what = 'dma_write()';
    return dma_write(this, userPagesOf(pages, what), countOf(index, what), wholeOf(value, what));
  }

  dma_read(pages: UserPages, index: number): Steps<number> {
    return dma_read(this, userPagesOf(pages, 'dma_read()'), countOf(index, 'dma_read()'));
  }

  mlock(page: Page): Steps<void> {
    return mlock_folio(this, modelOf(page, 'mlock()'));
  }

  lru_add_drain(): Steps<void> {
    return lru_add_drain(this);
  }

  split_huge_pmd(at: Start): Steps<void> {
    const { mapping, index } = addressOf(at, 'split_huge_pmd()');
    return split_huge_pmd(this, mapping, mapping.blockOf(index));
  }

  split_huge_page(page: Page): Steps<number> {
    return split_huge_page(this, modelOf(page, 'split_huge_page()').head);
  }

  shrink_folio(page: Page): Steps<boolean> {
    return shrink_folio(this, modelOf(page, 'shrink_folio()'));
  }

  madvise_free(start: Start, nr?: number): Steps<void> {
    const { mapping, index, nr: n } = extentOf(start, nr, 'madvise_free()');
    return madvise_free(this, mapping, index, n);
  }

  clear_refs(mapping: UserMapping): Steps<void> {
    return clear_refs(this, mappingOf(mapping, 'clear_refs()'));
  }

  change_prot_numa(mapping: UserMapping): Steps<void> {
    return change_prot_numa(this, mappingOf(mapping, 'change_prot_numa()'));
  }

  ksm_merge(one: Start, two: Start): Steps<boolean> {
    return try_to_merge_two_pages(this, addressOf(one, 'ksm_merge()'), addressOf(two, 'ksm_merge()'));
  }

  collapse_huge_page(at: Start): Steps<boolean> {
    const { mapping, index } = addressOf(at, 'collapse_huge_page()');
    return collapse_huge_page(this, mapping, mapping.blockOf(index));
  }

  memory_failure(page: Page): Steps<number> {
    return memory_failure(this, modelOf(page, 'memory_failure()'));
  }

  migrate_pages(page: Page): Steps<boolean> {
    return migrate_pages(this, modelOf(page, 'migrate_pages()').head);
  }

  *find_get_page(file: MemoryFile, index: number): Steps<Page | null> {
    const head = yield* find_get_page(this, fileOf(file, 'find_get_page()'), countOf(index, 'find_get_page()'));
    if (head !== null) this.world.hold('get', head, 1);
    return head;
  }

  writeback(file: MemoryFile, index: number): Steps<void> {
    return writeback_page(this, fileOf(file, 'writeback()'), countOf(index, 'writeback()'));
  }

  fsync(file: MemoryFile): Steps<void> {
    return fsync(this, fileOf(file, 'fsync()'));
  }

  truncate(file: MemoryFile, npages: number): Steps<void> {
    return truncate(this, fileOf(file, 'truncate()'), countOf(npages, 'truncate()'));
  }

  invalidate_page(file: MemoryFile, index: number): Steps<boolean> {
    return invalidate_page(this, fileOf(file, 'invalidate_page()'), countOf(index, 'invalidate_page()'));
  }

  read(file: MemoryFile, index: number): Steps<number> {
    return filemap_read(this, fileOf(file, 'read()'), countOf(index, 'read()'));
  }

  write(file: MemoryFile, index: number, value: number): Steps<void> {
    return filemap_write(this, fileOf(file, 'write()'), countOf(index, 'write()'), wholeOf(value, 'write()'));
  }
}
