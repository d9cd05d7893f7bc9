/**
 * FOLL_LONGTERM: pages that must not stay where they are (CMA, ZONE_MOVABLE) are pinned, found wanting, unpinned and
 * migrated, and the whole is tried again: __gup_longterm_locked() and check_and_migrate_movable_pages().
 */
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { compound_head, type Mm } from './context.ts';
import { is_longterm_pinnable } from './grab.ts';
import type { Range } from './gup-fast.ts';
import { __get_user_pages } from './gup-slow.ts';
import { collect_longterm_unpinnable_folios, migrate_longterm_unpinnable_folios } from './migrate.ts';
import { put_page_refs } from './refcount.ts';
import { gup_put_folio } from './unpin.ts';
import { ENOMEM, UserPagesModel } from './user-pages.ts';

/** Rounds of pin, unpin and migrate that are looked at; the kernel goes on as long as pages keep moving. */
const ROUNDS = 3;

export function* __gup_longterm_locked(mm: Mm, range: Range, gup_flags: number): Steps<UserPagesModel> {
  for (let round = 0; round < ROUNDS; round++) {
    const pages = yield* __get_user_pages(mm, range, gup_flags);
    const movable: PageModel[] = [];
    for (const { page } of pages.runs) {
      if (is_longterm_pinnable(mm, page)) continue;
      const head = yield* compound_head(mm, page);
      if (!movable.includes(head)) movable.push(head);
    }
    if (movable.length === 0) return pages;
    const isolated = yield* collect_longterm_unpinnable_folios(mm, movable);
    yield* give_back(mm, pages);
    if (!(yield* migrate_longterm_unpinnable_folios(mm, isolated))) return none(pages);
  }
  return none(new UserPagesModel('pin', range.mapping));
}

function none(pages: UserPagesModel): UserPagesModel {
  const failed = new UserPagesModel(pages.how, pages.mapping);
  failed.ret = -ENOMEM;
  return failed;
}

/** unpin_user_pages() or put_page() of pages that nobody was told of. */
function* give_back(mm: Mm, pages: UserPagesModel): Steps<void> {
  for (const { page, n } of pages.runs) {
    const head = yield* compound_head(mm, page);
    if (pages.how === 'pin') yield* gup_put_folio(mm, head, n);
    else yield* put_page_refs(mm, head, n);
  }
}
