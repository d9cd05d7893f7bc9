/** Everything that can happen next in a state, one transition after the other. */
import {
  DISABLED,
  HAS_EFFECTS,
  HAS_EVENTS,
  IS_CHOICE,
  LEAF_HEAD,
  LeafColumn,
  NOT_RUNNING,
  type SpaceEvent,
} from './leaves.ts';
import type { Space } from './space.ts';
import { NODE_HEAD } from './tries.ts';

/** Told of every transition. What it needs of it is in the fields of {@link Successors}. */
export interface Taker {
  take(successors: Successors): void;
}

export class Successors {
  private readonly space: Space;
  /** The state that is expanded, packed. */
  state = new Int32Array(1);
  /** The state that a transition leads to, and its hash. */
  next = new Int32Array(1);
  hash = 0;
  /** Number of the actor (in the order in which they were met) that takes it, and the leaf that says what it does. */
  k = 0;
  leaf = 0;
  /** Always-checks that look at something that changed, as bits. */
  checks = 0;
  /** Steps it stands for. */
  weight = 1;
  events: SpaceEvent[] = [];
  /** Actors that have not finished, and those among them that do not have to wait. */
  running = 0;
  enabled = 0;
  private revision = -1;
  private at = new Int32Array(0);
  private shift = new Int32Array(0);
  private mask = new Int32Array(0);

  constructor(space: Space) {
    this.space = space;
  }

  private refresh(): void {
    const { layout, actorComponents, revision } = this.space;
    if (revision === this.revision) return;
    this.revision = revision;
    this.state = new Int32Array(layout.words);
    this.next = new Int32Array(layout.words);
    this.at = Int32Array.from(actorComponents, (component) => layout.at[component] ?? 0);
    this.shift = Int32Array.from(actorComponents, (component) => layout.shift[component] ?? 0);
    this.mask = Int32Array.from(actorComponents, (component) => layout.mask[component] ?? 0);
  }

  /**
   * Hands all transitions of a state to `taker`. False: the layout had to grow on the way, so some were handed over and
   * must be handed over again.
   */
  expand(id: number, taker: Taker): boolean {
    const { space } = this;
    this.refresh();
    space.set.get(id, this.state);
    const hash = space.hashes.whole(this.state, space.layout);
    const { state, at, shift, mask } = this;
    let { code } = space.tries;
    this.running = 0;
    this.enabled = 0;
    for (let k = 0; k < at.length; k++) {
      const number = ((state[at[k] ?? 0] ?? 0) >>> (shift[k] ?? 0)) & (mask[k] ?? 0);
      let ref = space.roots[(space.rootBase[k] ?? 0) + number] ?? 0;
      while (ref > 0) {
        const value = ((state[code[ref] ?? 0] ?? 0) >>> (code[ref + 1] ?? 0)) & (code[ref + 2] ?? 0);
        ref = code[ref + NODE_HEAD + value] ?? 0;
      }
      if (ref === 0) {
        ref = space.decideStep(k, state, 0);
        if (ref === 0) return !space.repack();
        code = space.tries.code;
      }
      const leaf = ~ref;
      if (leaf === NOT_RUNNING) continue;
      this.running++;
      if (leaf === DISABLED) continue;
      this.enabled++;
      this.k = k;
      if (!this.transition(leaf, hash, taker)) return !space.repack();
      code = space.tries.code;
    }
    return true;
  }

  private transition(leaf: number, hash: number, taker: Taker): boolean {
    const { leaves } = this.space;
    const from = leaf * leaves.stride;
    const { data } = leaves;
    const { state, next } = this;
    const flags = data[from + LeafColumn.flags] ?? 0;
    if (flags === IS_CHOICE) return leaves.answers(leaf).every((answer) => this.transition(answer, hash, taker));
    for (let i = 0; i < next.length; i++) next[i] = (state[i] ?? 0) ^ (data[from + LEAF_HEAD + i] ?? 0);
    this.leaf = leaf;
    this.hash = (hash + (data[from + LeafColumn.hash] ?? 0)) | 0;
    this.checks = data[from + LeafColumn.checks] ?? 0;
    this.weight = data[from + LeafColumn.weight] ?? 1;
    if (flags !== 0) {
      this.events = [];
      if ((flags & HAS_EVENTS) !== 0) this.events.push(...leaves.move(leaf).events);
      if ((flags & HAS_EFFECTS) !== 0 && !this.effects(leaf)) return false;
    } else if (this.events.length > 0) this.events = [];
    taker.take(this);
    return true;
  }

  /** Applies a transition's effects, in their order, to the state that it leads to. */
  private effects(leaf: number): boolean {
    const { space, next } = this;
    for (const segment of space.leaves.move(leaf).segments) {
      let ref = space.tries.walk(space.segmentRoots[segment] ?? 0, next, 0);
      if (ref === 0) ref = space.decideEffect(segment, next, 0);
      if (ref === 0) return false;
      const effect = ~ref;
      const { data, stride } = space.leaves;
      const from = effect * stride;
      for (let i = 0; i < next.length; i++) next[i] = (next[i] ?? 0) ^ (data[from + LEAF_HEAD + i] ?? 0);
      this.hash = (this.hash + (data[from + LeafColumn.hash] ?? 0)) | 0;
      this.checks |= data[from + LeafColumn.checks] ?? 0;
      if (((data[from + LeafColumn.flags] ?? 0) & HAS_EVENTS) !== 0) {
        this.events.push(...space.leaves.move(effect).events);
      }
    }
    return true;
  }
}
