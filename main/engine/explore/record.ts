/** A path that a search or chance found, run live and recorded. */
import { ExpectationError } from '../errors.ts';
import type { Columns } from '../lower/columns.ts';
import type { Trace } from '../trace.ts';
import type { World } from '../world.ts';
import type { PathStep } from './findings.ts';
import { Machine } from './machine.ts';
import type { Waiting } from './waits.ts';

/** A live run along a path, and what its actors wait for at the end. */
export interface Recorded {
  readonly trace: Trace;
  readonly waiting: readonly Waiting[];
}

/** Where the script's positions lead; see RunOptions. */
interface Source {
  readonly scriptName: string;
  readonly columns?: Columns;
}

/**
 * Which live actor is meant by a name on a path. Where a search takes actors that others start for one another, a path
 * says for each step which of them goes on, but not which is which: each name stands for the first that is left.
 */
class Cast {
  private readonly machine: Machine;
  private readonly kin: readonly (readonly string[])[];
  private readonly claimed = new Map<string, number>();

  constructor(machine: Machine, kin: readonly (readonly string[])[]) {
    this.machine = machine;
    this.kin = kin;
  }

  number(name: string): number {
    const { actors } = this.machine;
    const group = this.kin.find((names) => names.includes(name));
    if (group === undefined) return actors.findIndex((actor) => actor.name === name && !actor.done);
    const known = this.claimed.get(name);
    if (known !== undefined) return known;
    const taken = new Set(this.claimed.values());
    const free = [...actors.keys()].filter((n) => group.includes(actors[n]?.name ?? '') && !taken.has(n));
    const number = free.find((n) => actors[n]?.name === name) ?? free[0] ?? -1;
    this.claimed.set(name, number);
    return number;
  }
}

/** Runs live along a path that names actors; `withPlaces` keeps where in the code each step is, which is slow. */
export function record(
  world: World,
  { scriptName, columns }: Source,
  path: readonly PathStep[],
  nameOf: (actor: number) => string,
  withPlaces: boolean,
  kin: readonly (readonly string[])[] = [],
): Recorded {
  const machine = new Machine(world, scriptName, withPlaces, columns);
  const cast = new Cast(machine, kin);
  for (const step of path) {
    const number = cast.number(nameOf(step.actor));
    try {
      machine.step(number, step.answer);
    } catch (error) {
      // An `expect` that does not hold inside an actor is what this path leads to.
      if (!(error instanceof ExpectationError)) throw error;
    }
  }
  return { trace: machine.trace(), waiting: machine.waiting };
}
