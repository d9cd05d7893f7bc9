/** Whether the search that keeps no states comes to the same verdict. */
import type { World } from '../world.ts';
import { dpor } from './dpor/dpor.ts';
import type { SearchResult } from './findings.ts';

/** Most traces that are tried, and most steps of one. */
const TRACES = 200_000;
const STEPS = 20_000;

/** A livelock is a matter of states, which the second search does not know. */
const ONLY_OF_STATES = new Set(['livelock']);

export interface SecondOpinion {
  /** False where the two contradict each other. */
  readonly agrees: boolean;
  /** One sentence for people. */
  readonly note: string;
}

export function secondOpinion(world: World, found: SearchResult, without: ReadonlySet<string>): SecondOpinion {
  const { broken, traces, exhaustive } = dpor(world, { observe: true, without, runs: TRACES, steps: STEPS });
  const first = new Set(found.broken.map(({ check }) => check).filter((check) => !ONLY_OF_STATES.has(check)));
  // Whatever one of them found broken, the other must find, if it looked at everything.
  const missed = exhaustive ? [...first].filter((check) => !broken.has(check)) : [];
  const more = found.exhaustive ? [...broken].filter((check) => !first.has(check)) : [];
  if (missed.length > 0 || more.length > 0) {
    const what = [...missed, ...more].join(', ');
    return { agrees: false, note: `the two searches contradict each other on: ${what}. This is an error of Gupbook` };
  }
  const all = exhaustive ? `all ${traces} traces` : `the first ${traces} traces`;
  return { agrees: true, note: `second opinion: ${all}, tried one by one without keeping states, come to the same` };
}
