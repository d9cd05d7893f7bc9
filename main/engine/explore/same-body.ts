/** A body is called again for every world that is needed, and must make the same world each time. */
import { ScriptMisuse } from '../errors.ts';
import { live } from '../lower/live.ts';
import type { World } from '../world.ts';

/** Numbers of things that are told apart by identity: a second world has others. */
const IDENTITY = /;@\d+/g;

/** @throws ScriptMisuse naming the first difference between what two calls of one body made */
export function requireSameBody(first: World, second: World, experiment: string): void {
  const difference = differenceOf(first, second);
  if (difference === null) return;
  throw new ScriptMisuse(
    `the body of "${experiment}" is called again for each schedule and must do the same each time, but the second time ` +
      `${difference}: keep nothing outside of the body that it changes`,
  );
}

function differenceOf(first: World, second: World): string | null {
  const known = new Map(first.actors.map((actor) => [actor.name, actor]));
  for (const { name, kind, body } of second.actors) {
    const before = known.get(name);
    if (before === undefined || before.kind !== kind) return `there is ${kind} "${name}"`;
    if (keyOf(before.body) !== keyOf(body)) return `actor "${name}" works with other values`;
    known.delete(name);
  }
  const [missing] = known.keys();
  if (missing !== undefined) return `actor "${missing}" is missing`;
  const [words, others] = [first.memory, second.memory];
  for (let i = 0; i < Math.max(words.words.length, others.words.length); i++) {
    const [one, other] = [words.words[i]?.name, others.words[i]?.name];
    if (one !== other) return other === undefined ? `word "${one}" is missing` : `there is word "${other}"`;
    if (words.initial[i] !== others.initial[i])
      return `"${one}" begins at ${others.initial[i] ?? 0}, not ${words.initial[i] ?? 0}`;
  }
  return first.always.length === second.always.length && first.finals.length === second.finals.length
    ? null
    : 'it makes other checks';
}

function keyOf(body: object | null): string | null {
  return body === null ? null : (live.bodyKey(body)?.replace(IDENTITY, ';@') ?? null);
}
