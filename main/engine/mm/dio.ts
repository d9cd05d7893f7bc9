/** Direct I/O: user pages become the vectors of bios (bio_iov_iter_get_pages()), with references or, since 6.5, pins. */
import { FOLL_WRITE } from '../flags.ts';
import type { Steps } from '../interface.ts';
import { BioModel, bio_check_pages_dirty, bio_release_pages, bio_set_pages_dirty } from './bio.ts';
import type { Mm } from './context.ts';
import { get_user_pages_fast, pin_user_pages_fast } from './gup.ts';
import type { Range } from './gup-fast.ts';
import { type PageRun, UserPagesModel } from './user-pages.ts';

/** BIO_MAX_VECS: segments of one bio. */
export const BIO_MAX_VECS = 256;

/** A bio under construction. */
interface Filling {
  readonly pages: UserPagesModel;
  readonly segments: PageRun[];
}

/** Adds pages to a vector: contiguous ones go into the last segment where the revision merges extractions. */
function addToBio(mm: Mm, filling: Filling, runs: readonly PageRun[]): void {
  let merges = mm.sw.bioMerges;
  for (const run of runs) {
    const last = filling.segments.at(-1);
    const next = last?.page.head === run.page.head && last.page.index + last.n === run.page.index;
    if (last !== undefined && next && merges) {
      filling.segments[filling.segments.length - 1] = { page: last.page, n: last.n + run.n };
    } else filling.segments.push(run);
    merges = true;
  }
  filling.pages.addAll(runs);
}

/**
 * The bios of one request, each with at most `max_vecs` segments. A bio is filled by extractions of as many pages as
 * it has segments left; what GUP cannot take ends the request.
 * @returns the bios; fewer pages than asked for mean -EFAULT for the rest
 */
export function* bio_iov_iter_get_pages(mm: Mm, range: Range, read: boolean, max_vecs: number): Steps<BioModel[]> {
  const bios: BioModel[] = [];
  let done = 0;
  while (done < range.nr) {
    const how = mm.sw.dioAcquires;
    const filling: Filling = { pages: new UserPagesModel(how, range.mapping), segments: [] };
    let more = true;
    while (more && done < range.nr && filling.segments.length < max_vecs) {
      const nr = Math.min(range.nr - done, max_vecs - filling.segments.length);
      const part: Range = { mapping: range.mapping, index: range.index + done, nr };
      const flags = read ? FOLL_WRITE : 0;
      const pages =
        how === 'pin'
          ? yield* pin_user_pages_fast(mm, part, flags, true)
          : yield* get_user_pages_fast(mm, part, flags, true);
      addToBio(mm, filling, pages.runs);
      done += pages.length;
      more = pages.length === nr;
    }
    if (filling.pages.length > 0) {
      filling.pages.ret = filling.pages.length;
      bios.push(new BioModel(`bio ${bios.length}`, filling.pages, filling.segments, read));
    }
    if (!more) break;
  }
  return bios;
}

/** blkdev_direct_IO() or iomap_dio_rw(): takes the pages and submits the bios; a read marks its pages dirty first. */
export function* dio_submit(mm: Mm, range: Range, read: boolean, max_vecs: number): Steps<BioModel[]> {
  const bios = yield* bio_iov_iter_get_pages(mm, range, read, max_vecs);
  if (read) for (const bio of bios) yield* bio_set_pages_dirty(mm, bio);
  return bios;
}

/** blkdev_bio_end_io(): the completion. A read sees to it that what was read is dirty. */
export function* bio_endio(mm: Mm, bio: BioModel): Steps<void> {
  if (bio.read) yield* bio_check_pages_dirty(mm, bio);
  else yield* bio_release_pages(mm, bio);
}
