/**
 * Hashes of states: a sum over components of a number for each value, 0 for a component's first value. So a step changes
 * a hash by the same amount wherever it is taken, a component that is added later changes none, and neither does packing
 * states in another way.
 */
import type { Layout } from './layout.ts';

/** Values up to this number have their part of the hash in a table. */
const TABLE = 1 << 12;

function scramble(seed: number, number: number): number {
  let h = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  h = Math.imul(h ^ (h >>> 16), 0x2c1b3c6d);
  return (h ^ (h >>> 15)) | 0;
}

export class Hashes {
  private readonly tables: Int32Array[] = [];
  private readonly seeds: number[] = [];

  /** A new component. Components with the same seed can change places without changing a hash. */
  add(seed: number): void {
    this.seeds.push(seed);
    this.tables.push(new Int32Array(0));
  }

  /** What a value contributes. */
  of(component: number, number: number): number {
    if (number === 0) return 0;
    return scramble(this.seeds[component] ?? 0, number);
  }

  /** The hash of a packed state. */
  whole(state: Int32Array, { at, shift, mask }: Layout): number {
    let hash = 0;
    const { tables } = this;
    for (let c = 0; c < at.length; c++) {
      const number = ((state[at[c] ?? 0] ?? 0) >>> (shift[c] ?? 0)) & (mask[c] ?? 0);
      if (number === 0) continue;
      const table = tables[c];
      hash += (table !== undefined && number < table.length ? table[number] : this.remember(c, number)) ?? 0;
      hash |= 0;
    }
    return hash;
  }

  private remember(component: number, number: number): number {
    if (number < TABLE) {
      const table = new Int32Array(Math.min(TABLE, 2 ** (33 - Math.clz32(number))));
      for (let i = 0; i < table.length; i++) table[i] = this.of(component, i);
      this.tables[component] = table;
    }
    return this.of(component, number);
  }
}
