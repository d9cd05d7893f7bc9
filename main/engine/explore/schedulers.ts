/** Who goes next in a run that is left to chance. */
import type { Chance } from './chance.ts';

export interface Scheduler {
  /** One of the actors that can go on, after `step` steps. */
  choose(enabled: readonly number[], step: number): number;
}

/** Anybody, with equal chance at each step. */
export function anybody(chance: Chance): Scheduler {
  return { choose: (enabled) => chance.among(enabled) ?? 0 };
}

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010): actors have priorities,
 * and at `depth - 1` steps of `steps` the one that goes falls behind all others. A failure that needs `depth` ordering
 * constraints among `actors` actors is met by one run with a probability of at least 1 / (actors * steps^(depth - 1)).
 */
export function byPriority(chance: Chance, steps: number, depth: number): Scheduler {
  const priorities = new Map<number, number>();
  const changes = new Map<number, number>();
  for (let i = 1; i < depth; i++) changes.set(chance.below(Math.max(1, steps)), -i);
  const priority = (actor: number): number => {
    let own = priorities.get(actor);
    if (own === undefined) {
      own = 1 + chance.next();
      priorities.set(actor, own);
    }
    return own;
  };
  return {
    choose(enabled, step) {
      const first = enabled.reduce((a, b) => (priority(b) > priority(a) ? b : a));
      const low = changes.get(step);
      if (low === undefined) return first;
      priorities.set(first, low);
      return enabled.reduce((a, b) => (priority(b) > priority(a) ? b : a));
    },
  };
}

/** The bound of {@link byPriority}. */
export function priorityBound(actors: number, steps: number, depth: number): number {
  return 1 / (actors * steps ** (depth - 1));
}

/** Each order of steps with about equal chance: actors in proportion to the steps that they are likely to have left. */
export function byWorkLeft(chance: Chance, expected: ReadonlyMap<number, number>): Scheduler {
  const left = new Map(expected);
  return {
    choose(enabled) {
      const weights = enabled.map((actor) => Math.max(1, left.get(actor) ?? 1));
      let at = chance.below(weights.reduce((sum, weight) => sum + weight, 0));
      const i = weights.findIndex((weight) => {
        at -= weight;
        return at < 0;
      });
      const chosen = enabled[i] ?? enabled[0] ?? 0;
      left.set(chosen, (left.get(chosen) ?? 1) - 1);
      return chosen;
    },
  };
}
