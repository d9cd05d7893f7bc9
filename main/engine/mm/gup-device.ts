/**
 * Huge entries of ZONE_DEVICE (devmap) up to 6.12: __gup_device_huge() takes page after page, and undoes what it took
 * one by one when the entry changed meanwhile. The dev_pagemap reference that it also takes is not modelled: the
 * device stays.
 */
import { entryPage, FOLL_LONGTERM, FOLL_PIN } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { R } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { try_grab_page } from './grab.ts';
import type { HugeLeaf } from './gup-fast.ts';
import { put_page_untold } from './refcount.ts';
import { gup_put_folio } from './unpin.ts';
import type { UserPagesModel } from './user-pages.ts';

/** __gup_device_huge(), and undo_dev_pagemap() when its re-check fails. */
export function* gup_device_huge(
  mm: Mm,
  mapping: MappingModel,
  leaf: HugeLeaf,
  gup_flags: number,
  pages: UserPagesModel,
): Steps<boolean> {
  if ((gup_flags & FOLL_LONGTERM) !== 0) return false;
  const first = mm.world.pageOf(entryPage(leaf.orig));
  const taken: PageModel[] = [];
  for (let i = 0; i < leaf.nr; i++) {
    const page = first.head.subpage(first.index + mapping.within(leaf.index) + i);
    if (!(yield* try_grab_page(mm, page, 1, gup_flags))) {
      yield* undo_dev_pagemap(mm, taken, gup_flags);
      return false;
    }
    taken.push(page);
  }
  if ((yield R(leaf.entry)) !== leaf.orig) {
    yield* undo_dev_pagemap(mm, taken, gup_flags);
    return false;
  }
  for (const page of taken) pages.add(page, 1);
  mm.world.grabbed(first, first.head, { mapping, index: leaf.index }, null);
  return true;
}

/** undo_dev_pagemap(): the pages taken so far, last one first. */
function* undo_dev_pagemap(mm: Mm, taken: readonly PageModel[], gup_flags: number): Steps<void> {
  for (let i = taken.length - 1; i >= 0; i--) {
    const page = taken[i];
    if (page === undefined) continue;
    if ((gup_flags & FOLL_PIN) === 0) yield* put_page_untold(mm, page);
    else yield* gup_put_folio(mm, yield* compound_head(mm, page), 1);
  }
}
