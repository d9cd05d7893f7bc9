/** Texts by number: the same bytes get the same small number, so that an event keeps a number and not a text. */

const FIRST_SLOTS = 1024;
const FIRST_POOL = 1 << 16;
/** More different texts than this are not kept apart: a hostile file must not fill memory. */
export const MOST_TEXTS = 1 << 20;

/** Texts are numbered from 1 in order of appearance. 0 is "none, or one too many". */
export class ByteTable {
  /** Open addressing: numbers, 0 for empty. */
  private slots = new Int32Array(FIRST_SLOTS);
  private hashes = new Int32Array(FIRST_SLOTS);
  private ends = new Float64Array(FIRST_SLOTS);
  private pool = new Uint8Array(FIRST_POOL);
  /** Texts so far. */
  size = 0;

  /** Number of the bytes from `start` up to `end`. */
  number(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const number = this.slots[slot] ?? 0;
      if (number === 0) return this.add(bytes, start, end, hash, slot);
      if (this.hashes[number] === hash && this.holds(number, bytes, start, end)) return number;
      slot = (slot + 1) & mask;
    }
  }

  /** The text of a number; empty for 0. Bytes that are no UTF-8 become U+FFFD. */
  text(number: number): string {
    if (number <= 0 || number > this.size) return '';
    return new TextDecoder().decode(this.pool.subarray(this.ends[number - 1] ?? 0, this.ends[number] ?? 0));
  }

  private holds(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.ends[number - 1] ?? 0;
    if ((this.ends[number] ?? 0) - from !== end - start) return false;
    for (let i = start, k = from; i < end; i++, k++) if (this.pool[k] !== bytes[i]) return false;
    return true;
  }

  private add(bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    if (this.size + 1 >= MOST_TEXTS) return 0;
    const number = ++this.size;
    const from = this.ends[number - 1] ?? 0;
    const to = from + (end - start);
    if (to > this.pool.length) this.pool = grown(this.pool, new Uint8Array(Math.max(to, this.pool.length * 2)));
    this.pool.set(bytes.subarray(start, end), from);
    if (number + 1 >= this.ends.length) {
      this.ends = grown(this.ends, new Float64Array(this.ends.length * 2));
      this.hashes = grown(this.hashes, new Int32Array(this.hashes.length * 2));
    }
    this.ends[number] = to;
    this.hashes[number] = hash;
    this.slots[slot] = number;
    if (number * 2 > this.slots.length) this.spread();
    return number;
  }

  private spread(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 1; number <= this.size; number++) {
      let slot = (this.hashes[number] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number;
    }
    this.slots = slots;
  }
}

/** Four bytes a multiplication: this runs twice a line. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const four =
      (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24);
    hash = Math.imul(hash ^ four, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x9e3779b1);
  return hash ^ (hash >>> 16);
}

function grown<T extends Uint8Array | Float64Array | Int32Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
