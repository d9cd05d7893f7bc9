/**
 * The state space of a world as tables. A state is a packed vector of components: the node each actor is at and the words
 * that change. What an actor's next step does is decided once for each combination of values it depends on, and then
 * looked up. Components and values are added as they are met; then all states are packed again ({@link Space.revision}).
 */
import { applyEffects, type EffectTarget } from '../effects.ts';
import type { Steps } from '../interface.ts';
import { ABSENT, Automata, type AutomataOptions, DONE } from '../lower/automaton.ts';
import { applyOp, isEnabled, mayWrite, outcome } from '../step.ts';
import { Op } from '../trace.ts';
import type { PendingEffect, World } from '../world.ts';
import { Domain } from './domain.ts';
import { Fusion, type Visible } from './fusion.ts';
import { Hashes } from './hash.ts';
import { Layout } from './layout.ts';
import {
  type Change,
  DIRECT,
  DISABLED,
  LeafTable,
  type Move,
  NOT_RUNNING,
  type Segment,
  type SpaceEvent,
} from './leaves.ts';
import { StateSet } from './state-set.ts';
import { type Look, Tries } from './tries.ts';
import { isWorthRemembering } from './worth.ts';

/** Values of an actor's component from here on: a node behind steps that nobody notices. */
const BEHIND = 2 ** 29;

interface Component {
  readonly kind: 'actor' | 'word';
  /** Id of the actor, index of the word. */
  readonly id: number;
  readonly domain: Domain;
}

/** Components with more values are not looked up by value. */
const WIDE = 128;

/** Where an actor is. */
interface Place {
  readonly node: number;
  /**
   * Invisible steps that lie in front of the node. They count, and are shown, when the actor takes its next transition,
   * so that a shortest schedule has none that it does not need.
   */
  readonly prefix: number;
}

export interface SpaceOptions extends AutomataOptions {
  /** False: every step is a transition of its own. */
  readonly fuse?: boolean;
  /** False: steps, effects and checks are done each time anew. For comparison. */
  readonly remember?: boolean;
}

/** A state that effects look at and change, by numbers of values. */
export interface StateView {
  number(component: number): number;
  set(component: number, number: number): void;
}

/** A state being looked at by a decision that is made for the first time. */
class View implements StateView {
  readonly looks: Look[] = [];
  private readonly seen = new Set<number>();
  private readonly changed = new Map<number, { readonly from: number; to: number }>();
  private readonly numberAt: (component: number) => number;

  constructor(numberAt: (component: number) => number) {
    this.numberAt = numberAt;
  }

  number(component: number): number {
    const change = this.changed.get(component);
    if (change !== undefined) return change.to;
    const number = this.numberAt(component);
    if (!this.seen.has(component)) {
      this.seen.add(component);
      this.looks.push({ component, number });
    }
    return number;
  }

  set(component: number, number: number): void {
    const from = this.number(component);
    const change = this.changed.get(component);
    if (change === undefined) this.changed.set(component, { from, to: number });
    else change.to = number;
  }

  get changes(): Change[] {
    return [...this.changed]
      .filter(([, { from, to }]) => from !== to)
      .map(([component, { from, to }]) => ({ component, from, to }));
  }
}

export class Space {
  readonly world: World;
  readonly automata: Automata;
  readonly fusion: Fusion;
  readonly components: Component[] = [];
  /** Components of actors, in the order in which the actors were met; `actors` has their ids. */
  readonly actorComponents: number[] = [];
  readonly actors: number[] = [];
  layout = new Layout([]);
  readonly hashes = new Hashes();
  readonly tries: Tries;
  readonly leaves: LeafTable;
  readonly set: StateSet;
  /** Trees of actors' steps: `roots[rootBase[k] + number of the value]` for the actor met as number k. */
  roots = new Int32Array(0);
  rootBase = new Int32Array(0);
  /** Trees of effects. */
  segmentRoots = new Int32Array(64);
  private readonly segments: Segment[] = [];
  private readonly segmentIds = new Map<PendingEffect, number>();
  private readonly places: Place[] = [];
  private readonly placeIds = new Map<string, number>();
  private readonly componentOfActor = new Map<number, number>();
  private readonly componentOfWord = new Map<number, number>();
  /** Values or components were added that the layout has no room for. */
  private outgrown = false;
  private readonly remembers: boolean;
  /** Counts layouts: whoever keeps packed states or references must look. */
  revision = 0;
  /** Told when a word changes that did not change before. */
  onNewWord: (component: number, word: number) => void = () => {};
  /** Called before and after every new layout. */
  beforeRepack: () => void = () => {};
  onRepack: () => void = () => {};

  constructor(world: World, visible: Visible, { fuse = true, remember = true, ...lowering }: SpaceOptions = {}) {
    this.remembers = remember;
    this.world = world;
    this.automata = new Automata(world, lowering);
    this.fusion = new Fusion(world, this.automata, visible, fuse);
    this.tries = new Tries(this.layout);
    this.leaves = new LeafTable(this.hashes);
    this.set = new StateSet(1, (state) => this.hashes.whole(state, this.layout));
    this.begin();
  }

  // --- the first state ---------------------------------------------------------------------------------------------

  /** Complaints of code that runs before the first step. */
  readonly firstEvents: SpaceEvent[] = [];

  /** Starts the body's actors; the values they leave behind are the first ones. */
  private begin(): void {
    const words = new Map<number, number>();
    const places = new Map<number, number>();
    const read = (word: number): number => words.get(word) ?? this.world.memory.initial[word] ?? 0;
    const start = (actor: number, body: () => Steps<void>, provenance: string): void => {
      const { node, effects, broken, prefix } = this.startOf(actor, body, provenance);
      places.set(actor, this.placeValue({ node, prefix }));
      if (broken !== null) this.firstEvents.push({ kind: 'broken', text: broken });
      if (effects === null) return;
      let spawned = 0;
      applyEffects(this.world, effects, {
        read,
        write: (word, value) => words.set(word, value | 0),
        spawn: (other, effect) => start(other, effect.body, `${provenance}+${spawned++}`),
        event: (kind, text) => this.firstEvents.push({ kind, text }),
      });
    };
    for (const [id, { body }] of [...this.world.actors.entries()]) {
      if (body !== null) start(id, body, `root ${id}`);
    }
    for (const [actor, place] of places) this.addActor(actor, place);
    for (const [word, value] of words) this.addWord(word, value);
    this.repack();
    const state = new Int32Array(this.layout.words);
    this.set.add(state, 0, 0, -1);
  }

  private startOf(actor: number, body: () => Steps<void>, provenance: string) {
    const edge = this.automata.start({ actor, body }, provenance);
    const { to, extra, effects, broken } = this.fusion.fuse(edge);
    return { node: to, prefix: extra, effects, broken };
  }

  /** Value of an actor's component. */
  private placeValue(place: Place): number {
    if (place.prefix === 0) return place.node;
    const key = `${place.node}:${place.prefix}`;
    let id = this.placeIds.get(key);
    if (id === undefined) {
      id = this.places.length;
      this.places.push(place);
      this.placeIds.set(key, id);
    }
    return BEHIND + id;
  }

  /** The place that a value of an actor's component stands for. */
  placeOf(value: number): Place {
    return this.places[value - BEHIND] ?? { node: value, prefix: 0 };
  }

  // --- components --------------------------------------------------------------------------------------------------

  private add(kind: Component['kind'], id: number, first: number): number {
    const component = this.components.length;
    this.components.push({ kind, id, domain: new Domain(first) });
    this.hashes.add(component);
    this.outgrown = true;
    return component;
  }

  private addActor(actor: number, first: number): number {
    const component = this.add('actor', actor, first);
    this.componentOfActor.set(actor, component);
    this.actorComponents.push(component);
    this.actors.push(actor);
    return component;
  }

  private addWord(word: number, first: number): number {
    const component = this.add('word', word, first);
    this.componentOfWord.set(word, component);
    return component;
  }

  /** Number of a value, a new one if need be; then see {@link mustRepack}. */
  number(component: number, value: number): number {
    const domain = this.components[component]?.domain;
    if (domain === undefined) throw new RangeError(`no component ${component}`);
    const number = domain.number(value);
    if (!this.layout.holds(component, domain.size)) this.outgrown = true;
    return number;
  }

  value(component: number, number: number): number {
    return this.components[component]?.domain.value(number) ?? 0;
  }

  /** Component of a word, or -1 while it never changed. */
  wordComponent(word: number): number {
    return this.componentOfWord.get(word) ?? -1;
  }

  /** Number of a component's value in a packed state. */
  numberIn(state: Int32Array, at: number, component: number): number {
    const { layout } = this;
    // A component that was added since the state was packed has its first value there.
    if (component >= layout.at.length) return 0;
    const word = state[at + (layout.at[component] ?? 0)] ?? 0;
    return (word >>> (layout.shift[component] ?? 0)) & (layout.mask[component] ?? 0);
  }

  /** Value of a word in a packed state. */
  wordIn(state: Int32Array, at: number, word: number): number {
    const component = this.wordComponent(word);
    if (component < 0) return this.world.memory.initial[word] ?? 0;
    return this.value(component, this.numberIn(state, at, component));
  }

  /**
   * Packs all states again if something was added. Then everything that was decided is forgotten (it is decided again
   * as it comes up), and packed states that somebody holds are of no use: true.
   */
  repack(): boolean {
    if (!this.outgrown) return false;
    this.beforeRepack();
    const old = this.layout;
    const layout = new Layout(this.components.map(({ domain }) => domain.size));
    this.set.repack(layout.words, (from, to) => {
      to.fill(0);
      for (let c = 0; c < old.at.length; c++) {
        const number = ((from[old.at[c] ?? 0] ?? 0) >>> (old.shift[c] ?? 0)) & (old.mask[c] ?? 0);
        const at = layout.at[c] ?? 0;
        to[at] = (to[at] ?? 0) | (number << (layout.shift[c] ?? 0));
      }
    });
    this.layout = layout;
    this.outgrown = false;
    this.revision++;
    this.forget();
    this.onRepack();
    return true;
  }

  private forget(): void {
    this.tries.clear(this.layout);
    this.leaves.clear(this.layout);
    this.segmentRoots.fill(0);
    for (const segment of this.segments) segment.asked = segment.made = 0;
    let size = 0;
    this.rootBase = Int32Array.from(this.actorComponents, (component) => {
      const base = size;
      size += ((this.layout.mask[component] ?? 0) >>> 0) + 1;
      return base;
    });
    this.roots = new Int32Array(size);
  }

  // --- steps -------------------------------------------------------------------------------------------------------

  /**
   * Decides what the actor met as number `k` does in a state, and remembers it. Returns the complement of a leaf's number,
   * or 0 where the layout has to grow first ({@link repack}).
   */
  decideStep(k: number, state: Int32Array, at: number): number {
    const component = this.actorComponents[k] ?? -1;
    const number = this.numberIn(state, at, component);
    const root = (this.rootBase[k] ?? 0) + number;
    const known = this.tries.walk(this.roots[root] ?? 0, state, at);
    if (known !== 0) return known;
    const view = new View((other) => this.numberIn(state, at, other));
    const leaf = this.stepLeaf(k, component, number, view);
    if (this.outgrown) return 0;
    if (leaf !== DISABLED && this.isWide(component, number, view.looks)) {
      this.roots[root] = ~DIRECT;
      return ~DIRECT;
    }
    this.roots[root] = this.tries.insert(this.roots[root] ?? 0, view.looks, leaf);
    return ~leaf;
  }

  /** Whether it is of use to remember decisions, of which so many were new when so many were asked for. */
  isWorth(made: number, asked: number): boolean {
    return this.remembers && isWorthRemembering(made, asked);
  }

  /** Whether a step looks at its word alone, which has so many values that remembering what it does is of no use. */
  private isWide(actor: number, number: number, looks: readonly Look[]): boolean {
    const [look] = looks;
    const { node } = this.placeOf(this.value(actor, number));
    if (look === undefined || looks.length > 1 || this.automata.op[node] === Op.SYNC) return false;
    return !this.remembers || (this.components[look.component]?.domain.size ?? 0) > WIDE;
  }

  /** Leaf of a step of node `node` with a result, but for the change of its word. 0 where the layout has to grow. */
  resultLeaf(component: number, number: number, result: number): number {
    const { node, prefix } = this.placeOf(this.value(component, number));
    const move = this.move({ component, number, node, prefix }, result, 0, null);
    return this.outgrown ? 0 : this.leaves.add(move);
  }

  /** Whether something was added that the layout has no room for. */
  get mustRepack(): boolean {
    return this.outgrown;
  }

  private stepLeaf(k: number, component: number, number: number, view: StateView): number {
    const actor = this.actors[k] ?? -1;
    const { node, prefix } = this.placeOf(this.value(component, number));
    if (node === ABSENT || node === DONE) return NOT_RUNNING;
    const { op, a, b } = this.operation(node);
    const word = this.fusion.isSilent(node) ? -1 : (this.automata.word[node] ?? -1);
    const before = word < 0 ? 0 : this.look(view, word, mayWrite(op));
    const enabled = op === Op.SYNC ? this.synced(actor, view) : isEnabled(op, before, a, b);
    if (!enabled) return DISABLED;
    const place = { component, number, node, prefix };
    if (op === Op.CHOOSE) {
      const answers = Array.from({ length: a }, (_, answer) => this.move(place, answer, answer, null));
      return this.outgrown ? DISABLED : this.leaves.add({ answers });
    }
    applyOp(op, before, a, b, actor);
    const { after, result } = outcome;
    const change = word < 0 || after === before ? null : { word, before, after };
    const move = this.move(place, result, 0, change);
    return this.outgrown ? DISABLED : this.leaves.add(move);
  }

  operation(node: number): { readonly op: number; readonly a: number; readonly b: number } {
    const { op, a, b } = this.automata;
    return { op: op[node] ?? Op.NOP, a: a[node] ?? 0, b: b[node] ?? 0 };
  }

  private look(view: StateView, word: number, writes: boolean): number {
    let component = this.wordComponent(word);
    if (component < 0 && writes) component = this.newWord(word);
    return component < 0 ? (this.world.memory.initial[word] ?? 0) : this.value(component, view.number(component));
  }

  private newWord(word: number): number {
    const component = this.addWord(word, this.world.memory.initial[word] ?? 0);
    this.onNewWord(component, word);
    return component;
  }

  /** Whether no other actor has interrupts off. */
  private synced(self: number, view: StateView): boolean {
    return this.actors.every((actor) => {
      const component = this.wordComponent(this.world.actors[actor]?.irq.index ?? -1);
      return actor === self || component < 0 || this.value(component, view.number(component)) === 0;
    });
  }

  private move(
    place: { readonly component: number; readonly number: number; readonly node: number; readonly prefix: number },
    result: number,
    answer: number,
    change: { readonly word: number; readonly before: number; readonly after: number } | null,
  ): Move {
    const { to, effects, broken, extra } = this.fusion.fuse(this.automata.next(place.node, result));
    // Nobody waits for the last steps of an actor: they make no difference between states.
    const next = this.placeValue({ node: to, prefix: to === DONE ? 0 : extra });
    const changes: Change[] = [
      { component: place.component, from: place.number, to: this.number(place.component, next) },
    ];
    if (change !== null) {
      const component = this.wordComponent(change.word);
      const [from, after] = [this.number(component, change.before), this.number(component, change.after)];
      changes.push({ component, from, to: after });
    }
    return {
      changes,
      answer,
      prefix: place.prefix,
      suffix: to === DONE ? extra : 0,
      segments: effects === null ? [] : effects.map((effect) => this.segment(effect, place.node)),
      events: broken === null ? [] : [{ kind: 'broken', text: broken }],
    };
  }

  // --- effects -----------------------------------------------------------------------------------------------------

  private segment(effect: PendingEffect, node: number): number {
    let id = this.segmentIds.get(effect);
    if (id === undefined) {
      id = this.segments.length;
      this.segments.push({ effect, provenance: `${node}+${id}`, asked: 0, made: 0 });
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
    const segment = this.segments[id];
    if (segment === undefined) throw new RangeError(`no effect ${id}`);
    segment.asked++;
    const known = this.tries.walk(this.segmentRoots[id] ?? 0, state, at);
    if (known !== 0) return known;
    const view = new View((component) => this.numberIn(state, at, component));
    const events: SpaceEvent[] = [];
    this.resolve([segment.effect], segment.provenance, view, events);
    if (this.outgrown) return 0;
    if (!this.isWorth(++segment.made, segment.asked)) {
      this.segmentRoots[id] = ~DIRECT;
      return ~DIRECT;
    }
    const leaf = this.leaves.add({ changes: view.changes, answer: 0, prefix: 0, suffix: 0, segments: [], events });
    this.segmentRoots[id] = this.tries.insert(this.segmentRoots[id] ?? 0, view.looks, leaf);
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
        const component = this.wordComponent(word);
        view.set(component, this.number(component, value | 0));
      },
      spawn: (actor, effect) => this.spawn(actor, effect.body, `${provenance}+${spawned++}`, view, events),
      event: (kind, text) => events.push({ kind, text }),
    };
    applyEffects(this.world, effects, target);
  }

  private spawn(
    actor: number,
    body: () => Steps<void>,
    provenance: string,
    view: StateView,
    events: SpaceEvent[],
  ): void {
    const component = this.componentOfActor.get(actor) ?? this.addActor(actor, ABSENT);
    const was = this.value(component, view.number(component));
    if (was !== ABSENT && was !== DONE) {
      const name = this.world.actors[actor]?.name ?? '?';
      throw new TypeError(`actor "${name}" is started while it runs: give each its own name`);
    }
    const { node, effects, broken, prefix } = this.startOf(actor, body, provenance);
    view.set(component, this.number(component, this.placeValue({ node, prefix })));
    if (broken !== null) events.push({ kind: 'broken', text: broken });
    if (effects !== null) this.resolve(effects, provenance, view, events);
  }
}
