/** munmap(): zap_pte_range() / zap_huge_pmd(), the TLB flush, and only then the references. */
import { entryPage } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { MappingModel, PageModel } from '../page.ts';
import { ADD, LK, SYNC, UL, XCHG } from '../step.ts';
import type { Mm } from './context.ts';
import { put_page_untold } from './refcount.ts';

/** Takes a whole mapping away. Where a flush is an IPI, it waits for CPUs that run with interrupts off. */
export function* munmap(mm: Mm, mapping: MappingModel): Steps<void> {
  const gathered: PageModel[] = [];
  yield LK(mapping.ptl);
  const entries = mapping.level === 'pmd' ? [mapping.pmd] : range(mapping.npages).map((i) => mapping.pte(i));
  for (const entry of entries) {
    const old = yield XCHG(entry, 0);
    if (old === 0) continue;
    const page = mm.world.pageOf(entryPage(old));
    yield ADD(page.mapcount, -1);
    gathered.push(page);
  }
  yield UL(mapping.ptl);
  if (mm.world.arch.ipiFlush) yield SYNC();
  for (const page of gathered) yield* put_page_untold(mm, page);
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
