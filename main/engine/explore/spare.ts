/** What a failure does not need: actors without which the same check breaks, too, and choices that may be any. */

import type { World } from '../world.ts';
import type { Broken, SearchResult } from './findings.ts';
import type { Visible } from './fusion.ts';
import { search } from './search.ts';
import { choicesOfNoMatter } from './walks.ts';

/** States in which a failure must be found again without an actor; more would keep people waiting. */
const STATES = 20_000;

/**
 * Names of actors (of those the body adds) that can be left out, all of them together, and the check still breaks.
 * @param found what a search with all of them found
 * @param known what is visible with all actors
 */
export function spareActors(
  found: Pick<SearchResult, 'world' | 'automata'>,
  check: string,
  without: ReadonlySet<string>,
  now: () => number,
  known: Visible,
): readonly string[] {
  const names = found.world.actors.flatMap(({ name, body }) => (body === null ? [] : [name]));
  const spare = new Set<string>();
  for (const name of names) {
    if (spare.size + 1 === names.length) break;
    const less = new Set([...spare, name]);
    if (breaks(found, less, check, without, now, known)) spare.add(name);
  }
  return [...spare];
}

/** Most choices of one path that are tried otherwise. */
const CHOICES = 40;

/** Sentences on the choices of a failure's path that may be any. Actors of the path are those of `world`. */
export function choiceNotes(world: World, { path, check }: Broken, without: ReadonlySet<string>): string[] {
  if (path.filter(({ chooses }) => chooses).length > CHOICES) return [];
  return choicesOfNoMatter(world, path, check, without).map(({ step, answers }) => {
    const name = world.actors[path[step]?.actor ?? -1]?.name ?? '?';
    return `"${check}" breaks whichever of ${answers} answers ${name} is given at step ${step + 1}`;
  });
}

function breaks(
  { world, automata }: Pick<SearchResult, 'world' | 'automata'>,
  left: ReadonlySet<string>,
  check: string,
  without: ReadonlySet<string>,
  now: () => number,
  { words, irqs, weighted = false }: Visible,
): boolean {
  const visible = { words: new Set(words), irqs, weighted };
  const budget = { states: STATES, seconds: 2 };
  const options = { without, leaveOut: left, until: check, automata };
  const { broken } = search(world, visible, budget, { now, progress() {} }, options);
  return broken.some((found) => found.check === check);
}
