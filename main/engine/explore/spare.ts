/** Which actors a failure does not need: without them the same check breaks, too. */
import type { World } from '../world.ts';
import { search } from './search.ts';

/** States in which a failure must be found again without an actor; more would keep people waiting. */
const STATES = 20_000;

/**
 * Names of actors (of those the body adds) that can be left out, all of them together, and the check still breaks.
 * @param build a fresh world
 */
export function spareActors(
  build: () => World,
  check: string,
  without: ReadonlySet<string>,
  now: () => number,
): readonly string[] {
  const names = build().actors.flatMap(({ name, body }) => (body === null ? [] : [name]));
  const spare = new Set<string>();
  for (const name of names) {
    if (spare.size + 1 === names.length) break;
    const less = new Set([...spare, name]);
    if (breaks(build(), less, check, without, now)) spare.add(name);
  }
  return [...spare];
}

function breaks(
  world: World,
  left: ReadonlySet<string>,
  check: string,
  without: ReadonlySet<string>,
  now: () => number,
): boolean {
  const visible = { words: new Set<string>(), irqs: false };
  const budget = { states: STATES, seconds: 2 };
  const { broken } = search(world, visible, budget, { now, progress() {} }, { without, leaveOut: left });
  return broken.some((found) => found.check === check);
}
