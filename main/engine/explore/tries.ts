/**
 * Decisions that depend on a state, made once for each combination of values they look at. A decision is a tree: at each
 * node one component of the state is looked at, and its value leads on; at the end is a leaf. Trees grow as states come
 * up that they have no answer for. All of them are in one array of integers, so walking one allocates nothing.
 *
 * A reference into the array is 0 where nothing is known yet, positive at a node, and the complement of a leaf's number
 * at a leaf. A node is the component's place in the packed state (integer, shift, mask), its number, and one reference for
 * each value.
 */
import type { Layout } from './layout.ts';

/** Integers of a node in front of its references. */
export const NODE_HEAD = 4;
/** Components with more bits keep the references they need in a map. */
const WIDEST = 7;

/** One component that was looked at, and the number of the value it had. */
export interface Look {
  readonly component: number;
  readonly number: number;
}

export class Tries {
  code = new Int32Array(1 << 12);
  private used = 1;
  private layout: Layout;
  private readonly sparse = new Map<number, Map<number, number>>();

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** Forgets everything: the layout has changed, or decisions may look at more than before. */
  clear(layout: Layout): void {
    this.layout = layout;
    this.used = 1;
    this.sparse.clear();
  }

  /** Follows a tree as far as it goes: a leaf's reference, or 0. */
  walk(from: number, state: Int32Array, at: number): number {
    let ref = from;
    while (ref > 0) ref = this.child(ref, this.valueAt(ref, state, at));
    return ref;
  }

  /** Number of the value that the component of a node has in a state. */
  private valueAt(node: number, state: Int32Array, at: number): number {
    const component = this.code[node + 3] ?? 0;
    const { at: word, shift, mask } = this.layout;
    return ((state[at + (word[component] ?? 0)] ?? 0) >>> (shift[component] ?? 0)) & (mask[component] ?? 0);
  }

  private child(node: number, number: number): number {
    const map = this.sparse.get(node);
    return map === undefined ? (this.code[node + NODE_HEAD + number] ?? 0) : (map.get(number) ?? 0);
  }

  private setChild(node: number, number: number, ref: number): void {
    const map = this.sparse.get(node);
    if (map === undefined) this.code[node + NODE_HEAD + number] = ref;
    else map.set(number, ref);
  }

  /** Adds a path to a tree and gives the tree, which is a new one where `root` is 0. */
  insert(root: number, looks: readonly Look[], leaf: number): number {
    if (looks.length === 0) return ~leaf;
    let top = root;
    let above: { readonly node: number; readonly number: number } | null = null;
    let ref = root;
    for (const { component, number } of looks) {
      if (ref === 0) {
        ref = this.node(component);
        if (above === null) top = ref;
        else this.setChild(above.node, above.number, ref);
      }
      // It looked at something else than before: the old tree is of no use.
      if (ref < 0 || this.code[ref + 3] !== component) return this.insert(0, looks, leaf);
      above = { node: ref, number };
      ref = this.child(ref, number);
    }
    if (above !== null) this.setChild(above.node, above.number, ~leaf);
    return top;
  }

  /** All paths of a tree that are known, with the leaves at their ends. */
  *paths(
    from: number,
    looks: readonly Look[] = [],
  ): Iterable<{ readonly looks: readonly Look[]; readonly leaf: number }> {
    if (from === 0) return;
    if (from < 0) {
      yield { looks, leaf: ~from };
      return;
    }
    const component = this.code[from + 3] ?? 0;
    const numbers =
      this.sparse.get(from)?.keys() ?? Array.from({ length: (this.code[from + 2] ?? 0) + 1 }, (_, n) => n);
    for (const number of numbers) yield* this.paths(this.child(from, number), [...looks, { component, number }]);
  }

  private node(component: number): number {
    const { at, shift, mask } = this.layout;
    const values = ((mask[component] ?? 0) >>> 0) + 1;
    const isSparse = values > 2 ** WIDEST;
    const node = this.used;
    this.used += NODE_HEAD + (isSparse ? 1 : values);
    if (this.used > this.code.length) this.grow();
    this.code.fill(0, node, this.used);
    this.code[node] = at[component] ?? 0;
    this.code[node + 1] = shift[component] ?? 0;
    // A node with a map has one reference, which is never known: whoever walks by the array asks here then.
    this.code[node + 2] = isSparse ? 0 : (mask[component] ?? 0);
    this.code[node + 3] = component;
    if (isSparse) this.sparse.set(node, new Map());
    return node;
  }

  private grow(): void {
    let size = this.code.length;
    while (size < this.used) size *= 2;
    const code = new Int32Array(size);
    code.set(this.code);
    this.code = code;
  }
}
