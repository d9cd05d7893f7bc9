/** munmap(), exit and MADV_DONTNEED: the entries, the TLB flush, and only then the references and page tables. */
import { ENTRY_TABLE, entryPage } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { MmStruct } from '../mm-struct.ts';
import { LK, R, UL, W, XCHG } from '../step.ts';
import type { Mm } from './context.ts';
import { huge_pmd_unshare } from './hugetlb.ts';
import { mmap_read_lock, mmap_read_unlock, mmap_write_downgrade, mmap_write_lock } from './lock.ts';
import { lru_add_drain } from './lru.ts';
import { split_huge_pmd } from './split-pmd.ts';
import { tlb_remove_table_sync_one } from './tlb.ts';
import { type Gathered, tlb_finish_mmu, zap_huge, zap_pte_range } from './zap.ts';

/** Takes pages `from` to `to - 1` of a mapping out of the page tables; a huge page that is cut is split first. */
function* unmap_page_range(mm: Mm, mapping: MappingModel, from: number, to: number, gathered: Gathered): Steps<void> {
  for (let i = from; i < to; ) {
    const block = mapping.blockOf(i);
    const first = block * mapping.blockPages;
    const end = Math.min(first + mapping.blockPages, mapping.npages, to);
    const whole = i === first && end === Math.min(first + mapping.blockPages, mapping.npages);
    yield* unmap_block(mm, mapping, block, i, end, whole, gathered);
    i = end;
  }
}

function* unmap_block(
  mm: Mm,
  mapping: MappingModel,
  block: number,
  from: number,
  to: number,
  whole: boolean,
  gathered: Gathered,
): Steps<void> {
  const upper = yield R(mapping.upper(block));
  if (upper === 0) return;
  const shared = mapping.start.sharedTable !== undefined;
  if ((upper & ENTRY_TABLE) === 0 || shared) {
    if (whole) {
      const found = yield* zap_huge(mm, mapping, block, gathered);
      if (found === 0 || shared || (found & ENTRY_TABLE) === 0) return;
    } else yield* split_huge_pmd(mm, mapping, block);
  }
  yield* zap_pte_range(mm, mapping, from, to, gathered);
}

/** munmap() of a whole mapping. The write lock is held to take the vma away, and is a read lock from then on. */
export function* munmap(mm: Mm, mapping: MappingModel): Steps<void> {
  yield* mmap_write_lock(mapping.mm);
  yield W(mapping.vma, 0);
  yield* mmap_write_downgrade(mapping.mm);
  yield* unmap_region(mm, mapping);
  yield* mmap_read_unlock(mapping.mm);
}

/** unmap_region(): entries, flush, references, page tables. */
function* unmap_region(mm: Mm, mapping: MappingModel): Steps<void> {
  if (mm.sw.munmapDrainsLru && mm.world.arch.lruBatch) yield* lru_add_drain(mm);
  if (yield* huge_pmd_unshare(mm, mapping)) return;
  const gathered: Gathered = [];
  yield* unmap_page_range(mm, mapping, 0, mapping.npages, gathered);
  yield* tlb_finish_mmu(mm, mapping, gathered);
  yield* free_pgtables(mm, mapping);
}

/** free_pgtables(): a table is unlinked, and freed when no lockless walker can be in it any more. */
function* free_pgtables(mm: Mm, mapping: MappingModel): Steps<void> {
  if (mapping.start.sharedTable !== undefined) return;
  for (let block = 0; block < mapping.blocks; block++) {
    yield LK(mapping.pmd_lock);
    const upper = yield R(mapping.upper(block));
    const linked = (upper & ENTRY_TABLE) !== 0;
    if (linked) yield XCHG(mapping.upper(block), 0);
    yield UL(mapping.pmd_lock);
    if (!linked) continue;
    yield* tlb_remove_table_sync_one();
    yield W(mm.world.table(entryPage(upper)).freed, 1);
  }
}

/** exit_mmap(): all mappings of a process. */
export function* exit_mmap(mm: Mm, of: MmStruct): Steps<void> {
  for (const mapping of of.mappings) {
    if ((yield R(mapping.vma)) === 1) yield* munmap(mm, mapping);
  }
}

/**
 * madvise(MADV_DONTNEED): the pages go, the mapping stays; the next access finds fresh ones. Of hugetlb only whole pages
 * can go: a part of one is refused.
 */
export function* madvise_dontneed(mm: Mm, mapping: MappingModel, from: number, nr: number): Steps<void> {
  yield* mmap_read_lock(mapping.mm);
  const whole = mapping.within(from) === 0 && mapping.within(from + nr) === 0;
  const allowed = mapping.start.kind !== 'hugetlb' || whole;
  if (allowed && (yield R(mapping.vma)) === 1) {
    const gathered: Gathered = [];
    if (mm.sw.munmapDrainsLru && mm.world.arch.lruBatch) yield* lru_add_drain(mm);
    yield* unmap_page_range(mm, mapping, from, from + nr, gathered);
    yield* tlb_finish_mmu(mm, mapping, gathered);
  }
  yield* mmap_read_unlock(mapping.mm);
}
