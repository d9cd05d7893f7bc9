/** Everything that can happen next in a state, one transition after the other. */
import { Direct, NO_ROOM, WAITS } from './direct.ts';
import {
  DIRECT,
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
  private readonly direct: Direct;
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
  /** Transitions that were not handed over, because another one is the same but for an exchange of actors. */
  skipped = 0;
  /** By number of the actor: 1 where it can take a step. */
  canStep = new Uint8Array(0);
  /** Hand over all transitions, those too that are the same but for an exchange of actors; and tell who moved where. */
  private readonly all: boolean;
  /** Components of actors that were exchanged, and those they moved to; null where nobody wants to know. */
  readonly moved: Map<number, number> | null;
  private before = 0;
  private revision = -1;
  private at = new Int32Array(0);
  private shift = new Int32Array(0);
  private mask = new Int32Array(0);

  constructor(space: Space, all = false) {
    this.all = all;
    this.moved = all ? new Map() : null;
    this.space = space;
    this.direct = new Direct(space);
  }

  private refresh(): void {
    const { layout, actorComponents, revision } = this.space;
    if (revision === this.revision) return;
    this.revision = revision;
    this.state = new Int32Array(layout.words);
    this.next = new Int32Array(layout.words);
    this.at = Int32Array.from(actorComponents, (component) => layout.at[component] ?? 0);
    this.shift = Int32Array.from(actorComponents, (component) => layout.shift[component] ?? 0);
    this.canStep = new Uint8Array(actorComponents.length);
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
    this.before = space.hashes.whole(this.state, space.layout);
    const { state, at, shift, mask } = this;
    let { code } = space.tries;
    const { roots, rootBase } = space.decisions;
    const { symmetry } = space;
    const isSymmetric = symmetry.isActive && !this.all;
    if (isSymmetric) symmetry.compareNeighbours(state);
    this.skipped = 0;
    this.running = 0;
    this.enabled = 0;
    for (let k = 0; k < at.length; k++) {
      this.canStep[k] = 0;
      const number = ((state[at[k] ?? 0] ?? 0) >>> (shift[k] ?? 0)) & (mask[k] ?? 0);
      let ref = roots[(rootBase[k] ?? 0) + number] ?? 0;
      while (ref > 0) {
        const value = ((state[code[ref] ?? 0] ?? 0) >>> (code[ref + 1] ?? 0)) & (code[ref + 2] ?? 0);
        ref = code[ref + NODE_HEAD + value] ?? 0;
      }
      if (ref === 0) {
        ref = space.decisions.decideStep(k, state, 0);
        if (ref === 0) return !space.repack();
        code = space.tries.code;
      }
      const leaf = ~ref;
      if (leaf === NOT_RUNNING) continue;
      this.running++;
      if (leaf === DISABLED) continue;
      if (isSymmetric && symmetry.isLikeOther(space.actorComponents[k] ?? 0)) {
        this.skipped += space.leaves.answers(leaf).length;
        continue;
      }
      this.k = k;
      if (!(leaf === DIRECT ? this.directStep(k, taker) : this.step(leaf, taker))) return !space.repack();
      code = space.tries.code;
    }
    return true;
  }

  private step(leaf: number, taker: Taker): boolean {
    this.enabled++;
    this.canStep[this.k] = 1;
    const { leaves } = this.space;
    if (leaves.data[leaf * leaves.stride + LeafColumn.flags] === IS_CHOICE) {
      return leaves.answers(leaf).every((answer) => this.start(answer) && this.complete(answer, taker));
    }
    return this.start(leaf) && this.complete(leaf, taker);
  }

  /** A step on a word that takes too many values to look them up. */
  private directStep(k: number, taker: Taker): boolean {
    const { direct } = this;
    const leaf = direct.step(k, this.state);
    if (leaf === NO_ROOM) return false;
    if (leaf === WAITS) return true;
    this.enabled++;
    this.canStep[k] = 1;
    this.start(leaf);
    direct.finish(this.next);
    this.hash = (this.hash + direct.hash) | 0;
    this.checks |= direct.checks;
    return this.complete(leaf, taker);
  }

  /** Makes the state behind a leaf's changes. */
  private start(leaf: number): true {
    const { data, stride } = this.space.leaves;
    const { state, next } = this;
    const from = leaf * stride;
    for (let i = 0; i < next.length; i++) next[i] = (state[i] ?? 0) ^ (data[from + LEAF_HEAD + i] ?? 0);
    this.leaf = leaf;
    this.hash = (this.before + (data[from + LeafColumn.hash] ?? 0)) | 0;
    this.checks = data[from + LeafColumn.checks] ?? 0;
    this.weight = data[from + LeafColumn.weight] ?? 1;
    return true;
  }

  /** Applies effects, in their order, and hands the transition over. False: the layout must grow first. */
  private complete(leaf: number, taker: Taker): boolean {
    const { leaves } = this.space;
    const flags = leaves.data[leaf * leaves.stride + LeafColumn.flags] ?? 0;
    if (flags !== 0) {
      this.events = [];
      if ((flags & HAS_EVENTS) !== 0) this.events.push(...leaves.move(leaf).events);
      if ((flags & HAS_EFFECTS) !== 0) {
        for (const segment of leaves.move(leaf).segments) if (!this.effect(segment)) return false;
      }
    } else if (this.events.length > 0) this.events = [];
    const { symmetry } = this.space;
    if (symmetry.isActive) {
      this.moved?.clear();
      symmetry.sort(this.next, this.moved);
    }
    taker.take(this);
    return true;
  }

  private effect(segment: number): boolean {
    const { space, next } = this;
    const root = space.decisions.segmentRoots[segment] ?? 0;
    const ref = root === ~DIRECT ? root : space.decisions.decideEffect(segment, next, 0);
    if (ref === 0) return false;
    const effect = ~ref;
    if (effect === DIRECT) return this.directEffect(segment);
    const { data, stride } = space.leaves;
    const from = effect * stride;
    for (let i = 0; i < next.length; i++) next[i] = (next[i] ?? 0) ^ (data[from + LEAF_HEAD + i] ?? 0);
    this.hash = (this.hash + (data[from + LeafColumn.hash] ?? 0)) | 0;
    this.checks |= data[from + LeafColumn.checks] ?? 0;
    if (((data[from + LeafColumn.flags] ?? 0) & HAS_EVENTS) !== 0)
      this.events.push(...space.leaves.move(effect).events);
    return true;
  }

  private directEffect(segment: number): boolean {
    const { direct } = this;
    const events = direct.effect(segment, this.next);
    if (events === null) return false;
    this.hash = (this.hash + direct.hash) | 0;
    this.checks |= direct.checks;
    if (events.length > 0) this.events.push(...events);
    return true;
  }
}
