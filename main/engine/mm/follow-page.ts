/** follow_page() (until 6.12): looks one page up for those who know what they do, and may take a reference. */
import { ENTRY_TABLE, entryPage, entryPresent, FOLL_GET, FOLL_PIN } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { LK, R, UL } from '../step.ts';
import type { Mm } from './context.ts';
import { try_grab_page } from './grab.ts';
import type { Range } from './gup-fast.ts';
import { mmap_read_lock, mmap_read_unlock } from './lock.ts';

/** The page at an address, or null. Pages behind a huge page directory are the case of the seed's BUG_ON(). */
export function* follow_page(mm: Mm, range: Range, flags: number): Steps<PageModel | null> {
  const { mapping, index } = range;
  yield* mmap_read_lock(mapping.mm);
  const block = mapping.blockOf(index);
  const upper = yield R(mapping.upper(block));
  let page: PageModel | null = null;
  if (mapping.start.level === 'hugepd') page = follow_huge_addr(mm, upper, flags);
  else if (entryPresent(upper)) {
    const table = (upper & ENTRY_TABLE) === 0 ? null : mm.world.table(entryPage(upper));
    const lock = table === null ? mapping.pmd_lock : table.ptl;
    yield LK(lock);
    const entry = yield R(table === null ? mapping.upper(block) : table.entry(mapping.within(index)));
    if (entryPresent(entry) && (entry & ENTRY_TABLE) === 0 && entryPage(entry) >= 0) {
      const mapped = mm.world.pageOf(entryPage(entry));
      page = table === null ? mapped.subpage(mapping.within(index)) : mapped;
      if ((flags & (FOLL_GET | FOLL_PIN)) !== 0 && !(yield* try_grab_page(mm, page, 1, flags))) page = null;
      else if ((flags & FOLL_GET) !== 0) mm.world.hold('get', page, 1);
      else if ((flags & FOLL_PIN) !== 0) mm.world.hold('pin', page, 1);
    }
    yield UL(lock);
  }
  yield* mmap_read_unlock(mapping.mm);
  return page;
}

/** The arm of follow_page_mask() that the seed changed from BUG_ON() to WARN_ON_ONCE(). */
function follow_huge_addr(mm: Mm, upper: number, flags: number): PageModel | null {
  const page = entryPresent(upper) ? mm.world.pageOf(entryPage(upper)) : null;
  if (page === null) return null;
  if (mm.sw.hugeAddr === 'bug') {
    if ((flags & FOLL_GET) === 0) return page;
    mm.world.event('BUG', 'BUG_ON(flags & FOLL_GET) in follow_page_mask()');
    return null;
  }
  if ((flags & (FOLL_GET | FOLL_PIN)) === 0) return page;
  mm.world.event('WARN', 'WARN_ON_ONCE(flags & (FOLL_GET | FOLL_PIN)) in follow_page_mask()');
  return mm.sw.hugeAddr === 'warn' ? page : null;
}
