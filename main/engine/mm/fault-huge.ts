/** Faults on PMD-mapped anonymous memory: first touch, write protection, NUMA hints. */
import {
  ENTRY_PROTNONE,
  ENTRY_WRITE,
  entryFor,
  entryPage,
  entryWith,
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  homeFor,
} from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { LK, R, UL, W } from '../step.ts';
import { alloc_pages } from './alloc.ts';
import type { Mm } from './context.ts';
import { writable_bits } from './fault.ts';
import { folio_add_lru } from './lru.ts';
import { put_page_untold } from './refcount.ts';
import { page_trans_huge_mapcount } from './rmap.ts';
import { lock_page_under_pmd, split_huge_pmd } from './split-pmd.ts';

/** Subpages of a huge page whose contents are cleared and copied; the model leaves out what lies behind them. */
export const CONTENT_PAGES = 16;

/** do_huge_pmd_anonymous_page(): false when the fault has to go on with single pages. */
export function* do_huge_pmd_anonymous_page(
  mm: Mm,
  mapping: MappingModel,
  block: number,
  flags: number,
): Steps<boolean> {
  const { order } = mapping.start;
  if ((block + 1) * mapping.blockPages > mapping.npages) return false;
  const entry = mapping.upper(block);
  if ((flags & FAULT_FLAG_WRITE) === 0) {
    yield LK(mapping.pmd_lock);
    if ((yield R(entry)) === 0) yield W(entry, entryFor(mm.world.hugeZeroPage(order).object, 0));
    yield UL(mapping.pmd_lock);
    return true;
  }
  const page = yield* alloc_pages(mm, order);
  yield* clear_huge_page(page);
  yield LK(mapping.pmd_lock);
  if ((yield R(entry)) !== 0) {
    yield UL(mapping.pmd_lock);
    yield* put_page_untold(mm, page);
    return true;
  }
  yield* add_huge_anon_rmap(mm, page, mapping, block * mapping.blockPages);
  yield* folio_add_lru(mm, page);
  yield W(entry, entryFor(page.object, writable_bits(mapping)));
  yield UL(mapping.pmd_lock);
  return true;
}

export function* clear_huge_page(page: PageModel): Steps<void> {
  for (let i = 0; i < Math.min(page.npages, CONTENT_PAGES); i++) {
    const { data } = page.subpage(i);
    if ((yield R(data)) !== 0) yield W(data, 0);
  }
}

/** folio_add_new_anon_rmap() of a huge page. */
export function* add_huge_anon_rmap(mm: Mm, page: PageModel, mapping: MappingModel, index: number): Steps<void> {
  yield W(page.mapping, homeFor(mapping.root.object, index));
  yield W(page.flag('PG_swapbacked'), 1);
  yield W(page.entire_mapcount, 1);
  if (mm.sw.anonExclusive) yield W(page.anon_exclusive, 1);
}

/** A fault on a huge leaf: 0 when the access can be tried again. */
export function* do_huge_pmd_fault(
  mm: Mm,
  mapping: MappingModel,
  index: number,
  seen: number,
  flags: number,
): Steps<number> {
  const block = mapping.blockOf(index);
  const entry = mapping.upper(block);
  yield LK(mapping.pmd_lock);
  const pmd = yield R(entry);
  let split = false;
  if (pmd === seen) {
    const wanted = (flags & FAULT_FLAG_WRITE) !== 0 && (pmd & ENTRY_WRITE) === 0;
    if ((pmd & ENTRY_PROTNONE) !== 0) yield W(entry, entryWith(pmd, 0, ENTRY_PROTNONE));
    else if (wanted || (flags & FAULT_FLAG_UNSHARE) !== 0) {
      split = yield* do_huge_pmd_wp_page(mm, mapping, block, pmd, flags);
    }
  }
  yield UL(mapping.pmd_lock);
  if (split) yield* split_huge_pmd(mm, mapping, block);
  return 0;
}

/**
 * do_huge_pmd_wp_page(): written in place by each era's rule, otherwise the PMD is to be split (true) and the next try
 * copies one small page (since 5.8; before, a whole huge page was copied, which counts the same).
 */
function* do_huge_pmd_wp_page(
  mm: Mm,
  mapping: MappingModel,
  block: number,
  pmd: number,
  flags: number,
): Steps<boolean> {
  const head = mm.world.pageOf(entryPage(pmd));
  const unshare = (flags & FAULT_FLAG_UNSHARE) !== 0;
  if (head.traits.kind === 'huge-zero') {
    if (mm.sw.hugeZeroWrite === 'split') return true;
    yield* do_huge_zero_wp_pmd(mm, mapping, block);
    return false;
  }
  const reuse = yield* may_reuse_huge(mm, mapping, block, pmd, head);
  if (reuse === 'reuse' && !unshare) {
    yield W(mapping.upper(block), entryWith(pmd, writable_bits(mapping), 0));
  }
  return reuse === 'copy';
}

/** do_huge_zero_wp_pmd() (6.13): a whole huge page in the huge zero page's place. The lock is held. */
function* do_huge_zero_wp_pmd(mm: Mm, mapping: MappingModel, block: number): Steps<void> {
  const page = yield* alloc_pages(mm, mapping.start.order);
  yield* clear_huge_page(page);
  yield* add_huge_anon_rmap(mm, page, mapping, block * mapping.blockPages);
  yield* folio_add_lru(mm, page);
  yield W(mapping.upper(block), entryFor(page.object, writable_bits(mapping)));
}

/** May the huge page be written in place? The locks are held; the page's may have to be slept for. */
function* may_reuse_huge(
  mm: Mm,
  mapping: MappingModel,
  block: number,
  pmd: number,
  head: PageModel,
): Steps<'reuse' | 'copy' | 'again'> {
  if (mm.sw.cowReuseThp === 'exclusive' && (yield R(head.anon_exclusive)) === 1) return 'reuse';
  if (!(yield* lock_page_under_pmd(mm, mapping, block, pmd, head))) return 'again';
  const counted = mm.sw.cowReuseThp === 'mapcount' ? yield* page_trans_huge_mapcount(head) : yield R(head._refcount);
  if (counted === 1 && mm.sw.cowReuseThp === 'exclusive') yield W(head.anon_exclusive, 1);
  yield UL(head.locked);
  return counted === 1 ? 'reuse' : 'copy';
}
