/** The checks of the page allocator when a page is freed, with the kernel's own reasons ("page dumped because: ..."). */
import type { ReadWord } from '../fields.ts';
import { PG_block } from '../flags.ts';
import type { FlagName, PageModel } from '../page.ts';
import type { World } from '../world.ts';
import { cachedIn } from './state.ts';

/** PAGE_FLAGS_CHECK_AT_FREE, as far as the model has those flags. PG_lru is taken off by the freeing path itself. */
const CHECK_AT_FREE: readonly FlagName[] = ['PG_locked', 'PG_private', 'PG_writeback', 'PG_mlocked'];

/**
 * What free_page_is_bad() and free_tail_page_prepare() say about a page that was just handed to the free lists, or null.
 * As in the kernel a later test overrides an earlier one; tails are looked at after the head.
 */
export function badPageReason(world: World, page: PageModel, read: ReadWord): string | null {
  let reason: string | null = null;
  if (page.peek('mapcount', read) !== 0 || page.peek('entire_mapcount', read) !== 0) reason = 'nonzero mapcount';
  if (cachedIn(world, page, read) !== null) reason = 'non-NULL mapping';
  if (page.peek('_refcount', read) !== 0) reason = 'nonzero _refcount';
  if (CHECK_AT_FREE.some((flag) => page.peek(flag, read) !== 0)) {
    reason = 'PAGE_FLAGS_CHECK_AT_FREE flag(s) set';
  }
  if (reason !== null || (page.peek('flags', read) & PG_block) === 0) return reason;
  for (const tail of page.knownTails) {
    if (tail.peek('mapcount', read) !== 0) return `nonzero mapcount (${tail.name})`;
    if (tail.peek('_refcount', read) !== 0) return `nonzero _refcount (${tail.name})`;
  }
  if (world.switches.badPagePincount && page.peek('pincount', read) !== 0) return 'nonzero pincount';
  return null;
}
