/**
 * Steps and effects that are done each time anew, because a word they look at takes so many values that no answer would
 * be needed twice: counts that go up and down by 512, say.
 */
import { applyOp, isEnabled, outcome } from '../step.ts';
import type { SpaceEvent } from './leaves.ts';
import type { Space } from './space.ts';
import type { StateView } from './view.ts';

/** What a direct step comes to: its leaf (without the change of its word), or one of these. */
export const WAITS = -1;
export const NO_ROOM = -2;

export class Direct implements StateView {
  private readonly space: Space;
  /** The packed state that is changed, what that adds to its hash, and the checks that look at what was changed. */
  private buffer: Int32Array = new Int32Array(0);
  hash = 0;
  checks = 0;
  /** Leaves of steps by what their actor's component holds and by result. */
  private readonly leaves = new Map<number, Map<number, number>>();
  private revision = -1;
  /** Component of the last step's word and its new number; -1 where it does not change. */
  component = -1;
  private after = 0;

  constructor(space: Space) {
    this.space = space;
  }

  number(component: number): number {
    return this.space.numberIn(this.buffer, 0, component);
  }

  set(component: number, number: number): void {
    const { space, buffer } = this;
    if (space.mustRepack) return;
    const was = this.number(component);
    const { at, shift } = space.layout;
    const word = at[component] ?? 0;
    buffer[word] = (buffer[word] ?? 0) ^ ((was ^ number) << (shift[component] ?? 0));
    this.hash = (this.hash + space.hashes.of(component, number) - space.hashes.of(component, was)) | 0;
    this.checks |= space.leaves.checksOf(component);
  }

  private begin(buffer: Int32Array): void {
    this.buffer = buffer;
    this.hash = 0;
    this.checks = 0;
  }

  /** The leaf of the step of the actor met as number `k`. {@link finish} then changes the step's word. */
  step(k: number, state: Int32Array): number {
    const { space } = this;
    const actor = space.actorComponents[k] ?? -1;
    const number = space.numberIn(state, 0, actor);
    const { node } = space.placeOf(space.value(actor, number));
    const { op, a, b } = space.decisions.operation(node);
    const component = space.wordComponent(space.decisions.wordOf(space.actors[k] ?? -1, node));
    const before = space.value(component, space.numberIn(state, 0, component));
    if (!isEnabled(op, before, a, b)) return WAITS;
    applyOp(op, before, a, b, space.symmetry.firstOf(space.actors[k] ?? -1));
    const { after, result } = outcome;
    this.component = after === before ? -1 : component;
    this.after = after === before ? 0 : space.number(component, after);
    const leaf = this.leafOf((space.decisions.rootBase[k] ?? 0) + number, k, state, result);
    return space.mustRepack ? NO_ROOM : leaf;
  }

  private leafOf(root: number, k: number, state: Int32Array, result: number): number {
    const { space } = this;
    if (this.revision !== space.revision) {
      this.revision = space.revision;
      this.leaves.clear();
    }
    let byResult = this.leaves.get(root);
    if (byResult === undefined) {
      byResult = new Map();
      this.leaves.set(root, byResult);
    }
    let leaf = byResult.get(result);
    if (leaf === undefined) {
      leaf = space.decisions.resultLeaf(k, state, result);
      if (leaf !== 0) byResult.set(result, leaf);
    }
    return leaf;
  }

  /** Gives the last step's word its new value in the state that the step leads to. */
  finish(next: Int32Array): void {
    this.begin(next);
    if (this.component >= 0) this.set(this.component, this.after);
  }

  /** Does an effect; null where the layout has to grow first. */
  effect(id: number, next: Int32Array): SpaceEvent[] | null {
    this.begin(next);
    const events = this.space.decisions.applyEffect(id, this);
    return this.space.mustRepack ? null : events;
  }
}
