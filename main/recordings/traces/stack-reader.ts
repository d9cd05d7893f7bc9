/** Stacks of events: collects the symbols behind an event and gives the event the number of its stack. */
import type { ByteTable } from './byte-table.ts';
import { type EventBatch, NO_CPU } from './event-batch.ts';

const BLANK = 32;
const TAB = 9;
const EQUALS = 61;
const GREATER = 62;
const NEWLINE = 10;
const PLUS = 43;
const OPEN_PAREN = 40;
/** Bytes of a stack that are kept: the kernel's own are far shorter. */
const LONGEST_STACK = 1 << 14;
/** How far back the event of an announced stack is looked for: CPUs write into the text in turns. */
const LOOK_BACK = 64;

export class StackReader {
  private readonly batch: EventBatch;
  private readonly stacks: ByteTable;
  private readonly bytes = new Uint8Array(LONGEST_STACK);
  private length = 0;
  /** Row of the event, -1 where the stack belongs to none. */
  private row = -1;
  private announced = false;

  constructor(batch: EventBatch, stacks: ByteTable) {
    this.batch = batch;
    this.stacks = stacks;
  }

  /** `<stack trace>`: the symbols that follow belong to the last event of this task and CPU. */
  announce(task: number, cpu: number): void {
    this.end();
    this.announced = true;
    this.row = this.rowOf(task, cpu);
  }

  /** A line `=> symbol`. */
  symbol(bytes: Uint8Array, start: number, end: number): void {
    if (!this.announced) return;
    let from = start;
    while (from < end && isMark(bytes[from] ?? 0)) from++;
    let to = from;
    while (to < end && !endsSymbol(bytes[to] ?? 0)) to++;
    this.keep(bytes, from, to);
  }

  /** A symbol of perf script, whose stacks follow their event unannounced. */
  text(symbol: string): void {
    if (!this.announced) {
      this.announced = true;
      this.row = this.batch.length - 1;
    }
    const end = symbol.search(/[+ (]/);
    const bytes = new TextEncoder().encode(end < 0 ? symbol : symbol.slice(0, end));
    this.keep(bytes, 0, bytes.length);
  }

  /** No further symbol follows. */
  end(): void {
    if (!this.announced) return;
    const { row, length } = this;
    if (row >= 0 && row < this.batch.length && length > 0) {
      this.batch.stack[row] = this.stacks.number(this.bytes, 0, length);
    }
    this.announced = false;
    this.row = -1;
    this.length = 0;
  }

  private keep(bytes: Uint8Array, from: number, to: number): void {
    if (to === from || this.length + (to - from) + 1 > LONGEST_STACK) return;
    for (let i = from; i < to; i++) this.bytes[this.length++] = bytes[i] ?? 0;
    this.bytes[this.length++] = NEWLINE;
  }

  private rowOf(task: number, cpu: number): number {
    const { batch } = this;
    const last = batch.length - 1;
    for (let i = last; i >= 0 && i > last - LOOK_BACK; i--) {
      const sameCpu = cpu === NO_CPU || batch.cpu[i] === cpu;
      if (sameCpu && (task === 0 || batch.task[i] === task)) return batch.stack[i] === 0 ? i : -1;
    }
    return -1;
  }
}

function isMark(byte: number): boolean {
  return byte === BLANK || byte === TAB || byte === EQUALS || byte === GREATER;
}

/** `symbol+0x57/0x80`, `symbol (ffffffff81234567)`. */
function endsSymbol(byte: number): boolean {
  return byte === BLANK || byte === PLUS || byte === OPEN_PAREN || byte === TAB;
}
