/**
 * The exact set of states: vectors of 32-bit integers in one arena, an open-addressing index over them, and for each
 * the state it was first reached from. Vectors hold differences from the initial state, so a column that is added later
 * is 0 in all states stored before, and the hash (a sum over columns) of those does not change. Nothing is compacted or
 * forgotten: two states are equal only if all columns are.
 */

const CHUNK_BITS = 15;
const CHUNK = 1 << CHUNK_BITS;

/** Odd multipliers, one a column, from a fixed linear congruence. */
const MULTIPLIERS = (() => {
  const table = new Int32Array(1 << 16);
  let x = 0x9e3779b1;
  for (let i = 0; i < table.length; i++) {
    x = (Math.imul(x, 0x5bd1e995) + 0x3243f6a9) | 0;
    table[i] = x | 1;
  }
  return table;
})();

export class StateSet {
  /** Integers stored per state; at least the columns in use. */
  private stride: number;
  private chunks: Int32Array[] = [];
  private index = new Int32Array(1 << 12).fill(-1);
  private parents = new Int32Array(1 << 12);
  private choices = new Int32Array(1 << 12);
  count = 0;

  constructor(stride: number) {
    this.stride = stride;
  }

  private chunk(id: number): Int32Array {
    const chunk = this.chunks[id >> CHUNK_BITS];
    if (chunk === undefined) throw new RangeError(`no state ${id}`);
    return chunk;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.chunks.length * CHUNK * this.stride * 4 + this.index.byteLength + this.parents.byteLength * 2;
  }

  /** Makes room for more columns. */
  widen(columns: number): void {
    if (columns <= this.stride) return;
    let stride = this.stride;
    while (stride < columns) stride *= 2;
    const old = this.stride;
    this.chunks = this.chunks.map((chunk) => {
      const wide = new Int32Array(CHUNK * stride);
      for (let i = 0; i < CHUNK; i++) wide.set(chunk.subarray(i * old, (i + 1) * old), i * stride);
      return wide;
    });
    this.stride = stride;
  }

  private hash(vector: Int32Array, columns: number): number {
    let h = 0;
    for (let i = 0; i < columns; i++) {
      const v = vector[i] ?? 0;
      if (v !== 0) h = (h + Math.imul(v ^ (v >>> 15), MULTIPLIERS[i & 0xffff] ?? 1)) | 0;
    }
    h ^= h >>> 15;
    h = Math.imul(h, 0x2c1b3c6d);
    return h ^ (h >>> 13);
  }

  /**
   * Adds a state. Returns its number; `wasNew` tells whether it was not there before.
   * `parent` and `choice` are kept for new states only.
   */
  add(vector: Int32Array, columns: number, parent: number, choice: number): number {
    const mask = this.index.length - 1;
    let slot = this.hash(vector, columns) & mask;
    for (let at = this.index[slot] ?? -1; at >= 0; at = this.index[slot] ?? -1) {
      if (this.equals(at, vector, columns)) {
        this.wasNew = false;
        return at;
      }
      slot = (slot + 1) & mask;
    }
    const id = this.count++;
    if (id >> CHUNK_BITS >= this.chunks.length) this.chunks.push(new Int32Array(CHUNK * this.stride));
    const chunk = this.chunk(id);
    const from = (id & (CHUNK - 1)) * this.stride;
    for (let i = 0; i < columns; i++) chunk[from + i] = vector[i] ?? 0;
    this.index[slot] = id;
    if (id >= this.parents.length) {
      this.parents = doubled(this.parents);
      this.choices = doubled(this.choices);
    }
    this.parents[id] = parent;
    this.choices[id] = choice;
    this.wasNew = true;
    if (this.count * 5 > this.index.length * 3) this.rehash(columns);
    return id;
  }

  wasNew = false;

  private equals(id: number, vector: Int32Array, columns: number): boolean {
    const chunk = this.chunk(id);
    const from = (id & (CHUNK - 1)) * this.stride;
    for (let i = 0; i < columns; i++) if (chunk[from + i] !== vector[i]) return false;
    return true;
  }

  private rehash(columns: number): void {
    const index = new Int32Array(this.index.length * 2).fill(-1);
    const mask = index.length - 1;
    const vector = new Int32Array(columns);
    for (let id = 0; id < this.count; id++) {
      this.get(id, vector, columns);
      let slot = this.hash(vector, columns) & mask;
      while ((index[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      index[slot] = id;
    }
    this.index = index;
  }

  /** Copies a state's columns into `into`. */
  get(id: number, into: Int32Array, columns: number): void {
    const chunk = this.chunk(id);
    const from = (id & (CHUNK - 1)) * this.stride;
    for (let i = 0; i < columns; i++) into[i] = chunk[from + i] ?? 0;
  }

  parent(id: number): number {
    return this.parents[id] ?? -1;
  }

  choice(id: number): number {
    return this.choices[id] ?? 0;
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(array.length * 2);
  wide.set(array);
  return wide;
}
