/**
 * The one way out of a headless realm: a ring of bytes in shared memory. A function handed into a `vm` context would
 * hand out its own realm with it (`f.constructor('return process')()`), so the realm is given none: it makes this memory
 * itself, writes text into it, and the thread beside it reads. Used by both sides; no Node, no Electron.
 */

/** Bytes that may wait to be read. A power of two; a writer that is ahead by so much sleeps until the reader has read. */
export const RING_BYTES = 1 << 20;

/** Slots of the 32-bit header: how many bytes were written and read since the start, modulo 2^32. */
const WRITTEN = 0;
const READ = 1;
const HEADER_BYTES = 8;

/** Shared memory for one ring, empty. */
export function createRing(): SharedArrayBuffer {
  return new SharedArrayBuffer(HEADER_BYTES + RING_BYTES);
}

/**
 * What writes lines of printable ASCII into a ring, each ended by a newline. Everything it needs is taken now, before
 * a script can replace it.
 */
export function ringWriter(ring: SharedArrayBuffer): (line: string) => void {
  const { load, store, wait } = Atomics;
  const codeAt: (text: string, at: number) => number = Function.prototype.call.bind(String.prototype.charCodeAt);
  const header = new Int32Array(ring, 0, 2);
  const bytes = new Uint8Array(ring, HEADER_BYTES);
  let written = 0;
  let free = RING_BYTES;

  const put = (code: number): void => {
    while (free === 0) {
      store(header, WRITTEN, written);
      const read = load(header, READ);
      free = RING_BYTES - ((written - read) | 0);
      if (free === 0) wait(header, READ, read);
    }
    bytes[written & (RING_BYTES - 1)] = code;
    written = (written + 1) | 0;
    free -= 1;
  };

  return (line) => {
    // A stack that overflowed within the last line leaves half of it unpublished: it is written over.
    written = load(header, WRITTEN);
    free = RING_BYTES - ((written - load(header, READ)) | 0);
    for (let i = 0; i < line.length; i++) put(codeAt(line, i));
    put(10);
    store(header, WRITTEN, written);
  };
}

/** What reads a ring: each call gives the text that has been written since the last, possibly none, and frees its room. */
export function ringReader(ring: SharedArrayBuffer): () => string {
  const header = new Int32Array(ring, 0, 2);
  return () => {
    const written = Atomics.load(header, WRITTEN);
    const read = Atomics.load(header, READ);
    const length = (written - read) | 0;
    if (length === 0) return '';
    const from = read & (RING_BYTES - 1);
    const first = Math.min(length, RING_BYTES - from);
    const text =
      Buffer.from(ring, HEADER_BYTES + from, first).toString('latin1') +
      Buffer.from(ring, HEADER_BYTES, length - first).toString('latin1');
    Atomics.store(header, READ, written);
    Atomics.notify(header, READ);
    return text;
  };
}
