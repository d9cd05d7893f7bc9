/** The components of a group of interchangeable actors in a packed state, and putting them in order. */
import type { Layout } from './layout.ts';

export class Exchange {
  /** Components by member and position: a member's place comes first, then its own words. */
  private readonly components: readonly (readonly number[])[];
  private readonly members: number;
  private readonly width: number;
  private readonly at: Int32Array;
  private readonly shift: Int32Array;
  private readonly mask: Int32Array;
  private readonly keys: Int32Array;
  private readonly order: Int32Array;

  constructor(components: readonly (readonly number[])[], layout: Layout) {
    this.components = components;
    this.members = components.length;
    this.width = components[0]?.length ?? 0;
    const flat = components.flat();
    this.at = Int32Array.from(flat, (component) => layout.at[component] ?? 0);
    this.shift = Int32Array.from(flat, (component) => layout.shift[component] ?? 0);
    this.mask = Int32Array.from(flat, (component) => layout.mask[component] ?? 0);
    this.keys = new Int32Array(flat.length);
    this.order = new Int32Array(this.members);
  }

  private read(state: Int32Array): void {
    const { at, shift, mask, keys } = this;
    for (let i = 0; i < keys.length; i++) {
      keys[i] = ((state[at[i] ?? 0] ?? 0) >>> (shift[i] ?? 0)) & (mask[i] ?? 0);
    }
  }

  private compare(a: number, b: number): number {
    const { keys, width } = this;
    for (let c = 0; c < width; c++) {
      const difference = (keys[a * width + c] ?? 0) - (keys[b * width + c] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Marks, in `like`, members' places (as components) that are the same as the one before, in an ordered state. */
  compareNeighbours(state: Int32Array, like: Uint8Array): void {
    this.read(state);
    for (let m = 0; m < this.members; m++) {
      like[this.components[m]?.[0] ?? 0] = m > 0 && this.compare(m - 1, m) === 0 ? 1 : 0;
    }
  }

  /** Puts the members in order; tells `moved` which place (as a component) moved where. */
  sort(state: Int32Array, moved: Map<number, number> | null): void {
    const { members, order } = this;
    this.read(state);
    let isSorted = true;
    for (let m = 0; m < members; m++) {
      order[m] = m;
      // The state was in order before one step: one member at most is out of place.
      for (let i = m; i > 0 && this.compare(order[i - 1] ?? 0, order[i] ?? 0) > 0; i--) {
        const before = order[i - 1] ?? 0;
        order[i - 1] = order[i] ?? 0;
        order[i] = before;
        isSorted = false;
      }
    }
    if (isSorted) return;
    const { width, keys, at, shift, mask } = this;
    for (let to = 0; to < members; to++) {
      const from = order[to] ?? 0;
      if (to === from) continue;
      moved?.set(this.components[from]?.[0] ?? -1, this.components[to]?.[0] ?? -1);
      for (let c = 0; c < width; c++) {
        const i = to * width + c;
        const word = at[i] ?? 0;
        const low = shift[i] ?? 0;
        state[word] = ((state[word] ?? 0) & ~((mask[i] ?? 0) << low)) | ((keys[from * width + c] ?? 0) << low);
      }
    }
  }
}
