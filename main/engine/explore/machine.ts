/**
 * The plain way to run a world: live generators, one memory, one step at a time. Replay, the sample run of a passing
 * experiment and every trace people read come from here; the explorer only decides in which order.
 */
import { inWorld } from '../context.ts';
import { applyEffects } from '../effects.ts';
import { ScheduleError, ScriptMisuse } from '../errors.ts';
import type { Step, Steps } from '../interface.ts';
import type { Columns } from '../lower/columns.ts';
import { freezeCaptured } from '../lower/freeze.ts';
import { Chain, live } from '../lower/live.ts';
import { applyOp, isEnabled, operation, outcome, STEP, turn } from '../step.ts';
import {
  type ActorKind,
  Effect,
  type EventKind,
  type Frame,
  MARK_ABA,
  Op,
  STEP_STRIDE,
  type Trace,
  type TraceEvent,
} from '../trace.ts';
import { describe, type PendingEffect, type World } from '../world.ts';
import { framesOf, PlaceRecorder } from './place.ts';
import { type Choice, formatSchedule } from './schedule.ts';
import type { Waiting } from './waits.ts';

/** An actor at work. `op` and the fields behind it are its next operation. */
interface Running {
  /** Id in the world. */
  readonly id: number;
  readonly name: string;
  readonly kind: ActorKind;
  readonly steps: Steps<void>;
  readonly chain: Chain;
  done: boolean;
  op: number;
  word: number;
  a: number;
  b: number;
  place: number;
}

/** Checks what an actor yielded. @throws ScriptMisuse for anything that is no step */
export function requireStep(value: unknown, actor: string): void {
  if (value !== STEP) {
    throw new ScriptMisuse(
      `actor "${actor}" yielded ${describe(value)}, which is no step: yield R(word), ADD(word, n) ... or yield* a kernel function`,
    );
  }
  if (turn.made !== 1) {
    const many = turn.made === 0 ? 'a step that it did not make now' : `one step but made ${turn.made}`;
    throw new ScriptMisuse(`actor "${actor}" yielded ${many}: write each step where it is taken, as in yield R(word)`);
  }
}

/** Runs an actor's own code up to its next step. Named so that {@link framesOf} knows where a chain ends. */
export function driveActor(steps: Steps<void>, result: number | null): IteratorResult<Step, void> {
  turn.made = 0;
  turn.result = result ?? 0;
  return result === null ? steps.next() : steps.next(result);
}

export class Machine {
  readonly world: World;
  /** In the order of schedule numbers: tasks of the body, then as started. */
  readonly actors: Running[] = [];
  private memory: Int32Array;
  /** Words that have their values; what lies behind them is room. */
  private known: number;
  private readonly recorder: PlaceRecorder | null;
  private readonly scriptName: string;
  private readonly columns: Columns | undefined;
  private readonly choices: Choice[] = [];
  private readonly steps: number[] = [];
  private readonly effects: number[] = [];
  private readonly events: TraceEvent[] = [];
  private readonly places: { frames: Frame[] }[] = [];
  private readonly placeIds = new Map<string, number>();
  /** For ABA marks: the step that last changed a word, and the step at which an actor last read it. */
  private readonly lastChange = new Map<number, number>();
  private readonly lastRead = new Map<string, { readonly step: number; readonly value: number }>();
  /** Whether a trace can be had in the end. Set to false before the first step by whoever only follows the state. */
  keeps = true;
  /** True while actors start that exist before step 0. */
  private starting = true;

  /** `record` keeps call chains of steps (slow); without it traces have empty places. */
  constructor(world: World, scriptName: string, record: boolean, columns?: Columns) {
    this.world = world;
    this.scriptName = scriptName;
    this.columns = columns;
    this.memory = Int32Array.from(world.memory.initial);
    this.known = this.memory.length;
    this.recorder = record ? new PlaceRecorder() : null;
    for (const [id, actor] of [...world.actors].entries()) if (actor.body !== null) this.start(id, actor.body);
    this.starting = false;
  }

  /** Value of a word now. Words made since the start have their initial values. */
  read = (word: number): number => {
    if (word >= this.known) this.grow();
    return this.memory[word] ?? 0;
  };

  private write(word: number, value: number): void {
    if (word >= this.known) this.grow();
    this.memory[word] = value;
  }

  /** Takes in words made since; the room doubles, so that a run that makes many words takes no longer for each. */
  private grow(): void {
    const { initial } = this.world.memory;
    if (initial.length > this.memory.length) {
      const grown = new Int32Array(2 * initial.length);
      grown.set(this.memory);
      this.memory = grown;
    }
    for (let word = this.known; word < initial.length; word++) this.memory[word] = initial[word] ?? 0;
    this.known = initial.length;
  }

  private start(id: number, body: () => Steps<void>): void {
    const entry = this.world.actors[id];
    if (entry === undefined) throw new RangeError(`no actor ${id}`);
    if (this.actors.some((actor) => actor.id === id && !actor.done)) {
      throw new ScriptMisuse(`actor "${entry.name}" is started while it runs: give each its own name`);
    }
    freezeCaptured(body);
    const steps = inWorld(this.world, 'actor', null, body);
    const actor: Running = {
      id,
      name: entry.name,
      kind: entry.kind,
      steps,
      chain: new Chain(),
      done: false,
      op: 0,
      word: -1,
      a: 0,
      b: 0,
      place: -1,
    };
    this.actors.push(actor);
    this.advance(actor, null);
  }

  /** Lets an actor's code run to its next step and applies what it did on the way. */
  private advance(actor: Running, result: number | null): void {
    const run = (): IteratorResult<Step, void> =>
      inWorld(this.world, 'actor', null, () => live.drive(actor.chain, () => driveActor(actor.steps, result)));
    const next = this.recorder === null ? run() : this.recorder.run(run);
    // The step is read before effects start other actors, which make steps of their own.
    if (next.done !== true) this.waitAt(actor, next.value);
    this.resolve(this.world.takePending());
    if (next.done !== true) return;
    actor.done = true;
    this.push(Effect.done, this.actors.indexOf(actor), 0);
  }

  private waitAt(actor: Running, step: Step): void {
    requireStep(step, actor.name);
    actor.op = operation.op;
    actor.a = operation.a;
    actor.b = operation.b;
    actor.word = operation.word;
    if (actor.op === Op.IRQ_OFF || actor.op === Op.IRQ_ON) actor.word = this.irqWord(actor);
    if (this.recorder !== null)
      actor.place = this.placeId(framesOf(this.recorder.take(), this.scriptName, actor.name, this.columns));
  }

  private irqWord(actor: Running): number {
    return this.world.actors[actor.id]?.irq.index ?? -1;
  }

  private placeId(frames: Frame[]): number {
    const key = frames.map((frame) => `${frame.fn}:${frame.line}:${frame.column}`).join('>');
    let id = this.placeIds.get(key);
    if (id === undefined) {
      id = this.places.length;
      this.places.push({ frames });
      this.placeIds.set(key, id);
    }
    return id;
  }

  private push(kind: number, x: number, y: number): void {
    // What actors do before step 0 is part of the initial state, not of any step.
    if (!this.starting && this.keeps) this.effects.push(kind, x, y);
  }

  private resolve(pending: readonly PendingEffect[]): void {
    const spawned: (PendingEffect & { readonly kind: 'spawn' })[] = [];
    applyEffects(this.world, pending, {
      read: this.read,
      write: (word, value) => {
        const before = this.read(word);
        this.write(word, value | 0);
        this.push(Effect.add, word, ((value | 0) - before) | 0);
      },
      spawn: (_actor, effect) => spawned.push(effect),
      event: (kind: EventKind, text: string) => this.events.push({ step: Math.max(0, this.stepCount - 1), kind, text }),
    });
    for (const effect of spawned) {
      this.push(Effect.spawn, this.actors.length, 0);
      this.start(effect.actor, effect.body);
    }
  }

  get stepCount(): number {
    return this.choices.length;
  }

  get eventCount(): number {
    return this.events.length;
  }

  eventAt(i: number): TraceEvent | undefined {
    return this.events[i];
  }

  /** Whether the actor with this schedule number can take its next step. */
  enabled(number: number): boolean {
    const actor = this.actors[number];
    if (actor === undefined || actor.done) return false;
    if (actor.op === Op.SYNC)
      return this.actors.every((other) => other === actor || this.read(this.irqWord(other)) === 0);
    return isEnabled(actor.op, actor.word < 0 ? 0 : this.read(actor.word), actor.a, actor.b);
  }

  get allDone(): boolean {
    return this.actors.every((actor) => actor.done);
  }

  /** Actors that have not finished, with the steps that are next for them. */
  get waiting(): Waiting[] {
    return [...this.actors.entries()]
      .filter(([, { done }]) => !done)
      .map(([actor, { op, word, a, b }]) => ({ actor, op, word, a, b }));
  }

  /** Number of answers of the actor's next step: `n` for a CHOOSE, 1 for all others. */
  answers(number: number): number {
    const actor = this.actors[number];
    return actor !== undefined && actor.op === Op.CHOOSE ? actor.a : 1;
  }

  nextOp(number: number): number {
    return this.actors[number]?.op ?? -1;
  }

  /** Takes one step; whether it changed a word. @throws ScheduleError when it cannot be taken */
  step(number: number, answer = 0): boolean {
    const actor = this.actors[number];
    if (actor === undefined) throw new ScheduleError(`step ${this.stepCount + 1}: there is no actor ${number}`);
    if (actor.done)
      throw new ScheduleError(`step ${this.stepCount + 1}: actor ${number} ("${actor.name}") has finished`);
    if (!this.enabled(number))
      throw new ScheduleError(`step ${this.stepCount + 1}: actor ${number} ("${actor.name}") has to wait`);
    const chooses = actor.op === Op.CHOOSE;
    if (chooses && answer >= actor.a)
      throw new ScheduleError(`step ${this.stepCount + 1}: answer ${answer} of ${actor.a}`);
    const before = actor.word < 0 ? 0 : this.read(actor.word);
    applyOp(actor.op, before, actor.a, actor.b, actor.id);
    const after = outcome.after;
    const result = chooses ? answer : outcome.result;
    const marks = this.keeps ? this.marks(number, actor, before, result) : 0;
    if (actor.word >= 0) this.write(actor.word, after);
    if (!this.keeps) {
      this.advance(actor, result);
      return after !== before;
    }
    this.choices.push({ actor: number, answer, chooses });
    const effectsFrom = this.effects.length / 3;
    this.steps.push(
      number,
      actor.op,
      actor.word,
      actor.a,
      actor.b,
      before,
      after,
      result,
      actor.place,
      effectsFrom,
      effectsFrom,
      marks,
    );
    this.note(number, actor.word, before, after);
    this.advance(actor, result);
    this.steps[this.steps.length - 2] = this.effects.length / 3;
    return after !== before;
  }

  private note(number: number, word: number, before: number, after: number): void {
    if (word < 0) return;
    if (before !== after) this.lastChange.set(word, this.stepCount);
    this.lastRead.set(`${number}:${word}`, { step: this.stepCount, value: before });
  }

  /** ABA: the word has the value this actor saw before, though it was changed in between. */
  private marks(number: number, actor: Running, before: number, result: number): number {
    if (actor.word < 0) return 0;
    const succeeded = (actor.op === Op.CAS || actor.op === Op.ADDU) && result === 1;
    if (!succeeded && actor.op !== Op.R) return 0;
    const seen = this.lastRead.get(`${number}:${actor.word}`);
    const changed = this.lastChange.get(actor.word) ?? 0;
    return seen !== undefined && seen.value === before && changed > seen.step ? MARK_ABA : 0;
  }

  /** The record of everything so far. */
  trace(): Trace {
    const memory = this.world.memory;
    return {
      actors: this.actors.map(({ name, kind }) => ({ name, kind })),
      objects: [...memory.objects],
      words: [...memory.words],
      initial: this.initialWords(),
      steps: Int32Array.from(this.steps),
      effects: Int32Array.from(this.effects),
      places: this.places.length === 0 ? [{ frames: [] }] : this.places.map(({ frames }) => ({ frames })),
      events: [...this.events],
      schedule: formatSchedule(this.choices),
      bias: this.world.bias,
    };
  }

  /** Values before step 0: what actors did before it is undone from the present by going back over the steps. */
  private initialWords(): Int32Array {
    const words = Int32Array.from(this.world.memory.initial);
    for (let i = 0; i < words.length; i++) words[i] = this.read(i);
    for (let i = this.steps.length - STEP_STRIDE; i >= 0; i -= STEP_STRIDE) {
      const [from, to] = [this.steps[i + 9] ?? 0, this.steps[i + 10] ?? 0];
      for (let e = to - 1; e >= from; e--) {
        if (this.effects[e * 3] !== Effect.add) continue;
        const word = this.effects[e * 3 + 1] ?? 0;
        words[word] = ((words[word] ?? 0) - (this.effects[e * 3 + 2] ?? 0)) | 0;
      }
      const word = this.steps[i + 2] ?? -1;
      if (word >= 0) words[word] = this.steps[i + 5] ?? 0;
    }
    return words;
  }
}
