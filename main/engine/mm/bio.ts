/** Block I/O: pages divided among bios, and the completion that gives them back. */
import type { Bio, Steps } from '../interface.ts';
import { compound_head, type Mm } from './context.ts';
import { __put_page, page_ref_sub_and_test, put_page } from './refcount.ts';
import { gup_folio_next, unpin_folio, unpin_user_page } from './unpin.ts';
import { type PageRun, UserPagesModel } from './user-pages.ts';

/** A request over some user pages; it remembers how they were taken, as BIO_PAGE_PINNED does. */
export class BioModel implements Bio {
  readonly name: string;
  readonly pages: UserPagesModel;
  constructor(name: string, pages: UserPagesModel) {
    this.name = name;
    this.pages = pages;
  }
}

/** A list of its own for part of another's pages. */
export function partOf(pages: UserPagesModel, from: number, to: number): UserPagesModel {
  const part = new UserPagesModel(pages.how, pages.mapping);
  part.addAll(pages.part(from, to));
  part.ret = part.length;
  return part;
}

/** Consecutive runs of equal length, the last may be shorter. @throws RangeError for a count below 1. */
export function splitBios(pages: UserPagesModel, n: number, names: (i: number) => string): BioModel[] {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`splitBios(pages, ${n}): give a whole number of 1 or more`);
  const size = Math.ceil(pages.length / n);
  const bios: BioModel[] = [];
  for (let from = 0; from < pages.length; from += size) {
    bios.push(new BioModel(names(bios.length), partOf(pages, from, Math.min(from + size, pages.length))));
  }
  return bios;
}

/** bio_release_pages(): per page before 6.1, per folio since. */
export function* bio_release_pages(mm: Mm, bio: BioModel): Steps<void> {
  for (const run of bio.pages.runs) yield* release_run(mm, run, bio.pages.how === 'pin');
}

/** One segment (bvec) of a bio: consecutive pages. */
export function* release_run(mm: Mm, run: PageRun, pin: boolean): Steps<void> {
  for (let i = 0; i < run.n; ) {
    const page = run.page.head.subpage(run.page.index + i);
    if (mm.sw.bioRelease === 'page') {
      yield* pin ? unpin_user_page(mm, page) : put_page(mm, page);
      i++;
      continue;
    }
    const { head, n } = yield* gup_folio_next(mm, page, run.n - i);
    if (pin) yield* unpin_folio(mm, page, head, n);
    else {
      const zero = yield* page_ref_sub_and_test(mm, head, n);
      mm.world.drop('get', page, n);
      if (zero) yield* __put_page(head, mm);
    }
    i += n;
  }
}

/** put_user_pages() of a list that was taken with FOLL_GET: plain puts. */
export function* put_pages(mm: Mm, runs: readonly PageRun[]): Steps<void> {
  for (const run of runs) {
    for (let i = 0; i < run.n; i++) yield* put_page(mm, run.page.head.subpage(run.page.index + i));
  }
}

/** page_folio() of a page, for callers outside. */
export function page_folio(mm: Mm, page: PageRun['page']): Steps<PageRun['page']> {
  return compound_head(mm, page);
}
