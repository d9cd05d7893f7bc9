/**
 * Splitting a huge page into small ones: split_huge_page_to_list(). All entries become migration entries, the count is
 * frozen at exactly what is expected, and every tail becomes a page of its own. Any reference beyond that makes it fail.
 */
import { FileModel } from '../file.ts';
import { homeFor, homeIndex, homeObject, PG_head } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, ADDU, IRQ_OFF, IRQ_ON, LK, R, UL, W } from '../step.ts';
import type { Mm } from './context.ts';
import { folio_mapped, page_vma_mapped, remove_migration_ptes, try_to_migrate } from './migrate.ts';
import { folio_put, page_ref_freeze, page_ref_unfreeze } from './refcount.ts';
import { rmap_lock, rmap_places, rmap_unlock } from './rmap.ts';
import { split_huge_pmd_locked } from './split-pmd.ts';
import { EAGAIN, EBUSY } from './user-pages.ts';

/** split_huge_page(): 0, or -errno when the page is in use. The caller's reference and the lock are taken here. */
export function* split_huge_page(mm: Mm, head: PageModel): Steps<number> {
  if ((yield ADDU(head._refcount, 1)) === 0) return -EBUSY;
  yield LK(head.locked);
  const ret = yield* split_locked(mm, head);
  yield UL(head.locked);
  yield* folio_put(mm, head);
  return ret;
}

/** split_huge_page_to_list(), with the page locked and a reference held. */
export function* split_locked(mm: Mm, head: PageModel): Steps<number> {
  if (((yield R(head.flags)) & PG_head) === 0) return -EBUSY;
  if ((yield R(head.writeback)) === 1) return -EBUSY;
  const home = yield R(head.mapping);
  const owner = mm.world.homeOf(homeObject(home));
  const extra = owner instanceof FileModel ? head.npages : 0;
  if (!(yield* can_split_folio(head, extra))) return -EBUSY;
  yield* unmap_folio(mm, head);
  const split = (yield* folio_mapped(head)) ? false : yield* freeze_and_split(mm, head, home, extra);
  yield* remove_migration_ptes(mm, head, head, split);
  if (split) yield* put_subpages(mm, head);
  return split ? 0 : -EAGAIN;
}

/** can_split_folio(): a look without any lock; pins are seen here or at the freeze. */
function* can_split_folio(head: PageModel, extra: number): Steps<boolean> {
  let mapped = yield R(head.entire_mapcount);
  for (let i = 0; i < head.npages; i++) mapped += yield R(head.subpage(i).mapcount);
  return (yield R(head._refcount)) === mapped + extra + 1;
}

/** unmap_folio(): huge entries are split with migration entries, small ones replaced. */
function* unmap_folio(mm: Mm, head: PageModel): Steps<void> {
  const families = yield* rmap_lock(mm, head);
  yield* split_entries(mm, head);
  yield* rmap_unlock(families);
  yield* try_to_migrate(mm, head);
}

function* split_entries(mm: Mm, head: PageModel): Steps<void> {
  for (const place of yield* rmap_places(mm, head, head)) {
    const slot = yield* page_vma_mapped(mm, place);
    if (slot === null || !slot.whole) continue;
    const { mapping, index } = place;
    yield LK(mapping.pmd_lock);
    yield* split_huge_pmd_locked(mm, mapping, mapping.blockOf(index), true);
    yield UL(mapping.pmd_lock);
  }
}

/** Between IRQs off and on: freeze, then __split_huge_page(). */
function* freeze_and_split(mm: Mm, head: PageModel, home: number, extra: number): Steps<boolean> {
  yield IRQ_OFF();
  const owner = mm.world.homeOf(homeObject(home));
  if (owner instanceof FileModel) yield LK(owner.i_pages);
  const frozen = yield* page_ref_freeze(head, 1 + extra);
  if (frozen) yield* __split_huge_page(mm, head, home, owner instanceof FileModel);
  if (owner instanceof FileModel) yield UL(owner.i_pages);
  yield IRQ_ON();
  return frozen;
}

/** From the last tail to the first; the head comes last. The tails' shared word lets go of all of them at once. */
function* __split_huge_page(mm: Mm, head: PageModel, home: number, file: boolean): Steps<void> {
  const owner = mm.world.homeOf(homeObject(home));
  for (let i = head.npages - 1; i > 0; i--) {
    yield W(head.subpage(i).mapping, homeFor(homeObject(home), homeIndex(home) + i));
  }
  yield W(head.subpage(1).compound_head, 0);
  for (let i = head.npages - 1; i > 0; i--) {
    const tail = head.subpage(i);
    yield* page_ref_unfreeze(tail, file ? 2 : 1);
    if (owner instanceof FileModel) yield W(owner.slot(homeIndex(home) + i), tail.object + 1);
  }
  yield W(head.flags, 0);
  if (mm.sw.splitUnfreezesHead) yield* page_ref_unfreeze(head, file ? 2 : 1);
  else yield ADD(head._refcount, file ? 2 : 1);
}

/** Every subpage but the one the caller asked for gives back the reference that the split left on it. */
function* put_subpages(mm: Mm, head: PageModel): Steps<void> {
  for (let i = 1; i < head.npages; i++) yield* folio_put(mm, head.subpage(i));
}
