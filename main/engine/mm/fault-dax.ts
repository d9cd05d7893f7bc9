/** Faults on persistent memory (fs-dax): the file's own page is mapped again; there is no page cache between. */
import { ENTRY_TABLE, entryFor, entryPage } from '../flags.ts';
import type { Steps, Word } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import { ADD, LK, R, UL, W } from '../step.ts';
import type { Mm } from './context.ts';
import { pte_alloc } from './fault.ts';
import { EFAULT } from './user-pages.ts';

/** dax_iomap_fault(): 0 when the access can be tried again. */
export function* dax_iomap_fault(mm: Mm, mapping: MappingModel, index: number): Steps<number> {
  const huge = mapping.start.level !== 'pte';
  const page = mapping.start.pageAt(index);
  if (page === null) return -EFAULT;
  const bits = mapping.start.bits(index);
  if (huge) {
    const entry = mapping.upper(mapping.blockOf(index));
    yield* insert(mm, mapping.pmd_lock, entry, page, page.entire_mapcount, bits);
    return 0;
  }
  const upper = yield* pte_alloc(mapping, mapping.blockOf(index));
  if ((upper & ENTRY_TABLE) === 0) return 0;
  const table = mm.world.table(entryPage(upper));
  yield* insert(mm, table.ptl, table.entry(mapping.within(index)), page, page.mapcount, bits);
  return 0;
}

/** insert_pfn() / insert_page(): only where nothing is mapped. Where pages of devices are counted, so is this mapping. */
function* insert(mm: Mm, lock: Word, entry: Word, page: PageModel, mapcount: Word, bits: number): Steps<void> {
  yield LK(lock);
  if ((yield R(entry)) === 0) {
    if (!mm.sw.devmapOneBased) {
      yield ADD(page.head._refcount, 1);
      yield ADD(mapcount, 1);
    }
    yield W(entry, entryFor(page.object, bits));
  }
  yield UL(lock);
}
