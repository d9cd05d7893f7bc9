/**
 * The steps benchmark as it runs in the runner's realm, in place of renderer/runner/realm.ts: the same process, worker,
 * hardening and engine, with the measurement where the author's script would be.
 */
import { Machine } from '../main/engine/explore/machine.ts';
import { runExperiment } from '../main/engine/explore/run.ts';
import { FOLL_WRITE } from '../main/engine/flags.ts';
import type { Lab } from '../main/engine/interface.ts';
import { type KernelRevision, kernelById } from '../main/engine/kernels/index.ts';
import { buildWorld } from '../main/engine/lab.ts';
import { explainError } from '../main/engine/script.ts';
import type { RealmHost, StartRealm } from '../renderer/runner/protocol.ts';
import { bare, chained } from './steps-bare.mts';
import type { Measured } from './steps-measured.ts';

const KERNEL = '7.2';
const ROUNDS = 3;
/** Loops that take long enough for a clock of milliseconds. */
const PINS = 5_000;
/** Generators that wait for each other at a step of pin_user_pages_fast(), on average. */
const DEPTH = 8;

/** A pin and an unpin of a page, over and over. */
function loop(pins: number, tasks: number) {
  return (lab: Lab): void => {
    const { kernel, mm } = lab;
    const buf = mm.mmapPage();
    for (let task = 0; task < tasks; task++) {
      lab.task(`pinner ${task}`, function* () {
        for (let i = 0; i < pins; i++) {
          yield* kernel.unpin_user_pages(yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE));
        }
      });
    }
  };
}

/** Steps, and milliseconds that they took. */
interface Taken {
  readonly steps: number;
  readonly milliseconds: number;
}

class Meter {
  readonly #host: RealmHost;
  readonly #kernel: KernelRevision;

  constructor(host: RealmHost, kernel: KernelRevision) {
    this.#host = host;
    this.#kernel = kernel;
  }

  /** The engine, one actor, step after step. */
  live(): Taken {
    const experiment = { name: 'steps', options: {}, body: loop(PINS, 1), line: 1 };
    const machine = new Machine(
      buildWorld(experiment, this.#kernel, () => null),
      'steps',
      false,
    );
    machine.keeps = false;
    const begun = this.#host.now();
    let steps = 0;
    for (; !machine.allDone; steps++) machine.step(0);
    return { steps, milliseconds: this.#host.now() - begun };
  }

  /** The explorer: every order of two pinners. */
  searched(): Taken {
    const experiment = { name: 'steps', options: {}, body: loop(12, 2), line: 1 };
    const begun = this.#host.now();
    const result = runExperiment(experiment, this.#kernel, {
      budget: { states: 10_000_000, seconds: 600, bytes: 2 ** 31 },
      host: { now: () => this.#host.now(), progress() {} },
      scriptName: 'steps',
      nameFinder: () => null,
      explain: (error) => explainError(error, 'steps'),
      search: { fuse: false, symmetry: false },
    });
    if (result.verdict !== 'pass') throw new Error(`the pin loop is ${result.verdict}`);
    return { steps: result.transitions, milliseconds: this.#host.now() - begun };
  }

  /** Bare generators that wait as often. */
  waits(generator: Generator<number, number, number>, steps: number): Taken {
    const begun = this.#host.now();
    let next = generator.next();
    while (next.done !== true) next = generator.next(1);
    return { steps, milliseconds: this.#host.now() - begun };
  }
}

function rate({ steps, milliseconds }: Taken): number {
  return steps / milliseconds / 1000;
}

function measure(host: RealmHost): Measured {
  const kernel = kernelById(KERNEL);
  if (kernel === undefined) throw new Error(`no kernel ${KERNEL}`);
  const meter = new Meter(host, kernel);
  const measured: Measured = { live: [], searched: [], bare: [], chained: [] };
  // In turns, so that whatever else the machine does falls on all. The first turn warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const live = meter.live();
    const turn = {
      live,
      bare: meter.waits(bare(live.steps * 20), live.steps * 20),
      chained: meter.waits(chained(live.steps, DEPTH), live.steps),
      searched: meter.searched(),
    };
    if (round === 0) continue;
    measured.live.push(rate(turn.live));
    measured.bare.push(rate(turn.bare));
    measured.chained.push(rate(turn.chained));
    measured.searched.push(rate(turn.searched));
  }
  return measured;
}

const start: StartRealm = (host) => () => {
  host.send({ kind: 'console', text: JSON.stringify(measure(host)) });
  host.send({ kind: 'done' });
};

Object.defineProperty(globalThis, '__gupbook', { value: start, configurable: true });
