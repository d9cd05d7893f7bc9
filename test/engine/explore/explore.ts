/** Searches a body and gives what the search saw, for tests that compare searches. */
import type { Checks } from '../../../main/engine/explore/checks.ts';
import type { SearchResult } from '../../../main/engine/explore/findings.ts';
import type { Frontier } from '../../../main/engine/explore/frontier.ts';
import { type SearchOptions, search } from '../../../main/engine/explore/search.ts';
import type { Space } from '../../../main/engine/explore/space.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { buildWorld } from '../../../main/engine/lab.ts';
import type { World } from '../../../main/engine/world.ts';
import { kernel } from '../harness.ts';

export function worldOf(body: (lab: Lab) => void, id = '7.2'): World {
  return buildWorld({ name: 'test', options: {}, body, line: 1 }, kernel(id), () => null);
}

export interface Seen {
  readonly result: SearchResult;
  /** Values of all words that are no ghosts, in every final state. */
  readonly finals: ReadonlySet<string>;
  readonly world: World;
  readonly space: Space;
  readonly frontier: Frontier;
}

export interface ExploreOptions extends SearchOptions {
  readonly states?: number;
  readonly onChecks?: (checks: Checks) => void;
}

export function explore(body: (lab: Lab) => void, options: ExploreOptions = {}): Seen {
  const world = worldOf(body);
  const finals = new Set<string>();
  const ended: { space: Space; frontier: Frontier }[] = [];
  const result = search(
    world,
    { words: new Set(), irqs: false },
    { states: options.states ?? 1_000_000, seconds: 60 },
    { now: () => performance.now(), progress() {} },
    {
      ...options,
      onFinal: (read) => finals.add(valuesIn(world, read)),
      onEnd: (space, frontier, checks) => {
        ended.push({ space, frontier });
        options.onChecks?.(checks);
      },
    },
  );
  const last = ended.at(-1);
  if (last === undefined) throw new Error('the search did not end');
  return { result, finals, world, ...last };
}

/** Values of the words that tests look at. Words that actors have of their own come as they are, not by whose they are. */
export function valuesIn(world: World, read: (word: number) => number): string {
  const { words, objects } = world.memory;
  const shown = [...words.entries()].filter(([, { object }]) => objects[object]?.kind === 'user');
  const isOwn = (name: string): boolean => name.startsWith('own ');
  const common = shown.filter(([, { name }]) => !isOwn(name)).map(([i, { name }]) => `${name}=${read(i)}`);
  const own = shown.filter(([, { name }]) => isOwn(name)).map(([i]) => read(i));
  return `${common.join(' ')} own=${own.sort((a, b) => a - b).join()}`;
}
