/**
 * The checks that are always on. Each looks at one state and says in a line what is wrong with it, or null. The books
 * they compare with (what callers were told they hold) are the model's own and no kernel's.
 */
import { PG_buddy, PG_head } from '../flags.ts';
import { countReadsPinned } from '../mm/pinned.ts';
import type { PageModel } from '../page.ts';
import type { ReadWord, World } from '../world.ts';

export interface BuiltinCheck {
  /** Short name, as in `without: ['I2']`. */
  readonly id: string;
  /** What must hold, in one sentence. */
  readonly sentence: string;
  readonly source: string;
  /** `end`: only when all actors have finished. `always`: in every state. */
  readonly when: 'always' | 'end';
  readonly test: (world: World, read: ReadWord) => string | null;
}

/** The head a page belongs to in this state. */
export function headNow(world: World, page: PageModel, read: ReadWord): PageModel {
  if (page === page.head) return page;
  const head = read(page.compound_head.index);
  return head === 0 ? page : world.pageOf(head - 1);
}

/** Whether the kernel keeps an exact pincount for this head, in this state. */
export function hasPincountNow(world: World, head: PageModel, read: ReadWord): boolean {
  return head.order >= world.switches.pincountOrder && (read(head.flags.index) & PG_head) !== 0;
}

/** What page_maybe_dma_pinned() says in this state. */
export function maybePinnedNow(world: World, page: PageModel, read: ReadWord): boolean {
  const head = headNow(world, page, read);
  if (hasPincountNow(world, head, read)) return read(head.pincount.index) > 0;
  return countReadsPinned(world.switches, read(head._refcount.index));
}

function isFree(world: World, page: PageModel, read: ReadWord): boolean {
  return (read(headNow(world, page, read).flags.index) & PG_buddy) !== 0;
}

type Books = ReadonlyMap<PageModel, { readonly index: number; readonly name: string }>;

function heldButFree(world: World, books: Books, read: ReadWord): string | null {
  for (const [page, word] of books) {
    const n = read(word.index);
    if (n > 0 && isFree(world, page, read)) return `${page.name} is on a free list, but ${word.name} is ${n}`;
  }
  return null;
}

const I1: BuiltinCheck = {
  id: 'I1',
  sentence: 'no page is free while somebody holds it',
  source: 'what a reference is for',
  when: 'always',
  test(world, read) {
    const held = heldButFree(world, world.heldPins, read) ?? heldButFree(world, world.heldGets, read);
    if (held !== null) return held;
    for (const folio of world.folios) {
      const mapped = read(folio.mapcount.index);
      if (mapped > 0 && isFree(world, folio, read))
        return `${folio.name} is on a free list, but mapped ${mapped} time(s)`;
    }
    return null;
  },
};

const I2: BuiltinCheck = {
  id: 'I2',
  sentence: 'in the end _refcount is what mappings, references and pins add up to',
  source: 'Documentation/core-api/pin_user_pages.rst: each pin is matched by one unpin',
  when: 'end',
  test(world, read) {
    for (const folio of world.folios) {
      if (isFree(world, folio, read)) continue;
      const exact = hasPincountNow(world, folio, read);
      const gets = heldOn(world.heldGets, folio, read);
      const pins = heldOn(world.heldPins, folio, read);
      const mapped = read(folio.mapcount.index);
      const due = (folio.keepers + mapped + gets + pins * (exact ? 1 : world.bias)) | 0;
      const count = read(folio._refcount.index);
      if (count !== due) {
        const parts = [`${mapped} mapping(s)`, `${gets} reference(s)`, `${pins} pin(s)`];
        if (folio.keepers > 0) parts.push(`${folio.keepers} keeper(s)`);
        return `${folio.name}._refcount is ${count}, but ${parts.join(', ')} make ${due}`;
      }
      if (exact && read(folio.pincount.index) !== pins) {
        return `${folio.name}.pincount is ${read(folio.pincount.index)}, but ${pins} pin(s) are held`;
      }
      if (due === 0) return `${folio.name} has no reference left and was never freed`;
    }
    return null;
  },
};

/** Sum of the books of a folio: its head and its subpages. */
function heldOn(books: Books, folio: PageModel, read: ReadWord): number {
  let sum = 0;
  for (const [page, word] of books) if (page.head === folio) sum += read(word.index);
  return sum;
}

const I3: BuiltinCheck = {
  id: 'I3',
  sentence: 'the _refcount of a tail page is 0',
  source: 'mm/page_alloc.c prep_compound_page()',
  when: 'always',
  test(world, read) {
    for (const folio of world.folios) {
      if (folio.order === 0) continue;
      for (const tail of folio.touchedTails()) {
        const count = read(tail._refcount.index);
        if (count !== 0 && read(tail.compound_head.index) !== 0) {
          return `tail page ${tail.name}._refcount is ${count}, all references of a compound page are the head's`;
        }
      }
    }
    return null;
  },
};

const I4: BuiltinCheck = {
  id: 'I4',
  sentence: 'page_maybe_dma_pinned() is true while a pin is held',
  source: 'Documentation/core-api/pin_user_pages.rst: false positives are acceptable, false negatives are not',
  when: 'always',
  test(world, read) {
    for (const [page, word] of world.heldPins) {
      const n = read(word.index);
      if (n > 0 && !maybePinnedNow(world, page, read)) {
        const head = headNow(world, page, read);
        const exact = hasPincountNow(world, head, read);
        const counter = exact ? head.pincount : head._refcount;
        return `${page.name} reads "not pinned" (${counter.name} is ${read(counter.index)}), but ${n} pin(s) are held`;
      }
    }
    return null;
  },
};

/** In the order of their names. */
export const BUILTIN_CHECKS: readonly BuiltinCheck[] = [I1, I2, I3, I4];

/**
 * What the kernel's checks at free time say about a page that was just handed to the free lists: the reason of a
 * "BUG: Bad page state" report, or null.
 */
export function badPageReason(world: World, page: PageModel, read: ReadWord): string | null {
  if (read(page.mapcount.index) !== 0) return 'nonzero mapcount';
  if (read(page._refcount.index) !== 0) return 'nonzero _refcount';
  for (const tail of page.touchedTails())
    if (read(tail._refcount.index) !== 0) return `nonzero _refcount (${tail.name})`;
  if (world.switches.badPagePincount && read(page.pincount.index) !== 0) return 'nonzero pincount';
  return null;
}
