/**
 * KSM merges pages with equal contents: write_protect_page() makes sure that nobody writes (and that nobody has a
 * reference), replace_page() puts the one page in the other's place.
 */
import {
  ENTRY_DIRTY,
  ENTRY_PROTNONE,
  ENTRY_TABLE,
  ENTRY_WRITE,
  entryFor,
  entryPage,
  entryPresent,
  entryWith,
} from '../flags.ts';
import type { Steps, Word } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { ADD, LK, R, TRYLK, UL, W, XCHG } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { mmap_read_lock, mmap_read_unlock } from './lock.ts';
import { page_vma_mapped } from './migrate.ts';
import { folio_get, folio_put } from './refcount.ts';
import type { Place } from './rmap.ts';
import { page_try_share_anon_rmap } from './share.ts';
import { flush_tlb } from './tlb.ts';
import { folio_test_anon } from './unshare.ts';

/** A page that KSM found at an address, with a reference of its own. */
interface Found {
  readonly page: PageModel;
  readonly entry: Word;
  readonly lock: Word;
}

/** follow_page(): the small private page at an address. */
function* get_mergeable_page(mm: Mm, place: Place): Steps<Found | null> {
  const slot = yield* page_vma_mapped(mm, place);
  if (slot === null || slot.whole) return null;
  yield LK(slot.lock);
  const entry = yield R(slot.entry);
  let found: Found | null = null;
  if (entryPresent(entry) && (entry & (ENTRY_TABLE | ENTRY_PROTNONE)) === 0) {
    const page = mm.world.pageOf(entryPage(entry));
    const head = yield* compound_head(mm, page);
    if (head === page && page.order === 0 && (yield* folio_test_anon(mm, page))) {
      yield* folio_get(mm, page);
      found = { page, entry: slot.entry, lock: slot.lock };
    }
  }
  yield UL(slot.lock);
  return found;
}

/** try_to_merge_two_pages(): `one`'s page becomes the shared one, `two` is made to map it. True: merged. */
export function* try_to_merge_two_pages(mm: Mm, one: Place, two: Place): Steps<boolean> {
  yield* mmap_read_lock(one.mapping.mm);
  const kept = yield* get_mergeable_page(mm, one);
  const freed = kept === null ? null : yield* get_mergeable_page(mm, two);
  let merged = false;
  if (kept !== null && freed !== null && kept.page !== freed.page) {
    merged = (yield* write_protect(mm, one, kept)) !== null && (yield* merge(mm, two, kept.page, freed));
  }
  if (kept !== null) yield* folio_put(mm, kept.page);
  if (freed !== null) yield* folio_put(mm, freed.page);
  yield* mmap_read_unlock(one.mapping.mm);
  return merged;
}

/** try_to_merge_one_page(): write protection, comparison, replacement; with the page locked. */
function* merge(mm: Mm, at: Place, kept: PageModel, freed: Found): Steps<boolean> {
  const orig = yield* write_protect(mm, at, freed);
  if (orig === null || (yield R(kept.data)) !== (yield R(freed.page.data))) return false;
  return yield* replace_page(mm, at, kept, freed, orig);
}

/** write_protect_page(): the entry afterwards, or null when somebody else has a reference. */
function* write_protect(mm: Mm, at: Place, found: Found): Steps<number | null> {
  const { page, entry, lock } = found;
  if ((yield TRYLK(page.locked)) === 0) return null;
  yield LK(lock);
  const seen = yield R(entry);
  let protectedEntry: number | null = null;
  if (entryPresent(seen) && entryPage(seen) === page.object) {
    // The CPU may have set the dirty bit meanwhile: what the exchange gives back decides.
    const old = yield XCHG(entry, 0);
    yield* flush_tlb(mm, at.mapping.mm);
    const swapcache = yield R(page.flag('PG_swapcache'));
    const expected = (yield R(page.mapcount)) + 1 + swapcache;
    const alone = (yield R(page._refcount)) === expected;
    if (alone && (yield* page_try_share_anon_rmap(mm, page, page))) {
      if ((old & ENTRY_DIRTY) !== 0) yield W(page.dirty, 1);
      protectedEntry = entryWith(old, 0, ENTRY_WRITE | ENTRY_DIRTY);
    }
    yield W(entry, protectedEntry ?? old);
  }
  yield UL(lock);
  yield UL(page.locked);
  return protectedEntry;
}

/** replace_page(): the address shows the kept page from now on. */
function* replace_page(mm: Mm, at: Place, kept: PageModel, freed: Found, orig: number): Steps<boolean> {
  yield LK(freed.lock);
  const same = (yield R(freed.entry)) === orig;
  if (same) {
    yield* folio_get(mm, kept);
    yield ADD(kept.mapcount, 1);
    yield XCHG(freed.entry, 0);
    yield* flush_tlb(mm, at.mapping.mm);
    yield W(freed.entry, entryFor(kept.object, 0));
    yield ADD(freed.page.mapcount, -1);
  }
  yield UL(freed.lock);
  if (same) yield* folio_put(mm, freed.page);
  return same;
}
