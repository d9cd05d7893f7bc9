/**
 * States that differ only in which of several interchangeable actors is where are one: each is stored with these actors
 * in a fixed order of what they are at and what their own words hold.
 */
import type { World } from '../world.ts';
import { Exchange } from './exchange.ts';
import type { Visible } from './fusion.ts';
import type { Kin } from './kin.ts';
import type { Layout } from './layout.ts';
import { findTwins, type Twins } from './twins.ts';

/** The components of one group: for each of its actors, its place and then its own words, as far as they change. */
interface Group {
  readonly twins: Twins;
  readonly components: number[][];
}

export class Symmetry {
  private readonly groups: Group[];
  /** The first actor of a group, by actor; and the group and position of each. */
  private readonly first = new Map<number, number>();
  private readonly places = new Map<number, { readonly group: Group; readonly position: number }>();
  /** Where an own word belongs, by word. */
  private readonly slots = new Map<number, { readonly group: Group; readonly slot: number }>();
  private exchanges: Exchange[] = [];
  private like = new Uint8Array(0);

  constructor(world: World, visible: Visible, on: boolean, kin: Kin) {
    const twins = on && visible.asymmetric !== true ? findTwins(world, visible.apart ?? new Set()) : [];
    const started = kin.actors.map((actors): Twins => ({ actors, words: actors.map(() => []) }));
    this.groups = [...twins, ...started].map(({ actors, words }) => ({
      // Each actor's CPU is its own, too.
      twins: { actors, words: words.map((own, i) => [...own, world.actors[actors[i] ?? -1]?.irq.index ?? -1]) },
      components: actors.map(() => []),
    }));
    for (const group of this.groups) {
      for (const [position, actor] of group.twins.actors.entries()) {
        this.first.set(actor, group.twins.actors[0] ?? actor);
        this.places.set(actor, { group, position });
        for (const [slot, word] of (group.twins.words[position] ?? []).entries()) this.slots.set(word, { group, slot });
      }
    }
  }

  get isActive(): boolean {
    return this.groups.length > 0;
  }

  /** Ids of the actors of each group. */
  get twins(): readonly (readonly number[])[] {
    return this.groups.map(({ twins }) => twins.actors);
  }

  /** Ids of an actor's group, itself included. */
  groupOf(actor: number): readonly number[] {
    return this.places.get(actor)?.group.twins.actors ?? [actor];
  }

  /** The actor whose code is run for an actor: itself, or the first of its group. */
  firstOf(actor: number): number {
    return this.first.get(actor) ?? actor;
  }

  /** The word that an actor means where the first of its group means `word`. */
  wordFor(actor: number, word: number): number {
    const place = this.places.get(actor);
    if (place === undefined || place.position === 0) return word;
    const { words } = place.group.twins;
    const slot = words[0]?.indexOf(word) ?? -1;
    return slot < 0 ? word : (words[place.position]?.[slot] ?? word);
  }

  /** Is it a word of one of these actors' own? */
  isOwn(word: number): boolean {
    return this.slots.has(word);
  }

  /** All words that correspond to a word, in the order of their actors; the word alone where it is nobody's own. */
  corresponding(word: number): readonly number[] {
    const slot = this.slots.get(word);
    return slot === undefined ? [word] : slot.group.twins.words.map((words) => words[slot.slot] ?? -1);
  }

  /** A component was made for an actor's place. */
  addPlace(actor: number, component: number): void {
    const place = this.places.get(actor);
    place?.group.components[place.position]?.push(component);
  }

  /** Components were made for {@link corresponding} words, in that order. */
  addWords(word: number, components: readonly number[]): void {
    const slot = this.slots.get(word);
    for (const [i, component] of components.entries()) slot?.group.components[i]?.push(component);
  }

  /** The layout of states has changed. */
  repack(layout: Layout): void {
    // Of those whom nobody has started yet there is nothing to exchange.
    const met = this.groups.filter(({ components }) => components[0]?.length !== 0);
    this.exchanges = met.map(({ components }) => new Exchange(components, layout));
    this.like = new Uint8Array(layout.at.length);
  }

  /**
   * Puts the actors of each group in order. `moved`, if given, is told for each actor's component of a place which
   * component it moved to.
   */
  sort(state: Int32Array, moved: Map<number, number> | null): void {
    for (const exchange of this.exchanges) exchange.sort(state, moved);
  }

  /** Looks, in an ordered state, for actors whose place and words are those of the one before: see {@link isLikeOther}. */
  compareNeighbours(state: Int32Array): void {
    for (const exchange of this.exchanges) exchange.compareNeighbours(state, this.like);
  }

  /** Whether an actor, given by the component of its place, does the same as the one before it in its group. */
  isLikeOther(component: number): boolean {
    return this.like[component] === 1;
  }
}
