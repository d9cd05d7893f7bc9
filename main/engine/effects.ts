/**
 * Resolves what an actor's code did between two steps against the state the transition leads to. Bookkeeping of holders
 * is decided here, not in the actor, because it depends on the state and must not become part of the actor's history.
 */
import { badPageReason } from './check/builtin.ts';
import type { PageModel } from './page.ts';
import type { EventKind } from './trace.ts';
import type { PendingEffect, World } from './world.ts';

/** The state effects are resolved against and written to, and who is told. */
export interface EffectTarget {
  read(word: number): number;
  write(word: number, value: number): void;
  spawn(actor: number, effect: PendingEffect & { readonly kind: 'spawn' }): void;
  event(kind: EventKind, text: string): void;
}

/** The books a hold is entered in: a single page's own, or the head's for a run of pages. */
function holdWord(world: World, how: 'get' | 'pin', page: PageModel, n: number): number {
  return world.held(how, n === 1 ? page : page.head).index;
}

/** The books a drop is taken from: the page's own if anything stands there, otherwise the head's. */
function dropWord(world: World, how: 'get' | 'pin', page: PageModel, n: number, target: EffectTarget): number {
  const own = (how === 'pin' ? world.heldPins : world.heldGets).get(page);
  if (own !== undefined && target.read(own.index) >= n) return own.index;
  return world.held(how, page.head).index;
}

export function applyEffects(world: World, effects: readonly PendingEffect[], target: EffectTarget): void {
  for (const effect of effects) {
    switch (effect.kind) {
      case 'add':
        target.write(effect.word, target.read(effect.word) + effect.value);
        break;
      case 'set':
        target.write(effect.word, effect.value);
        break;
      case 'hold': {
        const word = holdWord(world, effect.how, effect.page, effect.n);
        target.write(word, target.read(word) + effect.n);
        break;
      }
      case 'drop': {
        const word = dropWord(world, effect.how, effect.page, effect.n, target);
        target.write(word, target.read(word) - effect.n);
        break;
      }
      case 'freed': {
        const reason = badPageReason(world, effect.page, (word) => target.read(word));
        if (reason !== null) target.event('bad-page', `BUG: Bad page state: ${effect.page.name}: ${reason}`);
        break;
      }
      case 'spawn':
        target.spawn(effect.actor, effect);
        break;
      case 'event':
        target.event(effect.event, effect.text);
        break;
    }
  }
}
