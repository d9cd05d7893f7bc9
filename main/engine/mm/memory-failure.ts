/** memory_failure(): a page went bad. Who holds it beyond its mappings keeps it, and DMA goes on into bad memory. */
import { FileModel } from '../file.ts';
import { homeObject } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADDU, LK, R, UL, W } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { folio_mapped, try_to_migrate } from './migrate.ts';
import { folio_put } from './refcount.ts';
import { EBUSY } from './user-pages.ts';

/** Tries again when the page changes under it. */
const RETRIES = 3;

/** 0 when the page was taken out of use, -EBUSY when somebody still has it. */
export function* memory_failure(mm: Mm, page: PageModel): Steps<number> {
  yield W(page.flag('PG_hwpoison'), 1);
  const head = yield* get_hwpoison_page(mm, page);
  if (head === null) return 0;
  yield LK(head.locked);
  yield* try_to_migrate(mm, head);
  const mapped = yield* folio_mapped(head);
  const count = (yield R(head._refcount)) - 1 - (yield* cache_refs(mm, head));
  yield UL(head.locked);
  if (count > 0 || mapped) {
    mm.world.event('note', `Memory failure: ${page.name}: still referenced by ${count} users, MF_FAILED`);
  }
  yield* folio_put(mm, head);
  return count > 0 || mapped ? -EBUSY : 0;
}

/** References of the page cache, which do not keep a page from being taken out of use. */
function* cache_refs(mm: Mm, head: PageModel): Steps<number> {
  const home = yield R(head.mapping);
  return home !== 0 && mm.world.homeOf(homeObject(home)) instanceof FileModel ? 1 : 0;
}

/** get_hwpoison_page(): a reference on the head, if it is still the head afterwards. */
function* get_hwpoison_page(mm: Mm, page: PageModel): Steps<PageModel | null> {
  for (let i = 0; i < RETRIES; i++) {
    const head = yield* compound_head(mm, page);
    if ((yield ADDU(head._refcount, 1)) === 0) return null;
    if ((yield* compound_head(mm, page)) === head) return head;
    yield* folio_put(mm, head);
  }
  return null;
}
