/** What checks may ask about a state: counts as the kernel's own helpers would print them. No steps are taken. */
import { hasPincountNow, headNow, maybePinnedNow } from './check/builtin.ts';
import { currentWorld } from './context.ts';
import { ExpectationError } from './errors.ts';
import { PG_buddy } from './flags.ts';
import type { Expectation, Page, UserMapping, Word } from './interface.ts';
import { MappingModel, type PageModel } from './page.ts';
import { modelOf, type World } from './world.ts';

function pageFrom(page: Page | UserMapping, what: string): PageModel {
  return page instanceof MappingModel ? page.page(0) : modelOf(page, what);
}

function ask<T>(what: string, page: Page | UserMapping, answer: (world: World, page: PageModel) => T): T {
  return answer(currentWorld(`${what}()`), pageFrom(page, `${what}()`));
}

const look = (world: World) => (word: number) => world.look(word);

export const page_ref_count = (page: Page | UserMapping): number =>
  ask('page_ref_count', page, (world, p) => world.look(headNow(world, p, look(world))._refcount.index));

export const page_mapcount = (page: Page | UserMapping): number =>
  ask('page_mapcount', page, (world, p) => world.look(p.mapcount.index));

export const page_pincount = (page: Page | UserMapping): number =>
  ask('page_pincount', page, (world, p) => {
    const head = headNow(world, p, look(world));
    return hasPincountNow(world, head, look(world)) ? world.look(head.pincount.index) : 0;
  });

export const page_maybe_dma_pinned = (page: Page | UserMapping): boolean =>
  ask('page_maybe_dma_pinned', page, (world, p) => maybePinnedNow(world, p, look(world)));

export const page_is_free = (page: Page | UserMapping): boolean =>
  ask('page_is_free', page, (world, p) => (world.look(headNow(world, p, look(world)).flags.index) & PG_buddy) !== 0);

function heldOn(how: 'get' | 'pin', world: World, page: PageModel): number {
  let sum = 0;
  for (const [holder, word] of how === 'pin' ? world.heldPins : world.heldGets) {
    if (holder.head === page.head) sum += world.look(word.index);
  }
  return sum;
}

export const pins_held = (page: Page | UserMapping): number =>
  ask('pins_held', page, (world, p) => heldOn('pin', world, p));

export const gets_held = (page: Page | UserMapping): number =>
  ask('gets_held', page, (world, p) => heldOn('get', world, p));

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
