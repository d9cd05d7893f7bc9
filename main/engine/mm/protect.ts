/** Changing entries of present pages: soft-dirty tracking, NUMA hints, MADV_FREE. */
import {
  ENTRY_DIRTY,
  ENTRY_PROTNONE,
  ENTRY_SPECIAL,
  ENTRY_TABLE,
  ENTRY_WRITE,
  entryPage,
  entryPresent,
  entryWith,
} from '../flags.ts';
import type { Steps, Word } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { LK, R, TRYLK, UL, W, XCHG } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { mmap_read_lock, mmap_read_unlock, mmap_write_lock, mmap_write_unlock } from './lock.ts';
import { page_vma_mapped } from './migrate.ts';
import { page_maybe_dma_pinned } from './pinned.ts';
import { flush_tlb } from './tlb.ts';

/**
 * clear_refs (soft dirty): entries are write-protected so that the next write is noticed; since 5.11 not those of pages
 * that may be pinned, and with mmap_lock held for writing, so that no slow GUP is under way (29a951dfb3c3).
 */
export function* clear_refs(mm: Mm, mapping: MappingModel): Steps<void> {
  if (mm.sw.clearRefsSkipsPinned) yield* mmap_write_lock(mapping.mm);
  else yield* mmap_read_lock(mapping.mm);
  for (let i = 0; i < mapping.npages; i++) {
    const slot = yield* page_vma_mapped(mm, { mapping, index: i });
    if (slot === null || slot.whole) continue;
    yield LK(slot.lock);
    const entry = yield R(slot.entry);
    if (entryPresent(entry) && (entry & ENTRY_WRITE) !== 0 && !(yield* spared(mm, mapping, entry))) {
      yield* modify_prot(slot.entry, 0, ENTRY_WRITE);
    }
    yield UL(slot.lock);
  }
  yield* flush_tlb(mm, mapping.mm);
  if (mm.sw.clearRefsSkipsPinned) yield* mmap_write_unlock(mapping.mm);
  else yield* mmap_read_unlock(mapping.mm);
}

/** ptep_modify_prot_start() and _commit(): taken out and put back, so that no dirty bit the CPU sets is lost. */
function* modify_prot(entry: Word, set: number, clear: number): Steps<void> {
  const old = yield XCHG(entry, 0);
  yield W(entry, entryWith(old, set, clear));
}

/** pte_is_pinned(). */
function* spared(mm: Mm, mapping: MappingModel, entry: number): Steps<boolean> {
  if (!mm.sw.clearRefsSkipsPinned || entryPage(entry) < 0) return false;
  if ((yield R(mapping.mm.has_pinned)) === 0) return false;
  return yield* page_maybe_dma_pinned(mm, mm.world.pageOf(entryPage(entry)));
}

/** Whether NUMA balancing looks at a mapping: hugetlb, devices and bare PFNs stay where they are. */
function migratable({ start }: MappingModel): boolean {
  return start.kind === 'anon' || start.kind === 'file';
}

/** change_prot_numa(): entries get a hint that makes every access fault. The zero pages are left out. */
export function* change_prot_numa(mm: Mm, mapping: MappingModel): Steps<void> {
  if (!migratable(mapping)) return;
  yield* mmap_read_lock(mapping.mm);
  for (let i = 0; i < mapping.npages; i++) {
    const slot = yield* page_vma_mapped(mm, { mapping, index: i });
    if (slot === null) continue;
    yield LK(slot.lock);
    const entry = yield R(slot.entry);
    const hinted = (entry & (ENTRY_TABLE | ENTRY_PROTNONE | ENTRY_SPECIAL)) !== 0;
    if (entryPresent(entry) && !hinted && mm.world.pageOf(entryPage(entry)).traits.kind === 'ram') {
      // pmdp_invalidate_ad() keeps a huge entry present all the time.
      if (slot.whole) yield XCHG(slot.entry, entryWith(entry, ENTRY_PROTNONE, 0));
      else yield* modify_prot(slot.entry, ENTRY_PROTNONE, 0);
    }
    yield UL(slot.lock);
    if (slot.whole) i += mapping.blockPages - 1;
  }
  yield* flush_tlb(mm, mapping.mm);
  yield* mmap_read_unlock(mapping.mm);
}

/** madvise(MADV_FREE) of small pages: clean, and no longer swap-backed, so that reclaim may drop them. */
export function* madvise_free(mm: Mm, mapping: MappingModel, from: number, nr: number): Steps<void> {
  yield* mmap_read_lock(mapping.mm);
  for (let i = from; i < from + nr; i++) {
    const slot = yield* page_vma_mapped(mm, { mapping, index: i });
    if (slot === null || slot.whole) continue;
    yield LK(slot.lock);
    const entry = yield R(slot.entry);
    if (entryPresent(entry) && entryPage(entry) >= 0) {
      const page = mm.world.pageOf(entryPage(entry));
      const head = yield* compound_head(mm, page);
      if (head === page && page.traits.kind === 'ram') yield* free_one(mm, mapping, slot.entry, entry, page);
    }
    yield UL(slot.lock);
  }
  yield* mmap_read_unlock(mapping.mm);
}

/** madvise_free_pte_range() of one entry, with its lock held. */
function* free_one(
  mm: Mm,
  mapping: MappingModel,
  slot: Parameters<typeof W>[0],
  entry: number,
  page: PageModel,
): Steps<void> {
  if ((yield TRYLK(page.locked)) === 0) return;
  const alone = (yield R(page.mapcount)) === 1 && (yield R(page.flag('PG_swapcache'))) === 0;
  if (alone) {
    yield W(page.dirty, 0);
    if ((entry & ENTRY_DIRTY) !== 0) {
      yield XCHG(slot, 0);
      yield* flush_tlb(mm, mapping.mm);
      yield W(slot, entryWith(entry, 0, ENTRY_DIRTY));
    }
    yield W(page.flag('PG_swapbacked'), 0);
  }
  yield UL(page.locked);
}
