/**
 * Runs a situation in the engine the plain way: one task that plays the recorded program, and one actor that stands for
 * the machine's other CPUs, which does nothing but drain LRU batches when the recording has that happen. The order of
 * their steps is the recording's.
 */

import { currentWorld } from '../../engine/context.ts';
import { Machine } from '../../engine/explore/machine.ts';
import type { Lab, Steps } from '../../engine/interface.ts';
import type { KernelRevision } from '../../engine/kernels/index.ts';
import { buildWorld } from '../../engine/lab.ts';
import type { PageModel } from '../../engine/page.ts';
import { NOP, W, XCHG } from '../../engine/step.ts';
import { Op } from '../../engine/trace.ts';
import type { World } from '../../engine/world.ts';
import type { MisuseLine } from '../format/sequence.ts';
import type { ForkFrames } from './compare-answer.ts';
import { type RefEvent, refEventOf } from './ref-event.ts';

/** What a step of the program came to, as the system call tells it. */
export interface Outcome {
  readonly ret: number;
  readonly errno: number;
}

/** The machine at the end of a step of the program. */
export interface Pause {
  readonly step: string;
  /** Null for steps whose return value means nothing. */
  readonly outcome: Outcome | null;
  readonly detail: Detail;
  /** Events since the last pause. */
  readonly events: readonly RefEvent[];
  readonly acquired: number;
  readonly released: number;
  readonly read: Read;
}

/** Value of a word now. */
export type Read = (word: number) => number;

/** What else a program can say about a step, for the remarks that recordings make. */
export interface Detail {
  /** What the driver's function returned, and the first page of the slot it worked on (null for an empty slot). */
  readonly slot?: { readonly page: PageModel | null; readonly rc: number };
  /** What the recorded driver answered to the same request, with the counters then. */
  readonly answer?: MisuseLine;
  /** Pages at the moments of a fork that recordings name. */
  readonly forked?: ForkFrames<unknown>;
  readonly mapped?: 'present' | 'swapped' | 'none';
  /** KiB that are still mapped by PMDs. */
  readonly hugeKb?: number;
  /** Whether another page is mapped than before the step. */
  readonly moved?: boolean;
  /** What the step gave up is released by another task, some time after the call returned. */
  readonly releasedLater?: boolean;
}

/** The program's side: how it says that a step is over, and how it looks at the state. */
export class Probe {
  /** Set while the program waits at the end of a step. */
  waiting: Pick<Pause, 'step' | 'outcome' | 'detail'> | null = null;
  /** Set while the program waits for an answer about the state. */
  asking: ((read: Read) => void) | null = null;
  /** Pages whose LRU batch another CPU is to drain now. */
  readonly drains: PageModel[] = [];
  /** The program is about to run on another CPU: what waits in its add batch waits elsewhere from then on. */
  moves = false;

  /** The step is over: nothing further happens until the comparison has looked. */
  *pause(step: string, outcome: Outcome | null, detail: Detail = {}): Steps<void> {
    this.waiting = { step, outcome, detail };
    yield NOP();
  }

  /** Something about the state as it is now; no step of the kernel is taken. */
  *look<T>(question: (read: Read) => T): Steps<T> {
    const answers: T[] = [];
    this.asking = (read) => {
      answers.push(question(read));
    };
    yield NOP();
    const [answer] = answers;
    if (answer === undefined) throw new Error('nobody answered');
    return answer;
  }
}

/** Whoever compares. The pages it returns are drained out of their LRU batches by another CPU, there and then. */
export interface Judge {
  /** A step is over. Pages to drain make it look again. */
  pause(pause: Pause, world: World): readonly PageModel[];
  /** The next step begins. */
  resume(): readonly PageModel[];
  /** Something caused an event: the program, or another CPU that drains. */
  event(event: RefEvent): readonly PageModel[];
  /** Name of the first recorded step that the program has not come to, null once it has come to all. */
  left(): string | null;
}

/** The most steps a situation may take: far more than any recorded program does. */
const MOST_STEPS = 20_000_000;

export interface Situation {
  readonly name: string;
  /** Freshly faulted pages wait in LRU batches. */
  readonly batches: boolean;
  /** Builds the memory and returns what the program does. */
  readonly body: (lab: Lab, probe: Probe) => () => Steps<void>;
}

/** The steps by which a page leaves a per-CPU LRU batch. */
export type Drain = (lab: Lab, page: PageModel) => Steps<void>;

/** Runs it to its end. Throws what the program or the engine throws. */
export function runSituation(situation: Situation, revision: KernelRevision, judge: Judge, drain: Drain): void {
  const probe = new Probe();
  const body = (lab: Lab): void => {
    const program = situation.body(lab, probe);
    lab.task('program', function* () {
      yield* program();
    });
    lab.task('other CPUs', function* () {
      for (;;) {
        yield NOP();
        for (let page = probe.drains.shift(); page !== undefined; page = probe.drains.shift()) yield* drain(lab, page);
        if (probe.moves) yield* moveBatches(currentWorld('a recording'));
        probe.moves = false;
      }
    });
  };
  const world = buildWorld(
    { name: situation.name, options: { arch: { lruBatch: situation.batches } }, body, line: 0 },
    revision,
    () => null,
  );
  new Run(judge, world, probe).toEnd();
}

/**
 * The program goes on on another CPU: whatever it had put into the add batch is in another CPU's from then on, so that the
 * engine's own drains do not reach it. When that CPU drains it, the recording says.
 */
function* moveBatches(world: World): Steps<void> {
  const waiting = yield XCHG(world.batchCount('lru_add'), 0);
  for (let i = 0; i < waiting; i++) yield W(world.batchSlot('lru_add', i), 0);
}

const PROGRAM = 0;
const OTHERS = 1;

class Run {
  private readonly judge: Judge;
  private readonly world: World;
  private readonly probe: Probe;
  private readonly machine: Machine;
  private events: RefEvent[] = [];
  private steps = 0;

  constructor(judge: Judge, world: World, probe: Probe) {
    this.judge = judge;
    this.world = world;
    this.probe = probe;
    this.machine = new Machine(world, '', false);
    this.machine.keeps = false;
  }

  toEnd(): void {
    while (this.machine.actors[PROGRAM]?.done === false) {
      this.look();
      if (++this.steps > MOST_STEPS) throw new Error(`the program did not end within ${MOST_STEPS} steps`);
      if (!this.machine.enabled(PROGRAM)) throw new Error('the program waits for something that cannot happen');
      this.take(PROGRAM);
    }
  }

  /** Takes one step and notes the event it emits. */
  private take(actor: number): void {
    const running = this.machine.actors[actor];
    if (running === undefined) throw new RangeError(`no actor ${actor}`);
    const { op, word, a, b } = running;
    const page = this.pageOf(word);
    const before = page === null ? 0 : this.machine.read(word);
    this.machine.step(actor);
    if (page === null || op === Op.R) return;
    const count = this.machine.read(word);
    const event = refEventOf({ op, a, b, before, after: count });
    if (event === null) return;
    const noted = { ...event, count, page, other: actor === OTHERS };
    this.events.push(noted);
    const due = this.judge.event(noted);
    if (actor === PROGRAM) this.drain(due);
  }

  /** The page whose `_refcount` a word is, null for other words. */
  private pageOf(word: number): PageModel | null {
    const info = this.world.memory.words[word];
    return info?.field === '_refcount' ? this.world.pageOf(info.object) : null;
  }

  /** Lets other CPUs drain the batches that hold these pages. */
  private drain(pages: readonly PageModel[]): void {
    if (pages.length === 0) return;
    this.probe.drains.push(...pages);
    this.others();
  }

  /** Lets other CPUs do what they were told. */
  private others(): void {
    do this.take(OTHERS);
    while (this.machine.nextOp(OTHERS) !== Op.NOP);
  }

  private look(): void {
    const { asking, waiting } = this.probe;
    if (asking !== null) {
      this.probe.asking = null;
      asking(this.machine.read);
    }
    if (waiting === null) return;
    for (;;) {
      const again = this.judge.pause({ ...waiting, ...this.state() }, this.world);
      if (again.length === 0) break;
      this.drain(again);
    }
    this.probe.waiting = null;
    this.events = [];
    this.probe.moves = this.world.arch.lruBatch;
    this.others();
    this.drain(this.judge.resume());
  }

  private state(): Pick<Pause, 'events' | 'acquired' | 'released' | 'read'> {
    const { read } = this.machine;
    const counter = (name: string): number => {
      const word = this.world.memory.words.findIndex((info) => info.name === name);
      return word < 0 ? 0 : read(word);
    };
    return {
      events: this.events,
      acquired: counter('nr_foll_pin_acquired'),
      released: counter('nr_foll_pin_released'),
      read,
    };
  }
}
