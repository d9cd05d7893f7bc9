/** Block I/O: pages divided among bios, and the completion that gives them back. */
import type { Bio, Steps } from '../interface.ts';
import { SUBT } from '../step.ts';
import type { Mm } from './context.ts';
import { __put_page, put_page } from './refcount.ts';
import { gup_folio_next, unpin_folio, unpin_user_page } from './unpin.ts';
import { UserPagesModel } from './user-pages.ts';

/** A request over some user pages; it remembers how they were taken, as BIO_PAGE_PINNED does. */
export class BioModel implements Bio {
  readonly name: string;
  readonly pages: UserPagesModel;
  constructor(name: string, pages: UserPagesModel) {
    this.name = name;
    this.pages = pages;
  }
}

/** Consecutive runs of equal length, the last may be shorter. @throws RangeError for a count below 1. */
export function splitBios(pages: UserPagesModel, n: number, names: (i: number) => string): BioModel[] {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`splitBios(pages, ${n}): give a whole number of 1 or more`);
  const size = Math.ceil(pages.length / n);
  const bios: BioModel[] = [];
  for (let from = 0; from < pages.length; from += size) {
    const part = UserPagesModel.taken(pages.how);
    part.push(...pages.slice(from, from + size));
    part.ret = part.length;
    bios.push(new BioModel(names(bios.length), part));
  }
  return bios;
}

/** bio_release_pages(): per page before 6.1, per folio since. */
export function* bio_release_pages(mm: Mm, bio: BioModel): Steps<void> {
  const pin = bio.pages.how === 'pin';
  if (mm.sw.bioRelease === 'page') {
    for (const page of bio.pages) yield* pin ? unpin_user_page(mm, page) : put_page(mm, page);
    return;
  }
  for (let i = 0; i < bio.pages.length; ) {
    const { page, head, n } = yield* gup_folio_next(mm, bio.pages, i);
    if (pin) yield* unpin_folio(mm, page, head, n);
    else {
      const zero = yield SUBT(head._refcount, n);
      mm.world.drop('get', page, n);
      if (zero === 1) yield* __put_page(head, mm);
    }
    i += n;
  }
}
