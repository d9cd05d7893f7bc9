/** The plainest explorer there is: every order of steps, run live from the start. For small programs only. */
import { BUILTIN_CHECKS } from '../../../main/engine/check/builtin.ts';
import { ExpectationError } from '../../../main/engine/errors.ts';
import { Machine } from '../../../main/engine/explore/machine.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { valuesIn, worldOf } from './explore.ts';

export interface Everything {
  /** Complete orders and those that end in a deadlock or a broken expectation. */
  orders: number;
  readonly finals: Set<string>;
  /** Broken checks and the fewest steps that break each. */
  readonly broken: Map<string, number>;
}

interface Choice {
  readonly actor: number;
  readonly answer: number;
}

/** Null when there are more than `most` orders. */
export function everyOrder(body: (lab: Lab) => void, most: number): Everything | null {
  const found: Everything = { orders: 0, finals: new Set(), broken: new Map() };
  const rest: Choice[][] = [[]];
  for (let path = rest.pop(); path !== undefined; path = rest.pop()) {
    if (++found.orders > most) return null;
    oneOrder(body, path, rest, found);
  }
  return found;
}

/** Runs a prefix and then the first choice each time; all other choices on the way are prefixes for later. */
function oneOrder(body: (lab: Lab) => void, prefix: readonly Choice[], rest: Choice[][], found: Everything): void {
  const machine = new Machine(worldOf(body), '', false);
  const path = [...prefix];
  let complaint = follow(machine, path);
  for (;;) {
    if (complaint !== null) note(found, complaint, path.length);
    for (const check of judge(machine, path.length === 0)) note(found, check, path.length);
    const [first, ...others] = complaint === null ? choices(machine) : [];
    for (const choice of others) rest.push([...path, choice]);
    if (first === undefined) break;
    path.push(first);
    complaint = follow(machine, [first]);
  }
  if (complaint === null && machine.allDone) found.finals.add(valuesIn(machine.world, machine.read));
}

function follow(machine: Machine, path: readonly Choice[]): string | null {
  try {
    for (const { actor, answer } of path) machine.step(actor, answer);
    return null;
  } catch (error) {
    if (error instanceof ExpectationError) return 'expect';
    throw error;
  }
}

function choices(machine: Machine): Choice[] {
  return machine.actors.flatMap((_, actor) =>
    machine.enabled(actor) ? Array.from({ length: machine.answers(actor) }, (__, answer) => ({ actor, answer })) : [],
  );
}

function judge(machine: Machine, isFirst: boolean): string[] {
  const { world, read } = machine;
  const broken: string[] = [];
  for (const { id, sentence, when, test } of BUILTIN_CHECKS) {
    if ((when === 'always' || machine.allDone) && test(world, read) !== null) broken.push(`${id} ${sentence}`);
  }
  const last = isFirst ? 0 : machine.stepCount - 1;
  for (let i = 0, event = machine.eventAt(0); event !== undefined; event = machine.eventAt(++i)) {
    if (event.step === last && event.kind === 'bad-page') broken.push('bad page state');
    if (event.step === last && event.kind === 'BUG') broken.push('kernel BUG');
  }
  if (!machine.allDone && choices(machine).length === 0) broken.push('deadlock');
  return broken;
}

function note({ broken }: Everything, check: string, steps: number): void {
  broken.set(check, Math.min(steps, broken.get(check) ?? Number.POSITIVE_INFINITY));
}
