/** What checks may ask about a state: counts as the kernel's own helpers would print them. No steps are taken. */

import { addressOf, fileOf } from './arguments.ts';
import { hasPincountNow, headNow, heldOn, isFree, mappedNow, maybePinnedNow } from './check/state.ts';
import { currentWorld } from './context.ts';
import { ExpectationError } from './errors.ts';
import type { Expectation, MemoryFile, Page, UserAddress, UserMapping, Word } from './interface.ts';
import { MappingModel } from './mapping.ts';
import type { PageModel } from './page.ts';
import { modelOf, type World } from './world.ts';

function pageFrom(page: Page | UserMapping, what: string): PageModel {
  return MappingModel.is(page) ? page.page(0) : modelOf(page, what);
}

function ask<T>(what: string, page: Page | UserMapping, answer: (world: World, page: PageModel) => T): T {
  return answer(currentWorld(`${what}()`), pageFrom(page, `${what}()`));
}

const look = (world: World) => (word: number) => world.look(word);

export const page_ref_count = (page: Page | UserMapping): number =>
  ask('page_ref_count', page, (world, p) => world.look(headNow(world, p, look(world))._refcount.index));

export const page_mapcount = (page: Page | UserMapping): number =>
  ask('page_mapcount', page, (world, p) => {
    const head = headNow(world, p, look(world));
    return p.peek('mapcount', look(world)) + head.peek('entire_mapcount', look(world));
  });

export const folio_mapcount = (page: Page | UserMapping): number =>
  ask('folio_mapcount', page, (world, p) => mappedNow(headNow(world, p, look(world)), look(world)));

export const page_pincount = (page: Page | UserMapping): number =>
  ask('page_pincount', page, (world, p) => {
    const head = headNow(world, p, look(world));
    return hasPincountNow(world, head, look(world)) ? world.look(head.pincount.index) : 0;
  });

export const page_maybe_dma_pinned = (page: Page | UserMapping): boolean =>
  ask('page_maybe_dma_pinned', page, (world, p) => maybePinnedNow(world, p, look(world)));

export const page_is_free = (page: Page | UserMapping): boolean =>
  ask('page_is_free', page, (world, p) => isFree(world, p, look(world)));

const heldHere = (how: 'get' | 'pin', world: World, page: PageModel): number =>
  heldOn(world, how, headNow(world, page, look(world)), look(world));

export const pins_held = (page: Page | UserMapping): number =>
  ask('pins_held', page, (world, p) => heldHere('pin', world, p));

export const gets_held = (page: Page | UserMapping): number =>
  ask('gets_held', page, (world, p) => heldHere('get', world, p));

/** The page a process sees at an address now, null where nothing present is mapped. */
export const page_mapped = (at: UserMapping | UserAddress): Page | null => {
  const world = currentWorld('page_mapped()');
  const { mapping, index } = addressOf(at, 'page_mapped()');
  return mapping.shows(index, look(world));
};

/** What is in memory at an address now: 0 where nothing was written or nothing is mapped. */
export const user_data = (at: UserMapping | UserAddress): number => {
  const world = currentWorld('user_data()');
  const { mapping, index } = addressOf(at, 'user_data()');
  return mapping.shows(index, look(world))?.peek('data', look(world)) ?? 0;
};

/** What a file has on disk for a page. */
export const file_data = (file: MemoryFile, index: number): number => {
  const world = currentWorld('file_data()');
  return fileOf(file, 'file_data()').peekDisk(index, look(world));
};

/** A /proc/vmstat counter: nr_foll_pin_acquired, nr_foll_pin_released ... */
export const vmstat = (name: string): number => {
  const world = currentWorld('vmstat()');
  return world.books.peekVmstat(name, look(world));
};

export const value = (word: Word): number => currentWorld('value()').look(word.index);

/** @throws ExpectationError when it does not hold */
export function expect<T>(actual: T): Expectation<T> {
  return {
    toBe(expected) {
      if (!Object.is(actual, expected))
        throw new ExpectationError(`expected ${String(expected)}, got ${String(actual)}`);
    },
    toBeAtLeast(bound) {
      if (!(Number(actual) >= bound)) throw new ExpectationError(`expected at least ${bound}, got ${String(actual)}`);
    },
    toBeAtMost(bound) {
      if (!(Number(actual) <= bound)) throw new ExpectationError(`expected at most ${bound}, got ${String(actual)}`);
    },
  };
}
