/**
 * The explorer with a limit: a search may come to a few times the states that it comes to without a mutant. So a mutant
 * that makes a search grow without end is cut off by what it does, not by a clock.
 */
import { runExperiment as search } from '../../main/engine/explore/run.ts';

type Parameters3 = Parameters<typeof search>;

/** States of each search of the tests run so far; kept by whoever runs them. */
export const searches = { most: Number.POSITIVE_INFINITY, seen: 0 };

const TIMES = 4;
const SOME = 2000;

/** The limit that follows from the largest search without a mutant. */
export function limitFor(states: number): number {
  return states * TIMES + SOME;
}

export function runExperiment(...[experiment, kernel, options]: Parameters3): ReturnType<typeof search> {
  const states = Math.min(options.budget.states, searches.most);
  const result = search(experiment, kernel, { ...options, budget: { ...options.budget, states } });
  searches.seen = Math.max(searches.seen, result.states);
  return result;
}
