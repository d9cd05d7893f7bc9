/**
 * Who, where and when: the part of a line before the event's name, read from its end. Forms that are understood:
 * ftrace `comm-pid [cpu] flags seconds:`, with `(tgid)` behind the pid, with the CPU joined to the flags and microseconds
 * (latency format), trace-cmd's without flags, and perf script's `comm pid [cpu] seconds: page_ref:`.
 */
import type { ByteTable } from './byte-table.ts';
import { Context, type EventBatch, NO_CPU } from './event-batch.ts';

const TAB = 9;
const NEWLINE = 10;
const BLANK = 32;
const HASH = 35;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const DASH = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const GREATER = 62;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const LOWER_S = 115;
const LOWER_U = 117;
const NS = 1e9;
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9] as const;
/** Longer command names are not the kernel's: TASK_COMM_LEN is 16. */
const LONGEST_COMM = 256;

/** Reads one line's beginning after the other into a batch's row. */
export class OriginReader {
  private readonly tasks: ByteTable;
  private at = 0;
  private readonly key = new Uint8Array(LONGEST_COMM + 12);

  constructor(tasks: ByteTable) {
    this.tasks = tasks;
  }

  /**
   * Fills time, cpu, context and task of `row` from the bytes from `start` up to `at`, where the event's name begins.
   * @returns whether the whole of it was understood. What was not is 0 or NO_CPU; a time is kept from the row before.
   */
  read(bytes: Uint8Array, start: number, at: number, batch: EventBatch, row: number): boolean {
    batch.cpu[row] = NO_CPU;
    batch.context[row] = Context.task;
    batch.task[row] = 0;
    let i = at - 1;
    if (i >= start && bytes[i] === COLON && isPerfSystem(bytes, start, i)) i -= 9;
    i = backOverBlanks(bytes, start, i);
    if (i < start || bytes[i] !== COLON) return false;
    this.at = backOverBlanks(bytes, start, i - 1);
    if (!this.time(bytes, start, batch, row)) return false;
    this.at = backOverBlanks(bytes, start, this.at);
    if (this.at >= start && bytes[this.at] !== CLOSE_BRACKET) this.flags(bytes, start, batch, row);
    if (this.at >= start && bytes[this.at] === CLOSE_BRACKET) this.cpu(bytes, start, batch, row);
    const task = this.task(bytes, start);
    batch.task[row] = task;
    return task > 0;
  }

  /** Reads `21.061047` or `276242022us`, to which `at` is the end. */
  private time(bytes: Uint8Array, start: number, batch: EventBatch, row: number): boolean {
    let i = this.at;
    const micro = i - 1 >= start && bytes[i] === LOWER_S && bytes[i - 1] === LOWER_U;
    if (micro) i -= 2;
    let digits = 0;
    let fraction = 0;
    let hasFraction = false;
    let value = 0;
    let scale = 1;
    for (; i >= start; i--) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit >= 0 && digit <= 9) {
        value += digit * scale;
        scale *= 10;
        digits++;
      } else if (digit === DOT - 48 && !hasFraction && digits > 0 && digits <= 9) {
        hasFraction = true;
        fraction = value * (POWERS[9 - digits] ?? 1);
        value = 0;
        scale = 1;
        digits = 0;
      } else break;
    }
    if (digits === 0) return false;
    // A clock that counts something else has no dot: its numbers order events as well.
    const unit = hasFraction ? NS : micro ? 1000 : 1;
    const time = value * unit + fraction;
    if (time > Number.MAX_SAFE_INTEGER) return false;
    batch.time[row] = time;
    this.at = i;
    return true;
  }

  /** Reads the flag letters that end at `at`; in latency format the CPU is joined to them. */
  private flags(bytes: Uint8Array, start: number, batch: EventBatch, row: number): void {
    const end = this.at;
    let first = end;
    for (; first >= start; first--) {
      const byte = bytes[first] ?? 0;
      if (isBlank(byte)) break;
      if (!isFlag(byte)) return;
    }
    first++;
    const before = backOverBlanks(bytes, start, first - 1);
    let letters = first;
    if (before < start || bytes[before] !== CLOSE_BRACKET) {
      let cpu = 0;
      while (letters <= end && isDigit(bytes[letters] ?? 0)) cpu = cpu * 10 + (bytes[letters++] ?? 0) - 48;
      if (letters > first) batch.cpu[row] = Math.min(cpu, NO_CPU);
    }
    if (end - letters < 2) return;
    batch.context[row] = contextOf(bytes[letters + 2] ?? 0);
    this.at = before;
  }

  private cpu(bytes: Uint8Array, start: number, batch: EventBatch, row: number): void {
    let cpu = 0;
    let scale = 1;
    let i = this.at - 1;
    for (; i >= start; i--) {
      const digit = (bytes[i] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      cpu += digit * scale;
      scale *= 10;
    }
    if (i < start || bytes[i] !== OPEN_BRACKET) return;
    batch.cpu[row] = Math.min(cpu, NO_CPU);
    this.at = i - 1;
  }

  /** Number of `comm-pid`, `comm-pid (tgid)`, `comm pid` or `comm pid/tid` that ends at or before `at`; 0 for none. */
  private task(bytes: Uint8Array, start: number): number {
    let i = backOverBlanks(bytes, start, this.at);
    if (i >= start && bytes[i] === CLOSE_PAREN) {
      while (i >= start && bytes[i] !== OPEN_PAREN) i--;
      i = backOverBlanks(bytes, start, i - 1);
    }
    const last = i;
    while (i >= start && isDigit(bytes[i] ?? 0)) i--;
    if (i === last || i < start || last - i > 10) return 0;
    const pid = i + 1;
    if (bytes[i] === SLASH) {
      // perf script -F pid,tid: the thread is what ftrace calls pid.
      i--;
      while (i >= start && isDigit(bytes[i] ?? 0)) i--;
      if (i < start) return 0;
    }
    const separator = bytes[i] ?? 0;
    if (separator !== DASH && !isBlank(separator)) return 0;
    const commEnd = separator === DASH ? i : backOverBlanks(bytes, start, i) + 1;
    let comm = start;
    // A mail's quote marks; `<...>` and `<idle>` begin otherwise.
    while (comm < commEnd && isQuote(bytes[comm] ?? 0)) comm++;
    if (comm >= commEnd || commEnd - comm > LONGEST_COMM) return 0;
    for (let k = comm; k < commEnd; k++) if (bytes[k] === NEWLINE) return 0;
    if (pid === commEnd + 1) return this.tasks.number(bytes, comm, last + 1);
    return this.tasks.number(this.key, 0, this.joined(bytes, comm, commEnd, pid, last + 1));
  }

  /** Writes `comm-pid` into the key, as ftrace has it. @returns its length. */
  private joined(bytes: Uint8Array, comm: number, commEnd: number, pid: number, end: number): number {
    let n = 0;
    for (let i = comm; i < commEnd; i++) this.key[n++] = bytes[i] ?? 0;
    this.key[n++] = DASH;
    for (let i = pid; i < end; i++) this.key[n++] = bytes[i] ?? 0;
    return n;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isBlank(byte: number): boolean {
  return byte === BLANK || byte === TAB;
}

function isQuote(byte: number): boolean {
  return byte === BLANK || byte === GREATER || byte === TAB;
}

/** Flag letters are letters, digits, dots and #. A command's name with a pid has a dash. */
function isFlag(byte: number): boolean {
  const letter = byte | 32;
  return (letter >= 97 && letter <= 122) || byte === DOT || isDigit(byte) || byte === HASH;
}

/** Third flag letter: h and H a hard interrupt, s a soft one, z and Z an NMI. */
function contextOf(letter: number): number {
  switch (letter | 32) {
    case 104:
      return Context.hardirq;
    case LOWER_S:
      return Context.softirq;
    case 122:
      return Context.nmi;
    default:
      return Context.task;
  }
}

/** Index of the last byte before `at` (inclusive) that is no blank, or `start` - 1. */
function backOverBlanks(bytes: Uint8Array, start: number, at: number): number {
  let i = at;
  while (i >= start && isBlank(bytes[i] ?? 0)) i--;
  return i;
}

/** `page_ref:` just before the event's name, as perf script writes it. */
function isPerfSystem(bytes: Uint8Array, start: number, colon: number): boolean {
  return colon - 8 >= start && bytes[colon - 8] === 112 && bytes[colon - 1] === 102 && bytes[colon - 4] === 95;
}
