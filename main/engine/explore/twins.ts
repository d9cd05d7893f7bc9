/**
 * Actors that are interchangeable: their bodies are the same code over the same things, but for words of their own that
 * nobody else has. If two of them change places in a state, with their words, everything that can follow is the same.
 */
import { isHandle } from '../lower/key.ts';
import { live } from '../lower/live.ts';
import { MemoryWord } from '../memory.ts';
import type { World } from '../world.ts';

/** A group of interchangeable actors. */
export interface Twins {
  /** Their ids, in order. The first one's code is run for all of them. */
  readonly actors: readonly number[];
  /** By actor, in the same order: its own words, such that words at one position correspond to each other. */
  readonly words: readonly (readonly number[])[];
}

/** Things looked at in what one body captured. */
const MOST = 10_000;

/** Groups of two or more interchangeable actors among those of the body. `apart` names actors that must not be in one. */
export function findTwins(world: World, apart: ReadonlySet<string>): Twins[] {
  const all = [...world.actors.entries()].flatMap(([id, { body, name }]) =>
    body === null ? [] : [{ id, body, name }],
  );
  const reach = all.map(({ body }) => wordsOf(body));
  // Where it is not known what one body can reach, no word is known to be another's own.
  const isKnown = reach.every((words) => words !== null);
  const bodies = all.map((actor, i) => ({ ...actor, words: isKnown ? (reach[i] ?? []) : [] }));
  const holders = new Map<MemoryWord, number>();
  for (const { words } of bodies) for (const word of words) holders.set(word, (holders.get(word) ?? 0) + 1);
  const groups = new Map<string, { readonly id: number; readonly words: readonly number[] }[]>();
  for (const { id, body, name, words } of bodies) {
    if (apart.has(name)) continue;
    const own = words.filter((word) => holders.get(word) === 1 && isUsers(world, word));
    const key = live.bodyKey(body, new Map(own.map((word, i) => [word, `${i}`])));
    if (key === null) continue;
    const initial = own.map(({ index }) => world.memory.initial[index] ?? 0).join();
    const group = `${world.actors[id]?.kind ?? ''}|${initial}|${key}`;
    groups.set(group, [...(groups.get(group) ?? []), { id, words: own.map(({ index }) => index) }]);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => ({ actors: group.map(({ id }) => id), words: group.map(({ words }) => words) }));
}

/** Words of the author's own may change places; pages and their counters are not among them. */
function isUsers(world: World, word: MemoryWord): boolean {
  return world.memory.objects[world.memory.words[word.index]?.object ?? -1]?.kind === 'user';
}

/** Words that can be reached from what a body captured, in a fixed order; null where that cannot be told. */
function wordsOf(body: object): MemoryWord[] | null {
  const words = new Set<MemoryWord>();
  const seen = new Set<unknown>();
  const rest: unknown[] = [...live.capturedBy(body)];
  for (let value = rest.shift(); rest.length > 0 || value !== undefined; value = rest.shift()) {
    if (((typeof value !== 'object' || value === null) && typeof value !== 'function') || seen.has(value)) continue;
    if (seen.size > MOST) return null;
    seen.add(value);
    if (value instanceof MemoryWord) words.add(value);
    if (isHandle(value)) continue;
    const parts = partsOf(value);
    if (parts === null) return null;
    rest.push(...parts);
  }
  return [...words];
}

function partsOf(value: object): readonly unknown[] | null {
  if (typeof value === 'function') return live.knows(value) ? live.capturedBy(value) : null;
  if (value instanceof Map) return [...value].flat();
  if (Array.isArray(value) || value instanceof Set) return [...value];
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ? Object.values(value) : null;
}
