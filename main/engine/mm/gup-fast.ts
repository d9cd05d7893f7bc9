/**
 * The lockless walk: IRQs off, read the entry, grab, re-read the entry, undo if it changed. What it cannot take is left
 * to the slow path. Order of steps: internal_get_user_pages_fast() and the functions below it.
 */
import { ENTRY_WRITE, entryPage, FOLL_PIN, FOLL_WRITE } from '../flags.ts';
import type { Steps, Word } from '../interface.ts';
import type { MappingModel, PageModel } from '../page.ts';
import { IRQ_OFF, IRQ_ON, R } from '../step.ts';
import type { Mm } from './context.ts';
import { try_grab_compound_head } from './grab.ts';
import { put_page_untold } from './refcount.ts';
import { gup_put_folio, put_compound_head, unpin_user_pages } from './unpin.ts';
import { UserPagesModel } from './user-pages.ts';

/** The range that is still to be taken. */
export interface Range {
  readonly mapping: MappingModel;
  readonly index: number;
  readonly nr: number;
}

/** lockless_pages_from_mm(): as many pages from the start of the range as the lockless walk can take. */
export function* lockless_pages_from_mm(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  const pin = (gup_flags & FOLL_PIN) !== 0;
  const pages = UserPagesModel.taken(pin ? 'pin' : 'get');
  const seqcount = pin && mm.sw.writeProtectSeq;
  const seq = seqcount ? yield R(mm.world.write_protect_seq) : 0;
  if ((seq & 1) !== 0) return pages;
  yield IRQ_OFF();
  yield* gup_pmd_range(mm, range, gup_flags, pages);
  yield IRQ_ON();
  if (seqcount && (yield R(mm.world.write_protect_seq)) !== seq) {
    yield* unpin_user_pages(mm, [...pages]);
    pages.length = 0;
  }
  return pages;
}

function* gup_pmd_range(mm: Mm, range: Range, gup_flags: number, pages: UserPagesModel): Steps<void> {
  const { mapping } = range;
  const pmd = yield R(mapping.pmd);
  if (pmd === 0) return;
  if (mapping.level === 'pmd') yield* gup_huge_pmd(mm, pmd, mapping.pmd, range, gup_flags, pages);
  else yield* gup_pte_range(mm, pmd, range, gup_flags, pages);
}

function permits(entry: number, gup_flags: number): boolean {
  return (gup_flags & FOLL_WRITE) === 0 || (entry & ENTRY_WRITE) !== 0;
}

/** gup_huge_pmd(): one grab for the whole range under a PMD leaf. */
export function* gup_huge_pmd(
  mm: Mm,
  orig: number,
  pmdp: Word,
  range: Range,
  gup_flags: number,
  pages: UserPagesModel,
): Steps<void> {
  if (!permits(orig, gup_flags)) return;
  const page = mm.world.pageOf(entryPage(orig)).subpage(range.index);
  const subpages = record_subpages(page, range.nr);
  const refs = subpages.length;
  const head = yield* try_grab_compound_head(mm, page, refs, gup_flags);
  if (head === null) return;
  const again = yield R(pmdp);
  if (again !== orig) {
    yield* put_compound_head(mm, page, head, refs, gup_flags);
    return;
  }
  pages.push(...subpages);
  mm.world.hold(pages.how, page, refs);
}

/** The `nr` struct pages from `page` on. */
function record_subpages(page: PageModel, nr: number): PageModel[] {
  return Array.from({ length: nr }, (_, i) => page.head.subpage(page.index + i));
}

/** gup_pte_range(): page by page under a page table; stops at the first it cannot take and keeps those before. */
export function* gup_pte_range(
  mm: Mm,
  pmd: number,
  range: Range,
  gup_flags: number,
  pages: UserPagesModel,
): Steps<void> {
  const { mapping } = range;
  for (let i = range.index; i < range.index + range.nr; i++) {
    const ptep = mapping.pte(i);
    const pte = yield R(ptep);
    if (pte === 0 || !permits(pte, gup_flags)) return;
    const page = mm.world.pageOf(entryPage(pte));
    const head = yield* try_grab_compound_head(mm, page, 1, gup_flags);
    if (head === null) return;
    const relinked = mm.sw.pmdRecheck && (yield R(mapping.pmd)) !== pmd;
    if (relinked || (yield R(ptep)) !== pte) {
      yield* undo_pte(mm, head, gup_flags);
      return;
    }
    pages.push(page);
    mm.world.hold(pages.how, page, 1);
  }
}

/** The undo of one page: what the postings got wrong for pins is put_page() here. */
function* undo_pte(mm: Mm, head: PageModel, gup_flags: number): Steps<void> {
  if ((gup_flags & FOLL_PIN) === 0 || !mm.sw.pteUndoMatches) yield* put_page_untold(mm, head);
  else yield* gup_put_folio(mm, head, 1);
}
