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

/** Runs live along a path that names actors; `withPlaces` keeps where in the code each step is, which is slow. */
export function record(
  world: World,
  { scriptName, columns }: Source,
  path: readonly PathStep[],
  nameOf: (actor: number) => string,
  withPlaces: boolean,
): Recorded {
  const machine = new Machine(world, scriptName, withPlaces, columns);
  for (const step of path) {
    const name = nameOf(step.actor);
    const number = machine.actors.findIndex((actor) => actor.name === name && !actor.done);
    try {
      machine.step(number, step.answer);
    } catch (error) {
      // An `expect` that does not hold inside an actor is what this path leads to.
      if (!(error instanceof ExpectationError)) throw error;
    }
  }
  return { trace: machine.trace(), waiting: machine.waiting };
}
