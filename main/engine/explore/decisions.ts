/**
 * What an actor's next step does in a state, and what the effects behind it do. Each is decided once for each combination
 * of the values it looks at, and then looked up; see tries.ts and leaves.ts.
 */
import { applyEffects, type EffectTarget } from '../effects.ts';
import { ABSENT, DONE } from '../lower/automaton.ts';
import { applyOp, isEnabled, mayWrite, outcome } from '../step.ts';
import { Op } from '../trace.ts';
import type { PendingEffect } from '../world.ts';
import { type Change, DIRECT, DISABLED, type Move, NOT_RUNNING, type Segment, type SpaceEvent } from './leaves.ts';
import type { Space } from './space.ts';
import type { Look } from './tries.ts';
import { type StateView, View } from './view.ts';
import { isWorthRemembering } from './worth.ts';

/** Components with more values are not looked up by value. */
const WIDE = 128;

/** What is kept of decisions: what is of use again, nothing (for comparison), or all (for exports). */
export type Remember = 'useful' | 'never' | 'always';

/** An actor at a place: number k of those met, its component, the number of its value, and what that stands for. */
interface Standing {
  readonly actor: number;
  readonly component: number;
  readonly number: number;
  readonly node: number;
  readonly prefix: number;
}

export class Decisions {
  private readonly space: Space;
  private readonly remembers: Remember;
  /** Trees of actors' steps: `roots[rootBase[k] + number of the value]` for the actor met as number k. */
  roots = new Int32Array(0);
  rootBase = new Int32Array(0);
  /** Trees of effects. */
  segmentRoots = new Int32Array(64);
  private readonly segments: Segment[] = [];
  private readonly segmentIds = new Map<PendingEffect, number>();
  /** What went by a word's first value because the word never changed so far: trees of steps, complements of effects. */
  private readonly constants = new Map<number, Set<number>>();
  /** Words that were there when all was forgotten last: all decisions could look at them. */
  private wordsAtFirst = 0;
  /** What is decided now, in these terms. */
  private deciding = 0;

  constructor(space: Space, remembers: Remember) {
    this.space = space;
    this.remembers = remembers;
  }

  /** Forgets everything, because the layout has changed. */
  forget(): void {
    this.segmentRoots.fill(0);
    for (const segment of this.segments) segment.asked = segment.made = 0;
    this.constants.clear();
    this.wordsAtFirst = this.space.world.memory.words.length;
    this.roots = new Int32Array(this.base());
  }

  /** Finds places for trees of all actors; how many it takes. */
  private base(): number {
    const { actorComponents, layout } = this.space;
    let size = 0;
    this.rootBase = Int32Array.from(actorComponents, (component) => {
      const base = size;
      size += ((layout.mask[component] ?? 0) >>> 0) + 1;
      return base;
    });
    return size;
  }

  /** The layout got room for more components, and these words change from now on: forgets what took them for constant. */
  extend(words: readonly number[]): void {
    const { roots, rootBase } = this;
    this.roots = new Int32Array(this.base());
    // Who waits for all CPUs has to look at one more.
    if (this.rootBase.length === rootBase.length) this.roots.set(roots);
    // An effect goes through lists of what there is; what was made since is not in what it went through.
    if (words.some((word) => word >= this.wordsAtFirst)) this.segmentRoots.fill(0);
    for (const word of words) {
      for (const what of this.constants.get(word) ?? []) {
        if (what >= 0) this.roots[what] = 0;
        else this.segmentRoots[~what] = 0;
      }
      this.constants.delete(word);
    }
  }

  private wentBy(word: number): void {
    const known = this.constants.get(word);
    if (known === undefined) this.constants.set(word, new Set([this.deciding]));
    else known.add(this.deciding);
  }

  /** Effects met so far. */
  get segmentCount(): number {
    return this.segments.length;
  }

  /** Whether it is of use to remember decisions, of which so many were new when so many were asked for. */
  isWorth(made: number, asked: number): boolean {
    return this.remembers === 'useful' ? isWorthRemembering(made, asked) : this.remembers === 'always';
  }

  // --- steps -------------------------------------------------------------------------------------------------------

  private standing(k: number, state: Int32Array, at: number): Standing {
    const { space } = this;
    const component = space.actorComponents[k] ?? -1;
    const number = space.numberIn(state, at, component);
    const { node, prefix } = space.placeOf(space.value(component, number));
    return { actor: space.actors[k] ?? -1, component, number, node, prefix };
  }

  /**
   * Decides what the actor met as number `k` does in a state, and remembers it. Returns the complement of a leaf's number,
   * or 0 where the layout has to grow first.
   */
  decideStep(k: number, state: Int32Array, at: number): number {
    const { space } = this;
    const standing = this.standing(k, state, at);
    const root = (this.rootBase[k] ?? 0) + standing.number;
    const known = space.tries.walk(this.roots[root] ?? 0, state, at);
    if (known !== 0) return known;
    const view = new View((component) => space.numberIn(state, at, component));
    this.deciding = root;
    const leaf = this.stepLeaf(standing, view);
    if (space.mustRepack) return 0;
    if (leaf !== DISABLED && this.isWide(standing.node, view.looks)) {
      this.roots[root] = ~DIRECT;
      return ~DIRECT;
    }
    this.roots[root] = space.tries.insert(this.roots[root] ?? 0, view.looks, leaf);
    return ~leaf;
  }

  /** Whether a step looks at its word alone, which has so many values that remembering what it does is of no use. */
  private isWide(node: number, looks: readonly Look[]): boolean {
    const [look] = looks;
    if (look === undefined || looks.length > 1 || this.space.automata.op[node] === Op.SYNC) return false;
    if (this.remembers !== 'useful') return this.remembers === 'never';
    return (this.space.components[look.component]?.domain.size ?? 0) > WIDE;
  }

  private stepLeaf(standing: Standing, view: StateView): number {
    const { space } = this;
    const { actor, node } = standing;
    if (node === ABSENT || node === DONE) return NOT_RUNNING;
    const { op, a, b } = this.operation(node);
    const word = space.fusion.isSilent(node) ? -1 : this.wordOf(actor, node);
    const before = word < 0 ? 0 : this.look(view, word, mayWrite(op));
    const enabled = op === Op.SYNC ? this.synced(actor, view) : isEnabled(op, before, a, b);
    if (!enabled) return DISABLED;
    if (op === Op.CHOOSE) {
      const answers = Array.from({ length: a }, (_, answer) => this.move(standing, answer, answer, null));
      return space.mustRepack ? DISABLED : space.leaves.add({ answers });
    }
    applyOp(op, before, a, b, space.symmetry.firstOf(actor));
    const { after, result } = outcome;
    const change = word < 0 || after === before ? null : { word, before, after };
    const move = this.move(standing, result, 0, change);
    return space.mustRepack ? DISABLED : space.leaves.add(move);
  }

  operation(node: number): { readonly op: number; readonly a: number; readonly b: number } {
    const { op, a, b } = this.space.automata;
    return { op: op[node] ?? Op.NOP, a: a[node] ?? 0, b: b[node] ?? 0 };
  }

  /** The word that an actor's step at a node is about. */
  wordOf(actor: number, node: number): number {
    return this.space.symmetry.wordFor(actor, this.space.automata.word[node] ?? -1);
  }

  private look(view: StateView, word: number, writes: boolean): number {
    const { space } = this;
    let component = space.wordComponent(word);
    if (component < 0 && writes) component = space.newWord(word);
    if (component < 0) this.wentBy(word);
    return component < 0 ? (space.world.memory.initial[word] ?? 0) : space.value(component, view.number(component));
  }

  /** Whether no other actor has interrupts off. */
  private synced(self: number, view: StateView): boolean {
    const { space } = this;
    return space.actors.every((actor) => {
      const irq = space.world.actors[actor]?.irq.index ?? -1;
      const component = space.wordComponent(irq);
      if (component < 0) this.wentBy(irq);
      return actor === self || component < 0 || space.value(component, view.number(component)) === 0;
    });
  }

  private move(
    { component, number, node, prefix }: Standing,
    result: number,
    answer: number,
    change: { readonly word: number; readonly before: number; readonly after: number } | null,
  ): Move {
    const { space } = this;
    const { to, effects, broken, extra } = space.fusion.fuse(space.automata.next(node, result));
    const segments = effects === null ? [] : effects.map((effect) => this.segment(effect, node));
    space.kin.settle();
    // Nobody waits for the last steps of an actor: they make no difference between states.
    const next = space.placeValue({ node: to, prefix: to === DONE ? 0 : extra });
    const changes: Change[] = [{ component, from: number, to: space.number(component, next) }];
    if (change !== null) {
      const word = space.wordComponent(change.word);
      const [from, after] = [space.number(word, change.before), space.number(word, change.after)];
      changes.push({ component: word, from, to: after });
    }
    return {
      changes,
      answer,
      prefix,
      suffix: to === DONE ? extra : 0,
      segments,
      events: broken === null ? [] : [{ kind: 'broken', text: broken }],
    };
  }

  /** Leaf of a step with a result, but for the change of its word. 0 where the layout has to grow. */
  resultLeaf(k: number, state: Int32Array, result: number): number {
    const { space } = this;
    const move = this.move(this.standing(k, state, 0), result, 0, null);
    return space.mustRepack ? 0 : space.leaves.add(move);
  }

  // --- effects -----------------------------------------------------------------------------------------------------

  private segment(effect: PendingEffect, node: number): number {
    let id = this.segmentIds.get(effect);
    if (id === undefined) {
      if (effect.kind === 'spawn') {
        this.space.fusion.spawns(this.space.automata.actorAt(node));
        this.space.kin.meet(effect.actor, effect.body);
      }
      id = this.segments.length;
      this.segments.push({ effect, provenance: `${this.space.attempt}:${node}+${id}`, asked: 0, made: 0 });
      this.segmentIds.set(effect, id);
      if (id >= this.segmentRoots.length) {
        const roots = new Int32Array(this.segmentRoots.length * 2);
        roots.set(this.segmentRoots);
        this.segmentRoots = roots;
      }
    }
    return id;
  }

  /** What an effect does in a state; see {@link decideStep}. */
  decideEffect(id: number, state: Int32Array, at: number): number {
    const { space } = this;
    const segment = this.segments[id];
    if (segment === undefined) throw new RangeError(`no effect ${id}`);
    segment.asked++;
    const known = space.tries.walk(this.segmentRoots[id] ?? 0, state, at);
    if (known !== 0) return known;
    const view = new View((component) => space.numberIn(state, at, component));
    const events: SpaceEvent[] = [];
    this.deciding = ~id;
    this.resolve([segment.effect], segment.provenance, view, events);
    if (space.mustRepack) return 0;
    if (!this.isWorth(++segment.made, segment.asked)) {
      this.segmentRoots[id] = ~DIRECT;
      return ~DIRECT;
    }
    const leaf = space.leaves.add({ changes: view.changes, answer: 0, prefix: 0, suffix: 0, segments: [], events });
    this.segmentRoots[id] = space.tries.insert(this.segmentRoots[id] ?? 0, view.looks, leaf);
    return ~leaf;
  }

  /** Does what an effect does to a state, and gives what is to be judged. The layout may have to grow after it. */
  applyEffect(id: number, view: StateView): SpaceEvent[] {
    const segment = this.segments[id];
    const events: SpaceEvent[] = [];
    if (segment !== undefined) this.resolve([segment.effect], segment.provenance, view, events);
    return events;
  }

  private resolve(effects: readonly PendingEffect[], provenance: string, view: StateView, events: SpaceEvent[]): void {
    let spawned = 0;
    const target: EffectTarget = {
      read: (word) => this.look(view, word, false),
      write: (word, value) => {
        this.look(view, word, true);
        const component = this.space.wordComponent(word);
        view.set(component, this.space.number(component, value | 0));
      },
      spawn: (actor, effect) => this.spawn(actor, effect, `${provenance}+${spawned++}`, view, events),
      event: (kind, text) => events.push({ kind, text }),
    };
    applyEffects(this.space.world, effects, target);
  }

  /** The component that an actor gets which is started: its own, or that of one like it that is not there yet. */
  private slotOf(actor: number, view: StateView): number {
    const { space } = this;
    const own = space.actorComponent(actor) ?? space.addAbsent(actor);
    const group = space.symmetry.groupOf(actor);
    if (group.length === 1) return own;
    for (const other of group) {
      const component = space.actorComponent(other) ?? -1;
      if (space.value(component, view.number(component)) === ABSENT) return component;
    }
    // Somebody is started a second time: by name, then.
    space.kin.separate(space.world.actors[actor]?.name ?? '');
    return own;
  }

  private spawn(
    actor: number,
    { body }: PendingEffect & { readonly kind: 'spawn' },
    provenance: string,
    view: StateView,
    events: SpaceEvent[],
  ): void {
    const { space } = this;
    const component = this.slotOf(actor, view);
    const was = space.value(component, view.number(component));
    if (was !== ABSENT && was !== DONE) {
      const name = space.world.actors[actor]?.name ?? '?';
      throw new TypeError(`actor "${name}" is started while it runs: give each its own name`);
    }
    const { place, effects, broken } = space.startOf(actor, body, provenance);
    view.set(component, space.number(component, place));
    if (broken !== null) events.push({ kind: 'broken', text: broken });
    if (effects === null) return;
    for (const effect of effects) if (effect.kind === 'spawn') space.kin.meet(effect.actor, effect.body);
    this.resolve(effects, provenance, view, events);
  }
}
