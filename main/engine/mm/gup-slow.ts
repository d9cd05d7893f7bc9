/** The slow path: the page-table lock is held, so the mapping keeps its reference while ours is taken. */
import {
  ENTRY_DIRTY,
  ENTRY_PROTNONE,
  ENTRY_SPECIAL,
  ENTRY_TABLE,
  ENTRY_WRITE,
  entryPage,
  entryPresent,
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  FOLL_COW,
  FOLL_FORCE,
  FOLL_GET,
  FOLL_LONGTERM,
  FOLL_PIN,
  FOLL_TOUCH,
  FOLL_WRITE,
} from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { LK, R, UL, W } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { handle_mm_fault } from './fault.ts';
import { try_grab_compound_head, try_grab_page } from './grab.ts';
import type { Range } from './gup-fast.ts';
import { mark_page_accessed } from './lru.ts';
import { gup_put_folio } from './unpin.ts';
import { folio_test_anon, gup_must_unshare, writable_file_mapping_allowed } from './unshare.ts';
import { EEXIST, EFAULT, EMLINK, ENOMEM, EOPNOTSUPP, UserPagesModel } from './user-pages.ts';

/** Nothing that can be taken: the fault handler has to bring it. */
const FAULT = 'fault';

/** What following one address gave: pages from `page` on, an error (negative), or the wish for a fault. */
interface Followed {
  readonly page: PageModel | null;
  readonly nr: number;
  readonly error: number | typeof FAULT;
}

const failed = (error: Followed['error']): Followed => ({ page: null, nr: 0, error });

/**
 * __get_user_pages(), with mmap_lock held for reading. `ret` of the result is the number taken, or -errno when the
 * first page could not be had. Nobody is told of the pages yet.
 */
export function* __get_user_pages(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  const { mapping } = range;
  const pages = new UserPagesModel((gup_flags & FOLL_PIN) !== 0 ? 'pin' : 'get', mapping);
  let flags = gup_flags;
  let error = (yield R(mapping.vma)) === 0 ? -EFAULT : check_vma_flags(mm, mapping, gup_flags);
  while (pages.length < range.nr && error === 0) {
    const index = range.index + pages.length;
    if (index >= mapping.limit) {
      error = -EFAULT;
      break;
    }
    const found = yield* follow_page_mask(mm, mapping, index, range.nr - pages.length, flags);
    if (found.page !== null) pages.add(found.page, found.nr);
    else if (found.error === -EEXIST) {
      // The entry is counted, but pages[] was never filled in: 5.7 to 5.16 did so for pins of a bare PFN.
      mm.world.complain('I8', `pages[${pages.length}] was never filled in: ${mapping.name} maps a bare PFN there`);
      pages.add(mm.world.junkPage, 1);
    } else if (found.error === FAULT || found.error === -EMLINK) {
      const unshare = found.error === -EMLINK;
      const write = (flags & FOLL_WRITE) !== 0 ? FAULT_FLAG_WRITE : 0;
      error = yield* handle_mm_fault(mm, mapping, index, unshare ? FAULT_FLAG_UNSHARE : write);
      if (error === 0 && write !== 0 && !unshare && !mapping.start.writable) flags = forced(mm, flags);
    } else error = found.error;
  }
  pages.ret = pages.length > 0 ? pages.length : error;
  return pages;
}

/** A write was forced through copy on write: what the next look-up goes by, era by era. */
function forced(mm: Mm, flags: number): number {
  if (mm.sw.forcedWrite === 'drop-write') return flags & ~FOLL_WRITE;
  return mm.sw.forcedWrite === 'foll-cow' ? flags | FOLL_COW : flags;
}

/** check_vma_flags(): 0 or -errno. Long pins of fs-dax are refused (2bb6d2837083). */
function check_vma_flags(mm: Mm, mapping: MappingModel, gup_flags: number): number {
  if ((gup_flags & FOLL_LONGTERM) !== 0 && mapping.start.kind === 'devmap') return -EOPNOTSUPP;
  if (!writable_file_mapping_allowed(mm, mapping, gup_flags)) return -EFAULT;
  if ((gup_flags & FOLL_WRITE) === 0 || mapping.start.writable) return 0;
  return (gup_flags & FOLL_FORCE) !== 0 && mapping.cow ? 0 : -EFAULT;
}

/** follow_page_mask(): down to the entry, then with its lock held. */
function* follow_page_mask(mm: Mm, mapping: MappingModel, index: number, left: number, flags: number): Steps<Followed> {
  const block = mapping.blockOf(index);
  const upper = yield R(mapping.upper(block));
  if (upper === 0) return failed(FAULT);
  if ((upper & ENTRY_TABLE) === 0) return yield* follow_huge(mm, mapping, index, left, flags);
  const table = mm.world.table(entryPage(upper));
  if (mapping.start.sharedTable !== undefined) return yield* follow_huge(mm, mapping, index, left, flags);
  yield LK(table.ptl);
  const pte = yield R(table.entry(mapping.within(index)));
  if (!entryPresent(pte) || (pte & ENTRY_PROTNONE) !== 0) {
    yield UL(table.ptl);
    return failed(FAULT);
  }
  const found = yield* follow_page_pte(mm, mapping, index, pte, flags);
  yield UL(table.ptl);
  return found;
}

/** can_follow_write_pte(): may a write go through this entry? */
function* can_follow_write(
  mm: Mm,
  mapping: MappingModel,
  page: PageModel,
  entry: number,
  flags: number,
): Steps<boolean> {
  if ((entry & ENTRY_WRITE) !== 0) return true;
  if ((flags & FOLL_FORCE) === 0 || mapping.start.writable) return false;
  if (mm.sw.forcedWrite !== 'exclusive') return (flags & FOLL_COW) !== 0 && (entry & ENTRY_DIRTY) !== 0;
  return mapping.cow && (yield R(page.anon_exclusive)) === 1;
}

/** follow_page_pte(), with the page-table lock held. */
function* follow_page_pte(mm: Mm, mapping: MappingModel, index: number, pte: number, flags: number): Steps<Followed> {
  const target = entryPage(pte);
  if (target < 0) return follow_pfn_pte(mm, flags);
  const page = mm.world.pageOf(target);
  if ((flags & FOLL_WRITE) !== 0 && !(yield* can_follow_write(mm, mapping, page, pte, flags))) return failed(FAULT);
  const head = yield* compound_head(mm, page);
  if ((pte & ENTRY_WRITE) === 0 && (yield* gup_must_unshare(mm, mapping, page, head, flags))) return failed(-EMLINK);
  yield* must_be_exclusive(mm, page, head, flags);
  if (!(yield* try_grab_page(mm, page, 1, flags))) return failed(-ENOMEM);
  mm.world.grabbed(page, head, { mapping, index }, null);
  if ((flags & FOLL_TOUCH) !== 0) {
    const clean = (flags & FOLL_WRITE) !== 0 && (pte & (ENTRY_DIRTY | ENTRY_SPECIAL)) === 0;
    if (clean && (yield R(head.dirty)) === 0) yield W(head.dirty, 1);
    yield* mark_page_accessed(mm, page);
  }
  return { page, nr: 1, error: 0 };
}

/** The assertion of debug kernels since 5.19: what is pinned is exclusive. */
function* must_be_exclusive(mm: Mm, page: PageModel, head: PageModel, flags: number): Steps<void> {
  if (!mm.world.arch.debugVm || !mm.sw.anonExclusive || (flags & FOLL_PIN) === 0) return;
  if (!(yield* folio_test_anon(mm, head)) || (yield R(page.anon_exclusive)) === 1) return;
  mm.world.event('BUG', 'VM_BUG_ON_PAGE((flags & FOLL_PIN) && PageAnon(page) && !PageAnonExclusive(page), page)');
}

/** follow_pfn_pte(): there is no struct page to take. */
function follow_pfn_pte(mm: Mm, flags: number): Followed {
  const refused = mm.sw.pfnPinSkipped ? FOLL_GET : FOLL_GET | FOLL_PIN;
  return failed((flags & refused) !== 0 ? -EFAULT : -EEXIST);
}

/** follow_trans_huge_pmd() / follow_huge_pmd() / hugetlb: the lock of the upper entry is held. */
function* follow_huge(mm: Mm, mapping: MappingModel, index: number, left: number, flags: number): Steps<Followed> {
  const block = mapping.blockOf(index);
  const { sharedTable } = mapping.start;
  const entry = sharedTable === undefined ? mapping.upper(block) : sharedTable.entry(block);
  yield LK(mapping.pmd_lock);
  const leaf = yield R(entry);
  let found = failed(FAULT);
  const usable = entryPresent(leaf) && (leaf & (ENTRY_PROTNONE | ENTRY_TABLE)) === 0;
  if (usable) found = yield* follow_leaf(mm, mapping, index, left, leaf, flags);
  yield UL(mapping.pmd_lock);
  // It was split meanwhile: the page table has the answer.
  if ((leaf & ENTRY_TABLE) !== 0) return yield* follow_page_mask(mm, mapping, index, left, flags);
  return yield* rest_of_range(mm, mapping, index, left, found, flags);
}

function* follow_leaf(
  mm: Mm,
  mapping: MappingModel,
  index: number,
  left: number,
  leaf: number,
  flags: number,
): Steps<Followed> {
  const head = mm.world.pageOf(entryPage(leaf));
  const page = head.subpage(mapping.within(index));
  if ((flags & FOLL_WRITE) !== 0 && !(yield* can_follow_write(mm, mapping, head, leaf, flags))) return failed(FAULT);
  if ((leaf & ENTRY_WRITE) === 0 && (yield* gup_must_unshare(mm, mapping, head, head, flags))) return failed(-EMLINK);
  const whole = head.traits.kind === 'hugetlb' && mm.sw.hugetlbGrab === 'folio';
  const nr = whole ? Math.min(left, mapping.blockPages - mapping.within(index)) : 1;
  // follow_hugetlb_page() takes them with the grab of the fast path.
  const taken = whole
    ? (yield* try_grab_compound_head(mm, page, nr, flags)) !== null
    : yield* try_grab_page(mm, page, nr, flags);
  if (!taken) return failed(-ENOMEM);
  mm.world.grabbed(page, yield* compound_head(mm, page), { mapping, index }, null);
  return { page, nr, error: 0 };
}

/**
 * Since 57edfcfd3419 the subpages behind the first are taken in one further step, after the lock is dropped: the first
 * one keeps the folio.
 */
function* rest_of_range(
  mm: Mm,
  mapping: MappingModel,
  index: number,
  left: number,
  found: Followed,
  flags: number,
): Steps<Followed> {
  const { page } = found;
  if (page === null || found.nr > 1 || !mm.sw.slowGrabsRange) return found;
  const rest = Math.min(left, mapping.blockPages - mapping.within(index)) - 1;
  if (rest < 1) return found;
  if (yield* try_grab_page(mm, page, rest, flags, 'rest')) return { page, nr: 1 + rest, error: 0 };
  mm.world.event('WARN', 'WARN_ON_ONCE(1): try_grab_folio() failed behind the first page of a range');
  yield* gup_put_folio(mm, yield* compound_head(mm, page), 1);
  return failed(-EFAULT);
}
