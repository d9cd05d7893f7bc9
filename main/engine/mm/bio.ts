/** Block I/O: pages divided among bios, and the completion that gives them back. */
import type { Bio, Steps } from '../interface.ts';
import { R } from '../step.ts';
import { compound_head, type Mm } from './context.ts';
import { set_page_dirty_lock } from './page-cache.ts';
import { __put_page, page_ref_sub_and_test, put_page } from './refcount.ts';
import { gup_folio_next, unpin_folio, unpin_user_page } from './unpin.ts';
import { type PageRun, UserPagesModel } from './user-pages.ts';

/** A request over some user pages; it remembers how they were taken, as BIO_PAGE_PINNED does. */
export class BioModel implements Bio {
  readonly name: string;
  readonly pages: UserPagesModel;
  /** The bio's vector: consecutive pages that are given back together. */
  readonly segments: readonly PageRun[];
  /** The device writes to the pages (a read of user space). */
  readonly read: boolean;
  readonly #made = true;

  constructor(name: string, pages: UserPagesModel, segments: readonly PageRun[] = pages.runs, read = false) {
    this.name = name;
    this.pages = pages;
    this.segments = Object.freeze([...segments]);
    this.read = read;
    Object.freeze(this);
  }

  /** Whether it was made here: what only looks like a bio is none. */
  static is(value: unknown): value is BioModel {
    return typeof value === 'object' && value !== null && #made in value;
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
  for (const run of bio.segments) yield* release_run(mm, run, bio.pages.how === 'pin');
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

/** bio_set_pages_dirty(): before a read is submitted, every page is locked and made dirty. */
export function* bio_set_pages_dirty(mm: Mm, bio: BioModel): Steps<void> {
  for (const { page, n } of bio.segments) {
    for (let i = 0; i < n; ) {
      const at = page.head.subpage(page.index + i);
      const { head, n: pages } = yield* gup_folio_next(mm, at, n - i);
      if ((yield R(head.dirty)) === 0) yield* set_page_dirty_lock(mm, head);
      i += pages;
    }
  }
}

/** bio_check_pages_dirty(): pages that writeback cleaned meanwhile are made dirty again before they are given back. */
export function* bio_check_pages_dirty(mm: Mm, bio: BioModel): Steps<void> {
  for (const { page } of bio.segments) {
    if ((yield R((yield* compound_head(mm, page)).dirty)) === 1) continue;
    // Deferred to a workqueue, because the page lock may have to be slept for.
    yield* bio_set_pages_dirty(mm, bio);
    break;
  }
  yield* bio_release_pages(mm, bio);
}
