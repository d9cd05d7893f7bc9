/**
 * A kernel function as a script holds it. Its generator is out of the script's hands: whoever calls `next()` by hand gets
 * what `yield*` gets and can do no more, for each step that it takes must be handed the result that very step had, at
 * the actor's next turn. Otherwise a script could tell try_get_page() that it got a reference, which the books then hold.
 *
 * Not prepared by lower/plugin.ts, for it is no place of its own: the functions behind it report theirs.
 */
import { ScriptMisuse } from '../errors.ts';
import type { Steps } from '../interface.ts';
import { type Chain, live } from '../lower/live.ts';
import { turn } from '../step.ts';

/** The same steps. @throws ScriptMisuse where they are not taken by an actor, one a turn */
export function* guarded<T>(steps: Steps<T>, name: string): Steps<T> {
  let chain: Chain = began(name);
  let next = steps.next();
  while (next.done !== true) {
    const last = chain.turn;
    const result: number = yield next.value;
    chain = began(name, chain);
    if (chain.turn !== last + 1 || turn.made !== 0 || !Object.is(result, turn.result)) throw byHand(name);
    next = steps.next(result);
  }
  return next.value;
}

/** The chain of the actor that runs now, which must be `of` where that is given. */
function began(name: string, of?: Chain): Chain {
  const { driven } = live;
  if (driven === null || (of !== undefined && driven !== of)) throw byHand(name);
  return driven;
}

function byHand(name: string): ScriptMisuse {
  return new ScriptMisuse(`${name}() is run by an actor, as in yield* kernel.${name}(...), and by nobody else`);
}
