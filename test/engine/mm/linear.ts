/** One actor, one order: what a program does to counts, and what the kernel says to it. */
import { Machine } from '../../../main/engine/explore/machine.ts';
import type { ExperimentOptions, Lab, Page, Steps, UserMapping } from '../../../main/engine/interface.ts';
import { buildWorld } from '../../../main/engine/lab.ts';
import type { World } from '../../../main/engine/world.ts';
import { kernel } from '../harness.ts';

/** A finished run. */
export interface Linear {
  readonly world: World;
  readonly machine: Machine;
  /** Value of a word of a page at the end. */
  count(page: Page, field: '_refcount' | 'pincount' | 'mapcount' | 'entire_mapcount'): number;
  /** Everything the kernel said, in order. */
  readonly events: readonly string[];
  vmstat(name: string): number;
}

/** Runs a body whose actors are taken one after the other, each as far as it goes. */
export function linear(id: string, body: (lab: Lab) => void, arch: ExperimentOptions['arch'] = {}): Linear {
  const experiment = { name: 'linear', options: { arch }, body, line: 1 };
  const world = buildWorld(experiment, kernel(id), () => null);
  const machine = new Machine(world, 'linear.ts', false);
  for (let limit = 5_000_000; !machine.allDone; limit--) {
    const next = machine.actors.findIndex((_, number) => machine.enabled(number));
    if (next < 0) throw new Error(`nobody can go on after ${machine.stepCount} steps`);
    if (limit === 0) throw new Error('this does not end');
    machine.step(next);
  }
  const events = Array.from({ length: machine.eventCount }, (_, i) => machine.eventAt(i)?.text ?? '');
  return {
    world,
    machine,
    count: (page, field) => machine.read(page[field].index),
    events,
    vmstat: (name) => world.books.peekVmstat(name, machine.read),
  };
}

/** A linear run of one actor on one mapping. */
export function drive(
  id: string,
  build: (lab: Lab) => UserMapping,
  actor: (lab: Lab, buf: UserMapping) => Steps<void>,
  arch: ExperimentOptions['arch'] = {},
): Linear & { readonly buf: UserMapping } {
  let buf: UserMapping | null = null;
  const done = linear(
    id,
    (lab) => {
      const mapping = build(lab);
      buf = mapping;
      lab.task('actor', function* () {
        yield* actor(lab, mapping);
      });
    },
    arch,
  );
  if (buf === null) throw new Error('no mapping');
  return { ...done, buf };
}
