/** Steps of a run as events, and what happens before what. */
import type { Access, RunState } from '../interpreter.ts';

/** A step that an actor can take or took. */
export interface Step {
  /** Id of the actor. */
  readonly actor: number;
  readonly answer: number;
  readonly accesses: readonly Access[];
}

export interface Event extends Step {
  /** Its place in the run, and among the steps of its actor (from 1). */
  readonly at: number;
  readonly index: number;
  /** By actor: how many of its steps happen before this one (or are it). */
  readonly clock: readonly number[];
  /** The state it was taken from. */
  readonly from: RunState;
}

/** When steps on one word depend on each other. */
export type Depends = (one: Access, other: Access) => boolean;

export function dependent(one: Step, other: Step, depends: Depends): boolean {
  if (one.actor === other.actor) return true;
  return one.accesses.some((a) => other.accesses.some((b) => a.word === b.word && depends(a, b)));
}

/** Two steps on one word come to the same in both orders only if neither writes. */
export const plainDepends: Depends = (one, other) => one.writes || other.writes;

/** The same, but for additions that hand nothing back, to words for none of whose values anybody waits. */
export function commutingDepends(awaited: ReadonlySet<number>): Depends {
  return (one, other) => (one.writes || other.writes) && !(one.adds && other.adds && !awaited.has(one.word));
}

export function happensBefore(one: Event, other: Event): boolean {
  return one.index <= (other.clock[one.actor] ?? 0);
}

/** The clock of the next step of an actor behind a run. */
export function nextClock(run: readonly Event[], step: Step, depends: Depends, startedBy: Event | null): number[] {
  const clock: number[] = [];
  const join = (event: Event): void => {
    for (const [actor, n] of event.clock.entries()) clock[actor] = Math.max(clock[actor] ?? 0, n);
  };
  if (startedBy !== null) join(startedBy);
  for (let i = run.length - 1; i >= 0; i--) {
    const event = run[i];
    // What happens before something that is joined already adds nothing.
    if (event === undefined || event.index <= (clock[event.actor] ?? 0)) continue;
    if (dependent(event, step, depends)) join(event);
  }
  clock[step.actor] = (clock[step.actor] ?? 0) + 1;
  return Array.from(clock, (n) => n ?? 0);
}
