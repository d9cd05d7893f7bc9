/** The kernel an experiment sees: the functions of mm/ bound to a revision's switches and to the world at hand. */
import { IoCalls } from './calls/io.ts';
import type { Kernel, KernelSwitches } from './interface.ts';
import type { KernelRevision } from './kernels/index.ts';
import type { World } from './world.ts';

export { changeSwitches } from './arguments.ts';

export class KernelModel extends IoCalls implements Kernel {
  private readonly rebind: (switches: KernelSwitches) => void;

  /** `rebind` tells the world that its checks follow another table from now on. */
  constructor(id: string, sw: KernelSwitches, world: World, rebind: (switches: KernelSwitches) => void) {
    super(id, sw, world);
    this.rebind = rebind;
  }

  with(changes: Partial<KernelSwitches>): KernelModel {
    const switches = this.changed(changes);
    this.rebind(switches);
    return new KernelModel(this.id, switches, this.world, this.rebind);
  }
}

/** The kernel of a revision, for a world. */
export function kernelFor(revision: KernelRevision, world: World): KernelModel {
  return new KernelModel(revision.id, revision.switches, world, (switches) => world.follow(switches));
}
