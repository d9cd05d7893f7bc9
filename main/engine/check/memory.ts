/** Checks of what memory shows: the process and its devices see the same page, data reach the file, rmap counts fit. */
import type { Link } from '../books.ts';
import type { ReadWord } from '../fields.ts';
import type { FileModel } from '../file.ts';
import { ENTRY_DIRTY } from '../flags.ts';
import type { MappingModel } from '../mapping.ts';
import type { PageModel } from '../page.ts';
import type { World } from '../world.ts';
import type { BuiltinCheck } from './builtin.ts';
import { cachedIn, foliosNow, isAnon, isFree, mappedNow, pagesNow } from './state.ts';

/**
 * How many of a link's addresses show another page than the one that is held. An address that shows nothing just now
 * (a fault will bring it back) is no divergence.
 */
function diverged(link: Link, read: ReadWord): number {
  const { mapping, index } = link.at;
  const whole = mapping.showsWhole(mapping.blockOf(index), read);
  if (whole !== null && whole === link.page.head && link.page.index === mapping.within(index)) return 0;
  let n = 0;
  for (let i = 0; i < link.n; i++) {
    const shown = mapping.shows(index + i, read);
    if (shown !== null && (shown.head !== link.page.head || shown.index !== link.page.index + i)) n++;
  }
  return n;
}

export const I5: BuiltinCheck = {
  id: 'I5',
  sentence: 'a process and whoever pinned its memory see the same page',
  source: '70e806e4e645 ("mm: Do early cow for pinned pages during fork() for ptes"), 6c287605fd56',
  when: 'always',
  test(world, read) {
    for (const link of world.books.links) {
      if (!link.reliable) continue;
      const held = read(link.word.index);
      if (held <= 0 || !isAnon(world, link.page, read)) continue;
      const other = diverged(link, read);
      if (link.n - other >= Math.min(held, link.n)) continue;
      const shown = link.at.mapping.shows(link.at.index, read);
      const what = link.how === 'pin' ? 'pinned' : 'under DMA';
      return `${link.page.name} is ${what} for ${link.at.mapping.mm.name}, which sees ${shown?.name ?? 'another page'} instead`;
    }
    return null;
  },
};

export const I9: BuiltinCheck = {
  id: 'I9',
  sentence: 'what is written to a page of a file reaches the file',
  source: 'LWN 753027; d824ec2a1546 ("mm: do not reclaim private data from pinned page"); fs/ext4/inode.c',
  when: 'end',
  test(world, read) {
    for (const folio of foliosNow(world, read)) {
      if (isFree(world, folio, read)) continue;
      const cached = cachedIn(world, folio, read);
      if (cached === null || cached.file.traits.fs !== 'ext4') continue;
      const marked = folio.peek('PG_dirty', read) !== 0;
      const dirty = marked || dirtyEntry(world, folio, cached, read);
      if (marked && folio.peek('PG_private', read) === 0) {
        return `${folio.name} is dirty, but has no buffers: ${cached.file.name} cannot write it`;
      }
      const lost = dirty ? null : lostPage(folio, cached, read);
      if (lost !== null) return lost;
    }
    return null;
  },
};

/** An entry that was written through: whoever cleans it makes the page dirty first. */
function dirtyEntry(
  world: World,
  folio: PageModel,
  cached: { file: FileModel; index: number },
  read: ReadWord,
): boolean {
  for (const mm of world.mms) {
    for (const mapping of mm.mappings) {
      if (mapping.start.file !== cached.file || !mapping.start.shared) continue;
      for (let i = 0; i < pagesNow(folio, read); i++) {
        const at = cached.index + i - mapping.start.from;
        if (at < 0 || at >= mapping.npages) continue;
        const shown = mapping.shows(at, read);
        if (shown?.head === folio && (mapping.entryNow(at, read) & ENTRY_DIRTY) !== 0) return true;
      }
    }
  }
  return false;
}

function lostPage(folio: PageModel, cached: { file: FileModel; index: number }, read: ReadWord): string | null {
  for (const page of [folio, ...folio.knownTails]) {
    const here = page.peek('data', read);
    const there = cached.file.peekDisk(cached.index + page.index, read);
    if (here !== there && page.head === folio) {
      return `${page.name} holds ${here}, ${cached.file.name} has ${there} on disk, and nothing is dirty`;
    }
  }
  return null;
}

/** Entries of all page tables, by the page they map: as a whole or singly. */
function entriesNow(world: World, read: ReadWord): Map<PageModel, number> {
  const found = new Map<PageModel, number>();
  const note = (page: PageModel | null): void => {
    if (page !== null) found.set(page, (found.get(page) ?? 0) + 1);
  };
  for (const mm of world.mms) {
    for (const mapping of mm.mappings)
      for (let block = 0; block < mapping.blocks; block++) noteBlock(mapping, block, read, note);
  }
  return found;
}

function noteBlock(mapping: MappingModel, block: number, read: ReadWord, note: (page: PageModel | null) => void): void {
  const whole = mapping.showsWhole(block, read);
  if (whole !== null || mapping.start.sharedTable !== undefined) {
    note(whole);
    return;
  }
  const first = block * mapping.blockPages;
  for (let i = first; i < Math.min(first + mapping.blockPages, mapping.npages); i++) note(mapping.shows(i, read));
}

export const I10: BuiltinCheck = {
  id: 'I10',
  sentence: 'in the end a page is mapped as often as its mapcount says',
  source: 'mm/rmap.c',
  when: 'end',
  test(world, read) {
    const entries = entriesNow(world, read);
    for (const folio of foliosNow(world, read)) {
      if (folio.traits.kind !== 'ram' || isFree(world, folio, read)) continue;
      let found = entries.get(folio) ?? 0;
      if (pagesNow(folio, read) > 1) {
        for (const [page, n] of entries) if (page.head === folio && page !== folio) found += n;
      }
      const mapped = mappedNow(folio, read);
      if (found !== mapped) return `${folio.name} is mapped by ${found} entries, but its mapcount is ${mapped}`;
    }
    return null;
  },
};
