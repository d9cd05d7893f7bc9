/**
 * The fields of a page_ref event, from its name to the end of the line, read byte by byte straight into a batch's row.
 * Every load is guarded by an index check: out of bounds loads are what makes such code slow.
 */
import { type EventBatch, hasRet, REF_OPS } from './event-batch.ts';

const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const DASH = 45;
const ZERO = 48;
const LETTER_P = 112;
const LETTER_X = 120;
const UNDERSCORE = 95;

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** What event names begin with. */
const PREFIX = ascii('page_ref_');
const NAMES: readonly Uint8Array[] = REF_OPS.map((op) => ascii(`${op}:`));
const PFN = ascii('pfn=');
const FLAGS = ascii('flags=');
const COUNT = ascii('count=');
const MAPCOUNT = ascii('mapcount=');
const MAPPING = ascii('mapping=');
const MT = ascii('mt=');
const VAL = ascii('val=');
const RET = ascii('ret=');

/** No 32-bit number. */
const NONE = 2 ** 40;

/** Index of `page_ref_` in the bytes from `start` up to `end`, or -1. */
export function findEvent(bytes: Uint8Array, start: number, end: number): number {
  const last = end - PREFIX.length;
  for (let i = start; i <= last; i++) if (bytes[i] === LETTER_P && isEventAt(bytes, i, end)) return i;
  return -1;
}

/** Whether `page_ref_` stands at an index. */
export function isEventAt(bytes: Uint8Array, at: number, end: number): boolean {
  return at + PREFIX.length <= end && bytes[at + 8] === UNDERSCORE && holds(bytes, at, PREFIX);
}

/** Whether a word, all of which lies within the bytes, stands at an index. */
function holds(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
  return true;
}

/** Reads one event after the other. */
export class EventReader {
  /** Where the last event's last field ended. */
  at = 0;
  /** Where the text behind `flags=` is. */
  flagsStart = 0;
  flagsEnd = 0;
  private high = 0;
  private low = 0;

  /**
   * Fills `row` of `batch` (all columns but those of the line's beginning, and flags) from the event whose name begins at
   * `start`. `end` may lie behind the line's end. @returns false for what is no event, is damaged or cut short: a number
   * that does not end at a blank or at the end may be half of one.
   */
  read(bytes: Uint8Array, start: number, end: number, batch: EventBatch, row: number): boolean {
    const op = this.op(bytes, start + PREFIX.length, end);
    if (op < 0) return false;
    batch.op[row] = op;
    if (!this.key(bytes, end, PFN) || !this.frame(bytes, end)) return false;
    batch.pfn[row] = this.high * 0x100000000 + (this.low >>> 0);
    if (!this.key(bytes, end, FLAGS)) return false;
    this.flagsStart = this.at;
    this.skipWord(bytes, end);
    this.flagsEnd = this.at;
    const count = this.integer(bytes, end, COUNT);
    const mapcount = this.integer(bytes, end, MAPCOUNT);
    if (count === NONE || mapcount === NONE || !this.key(bytes, end, MAPPING)) return false;
    batch.count[row] = count;
    batch.mapcount[row] = mapcount;
    if (!this.hex(bytes, end)) {
      // (null), (nil), (____ptrval____) and numbers that are no addresses: nothing that could be compared.
      this.skipWord(bytes, end);
      this.high = 0;
      this.low = 0;
    }
    batch.mappingHigh[row] = this.high;
    batch.mappingLow[row] = this.low;
    const mt = this.integer(bytes, end, MT);
    const val = this.integer(bytes, end, VAL);
    const ret = hasRet(op) ? this.integer(bytes, end, RET) : 0;
    if (mt === NONE || val === NONE || ret === NONE) return false;
    batch.mt[row] = mt;
    batch.val[row] = val;
    batch.ret[row] = ret;
    return true;
  }

  /** Number of the operation named at `start`, with its colon; -1 for none. */
  private op(bytes: Uint8Array, start: number, end: number): number {
    for (let op = 0; op < NAMES.length; op++) {
      const name = NAMES[op];
      if (name === undefined || start + name.length > end || !holds(bytes, start, name)) continue;
      this.at = start + name.length;
      return op;
    }
    return -1;
  }

  /** Goes over blanks and a key. */
  private key(bytes: Uint8Array, end: number, word: Uint8Array): boolean {
    let i = this.at;
    while (i < end && bytes[i] === BLANK) i++;
    if (i + word.length > end || !holds(bytes, i, word)) return false;
    this.at = i + word.length;
    return true;
  }

  private skipWord(bytes: Uint8Array, end: number): void {
    let i = this.at;
    while (i < end && !endsWord(bytes[i] ?? 0)) i++;
    this.at = i;
  }

  /** A page frame number: with 0x as the kernel prints it, decimal as tools print raw fields. At most 52 bits. */
  private frame(bytes: Uint8Array, end: number): boolean {
    const { at } = this;
    if (at + 1 < end && bytes[at] === ZERO && bytes[at + 1] === LETTER_X) {
      return this.hex(bytes, end) && this.high >= 0 && this.high <= 0xfffff;
    }
    const number = this.number(bytes, end);
    if (number < 0 || number === NONE) return false;
    this.high = 0;
    this.low = number;
    return true;
  }

  /** The number behind a key, or NONE. */
  private integer(bytes: Uint8Array, end: number, word: Uint8Array): number {
    return this.key(bytes, end, word) ? this.number(bytes, end) : NONE;
  }

  /** A signed 32-bit number, or NONE. */
  private number(bytes: Uint8Array, end: number): number {
    let i = this.at;
    const negative = i < end && bytes[i] === DASH;
    if (negative) i++;
    const first = i;
    let value = 0;
    for (; i < end; i++) {
      const digit = (bytes[i] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i === first || i - first > 10 || (i < end && !endsWord(bytes[i] ?? 0))) return NONE;
    const signed = negative ? -value : value;
    if (signed !== (signed | 0)) return NONE;
    this.at = i;
    return signed | 0;
  }

  /** A hexadecimal number of at most 64 bits, with or without 0x. Stays where it is for anything else. */
  private hex(bytes: Uint8Array, end: number): boolean {
    let i = this.at;
    if (i + 1 < end && bytes[i] === ZERO && bytes[i + 1] === LETTER_X) i += 2;
    const first = i;
    let high = 0;
    let low = 0;
    for (; i < end; i++) {
      const digit = hexDigit(bytes[i] ?? 0);
      if (digit < 0) break;
      high = (high << 4) | (low >>> 28);
      low = (low << 4) | digit;
    }
    if (i === first || i - first > 16 || (i < end && !endsWord(bytes[i] ?? 0))) return false;
    this.high = high;
    this.low = low;
    this.at = i;
    return true;
  }
}

function endsWord(byte: number): boolean {
  return byte === BLANK || byte === NEWLINE || byte === RETURN;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
