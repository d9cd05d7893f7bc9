/**
 * The reverse map: from a page to the addresses that may show it. A private page belongs to a mapping and to its copies
 * in processes forked since; a file's page to all mappings of the file.
 */
import { FileModel } from '../file.ts';
import { homeIndex, homeObject } from '../flags.ts';
import type { Steps, Word } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import type { MmStruct } from '../mm-struct.ts';
import type { PageModel } from '../page.ts';
import { ADD, R, W } from '../step.ts';
import { folio_nr_pages, type Mm } from './context.ts';
import { rmap_read_lock, rmap_read_unlock } from './lock.ts';

/** An address that may show a page. */
export interface Place {
  readonly mapping: MappingModel;
  readonly index: number;
}

/** Locks the reverse map of a folio, so that no fork adds to it during a walk. Gives the families that were locked. */
export function* rmap_lock(mm: Mm, head: PageModel): Steps<MmStruct[]> {
  const home = yield R(head.mapping);
  const owner = home === 0 ? null : mm.world.homeOf(homeObject(home));
  const families: MmStruct[] = [];
  for (const root of owner === null ? [] : owner instanceof FileModel ? owner.mappings : [owner]) {
    if (!families.includes(root.mm.ancestor)) families.push(root.mm.ancestor);
  }
  for (const of of families) yield* rmap_read_lock(of);
  return families;
}

export function* rmap_unlock(families: readonly MmStruct[]): Steps<void> {
  for (const of of families) yield* rmap_read_unlock(of);
}

/** The addresses of a page whose folio is `head`; between {@link rmap_lock} and {@link rmap_unlock}. */
export function* rmap_places(mm: Mm, page: PageModel, head: PageModel): Steps<Place[]> {
  const home = yield R(head.mapping);
  const owner = home === 0 ? null : mm.world.homeOf(homeObject(home));
  if (owner === null) return [];
  const at = homeIndex(home) + (page === head ? 0 : page.index);
  const roots = owner instanceof FileModel ? owner.mappings : [owner];
  const places: Place[] = [];
  for (const root of roots) {
    const index = owner instanceof FileModel ? at - root.start.from : at;
    if (index < 0 || index >= root.npages) continue;
    for (const member of yield* family(root.mm)) {
      const mapping = member.mappings.find((candidate) => candidate.root === root);
      if (mapping !== undefined) places.push({ mapping, index });
    }
  }
  return places;
}

/** A process and all that were forked from it so far. */
function* family(of: MmStruct): Steps<MmStruct[]> {
  const members = [of];
  const n = yield R(of.children);
  for (let k = 1; k <= n; k++) members.push(...(yield* family(of.child(k))));
  return members;
}

/** folio_remove_rmap_pte(): an entry less; a page that was mlocked() through it is no longer. */
export function* remove_rmap(mapcount: Word, folio: PageModel): Steps<void> {
  yield ADD(mapcount, -1);
  if ((yield R(folio.flag('PG_mlocked'))) === 1) yield W(folio.flag('PG_mlocked'), 0);
}

/** page_trans_huge_mapcount(): the most that any page of a compound is mapped, the page's own count where it is none. */
export function* page_trans_huge_mapcount(head: PageModel): Steps<number> {
  const nr = yield* folio_nr_pages(head);
  let most = 0;
  for (let i = 0; i < nr; i++) most = Math.max(most, yield R(head.subpage(i).mapcount));
  return nr > 1 ? most + (yield R(head.entire_mapcount)) : most;
}
