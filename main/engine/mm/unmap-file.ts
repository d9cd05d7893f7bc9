/** unmap_mapping_range(): a file's page is taken out of all page tables, private copies of it too (truncation). */
import type { FileModel } from '../file.ts';
import { ENTRY_TABLE } from '../flags.ts';
import type { Steps } from '../interface.ts';
import type { PageModel } from '../page.ts';
import { R } from '../step.ts';
import { folio_nr_pages, type Mm } from './context.ts';
import { rmap_lock, rmap_places, rmap_unlock } from './rmap.ts';
import { type Gathered, tlb_finish_mmu, zap_pte_range } from './zap.ts';

/** With the page locked. */
export function* unmap_mapping_page(mm: Mm, file: FileModel, head: PageModel, index: number): Steps<void> {
  const families = yield* rmap_lock(mm, head);
  yield* unmap_entries(mm, file, head, index);
  yield* rmap_unlock(families);
}

function* unmap_entries(mm: Mm, file: FileModel, head: PageModel, index: number): Steps<void> {
  const nr = yield* folio_nr_pages(head);
  for (let i = 0; i < nr; i++) {
    for (const { mapping } of yield* rmap_places(mm, head.subpage(i), head)) {
      if (mapping.start.file !== file) continue;
      const at = index + i - mapping.start.from;
      if (((yield R(mapping.upper(mapping.blockOf(at)))) & ENTRY_TABLE) === 0) continue;
      const gathered: Gathered = [];
      yield* zap_pte_range(mm, mapping, at, at + 1, gathered);
      yield* tlb_finish_mmu(mm, mapping, gathered);
    }
  }
}
