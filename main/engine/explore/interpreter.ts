/**
 * A world run step by step over its automata, with states that can be put back: what a search needs that keeps no set of
 * states. Each step says which words it read and wrote.
 */
import { applyEffects } from '../effects.ts';
import type { Steps } from '../interface.ts';
import { ABSENT, type Automata, DONE, type Edge } from '../lower/automaton.ts';
import { applyOp, isEnabled, outcome } from '../step.ts';
import { Op } from '../trace.ts';
import type { PendingEffect } from '../world.ts';
import type { SpaceEvent } from './leaves.ts';

/** A word that a step touched, and what it held before. */
export interface Access {
  readonly word: number;
  readonly writes: boolean;
  /** It adds and hands nothing back: two such steps come to the same in both orders. */
  readonly adds: boolean;
  readonly before: number;
}

/** Where actors are and what words hold. Never changed once made. */
export interface RunState {
  /** Node of each actor, by id. */
  readonly nodes: readonly number[];
  /** Values of words, as far as any changed yet; beyond its end words have their first values. */
  readonly memory: Int32Array;
}

export interface Taken {
  readonly state: RunState;
  readonly accesses: readonly Access[];
  readonly events: readonly SpaceEvent[];
  /** Actors that it started. */
  readonly started: readonly number[];
}

/** A state while a step changes it. */
class Draft {
  readonly nodes: number[];
  readonly started: number[] = [];
  memory: Int32Array;
  readonly accesses = new Map<number, Access>();
  readonly events: SpaceEvent[] = [];
  private readonly automata: Automata;

  constructor(automata: Automata, { nodes, memory }: RunState) {
    this.automata = automata;
    this.nodes = [...nodes];
    this.memory = memory.slice();
  }

  read(word: number): number {
    return this.memory[word] ?? this.automata.world.memory.initial[word] ?? 0;
  }

  set(word: number, value: number): void {
    if (word >= this.memory.length) {
      const { initial } = this.automata.world.memory;
      const wide = Int32Array.from(initial);
      wide.set(this.memory);
      this.memory = wide;
    }
    this.memory[word] = value;
  }

  touch(word: number, writes: boolean, adds = false): void {
    const known = this.accesses.get(word);
    const before = known?.before ?? this.read(word);
    this.accesses.set(word, {
      word,
      writes: writes || known?.writes === true,
      adds: adds && known === undefined,
      before,
    });
  }

  follow(actor: number, { to, effects, broken }: Edge, provenance: string): void {
    for (let other = this.nodes.length; other < actor; other++) this.nodes[other] = ABSENT;
    this.nodes[actor] = to;
    if (broken !== null) this.events.push({ kind: 'broken', text: broken });
    if (effects !== null) this.resolve(effects, provenance);
  }

  private resolve(effects: readonly PendingEffect[], provenance: string): void {
    let spawned = 0;
    applyEffects(this.automata.world, effects, {
      read: (word) => {
        this.touch(word, false);
        return this.read(word);
      },
      write: (word, value) => {
        this.touch(word, true);
        this.set(word, value | 0);
      },
      spawn: (actor, { body }) => this.start(actor, body, `${provenance}+${spawned++}`),
      event: (kind, text) => this.events.push({ kind, text }),
    });
  }

  start(actor: number, body: () => Steps<void>, provenance: string): void {
    this.started.push(actor);
    this.follow(actor, this.automata.start({ actor, body }, provenance), provenance);
  }

  get state(): RunState {
    return { nodes: this.nodes, memory: this.memory };
  }
}

export class Interpreter {
  readonly automata: Automata;

  constructor(automata: Automata) {
    this.automata = automata;
  }

  begin(): Taken {
    const draft = new Draft(this.automata, { nodes: [], memory: new Int32Array(0) });
    for (const [id, { body }] of [...this.automata.world.actors.entries()]) {
      if (body !== null) draft.start(id, body, `root ${id}`);
    }
    return { state: draft.state, accesses: [], events: draft.events, started: draft.started };
  }

  value(state: RunState, word: number): number {
    return state.memory[word] ?? this.automata.world.memory.initial[word] ?? 0;
  }

  /** Answers of an actor's next step: one for all but a choice, none for an actor that has finished or has to wait. */
  answers(state: RunState, actor: number): number {
    const node = state.nodes[actor] ?? DONE;
    if (node <= DONE) return 0;
    const { op, a, b, word } = this.automata;
    const code = op[node] ?? Op.NOP;
    if (code === Op.CHOOSE) return a[node] ?? 1;
    if (code === Op.SYNC) return this.others(state, actor).every((irq) => this.value(state, irq) === 0) ? 1 : 0;
    const held = this.value(state, word[node] ?? -1);
    return isEnabled(code, held, a[node] ?? 0, b[node] ?? 0) ? 1 : 0;
  }

  /** Interrupt flags of the other CPUs. */
  private others(state: RunState, self: number): number[] {
    const { world } = this.automata;
    return [...state.nodes.keys()].flatMap((actor) => (actor === self ? [] : (world.actors[actor]?.irq.index ?? [])));
  }

  /** What an actor that has to wait waits for. */
  wants(state: RunState, actor: number): Access[] {
    const node = state.nodes[actor] ?? DONE;
    const code = this.automata.op[node] ?? Op.NOP;
    const words = code === Op.SYNC ? this.others(state, actor) : [this.automata.word[node] ?? -1];
    return words.map((word) => ({ word, writes: code === Op.LK, adds: false, before: this.value(state, word) }));
  }

  /** Is an actor's next step a choice? */
  chooses(state: RunState, actor: number): boolean {
    return this.automata.op[state.nodes[actor] ?? DONE] === Op.CHOOSE;
  }

  isDone(state: RunState): boolean {
    return state.nodes.every((node) => node <= DONE);
  }

  /** Whether an actor's next step could be taken if one word held something else. */
  couldTake(state: RunState, actor: number, word: number, value: number): boolean {
    return this.answers(this.withWords(state, [{ word, before: value }]), actor) > 0;
  }

  /** The same state, but that some words hold what they held before. */
  withWords(state: RunState, words: readonly Pick<Access, 'word' | 'before'>[]): RunState {
    const draft = new Draft(this.automata, state);
    for (const { word, before } of words) if (word >= 0) draft.set(word, before);
    return draft.state;
  }

  take(state: RunState, actor: number, answer: number): Taken {
    const node = state.nodes[actor] ?? DONE;
    const { op, word, a, b } = this.automata;
    const code = op[node] ?? Op.NOP;
    const target = word[node] ?? -1;
    const draft = new Draft(this.automata, state);
    let result = answer;
    if (code === Op.SYNC) for (const irq of this.others(state, actor)) draft.touch(irq, false);
    if (code !== Op.CHOOSE) {
      const before = target < 0 ? 0 : draft.read(target);
      applyOp(code, before, a[node] ?? 0, b[node] ?? 0, actor);
      const { after } = outcome;
      result = outcome.result;
      if (target >= 0) {
        draft.touch(target, isWrite(code, result), code === Op.ADD);
        draft.set(target, after);
      }
    }
    draft.follow(actor, this.automata.next(node, result), `${node}`);
    const { state: next, events, started } = draft;
    return { state: next, accesses: [...draft.accesses.values()], events, started };
  }
}

/** An exchange that fails only reads. */
function isWrite(op: number, result: number): boolean {
  if (op === Op.R || op === Op.WAIT || op === Op.NOP || op === Op.SYNC) return false;
  return !(op === Op.CAS || op === Op.ADDU || op === Op.TRYLK) || result !== 0;
}
