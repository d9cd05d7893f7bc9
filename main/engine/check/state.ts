/** What a state says about pages: questions that checks, effects and observers ask. No steps are taken. */
import type { ReadWord } from '../fields.ts';
import { FileModel } from '../file.ts';
import { homeIndex, homeObject, PG_block, PG_buddy, PG_head } from '../flags.ts';
import type { KernelSwitches } from '../interface.ts';
import type { PageModel } from '../page.ts';
import type { World } from '../world.ts';

/** The head a page belongs to in this state. */
export function headNow(world: World, page: PageModel, read: ReadWord): PageModel {
  if (page === page.head) return page;
  const head = read(page.compound_head.index);
  return head === 0 ? page : world.pageOf(head - 1);
}

/** Whether the kernel keeps an exact pincount for this head, in this state. */
export function hasPincountNow(world: World, head: PageModel, read: ReadWord): boolean {
  return head.order >= world.switches.pincountOrder && (head.peek('flags', read) & PG_head) !== 0;
}

/** The comparison: a negative count still reads as pinned where the kernel compares without sign. */
export function countReadsPinned(sw: KernelSwitches, count: number): boolean {
  return sw.pinnedUnsigned ? count >>> 0 >= 2 ** sw.biasShift : count >= 2 ** sw.biasShift;
}

/** What page_maybe_dma_pinned() says in this state. */
export function maybePinnedNow(world: World, page: PageModel, read: ReadWord): boolean {
  const head = headNow(world, page, read);
  if (hasPincountNow(world, head, read)) return head.peek('pincount', read) > 0;
  return countReadsPinned(world.switches, head.peek('_refcount', read));
}

/** On a free list, alone or with the block it belongs to. */
export function isFree(world: World, page: PageModel, read: ReadWord): boolean {
  const head = headNow(world, page, read);
  if ((head.peek('flags', read) & PG_buddy) !== 0) return true;
  return page !== page.head && head === page && (page.head.peek('flags', read) & PG_block) !== 0;
}

/** Heads and single pages as they are now: the tails of a compound that was split count as pages of their own. */
export function* foliosNow(world: World, read: ReadWord): Generator<PageModel> {
  for (const folio of world.folios) {
    yield folio;
    if (folio.order === 0 || (folio.peek('flags', read) & (PG_head | PG_block)) !== 0) continue;
    for (const tail of folio.knownTails) if (headNow(world, tail, read) === tail) yield tail;
  }
}

/** Times a folio is mapped: as a whole, and each of its pages. */
export function mappedNow(folio: PageModel, read: ReadWord): number {
  if (folio !== folio.head) return folio.peek('mapcount', read);
  const compound = (folio.peek('flags', read) & PG_head) !== 0;
  return compound
    ? folio.peek('entire_mapcount', read) + folio.sum('mapcount', read)
    : folio.peek('mapcount', read) + folio.peek('entire_mapcount', read);
}

/** Number of pages of a folio as it is now. */
export function pagesNow(folio: PageModel, read: ReadWord): number {
  return folio === folio.head && (folio.peek('flags', read) & PG_head) !== 0 ? folio.npages : 1;
}

/** The file whose page cache holds the folio, with the index; null when it is in none. */
export function cachedIn(world: World, folio: PageModel, read: ReadWord): { file: FileModel; index: number } | null {
  const home = folio.peek('mapping', read);
  if (home === 0) return null;
  const owner = world.homeOf(homeObject(home));
  if (!(owner instanceof FileModel)) return null;
  const index = homeIndex(home);
  return owner.peekSlot(index, read) === folio.object + 1 ? { file: owner, index } : null;
}

/** Whether a page's memory is private to processes (anonymous): its writes are nobody else's business. */
export function isAnon(world: World, page: PageModel, read: ReadWord): boolean {
  const home = headNow(world, page, read).peek('mapping', read);
  return home !== 0 && !(world.homeOf(homeObject(home)) instanceof FileModel);
}

/** Parts that a folio's `_refcount` is made of, as far as anybody accounts for them. */
export interface Parts {
  readonly mappings: number;
  readonly references: number;
  readonly pins: number;
  readonly keepers: number;
  readonly cache: number;
  readonly batches: number;
}

/** Holds by what callers were told, summed over the pages that belong to a folio now. */
export function heldOn(world: World, how: 'get' | 'pin', folio: PageModel, read: ReadWord): number {
  let sum = 0;
  for (const [page, word] of how === 'pin' ? world.books.pins : world.books.gets) {
    if (page.head === folio.head && headNow(world, page, read) === folio) sum += read(word.index);
  }
  return sum;
}

export function partsOf(world: World, folio: PageModel, read: ReadWord): Parts {
  const pages = pagesNow(folio, read);
  const perPage = folio.traits.kind === 'hugetlb' ? 1 : pages;
  const cached = cachedIn(world, folio, read) === null ? 0 : perPage;
  const swapcache = folio.peek('PG_swapcache', read) === 0 ? 0 : pages;
  return {
    mappings: mappedNow(folio, read),
    references: heldOn(world, 'get', folio, read),
    pins: heldOn(world, 'pin', folio, read),
    keepers: folio.keepers,
    cache: cached + swapcache + folio.peek('PG_private', read),
    batches: world.books.peekBatch(folio, read),
  };
}

/** What `_refcount` is due to be by its parts. */
export function dueCount(world: World, folio: PageModel, parts: Parts, read: ReadWord): number {
  const unit = hasPincountNow(world, folio, read) ? 1 : world.bias;
  const { mappings, references, pins, keepers, cache, batches } = parts;
  return (mappings + references + pins * unit + keepers + cache + batches) | 0;
}
