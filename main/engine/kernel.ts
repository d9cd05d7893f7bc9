/** The kernel an experiment sees: the functions of mm/ bound to a revision's switches and to the world at hand. */
import { changeSwitches } from './arguments.ts';
import { guarded } from './calls/guarded.ts';
import { IoCalls } from './calls/io.ts';
import { ScriptMisuse } from './errors.ts';
import type { Kernel, KernelSwitches, Steps } from './interface.ts';
import type { KernelRevision } from './kernels/index.ts';
import type { World } from './world.ts';

export { changeSwitches };

/**
 * What scripts hold of a kernel: its functions and switches, and nothing behind them. (A KernelModel is in reach of the
 * world, and so of the books that verdicts go by.)
 */
export class KernelHandle {
  constructor(model: KernelModel) {
    for (let from = KernelModel.prototype; from !== Object.prototype; from = Object.getPrototypeOf(from)) {
      for (const name of Object.getOwnPropertyNames(from)) if (name !== 'constructor') this.#offer(model, from, name);
    }
    // Whether a script asks for it says whether its results hold under another name, see explore/alike.ts.
    Object.defineProperty(this, 'id', { get: Object.freeze(() => model.id), enumerable: true });
    Object.freeze(this);
  }

  #offer(model: KernelModel, from: object, name: string): void {
    const { value, get } = Object.getOwnPropertyDescriptor(from, name) ?? {};
    if (get !== undefined && name !== 'id')
      Object.defineProperty(this, name, { value: Reflect.apply(get, model, []), enumerable: true });
    if (typeof value !== 'function' || Object.hasOwn(this, name)) return;
    const call = (...args: unknown[]): unknown => {
      const given: unknown = Reflect.apply(value, model, args);
      if (given instanceof KernelModel) return handleOf(given);
      return isSteps(given) ? guarded(given, name) : given;
    };
    Object.defineProperty(this, name, { value: Object.freeze(call), enumerable: true });
  }
}

function isSteps(given: unknown): given is Steps<unknown> {
  return Object.prototype.toString.call(given) === '[object Generator]';
}

const models = new WeakMap<object, KernelModel>();

/** A script's kernel. It has every public member of the model by construction, which no type can say. */
function handleOf(model: KernelModel): Kernel {
  const handle: Kernel = Object.setPrototypeOf(new KernelHandle(model), KernelHandle.prototype);
  models.set(handle, model);
  return handle;
}

/** The model behind a kernel, for callers outside of the realm of scripts. @throws TypeError for no kernel of ours */
export function kernelBehind(kernel: Kernel): KernelModel {
  const model = kernel instanceof KernelModel ? kernel : models.get(kernel);
  if (model === undefined) throw new TypeError('this kernel was not made by the engine');
  return model;
}

export class KernelModel extends IoCalls implements Kernel {
  readonly #rebind: (switches: KernelSwitches) => void;

  /** `rebind` tells the world that its checks follow another table from now on. */
  constructor(
    revision: { readonly id: string },
    sw: KernelSwitches,
    world: World,
    rebind: (switches: KernelSwitches) => void,
  ) {
    super(revision, sw, world);
    this.#rebind = rebind;
  }

  with(changes: Partial<KernelSwitches>): KernelModel {
    const switches = changeSwitches(this.sw, changes);
    this.#rebind(switches);
    return new KernelModel(this.revision, switches, this.world, this.#rebind);
  }
}

/** The kernel of a revision as scripts hold it. */
export function kernelHandleFor(revision: KernelRevision, world: World): Kernel {
  return handleOf(kernelFor(revision, world));
}

/** The kernel of a revision, for a world. */
export function kernelFor(revision: KernelRevision, world: World): KernelModel {
  return new KernelModel(revision, revision.switches, world, (switches) => follow(world, switches));
}

function follow(world: World, switches: KernelSwitches): void {
  if (world.phase === 'actor' || world.phase === 'check')
    throw new ScriptMisuse('kernel.with() belongs in the body, not in an actor or a check');
  world.follow(switches);
}
