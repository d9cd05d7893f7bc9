/**
 * The exact set of states: packed vectors in one arena, in the order in which they were met, and an open-addressing
 * index over them. Nothing is compacted or forgotten: two states are equal only if all of their bits are. An index entry
 * is a state's number and, in the bits above, some of its hash, so that few states that differ are looked at.
 */

const CHUNK_BITS = 16;
const CHUNK = 1 << CHUNK_BITS;
const IN_CHUNK = CHUNK - 1;
/** Most states: their numbers and the index stay within 32-bit integers. */
const MOST = 2 ** 29;
/** Places in memory that are read ahead together. */
const BLOCK = 512;

export class StateSet {
  count = 0;
  /** Integers of a state; one more holds its parent. */
  private words: number;
  private chunks: Int32Array[] = [];
  private index = new Int32Array(1 << 10);
  private mask = (1 << 10) - 1;
  private readonly hashOf: (state: Int32Array) => number;
  private readonly warmed = new Int32Array(1 << 10);
  /** What was read ahead, kept so that it is read. */
  warmth = 0;

  /** `hashOf` gives the hash of a packed state, the same whatever the layout. */
  constructor(words: number, hashOf: (state: Int32Array) => number) {
    this.words = words;
    this.hashOf = hashOf;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.chunks.length * CHUNK * (this.words + 1) * 4 + this.index.byteLength;
  }

  /**
   * Adds the state at `buffer[at...]`. Returns its number if it is new, and the complement (`~`) of its number if it was
   * there. `parent` is kept for new states only.
   */
  add(buffer: Int32Array, at: number, hash: number, parent: number): number {
    const { index, mask, words } = this;
    const tag = hash & ~mask;
    let slot = hash & mask;
    for (let entry = index[slot] ?? 0; entry !== 0; entry = index[slot] ?? 0) {
      if ((entry & ~mask) === tag && this.equals((entry & mask) - 1, buffer, at, words)) return ~((entry & mask) - 1);
      slot = (slot + 1) & mask;
    }
    const id = this.count++;
    index[slot] = tag | (id + 1);
    this.append(id, buffer, at, parent);
    if (this.count * 5 > mask * 3) this.rehash();
    return id;
  }

  /**
   * Reads the places in memory where states with these hashes would be, all of them at once, so that they are near when
   * the states are added.
   */
  warm(hashes: Int32Array, count: number): void {
    const { index, mask, words, warmed } = this;
    for (let i = 0; i < count; i++) warmed[i] = index[(hashes[i] ?? 0) & mask] ?? 0;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const entry = warmed[i] ?? 0;
      if (entry === 0 || (entry & ~mask) !== ((hashes[i] ?? 0) & ~mask)) continue;
      const id = (entry & mask) - 1;
      sum ^= this.chunks[id >>> CHUNK_BITS]?.[(id & IN_CHUNK) * (words + 1)] ?? 0;
    }
    this.warmth = sum;
  }

  private equals(id: number, buffer: Int32Array, at: number, words: number): boolean {
    const chunk = this.chunks[id >>> CHUNK_BITS];
    if (chunk === undefined) return false;
    const from = (id & IN_CHUNK) * (words + 1);
    for (let i = 0; i < words; i++) if (chunk[from + i] !== buffer[at + i]) return false;
    return true;
  }

  private append(id: number, buffer: Int32Array, at: number, parent: number): void {
    if (id >= MOST) throw new RangeError(`more than ${MOST} states`);
    const { words } = this;
    let chunk = this.chunks[id >>> CHUNK_BITS];
    if (chunk === undefined) {
      chunk = new Int32Array(CHUNK * (words + 1));
      this.chunks.push(chunk);
    }
    const from = (id & IN_CHUNK) * (words + 1);
    for (let i = 0; i < words; i++) chunk[from + i] = buffer[at + i] ?? 0;
    chunk[from + words] = parent;
  }

  /** Number of a state, -1 where it is not in the set. */
  find(buffer: Int32Array, at: number, hash: number): number {
    const { index, mask, words } = this;
    const tag = hash & ~mask;
    let slot = hash & mask;
    for (let entry = index[slot] ?? 0; entry !== 0; entry = index[slot] ?? 0) {
      if ((entry & ~mask) === tag && this.equals((entry & mask) - 1, buffer, at, words)) return (entry & mask) - 1;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  private rehash(): void {
    const size = (this.mask + 1) * (this.count < 1 << 20 ? 4 : 2);
    this.index = new Int32Array(size);
    this.mask = size - 1;
    const { index, mask, words } = this;
    const state = new Int32Array(words);
    const hashes = new Int32Array(BLOCK);
    let sum = 0;
    for (let first = 0; first < this.count; first += BLOCK) {
      const n = Math.min(BLOCK, this.count - first);
      for (let i = 0; i < n; i++) {
        this.get(first + i, state);
        hashes[i] = this.hashOf(state);
      }
      for (let i = 0; i < n; i++) sum ^= index[(hashes[i] ?? 0) & mask] ?? 0;
      for (let i = 0; i < n; i++) {
        const hash = hashes[i] ?? 0;
        let slot = hash & mask;
        while (index[slot] !== 0) slot = (slot + 1) & mask;
        index[slot] = (hash & ~mask) | (first + i + 1);
      }
    }
    this.warmth = sum;
  }

  /** Copies a packed state. */
  get(id: number, into: Int32Array): void {
    const { words } = this;
    const chunk = this.chunks[id >>> CHUNK_BITS];
    if (chunk === undefined || id >= this.count) throw new RangeError(`no state ${id}`);
    const from = (id & IN_CHUNK) * (words + 1);
    for (let i = 0; i < words; i++) into[i] = chunk[from + i] ?? 0;
  }

  /** The state it was first reached from, -1 for the first. */
  parent(id: number): number {
    return this.chunks[id >>> CHUNK_BITS]?.[(id & IN_CHUNK) * (this.words + 1) + this.words] ?? -1;
  }

  setParent(id: number, parent: number): void {
    const chunk = this.chunks[id >>> CHUNK_BITS];
    if (chunk !== undefined) chunk[(id & IN_CHUNK) * (this.words + 1) + this.words] = parent;
  }

  /** Packs all states again: `repack` turns the first array's contents into the second's. Hashes must stay. */
  repack(words: number, repack: (from: Int32Array, to: Int32Array) => void): void {
    const [from, to] = [new Int32Array(this.words), new Int32Array(words)];
    const old = this.words;
    for (const [c, chunk] of this.chunks.entries()) {
      const packed = words === old ? chunk : new Int32Array(CHUNK * (words + 1));
      const used = Math.min(CHUNK, this.count - c * CHUNK);
      for (let i = 0; i < used; i++) {
        for (let w = 0; w < old; w++) from[w] = chunk[i * (old + 1) + w] ?? 0;
        const parent = chunk[i * (old + 1) + old] ?? -1;
        repack(from, to);
        for (let w = 0; w < words; w++) packed[i * (words + 1) + w] = to[w] ?? 0;
        packed[i * (words + 1) + words] = parent;
      }
      this.chunks[c] = packed;
    }
    this.words = words;
  }
}
