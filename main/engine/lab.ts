/** The laboratory handed to an experiment's body, and the world it fills. */
import { inWorld } from './context.ts';
import { ScriptMisuse } from './errors.ts';
import type { Bio, ExperimentOptions, Kernel, Lab, MemoryBuilder, Steps, UserPages, Word } from './interface.ts';
import { kernelHandleFor } from './kernel.ts';
import type { KernelRevision } from './kernels/index.ts';
import { splitBios } from './mm/bio.ts';
import { UserPagesModel } from './mm/user-pages.ts';
import { type NameFinder, processFor } from './process.ts';
import { choose } from './step.ts';
import type { ActorKind } from './trace.ts';
import { type AuthorCheck, describe, World } from './world.ts';

export type { NameFinder } from './process.ts';

/** A declared experiment. */
export interface Experiment {
  readonly name: string;
  readonly options: ExperimentOptions;
  readonly body: (lab: Lab) => void;
  /** 1-based line of the `experiment(...)` call. */
  readonly line: number;
}

function isGeneratorFunction(body: unknown): body is () => Steps<void> {
  return typeof body === 'function' && Object.prototype.toString.call(body) === '[object GeneratorFunction]';
}

export class LabModel implements Lab {
  readonly kernel: Kernel;
  readonly mm: MemoryBuilder;
  readonly #world: World;

  constructor(world: World, revision: KernelRevision, nameFinder: NameFinder) {
    this.#world = world;
    this.kernel = kernelHandleFor(revision, world);
    this.mm = processFor(world, world.mm, nameFinder);
    Object.freeze(this);
  }

  #add(kind: ActorKind, name: string, body: () => Steps<void>): void {
    if (typeof name !== 'string' || name === '') throw new ScriptMisuse('an actor needs a name');
    if (!isGeneratorFunction(body)) {
      throw new ScriptMisuse(
        `actor "${name}" must be a generator function: function* () { ... }, got ${describe(body)}`,
      );
    }
    if (this.#world.phase === 'actor') {
      this.#world.spawn(name, kind, body);
      return;
    }
    if (this.#world.phase !== 'build')
      throw new ScriptMisuse(`actor "${name}" must be started by the body or by an actor`);
    if (this.#world.actors.some((actor) => actor.name === name)) {
      throw new ScriptMisuse(`there already is an actor "${name}": names of actors must differ`);
    }
    this.#world.actor(name, kind, body);
  }

  task(name: string, body: () => Steps<void>): void {
    this.#add('task', name, body);
  }

  irq(name: string, body: () => Steps<void>): void {
    this.#add('irq', name, body);
  }

  #check(list: AuthorCheck[], name: string, condition: () => unknown): void {
    if (this.#world.phase !== 'build')
      throw new ScriptMisuse(`check "${name}" must be added by the body, not by an actor`);
    if (typeof condition !== 'function')
      throw new ScriptMisuse(`check "${name}" must be a function, got ${describe(condition)}`);
    list.push({ name, condition });
  }

  always(name: string, condition: () => unknown): void {
    this.#check(this.#world.always, name, condition);
  }

  finally(name: string, condition: () => unknown): void {
    this.#check(this.#world.finals, name, condition);
  }

  choose(n: number): Steps<number> {
    return choose(n);
  }

  #word(name: string, initial: number): Word {
    if (this.#world.phase !== 'build')
      throw new ScriptMisuse(`word "${name}" must be made by the body, not by an actor`);
    if (typeof name !== 'string') throw new ScriptMisuse(`a word needs a name, got ${describe(name)}`);
    return this.#world.userWord(name, initial);
  }

  word(name: string, initial = 0): Word {
    return this.#word(name, initial);
  }

  lock(name: string): Word {
    return this.#word(name, 0);
  }

  splitBios(pages: UserPages, n: number): readonly Bio[] {
    if (!UserPagesModel.is(pages)) {
      throw new ScriptMisuse(
        `splitBios() wants the pages that get_user_pages*() or pin_user_pages*() returned, got ${describe(pages)}`,
      );
    }
    return splitBios(pages, n, (i) => `bio ${String.fromCharCode(65 + (i % 26))}${i < 26 ? '' : Math.floor(i / 26)}`);
  }
}

/** Calls the body once and returns the world it built. Errors of the body are the author's. */
export function buildWorld(experiment: Experiment, revision: KernelRevision, nameFinder: NameFinder): World {
  const { ipiFlush = true, debugVm = false, lruBatch = false } = experiment.options.arch ?? {};
  const world = new World(revision.switches, { ipiFlush, debugVm, lruBatch });
  inWorld(world, 'build', null, () => {
    const result: unknown = experiment.body(new LabModel(world, revision, nameFinder));
    if (result instanceof Promise) throw new ScriptMisuse(`the body of "${experiment.name}" must not be async`);
  });
  if (world.actors.length === 0)
    throw new ScriptMisuse(`experiment "${experiment.name}" has no actor: add lab.task(...)`);
  return world;
}
