/**
 * The state space of a world. A state is a packed vector of components: the place each actor is at and the words that
 * change. Components and values are added as they are met; then all states are packed again ({@link Space.revision}).
 * What steps and effects do is in decisions.ts.
 */
import { applyEffects } from '../effects.ts';
import type { Steps } from '../interface.ts';
import { ABSENT, Automata, type AutomataOptions } from '../lower/automaton.ts';
import type { World } from '../world.ts';
import { Decisions, type Remember } from './decisions.ts';
import { Domain } from './domain.ts';
import { Fusion, type Visible } from './fusion.ts';
import { Hashes } from './hash.ts';
import { Kin } from './kin.ts';
import { Layout } from './layout.ts';
import { LeafTable, type SpaceEvent } from './leaves.ts';
import { type Place, Places } from './places.ts';
import { StateSet } from './state-set.ts';
import { Symmetry } from './symmetry.ts';
import { Tries } from './tries.ts';

/** About what a node of an automaton takes, with its edges and its key, measured. */
const NODE_BYTES = 1500;
/** And a value of a component. */
const VALUE_BYTES = 100;

interface Component {
  readonly kind: 'actor' | 'word';
  /** Id of the actor, index of the word. */
  readonly id: number;
  readonly domain: Domain;
}

export interface SpaceOptions extends AutomataOptions {
  /** False: every step is a transition of its own. */
  readonly fuse?: boolean;
  readonly remember?: Remember;
  /** False: interchangeable actors are told apart. */
  readonly symmetry?: boolean;
  /** What is known of the actors' code from another search of the same world. */
  readonly automata?: Automata;
  /** Names of actors of the body that never begin. */
  readonly leaveOut?: ReadonlySet<string>;
}

/** Where an actor's code takes it first. */
export interface Start {
  readonly place: number;
  readonly effects: ReturnType<Fusion['fuse']>['effects'];
  readonly broken: string | null;
}

export class Space {
  readonly world: World;
  readonly automata: Automata;
  /** Number of this search among those of the automata: effects are numbered anew in each. */
  readonly attempt: number;
  readonly fusion: Fusion;
  readonly symmetry: Symmetry;
  readonly kin: Kin;
  readonly decisions: Decisions;
  readonly components: Component[] = [];
  /** Components of actors, in the order in which the actors were met; `actors` has their ids. */
  readonly actorComponents: number[] = [];
  readonly actors: number[] = [];
  layout = new Layout([]);
  readonly hashes = new Hashes();
  readonly tries: Tries;
  readonly leaves: LeafTable;
  readonly set: StateSet;
  private readonly places = new Places();
  private readonly componentOfActor = new Map<number, number>();
  private readonly componentOfWord = new Map<number, number>();
  /** Values or components were added that the layout has no room for. */
  private outgrown = false;
  /** Counts layouts: whoever keeps packed states or references must look. */
  revision = 0;
  /** Complaints of code that runs before the first step. */
  readonly firstEvents: SpaceEvent[] = [];
  /** Told when a word changes that did not change before. */
  onNewWord: (component: number, word: number) => void = () => {};
  /** Called before and after every new layout. */
  beforeRepack: () => void = () => {};
  onRepack: () => void = () => {};
  /** Told instead where states stayed as they are, with the words that changed for the first time. */
  onExtend: (words: readonly number[]) => void = () => {};
  /** Words that change since the layout was made or extended. */
  private newWords: number[] = [];
  /** The layout is generous. */
  isRoomy = true;

  constructor(world: World, visible: Visible, options: SpaceOptions = {}) {
    const { fuse = true, remember = 'useful', symmetry = true, leaveOut = new Set(), automata, ...lowering } = options;
    this.world = world;
    this.automata = automata ?? new Automata(world, lowering);
    this.attempt = this.automata.searches++;
    const isSymmetric = symmetry && lowering.keyless !== true && leaveOut.size === 0;
    this.kin = new Kin(world, visible, isSymmetric);
    this.symmetry = new Symmetry(world, visible, isSymmetric, this.kin);
    this.fusion = new Fusion(world, this.automata, this.symmetry, visible, fuse);
    this.tries = new Tries(this.layout);
    this.leaves = new LeafTable(this.hashes);
    this.set = new StateSet(1, (state) => this.hashes.whole(state, this.layout));
    this.decisions = new Decisions(this, remember);
    this.begin(leaveOut);
  }

  /** Starts the body's actors; the values they leave behind are the first ones. */
  private begin(leaveOut: ReadonlySet<string>): void {
    const words = new Map<number, number>();
    const first = new Map<number, number>();
    const start = (actor: number, body: () => Steps<void>, provenance: string): void => {
      const { place, effects, broken } = this.startOf(actor, body, provenance);
      first.set(actor, place);
      if (broken !== null) this.firstEvents.push({ kind: 'broken', text: broken });
      let spawned = 0;
      applyEffects(this.world, effects ?? [], {
        read: (word) => words.get(word) ?? this.world.memory.initial[word] ?? 0,
        write: (word, value) => words.set(word, value | 0),
        spawn: (other, effect) => start(other, effect.body, `${provenance}+${spawned++}`),
        event: (kind, text) => this.firstEvents.push({ kind, text }),
      });
    };
    for (const [id, { body, name }] of [...this.world.actors.entries()]) {
      if (body !== null && !leaveOut.has(name)) start(id, body, `root ${this.symmetry.firstOf(id)}`);
    }
    for (const [actor, place] of first) {
      // Started before the first step: then it is known by its name.
      if (this.world.actors[actor]?.body === null && this.symmetry.groupOf(actor).length > 1)
        this.kin.separate(this.world.actors[actor]?.name ?? '');
      this.addActor(actor, place);
    }
    for (const [word, value] of words) this.addWords(word, value);
    this.repack();
    this.set.add(new Int32Array(this.layout.words), 0, 0, -1);
  }

  /** Where an actor begins. The code of interchangeable actors is that of the first of them. */
  startOf(actor: number, body: () => Steps<void>, provenance: string): Start {
    const first = this.symmetry.firstOf(actor);
    const root = { actor: first, body: first === actor ? body : (this.world.actors[first]?.body ?? body) };
    const { to, extra, effects, broken } = this.fusion.fuse(this.automata.start(root, provenance));
    return { place: this.places.valueOf({ node: to, prefix: extra }), effects, broken };
  }

  placeValue(place: Place): number {
    return this.places.valueOf(place);
  }

  /** The place that a value of an actor's component stands for. */
  placeOf(value: number): Place {
    return this.places.of(value);
  }

  /** About how many bytes states and what is known of them take. */
  get bytes(): number {
    const { set, tries, leaves, automata, components } = this;
    const values = components.reduce((sum, { domain }) => sum + domain.size, 0);
    const tables = tries.code.byteLength + leaves.data.byteLength;
    return set.bytes + tables + automata.size * NODE_BYTES + values * VALUE_BYTES;
  }

  // --- components --------------------------------------------------------------------------------------------------

  /** A new component. It shares values and hashes with the component it can change places with, if there is one. */
  private add(kind: Component['kind'], id: number, first: number, like: number | undefined): number {
    const component = this.components.length;
    const domain = this.components[like ?? -1]?.domain ?? new Domain(first);
    domain.components.push(component);
    this.components.push({ kind, id, domain });
    this.hashes.add(like ?? component);
    this.outgrown = true;
    return component;
  }

  /** Components of actors that nobody has started, in their order: one, or all that are kin. Gives that of `actor`. */
  addAbsent(actor: number): number {
    for (const one of this.symmetry.groupOf(actor)) this.addActor(one, ABSENT);
    return this.componentOfActor.get(actor) ?? -1;
  }

  addActor(actor: number, first: number): number {
    const like = this.componentOfActor.get(this.symmetry.firstOf(actor));
    const component = this.add('actor', actor, first, like);
    this.componentOfActor.set(actor, component);
    this.symmetry.addPlace(actor, component);
    this.actorComponents.push(component);
    this.actors.push(actor);
    return component;
  }

  actorComponent(actor: number): number | undefined {
    return this.componentOfActor.get(actor);
  }

  /** Components of a word and of all that correspond to it. */
  private addWords(word: number, first: number): void {
    const words = this.symmetry.corresponding(word);
    const components: number[] = [];
    for (const other of words) {
      const component = this.add('word', other, first, components[0]);
      this.componentOfWord.set(other, component);
      components.push(component);
    }
    this.symmetry.addWords(word, components);
  }

  /** Makes a component for a word that changes for the first time. */
  newWord(word: number): number {
    this.addWords(word, this.world.memory.initial[word] ?? 0);
    for (const other of this.symmetry.corresponding(word)) {
      this.newWords.push(other);
      this.onNewWord(this.wordComponent(other), other);
    }
    return this.wordComponent(word);
  }

  /** Number of a value, a new one if need be; then see {@link mustRepack}. */
  number(component: number, value: number): number {
    const domain = this.components[component]?.domain;
    if (domain === undefined) throw new RangeError(`no component ${component}`);
    const number = domain.number(value);
    if (!domain.components.every((one) => this.layout.holds(one, domain.size))) this.outgrown = true;
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

  /** The places of all actors in a packed state, in the order in which the actors were met. */
  placesIn(state: Int32Array): Place[] {
    return this.actorComponents.map((component) =>
      this.placeOf(this.value(component, this.numberIn(state, 0, component))),
    );
  }

  // --- layout ------------------------------------------------------------------------------------------------------

  /** Whether something was added that the layout has no room for. */
  get mustRepack(): boolean {
    return this.outgrown;
  }

  /**
   * Makes room if something was added: then packed states that somebody holds are of no use, and what was decided may
   * be forgotten (it is decided again as it comes up): true.
   */
  repack(): boolean {
    if (!this.outgrown) return false;
    this.beforeRepack();
    if (!this.extend()) this.pack();
    this.newWords = [];
    return true;
  }

  /** There are many states by now: no more room than they need. */
  tighten(): void {
    this.isRoomy = false;
    this.beforeRepack();
    this.pack();
    this.newWords = [];
  }

  private get sizes(): number[] {
    return this.components.map(({ domain }) => domain.size);
  }

  /** Finds room in the layout as it is. */
  private extend(): boolean {
    const { layout } = this;
    if (this.revision === 0 || !layout.extend(this.sizes)) return false;
    this.outgrown = false;
    this.revision++;
    this.decisions.extend(this.newWords);
    this.symmetry.repack(layout);
    this.onExtend(this.newWords);
    return true;
  }

  /** Packs all states again. */
  private pack(): void {
    const old = this.layout;
    const layout = new Layout(this.sizes, this.isRoomy);
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
    this.tries.clear(layout);
    this.leaves.clear(layout);
    this.decisions.forget();
    this.symmetry.repack(layout);
    this.onRepack();
  }
}
