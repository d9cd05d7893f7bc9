/** Integers as text, base64 of their bytes with the lowest first: only text crosses the border of a realm. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const PAD = 61;
const NUMBERS = new Uint8Array(128);
for (const [number, code] of CODES.entries()) NUMBERS[code] = number;
/** Letters that are made into a string at a time. */
const BLOCK = 1 << 13;

export function textOf(numbers: Int32Array): string {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const letters = new Uint16Array(Math.ceil(bytes.length / 3) * 4);
  for (let i = 0, to = 0; i < bytes.length; i += 3, to += 4) {
    const three = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    letters[to] = CODES[three >>> 18] ?? 0;
    letters[to + 1] = CODES[(three >>> 12) & 63] ?? 0;
    letters[to + 2] = i + 1 < bytes.length ? (CODES[(three >>> 6) & 63] ?? 0) : PAD;
    letters[to + 3] = i + 2 < bytes.length ? (CODES[three & 63] ?? 0) : PAD;
  }
  let text = '';
  for (let from = 0; from < letters.length; from += BLOCK)
    text += String.fromCharCode(...letters.subarray(from, from + BLOCK));
  return text;
}

/** The integers of several texts, one behind the other. What is no whole integer at the end of a text is left out. */
export function numbersOf(texts: readonly string[]): Int32Array {
  const lengths = texts.map((text) => Math.floor(bytesIn(text) / 4));
  const numbers = new Int32Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const [i, text] of texts.entries()) {
    const length = lengths[i] ?? 0;
    fill(new Uint8Array(numbers.buffer, at * 4, length * 4), text);
    at += length;
  }
  return numbers;
}

function bytesIn(text: string): number {
  const pads = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.floor(text.length / 4) * 3 - pads;
}

function fill(bytes: Uint8Array, text: string): void {
  const letter = (at: number): number => NUMBERS[text.charCodeAt(at) & 127] ?? 0;
  for (let i = 0, to = 0; to < bytes.length; i += 4, to += 3) {
    const three = (letter(i) << 18) | (letter(i + 1) << 12) | (letter(i + 2) << 6) | letter(i + 3);
    bytes[to] = three >>> 16;
    if (to + 1 < bytes.length) bytes[to + 1] = (three >>> 8) & 255;
    if (to + 2 < bytes.length) bytes[to + 2] = three & 255;
  }
}
