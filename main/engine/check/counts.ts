/** Checks of the counters: who holds what, and what the counts say about it. */
import type { ReadWord } from '../fields.ts';
import type { PageModel } from '../page.ts';
import type { World } from '../world.ts';
import type { BuiltinCheck } from './builtin.ts';
import { dueCount, foliosNow, hasPincountNow, headNow, isFree, mappedNow, maybePinnedNow, partsOf } from './state.ts';

type Held = ReadonlyMap<PageModel, { readonly index: number; readonly name: string }>;

function heldButFree(world: World, held: Held, read: ReadWord): string | null {
  for (const [page, word] of held) {
    const n = read(word.index);
    if (n > 0 && isFree(world, page, read)) return `${page.name} is on a free list, but ${word.name} is ${n}`;
  }
  return null;
}

export const I1: BuiltinCheck = {
  id: 'I1',
  sentence: 'no page is free while somebody holds it',
  source: 'what a reference is for',
  when: 'always',
  test(world, read) {
    const held = heldButFree(world, world.books.pins, read) ?? heldButFree(world, world.books.gets, read);
    if (held !== null) return held;
    for (const folio of foliosNow(world, read)) {
      const mapped = mappedNow(folio, read);
      if (mapped > 0 && isFree(world, folio, read))
        return `${folio.name} is on a free list, but mapped ${mapped} time(s)`;
    }
    return null;
  },
};

export const I2: BuiltinCheck = {
  id: 'I2',
  sentence: 'in the end _refcount is what mappings, references and pins add up to',
  source: 'Documentation/core-api/pin_user_pages.rst: each pin is matched by one unpin',
  when: 'end',
  test(world, read) {
    for (const folio of foliosNow(world, read)) {
      if (isFree(world, folio, read)) continue;
      const parts = partsOf(world, folio, read);
      const short = givenBackTwice(parts);
      if (short !== null) return `${folio.name}: ${short}`;
      const due = dueCount(world, folio, parts, read);
      const count = folio.peek('_refcount', read);
      if (count !== due) return `${folio.name}._refcount is ${count}, but ${inWords(parts)} make ${due}`;
      const pincount = folio.peek('pincount', read);
      if (hasPincountNow(world, folio, read) && pincount !== parts.pins) {
        return `${folio.name}.pincount is ${pincount}, but ${parts.pins} pin(s) are held`;
      }
      if (due === 0 && folio.traits.kind !== 'device') return `${folio.name} has no reference left and was never freed`;
    }
    return null;
  },
};

/** More given back than was ever taken: the count may well add up, but nobody had what they gave. */
function givenBackTwice({ pins, references, keepers }: ReturnType<typeof partsOf>): string | null {
  if (pins < 0) return `${-pins} pin(s) more were given back than were taken`;
  const missing = -(references + keepers);
  return missing > 0 ? `${missing} reference(s) more were given back than were taken` : null;
}

function inWords(parts: ReturnType<typeof partsOf>): string {
  const words = [`${parts.mappings} mapping(s)`, `${parts.references} reference(s)`, `${parts.pins} pin(s)`];
  if (parts.keepers > 0) words.push(`${parts.keepers} keeper(s)`);
  if (parts.cache > 0) words.push(`${parts.cache} of the page or swap cache`);
  if (parts.batches > 0) words.push(`${parts.batches} of LRU batches`);
  return words.join(', ');
}

export const I3: BuiltinCheck = {
  id: 'I3',
  sentence: 'the _refcount of a tail page is 0',
  source: 'mm/page_alloc.c prep_compound_page()',
  when: 'always',
  test(world, read) {
    for (const folio of world.folios) {
      if (folio.order === 0) continue;
      for (const tail of folio.knownTails) {
        const count = tail.peek('_refcount', read);
        if (count !== 0 && read(tail.compound_head.index) !== 0) {
          return `tail page ${tail.name}._refcount is ${count}, all references of a compound page are the head's`;
        }
      }
    }
    return null;
  },
};

export const I4: BuiltinCheck = {
  id: 'I4',
  sentence: 'page_maybe_dma_pinned() is true while a pin is held',
  source: 'Documentation/core-api/pin_user_pages.rst: false positives are acceptable, false negatives are not',
  when: 'always',
  test(world, read) {
    for (const [page, word] of world.books.pins) {
      const n = read(word.index);
      if (n > 0 && !maybePinnedNow(world, page, read)) {
        const head = headNow(world, page, read);
        const counter = hasPincountNow(world, head, read) ? head.pincount : head._refcount;
        return `${page.name} reads "not pinned" (${counter.name} is ${read(counter.index)}), but ${n} pin(s) are held`;
      }
    }
    return null;
  },
};
