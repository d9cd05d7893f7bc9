/**
 * Taking entries away: zap_pte_range() and zap_huge_pmd(). The pages are only gathered; their references are given back
 * after the TLB flush, because until then another CPU may still use them.
 */
import {
  ENTRY_DIRTY,
  ENTRY_INVALID,
  ENTRY_MIGRATION,
  ENTRY_SPECIAL,
  ENTRY_SWAP,
  ENTRY_TABLE,
  entryPage,
  PG_head,
} from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { ADD, ADDR, ADDU, LK, R, TRYLK, UL, W, XCHG } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { huge_entry } from './hugetlb.ts';
import { put_page_refs, put_page_untold } from './refcount.ts';
import { remove_rmap } from './rmap.ts';
import { try_to_free_swap } from './swap-cache.ts';
import { flush_tlb } from './tlb.ts';

/** Pages whose mapping reference is to be put once the TLB is flushed. */
export type Gathered = PageModel[];

/** tlb_finish_mmu(): flush, then put. */
export function* tlb_finish_mmu(mm: Mm, mapping: MappingModel, gathered: Gathered): Steps<void> {
  yield* flush_tlb(mm, mapping.mm);
  for (let i = 0; i < gathered.length; ) {
    const page = gathered[i];
    if (page === undefined) return;
    const head = yield* compound_head(mm, page);
    // A page that was split meanwhile is alone.
    const whole = mm.sw.zapBatches && ((yield R(head.flags)) & PG_head) !== 0;
    const nr = whole ? runLength(gathered, i) : 1;
    yield* put_page_refs(mm, head, nr);
    i += nr;
  }
}

/** How many entries from `i` on are consecutive pages of one folio. */
function runLength(gathered: Gathered, i: number): number {
  const first = gathered[i];
  let nr = 1;
  for (let next = gathered[i + nr]; next !== undefined; next = gathered[i + nr]) {
    if (next.head !== first?.head || next.index !== first.index + nr) break;
    nr++;
  }
  return nr;
}

/** Whether a mapping counts references and mappings on the pages of its entries. */
function counted(mm: Mm, page: PageModel, entry: number): boolean {
  if (page.traits.kind === 'device') return !mm.sw.devmapOneBased;
  return (entry & ENTRY_SPECIAL) === 0 && page.traits.kind !== 'huge-zero';
}

/** zap_pte_range() of pages `from` to `to - 1`, which lie under one page table. */
export function* zap_pte_range(
  mm: Mm,
  mapping: MappingModel,
  from: number,
  to: number,
  gathered: Gathered,
): Steps<void> {
  const table = mapping.table(mapping.blockOf(from));
  yield LK(table.ptl);
  for (let i = from; i < to; i++) {
    const old = yield XCHG(table.entry(mapping.within(i)), 0);
    mm.world.detach({ mapping, index: i }, 1);
    if (old === 0 || (old & ENTRY_MIGRATION) !== 0) continue;
    if ((old & ENTRY_SWAP) !== 0) yield* free_swap_and_cache(mm, old);
    else if (entryPage(old) >= 0) yield* zap_present(mm, mapping, i, old, gathered);
  }
  yield UL(table.ptl);
}

function* zap_present(mm: Mm, mapping: MappingModel, i: number, old: number, gathered: Gathered): Steps<void> {
  const page = mm.world.pageOf(entryPage(old));
  if (!counted(mm, page, old)) return;
  if (mapping.start.kind === 'hugetlb') {
    // Contiguous entries of one huge page count as one mapping.
    if (i + 1 < mapping.npages) return;
    yield ADD(page.head.entire_mapcount, -1);
    gathered.push(page.head);
    return;
  }
  if (mapping.start.shared && (old & ENTRY_DIRTY) !== 0) yield W((yield* compound_head(mm, page)).dirty, 1);
  yield* remove_rmap(page.mapcount, yield* compound_head(mm, page));
  gathered.push(page);
}

/** free_swap_and_cache(): an entry less; the cached page goes when it was the last and nobody is in the way. */
function* free_swap_and_cache(mm: Mm, entry: number): Steps<void> {
  const slot = mm.world.slotOf(entryPage(entry));
  if ((yield ADDR(slot.count, -1)) !== 1) return;
  const cached = yield R(slot.cache);
  if (cached === 0) return;
  const page = mm.world.pageOf(cached - 1);
  if ((yield ADDU(page._refcount, 1)) === 0) return;
  if ((yield TRYLK(page.locked)) === 1) {
    if ((yield R(page.flag('PG_swapcache'))) === 1 && (yield R(page.writeback)) === 0)
      yield* try_to_free_swap(mm, page);
    yield UL(page.locked);
  }
  yield* put_page_untold(mm, page);
}

/** zap_huge_pmd() / __unmap_hugepage_range(): a whole huge entry. Returns what was there. */
export function* zap_huge(mm: Mm, mapping: MappingModel, block: number, gathered: Gathered): Steps<number> {
  const entry = huge_entry(mapping, block);
  yield LK(mapping.pmd_lock);
  const seen = yield R(entry);
  if (seen === 0 || (seen & (ENTRY_TABLE | ENTRY_INVALID)) !== 0) {
    yield UL(mapping.pmd_lock);
    return seen;
  }
  const old = yield XCHG(entry, 0);
  mm.world.detach({ mapping, index: block * mapping.blockPages }, mapping.blockPages);
  const head = mm.world.pageOf(entryPage(old));
  if ((old & ENTRY_MIGRATION) === 0 && counted(mm, head, old)) {
    if (mapping.start.shared && (old & ENTRY_DIRTY) !== 0) yield W(head.dirty, 1);
    yield ADD(head.entire_mapcount, -1);
    gathered.push(head);
  }
  yield UL(mapping.pmd_lock);
  return old;
}
