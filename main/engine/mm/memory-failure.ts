/** memory_failure(): a page went bad. Who holds it beyond its mappings keeps it, and DMA goes on into bad memory. */
import { FileModel } from '../file.ts';
import { ENTRY_HWPOISON, ENTRY_TABLE, entryFor, entryPage, entryPresent, homeObject, PG_head } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADDU, LK, R, UL, W, XCHG } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { folio_mapped, page_vma_mapped } from './migrate.ts';
import { folio_put } from './refcount.ts';
import { remove_rmap, rmap_lock, rmap_places, rmap_unlock } from './rmap.ts';
import { split_locked } from './split-huge-page.ts';
import { flush_tlb } from './tlb.ts';
import { EBUSY } from './user-pages.ts';

/** Tries again when the page changes under it. */
const RETRIES = 3;

/** 0 when the page was taken out of use, -EBUSY when somebody still has it. */
export function* memory_failure(mm: Mm, page: PageModel): Steps<number> {
  yield W(page.flag('PG_hwpoison'), 1);
  const head = yield* get_hwpoison_page(mm, page);
  if (head === null) return 0;
  yield LK(head.locked);
  const whole = ((yield R(head.flags)) & PG_head) !== 0 && head.traits.kind !== 'hugetlb';
  if (whole && (yield* split_locked(mm, head)) !== 0) {
    yield UL(head.locked);
    yield* folio_put(mm, head);
    return -EBUSY;
  }
  if (whole && page !== head) {
    // The reference and the lock were on the head, which is well.
    yield UL(head.locked);
    yield* folio_put(mm, head);
    return yield* memory_failure(mm, page);
  }
  yield* unmap_poisoned(mm, head);
  const mapped = yield* folio_mapped(head);
  const count = (yield R(head._refcount)) - 1 - (yield* cache_refs(mm, head));
  yield UL(head.locked);
  const busy = count > 0 || mapped;
  if (busy) {
    mm.world.event('note', `Memory failure: ${page.name}: still referenced by ${count} users, MF_FAILED`);
  }
  yield* folio_put(mm, head);
  return busy ? -EBUSY : 0;
}

/** hwpoison_user_mappings(): every entry becomes one that ends accesses in a SIGBUS. */
function* unmap_poisoned(mm: Mm, head: PageModel): Steps<void> {
  const families = yield* rmap_lock(mm, head);
  for (const place of yield* rmap_places(mm, head, head)) {
    const slot = yield* page_vma_mapped(mm, place);
    if (slot === null) continue;
    yield LK(slot.lock);
    const old = yield R(slot.entry);
    if (entryPresent(old) && (old & ENTRY_TABLE) === 0 && entryPage(old) === head.object) {
      yield XCHG(slot.entry, 0);
      yield* flush_tlb(mm, place.mapping.mm);
      yield W(slot.entry, entryFor(head.object, ENTRY_HWPOISON));
      yield* remove_rmap(slot.whole ? head.entire_mapcount : head.mapcount, head);
      yield* folio_put(mm, head);
    }
    yield UL(slot.lock);
  }
  yield* rmap_unlock(families);
}

/** References of the page cache, which do not keep a page from being taken out of use. */
function* cache_refs(mm: Mm, head: PageModel): Steps<number> {
  const home = yield R(head.mapping);
  if (home === 0 || !(mm.world.homeOf(homeObject(home)) instanceof FileModel)) return 0;
  return 1 + (yield R(head.flag('PG_private')));
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
