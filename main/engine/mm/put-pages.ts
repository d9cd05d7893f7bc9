/** Putting whole lists of plain references. */
import type { Steps } from '../interface.ts';
import type { Mm } from './context.ts';
import { put_page } from './refcount.ts';
import type { PageRun } from './user-pages.ts';

/** put_page() of every page of a list. */
export function* put_pages(mm: Mm, runs: readonly PageRun[]): Steps<void> {
  for (const run of runs) {
    for (let i = 0; i < run.n; i++) yield* put_page(mm, run.page.head.subpage(run.page.index + i));
  }
}
