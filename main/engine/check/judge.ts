/**
 * Checks that look at one moment, not at a state: what GUP hands out in the very transition that decides it (I8), and
 * who can see what a process writes to its private memory (I6). Each says in a line what is wrong, or null.
 */
import type { ReadWord } from '../fields.ts';
import type { MmStruct } from '../mm-struct.ts';
import type { PageModel } from '../page.ts';
import type { GrabEffect, World } from '../world.ts';
import { isAnon } from './state.ts';

/** GUP's references are on a head that the page does not belong to (any more). */
export function wrongHead(grab: GrabEffect, read: ReadWord): string | null {
  const { page, head } = grab;
  const now = page === page.head ? page.object : read(page.compound_head.index) - 1;
  const belongs = now < 0 ? page.object : now;
  return belongs === head.object
    ? null
    : `GUP returns ${page.name}, but its reference is on ${head.name}, which ${page.name} does not belong to`;
}

/** GUP read the entry from a page table that by now belongs to another process, and took that one's page. */
export function foreignTable(world: World, grab: GrabEffect, read: ReadWord): string | null {
  const { table, mapping, index, page } = grab;
  if (table === null) return null;
  if (mapping.links(table, read) || mapping.page(index) === page) return null;
  const other = world.mms.find((mm) => mm.mappings.some((candidate) => candidate.links(table, read)));
  return other === undefined || other === mapping.mm
    ? null
    : `GUP of ${mapping.mm.name} returns ${page.name}, which only ${other.name} maps (${table.name} is its own by now)`;
}

/** `mm` holds a page that another process wrote to since they last shared it. */
export function leakedTo(world: World, page: PageModel, mm: MmStruct, read: ReadWord): string | null {
  const word = world.books.writers.get(page);
  const writer = word === undefined ? 0 : read(word.index);
  if (writer === 0 || writer === world.mmNumber(mm) + 1 || !isAnon(world, page, read)) return null;
  return `${mm.name} holds ${page.name} and can read what ${world.mms[writer - 1]?.name ?? '?'} wrote to it after fork`;
}

/** Data of `mm` goes to a page of private memory that another process can see: by a hold of its own, or mapped. */
export function sharedWith(world: World, page: PageModel, mm: MmStruct, read: ReadWord): string | null {
  if (!isAnon(world, page, read)) return null;
  for (const link of world.books.links) {
    const other = link.at.mapping.mm;
    const offset = page.index - link.page.index;
    if (other === mm || link.page.head !== page.head || offset < 0 || offset >= link.n) continue;
    if (read(link.word.index) > 0) return `${mm.name} writes to ${page.name}, which ${other.name} still holds`;
  }
  for (const other of world.mms) {
    if (other !== mm && mapsPage(other, page, read))
      return `${mm.name} writes to ${page.name}, which ${other.name} maps`;
  }
  return null;
}

/** Whether a process shows a page anywhere. A child in the middle of fork() does not run yet and sees nothing. */
export function mapsPage(mm: MmStruct, page: PageModel, read: ReadWord): boolean {
  return mm.mappings.some((mapping) => {
    if (read(mapping.vma.index) === 0) return false;
    for (let block = 0; block < mapping.blocks; block++) {
      const whole = mapping.showsWhole(block, read);
      if (whole !== null && whole === page.head) return true;
      if (whole !== null) continue;
      const first = block * mapping.blockPages;
      const last = Math.min(first + mapping.blockPages, mapping.npages);
      for (let i = first; i < last; i++) if (mapping.shows(i, read) === page) return true;
    }
    return false;
  });
}
