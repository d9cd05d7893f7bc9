/**
 * fork(): dup_mmap() and copy_page_range(). The child gets copies of the entries; private pages become read-only on both
 * sides, unless they are pinned and the revision knows that a pinned page must be copied at once.
 */
import {
  ENTRY_DIRTY,
  ENTRY_EXCLUSIVE,
  ENTRY_INVALID,
  ENTRY_MIGRATION,
  ENTRY_PROTNONE,
  ENTRY_SPECIAL,
  ENTRY_SWAP,
  ENTRY_TABLE,
  ENTRY_WRITE,
  entryFor,
  entryPage,
  entryPoisoned,
  entryPresent,
  entryWith,
} from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { MmStruct } from '../mm-struct.ts';
import type { PageModel } from '../page.ts';
import type { PageTable } from '../page-table.ts';
import { ADD, ADDR, LK, R, UL, W, WAITNOT } from '../step.ts';
import { alloc_pages } from './alloc.ts';
import { compound_head, folio_nr_pages, type Mm } from './context.ts';
import { folio_add_new_anon_rmap, pte_alloc, writable_bits } from './fault.ts';
import { add_huge_anon_rmap } from './fault-huge.ts';
import { copy_huge_page, huge_entry } from './hugetlb.ts';
import { mmap_write_lock, mmap_write_unlock, rmap_write_lock, rmap_write_unlock } from './lock.ts';
import { folio_add_lru } from './lru.ts';
import { page_maybe_dma_pinned } from './pinned.ts';
import { folio_get, folio_put } from './refcount.ts';
import { split_huge_pmd } from './split-pmd.ts';
import { flush_tlb } from './tlb.ts';
import { folio_test_anon } from './unshare.ts';

/** fork() of a process: the child with its copies of all mappings. */
export function* fork(mm: Mm, parent: MmStruct): Steps<MmStruct> {
  yield* mmap_write_lock(parent);
  // anon_vma_fork(), vma_interval_tree_insert_after(): from here on the reverse map knows the child.
  yield* rmap_write_lock(parent);
  const child = parent.child(yield ADDR(parent.children, 1));
  yield* rmap_write_unlock(parent);
  for (const source of parent.mappings) {
    if ((yield R(source.vma)) === 0) continue;
    yield* copy_page_range(mm, source, source.copyFor(child));
  }
  yield* flush_tlb(mm, parent);
  for (const source of parent.mappings) if ((yield R(source.vma)) === 1) yield W(source.copyFor(child).vma, 1);
  mm.world.forked(child);
  yield* mmap_write_unlock(parent);
  return child;
}

/** copy_page_range(): between an odd and an even write_protect_seq, so that fast GUP of pins keeps away (5.11). */
function* copy_page_range(mm: Mm, src: MappingModel, dst: MappingModel): Steps<void> {
  const sequence = src.cow && mm.sw.writeProtectSeq;
  if (sequence) yield ADD(src.mm.write_protect_seq, 1);
  for (let block = 0; block < src.blocks; block++) yield* copy_block(mm, src, dst, block);
  if (sequence) yield ADD(src.mm.write_protect_seq, 1);
}

function* copy_block(mm: Mm, src: MappingModel, dst: MappingModel, block: number): Steps<void> {
  for (;;) {
    const upper = yield R(src.upper(block));
    if (upper === 0) return;
    if (!entryPoisoned(upper) && (upper & (ENTRY_MIGRATION | ENTRY_INVALID)) !== 0) {
      yield WAITNOT(src.upper(block), upper);
      continue;
    }
    if (src.start.sharedTable !== undefined) return;
    if (src.start.kind === 'hugetlb' && (upper & ENTRY_TABLE) === 0) return yield* copy_hugetlb(mm, src, dst, block);
    if ((upper & ENTRY_TABLE) !== 0) return yield* copy_pte_range(mm, src, dst, block, entryPage(upper));
    if (yield* copy_huge_pmd(mm, src, dst, block)) return;
  }
}

/** May a pinned page be copied right away? The rule of the revision, for a page that would otherwise be shared. */
function* must_copy(mm: Mm, src: MappingModel, page: PageModel, head: PageModel): Steps<boolean> {
  if (!src.cow || mm.sw.forkCopiesPinned === 'no') return false;
  if (!(yield* folio_test_anon(mm, head))) return false;
  if (mm.sw.forkCopiesPinned === 'exclusive' && (yield R(page.anon_exclusive)) === 0) return false;
  if ((yield R(src.mm.has_pinned)) === 0) return false;
  return yield* page_maybe_dma_pinned(mm, head);
}

/** copy_huge_pmd(). False: the PMD was split, go on with its page table. */
function* copy_huge_pmd(mm: Mm, src: MappingModel, dst: MappingModel, block: number): Steps<boolean> {
  yield LK(src.pmd_lock);
  const pmd = yield R(src.upper(block));
  if (!entryPresent(pmd) || (pmd & ENTRY_TABLE) !== 0) {
    yield UL(src.pmd_lock);
    return false;
  }
  const head = mm.world.pageOf(entryPage(pmd));
  if (head.traits.kind === 'huge-zero') {
    yield W(dst.upper(block), pmd);
    yield UL(src.pmd_lock);
    return true;
  }
  yield ADD(head._refcount, 1);
  if (yield* must_copy(mm, src, head, head)) {
    yield* folio_put(mm, head);
    yield UL(src.pmd_lock);
    yield* split_huge_pmd(mm, src, block);
    return false;
  }
  if (mm.sw.anonExclusive && src.cow) yield W(head.anon_exclusive, 0);
  yield ADD(head.entire_mapcount, 1);
  const copy = src.cow ? entryWith(pmd, 0, ENTRY_WRITE) : pmd;
  if (copy !== pmd) yield W(src.upper(block), copy);
  yield W(dst.upper(block), copy);
  yield UL(src.pmd_lock);
  return true;
}

/** copy_pte_range(): entry by entry with both locks held (the child's nobody else can want yet). */
function* copy_pte_range(mm: Mm, src: MappingModel, dst: MappingModel, block: number, object: number): Steps<void> {
  const from = mm.world.table(object);
  yield* pte_alloc(dst, block);
  const to = dst.table(block);
  const first = block * src.blockPages;
  const last = Math.min(first + src.blockPages, src.npages);
  let prealloc: PageModel | null = null;
  yield LK(from.ptl);
  for (let i = first; i < last; i++) {
    const pte = yield R(from.entry(i - first));
    if (pte === 0) continue;
    if (!entryPresent(pte)) {
      yield* copy_nonpresent_pte(mm, pte, from.entry(i - first), to.entry(i - first));
      continue;
    }
    const batched: number = prealloc === null ? yield* copy_present_ptes(mm, src, dst, i, last - i, pte) : 0;
    if (batched > 0) {
      i += batched - 1;
      continue;
    }
    const copied: Copied = batched < 0 ? 'again' : yield* copy_present_pte(mm, src, dst, i, pte, prealloc);
    if (copied === 'used') prealloc = null;
    if (copied !== 'again') continue;
    // -EAGAIN: drop the locks, allocate, and look at the same entry again.
    yield UL(from.ptl);
    prealloc = yield* alloc_pages(mm, 0);
    yield LK(from.ptl);
    i--;
  }
  yield UL(from.ptl);
  if (prealloc !== null) yield* folio_put(mm, prealloc);
}

/** What became of an entry: shared, copied to the preallocated page, or to be tried again with one. */
type Copied = 'shared' | 'used' | 'again';

/**
 * copy_present_ptes() (6.9): consecutive pages of one large folio at once, as long as nothing was preallocated and more
 * than one entry is left. Gives the number of entries copied, 0 where it is not for this, -1 for -EAGAIN.
 */
function* copy_present_ptes(
  mm: Mm,
  src: MappingModel,
  dst: MappingModel,
  i: number,
  left: number,
  pte: number,
): Steps<number> {
  if (!mm.sw.forkBatches || left === 1 || entryPage(pte) < 0 || (pte & ENTRY_SPECIAL) !== 0) return 0;
  const page = mm.world.pageOf(entryPage(pte));
  if (page.traits.kind === 'device') return 0;
  const head = yield* compound_head(mm, page);
  if ((yield* folio_nr_pages(head)) === 1) return 0;
  const from = src.table(src.blockOf(i));
  const olds = yield* folio_pte_batch(from, src.within(i), left, pte, page, head);
  const nr = olds.length;
  yield ADD(head._refcount, nr);
  if (yield* batch_must_be_copied(mm, src, page, head, nr)) {
    yield ADD(head._refcount, -nr);
    return -1;
  }
  for (let k = 0; k < nr; k++) {
    const one = head.subpage(page.index + k);
    if (mm.sw.anonExclusive && src.cow && (yield R(one.anon_exclusive)) === 1) yield W(one.anon_exclusive, 0);
    yield ADD(one.mapcount, 1);
  }
  const to = dst.table(dst.blockOf(i));
  for (const [k, old] of olds.entries()) {
    const copy = src.cow ? entryWith(old, 0, ENTRY_WRITE) : old;
    if (copy !== old) yield W(from.entry(src.within(i) + k), copy);
    yield W(to.entry(dst.within(i) + k), entryWith(copy, 0, ENTRY_PROTNONE));
  }
  return nr;
}

/** folio_pte_batch(): the entries from here on that map consecutive pages of the folio; writable and dirty may differ. */
function* folio_pte_batch(
  from: PageTable,
  within: number,
  left: number,
  pte: number,
  page: PageModel,
  head: PageModel,
): Steps<number[]> {
  const ignored = ENTRY_WRITE | ENTRY_DIRTY;
  const bits = entryWith(pte, 0, ignored) - entryFor(page.object, 0);
  const most = Math.min(left, head.npages - page.index);
  const batch = [pte];
  for (let nr = 1; nr < most; nr++) {
    const next = yield R(from.entry(within + nr));
    if (entryWith(next, 0, ignored) !== entryFor(head.subpage(page.index + nr).object, bits)) break;
    batch.push(next);
  }
  return batch;
}

/** folio_try_dup_anon_rmap_ptes() would fail: the folio may be pinned, and one of these pages is exclusive. */
function* batch_must_be_copied(
  mm: Mm,
  src: MappingModel,
  page: PageModel,
  head: PageModel,
  nr: number,
): Steps<boolean> {
  if (!src.cow || !(yield* folio_test_anon(mm, head))) return false;
  if ((yield R(src.mm.has_pinned)) === 0 || !(yield* page_maybe_dma_pinned(mm, head))) return false;
  for (let k = 0; k < nr; k++) if ((yield R(head.subpage(page.index + k).anon_exclusive)) === 1) return true;
  return false;
}

/** Swap and migration entries: shared by both from now on, and no longer exclusive. */
function* copy_nonpresent_pte(
  mm: Mm,
  pte: number,
  from: Parameters<typeof W>[0],
  to: Parameters<typeof W>[0],
): Steps<void> {
  const copy = entryWith(pte, 0, ENTRY_EXCLUSIVE | ((pte & ENTRY_MIGRATION) !== 0 ? ENTRY_WRITE : 0));
  if ((pte & ENTRY_SWAP) !== 0 && !entryPoisoned(pte)) yield ADD(mm.world.slotOf(entryPage(pte)).count, 1);
  if (copy !== pte) yield W(from, copy);
  yield W(to, copy);
}

function* copy_present_pte(
  mm: Mm,
  src: MappingModel,
  dst: MappingModel,
  i: number,
  pte: number,
  prealloc: PageModel | null,
): Steps<Copied> {
  const block = src.blockOf(i);
  const [from, to] = [src.table(block).entry(src.within(i)), dst.table(block).entry(dst.within(i))];
  const bare = entryPage(pte) < 0 || (pte & ENTRY_SPECIAL) !== 0;
  const page = bare ? null : mm.world.pageOf(entryPage(pte));
  if (page === null || page.traits.kind === 'device') {
    yield W(to, src.cow ? entryWith(pte, 0, ENTRY_WRITE) : pte);
    return 'shared';
  }
  const head = yield* compound_head(mm, page);
  if (mm.sw.forkCopiesPinned === 'exclusive') yield* folio_get(mm, head);
  if (yield* must_copy(mm, src, page, head)) {
    if (mm.sw.forkCopiesPinned === 'exclusive') yield* folio_put(mm, head);
    if (prealloc === null) return 'again';
    yield W(prealloc.data, yield R(page.data));
    yield* folio_add_new_anon_rmap(mm, prealloc, dst, i);
    yield* folio_add_lru(mm, prealloc);
    yield W(to, entryFor(prealloc.object, writable_bits(dst)));
    return 'used';
  }
  if (mm.sw.forkCopiesPinned !== 'exclusive') yield* folio_get(mm, head);
  if (mm.sw.anonExclusive && src.cow && (yield R(page.anon_exclusive)) === 1) yield W(page.anon_exclusive, 0);
  yield ADD(page.mapcount, 1);
  const copy = src.cow ? entryWith(pte, 0, ENTRY_WRITE) : pte;
  if (copy !== pte) yield W(from, copy);
  yield W(to, entryWith(copy, 0, ENTRY_PROTNONE));
  return 'shared';
}

/**
 * copy_hugetlb_page_range(): as for small pages; early copies since 5.12 (4eae4efa2c29). A child gets the entry of a page
 * that failed.
 */
function* copy_hugetlb(mm: Mm, src: MappingModel, dst: MappingModel, block: number): Steps<void> {
  const [from, to] = [huge_entry(src, block), huge_entry(dst, block)];
  yield LK(src.pmd_lock);
  const entry = yield R(from);
  if (entryPresent(entry)) {
    const head = mm.world.pageOf(entryPage(entry));
    yield* folio_get(mm, head);
    if (mm.sw.forkCopiesHugetlb && (yield* must_copy(mm, src, head, head))) {
      yield* folio_put(mm, head);
      const copy = yield* copy_huge_page(mm, head);
      yield* add_huge_anon_rmap(mm, copy, dst, block * dst.blockPages);
      yield W(to, entryFor(copy.object, writable_bits(dst)));
    } else {
      if (mm.sw.anonExclusive && src.cow && (yield R(head.anon_exclusive)) === 1) yield W(head.anon_exclusive, 0);
      yield ADD(head.entire_mapcount, 1);
      const copy = src.cow ? entryWith(entry, 0, ENTRY_WRITE) : entry;
      if (copy !== entry) yield W(from, copy);
      yield W(to, copy);
    }
  } else if (entryPoisoned(entry)) yield W(to, entry);
  yield UL(src.pmd_lock);
}
