/** Rules for pages that must not be pinned as they are: shared anonymous pages, and files under long pins. */
import { FileModel } from '../file.ts';
import { FOLL_LONGTERM, FOLL_PIN, FOLL_WRITE, homeObject } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { R } from '../step.ts';
import type { Mm } from './context.ts';

/** PageAnon(): page->mapping says so. The zero pages and device pages are not. */
export function* folio_test_anon(mm: Mm, head: PageModel): Steps<boolean> {
  const home = yield R(head.mapping);
  return home !== 0 && !(mm.world.homeOf(homeObject(home)) instanceof FileModel);
}

/** The page that holds the flag: hugetlb pages have it on the head only. */
function exclusive_of(mm: Mm, page: PageModel, head: PageModel): PageModel {
  if (head.traits.kind !== 'hugetlb') return page;
  if (mm.sw.unshareLooksAtHead) return head;
  if (mm.world.arch.debugVm && page !== head) {
    mm.world.event('BUG', 'VM_BUG_ON_PGFLAGS(PageHuge(page) && !PageHead(page), page) in PageAnonExclusive()');
  }
  return page;
}

/**
 * gup_must_unshare(): a read-only pin of a page that is not exclusive would be left with a stale page after the next
 * copy on write. `mapping` is null in the fast path, which knows no vma.
 */
export function* gup_must_unshare(
  mm: Mm,
  mapping: MappingModel | null,
  page: PageModel,
  head: PageModel,
  gup_flags: number,
): Steps<boolean> {
  if (mm.sw.unshare === 'no') return false;
  if ((gup_flags & (FOLL_WRITE | FOLL_PIN)) !== FOLL_PIN) return false;
  if (!(yield* folio_test_anon(mm, head))) {
    if (mm.sw.unshare === 'anon' || (gup_flags & FOLL_LONGTERM) === 0) return false;
    return mapping === null || mapping.cow;
  }
  return (yield R(exclusive_of(mm, page, head).anon_exclusive)) === 0;
}

/**
 * folio_fast_pin_allowed() / gup_fast_folio_allowed() (6.5): long pins for writing only of memory whose writes nobody
 * needs to track. Reading page->mapping is safe because IRQs are off.
 */
export function* folio_fast_pin_allowed(mm: Mm, head: PageModel, gup_flags: number): Steps<boolean> {
  const all = FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE;
  if (!mm.sw.longtermFileRefused || (gup_flags & all) !== all || head.traits.kind === 'hugetlb') return true;
  const home = yield R(head.mapping);
  if (home === 0) return false;
  const owner = mm.world.homeOf(homeObject(home));
  return !(owner instanceof FileModel) || owner.traits.fs !== 'ext4';
}

/** check_vma_flags() of 6.5: the same rule, asked of the mapping. */
export function writable_file_mapping_allowed(mm: Mm, mapping: MappingModel, gup_flags: number): boolean {
  const all = FOLL_PIN | FOLL_LONGTERM | FOLL_WRITE;
  if (!mm.sw.longtermFileRefused || (gup_flags & all) !== all) return true;
  return !mapping.start.shared || mapping.start.file === null || mapping.start.file.traits.fs !== 'ext4';
}
