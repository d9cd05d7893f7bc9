/**
 * Reads a trace as bytes, in pieces of any size, and hands out page_ref events as columns. One pass, memory bounded by
 * the batch and by the number of different tasks, flags and stacks. Whatever the bytes are, it ends and does not throw.
 */
import { ByteTable } from './byte-table.ts';
import { type Damage, MOST_DAMAGED, type Names, type Tally, type TraceSink } from './entries.ts';
import { EventBatch, moveRow } from './event-batch.ts';
import { EventReader, findEvent, isEventAt } from './event-reader.ts';
import { LineMender, mayContinue } from './mend.ts';
import { OriginReader } from './origin-reader.ts';
import { classify, isMarkup, isStackLine, type OtherLine } from './other-lines.ts';
import { StackReader } from './stack-reader.ts';

const TEXT = new TextDecoder();
const NEWLINE = 10;
const RETURN = 13;
/** Longer lines are no trace's; they are counted and skipped. */
export const LONGEST_LINE = 1 << 16;
const BATCH = 1 << 16;

export class TraceScanner {
  readonly names: Names = { tasks: new ByteTable(), flags: new ByteTable(), stacks: new ByteTable() };
  readonly tally: Tally = { lines: 0, events: 0, markers: 0, damaged: 0, lost: 0, other: 0 };
  /** True where the last line had no end: it may be cut. */
  endedMidLine = false;
  private readonly sink: TraceSink;
  /** Has a row more than are handed out at once: that of the event which may turn out to be none. */
  private readonly batch: EventBatch;
  private readonly full: number;
  private readonly event = new EventReader();
  private readonly origin = new OriginReader(this.names.tasks);
  /** Where the beginnings of lines that are no events are read into. */
  private readonly aside = new EventBatch(1);
  private readonly stack: StackReader;
  private readonly mender = new LineMender();
  private readonly carry = new Uint8Array(LONGEST_LINE);
  private carried = 0;
  private overlong = false;
  /** Bytes before the event's name in the last event. */
  private column = 0;

  /** `capacity`: events in a batch. */
  constructor(sink: TraceSink, capacity: number = BATCH) {
    this.sink = sink;
    this.full = capacity;
    this.batch = new EventBatch(capacity + 1);
    this.stack = new StackReader(this.batch, this.names.stacks);
  }

  /** Reads the next bytes. They may end anywhere. */
  write(bytes: Uint8Array): void {
    let from = 0;
    if (this.carried > 0 || this.overlong) {
      const end = bytes.indexOf(NEWLINE);
      this.keep(bytes, 0, end < 0 ? bytes.length : end);
      if (end < 0) return;
      this.finishCarried();
      from = end + 1;
    }
    for (;;) {
      for (let next = this.usual(bytes, from); next > 0; next = this.usual(bytes, from)) from = next;
      const end = bytes.indexOf(NEWLINE, from);
      if (end < 0) break;
      this.line(bytes, from, end);
      from = end + 1;
    }
    this.keep(bytes, from, bytes.length);
  }

  /** The trace has ended: hands out what is left. */
  end(): void {
    if (this.carried > 0 || this.overlong) {
      this.endedMidLine = true;
      this.finishCarried();
    }
    this.giveUp();
    this.stack.end();
    this.flush();
  }

  private keep(bytes: Uint8Array, from: number, to: number): void {
    const room = LONGEST_LINE - this.carried;
    if (to - from > room) this.overlong = true;
    const taken = Math.min(to - from, room);
    this.carry.set(bytes.subarray(from, from + taken), this.carried);
    this.carried += taken;
  }

  private finishCarried(): void {
    const { carried } = this;
    this.carried = 0;
    if (!this.overlong) {
      this.line(this.carry, 0, carried);
      return;
    }
    this.overlong = false;
    this.overlongLine(this.carry, 0, carried);
  }

  /**
   * Reads the line at `start` if it is an event like the one before it: nearly all are, and of those no byte is looked at
   * twice. @returns where the next line begins, or 0 for a line that takes a closer look.
   */
  private usual(bytes: Uint8Array, start: number): number {
    const at = start + this.column;
    if (this.column === 0 || this.mender.waiting || !isEventAt(bytes, at, bytes.length)) return 0;
    const { batch } = this;
    const row = batch.length;
    if (!this.origin.read(bytes, start, at, batch, row)) return 0;
    if (!this.event.read(bytes, at, bytes.length, batch, row)) return 0;
    let end = this.event.at;
    if (end < bytes.length && bytes[end] === RETURN) end++;
    if (end >= bytes.length || bytes[end] !== NEWLINE || end - start > LONGEST_LINE) return 0;
    this.tally.lines++;
    this.add(bytes, this.tally.lines);
    return end + 1;
  }

  private line(bytes: Uint8Array, start: number, newline: number): void {
    let end = newline;
    if (end > start && bytes[end - 1] === RETURN) end--;
    if (end - start > LONGEST_LINE) {
      this.overlongLine(bytes, start, end);
      return;
    }
    this.tally.lines++;
    if (isStackLine(bytes, start, end)) {
      this.stack.symbol(bytes, start, end);
      return;
    }
    const first = findEvent(bytes, start, end);
    if (first < 0) {
      this.otherLine(bytes, start, end);
      return;
    }
    // A command may be called page_ref_..., too.
    for (let at = isMarkup(bytes, start, end) ? -1 : first; at >= 0; at = findEvent(bytes, at + 1, end)) {
      if (this.take(bytes, start, at, end, this.tally.lines)) return;
    }
    this.strangeEvent(bytes, start, end);
  }

  /** Takes the event whose name begins at `at`. @returns false for a line that cannot be read. */
  private take(bytes: Uint8Array, start: number, at: number, end: number, line: number): boolean {
    const { batch } = this;
    const row = batch.length;
    if (!this.event.read(bytes, at, end, batch, row)) return false;
    this.giveUp();
    batch.time[row] = batch.time[row - 1] ?? this.aside.time[0] ?? 0;
    this.origin.read(bytes, start, at, batch, row);
    this.column = at - start;
    this.add(bytes, line);
    return true;
  }

  private overlongLine(bytes: Uint8Array, start: number, end: number): void {
    this.tally.lines++;
    if (findEvent(bytes, start, end) < 0) this.tally.other++;
    else this.report('overlong', this.tally.lines, bytes, start, end);
  }

  /** A line with an event's name in it that is no plain event. */
  private strangeEvent(bytes: Uint8Array, start: number, end: number): void {
    const kind = classify(bytes, start, end);
    if (kind.kind !== 'event') {
      this.takeOther(kind);
      return;
    }
    this.stack.end();
    this.giveUp();
    this.mended(this.mender.begin(bytes, start, end, this.tally.lines));
  }

  private otherLine(bytes: Uint8Array, start: number, end: number): void {
    if (this.mender.waiting) {
      if (this.mender.wantsMore && mayContinue(bytes, start, end)) {
        this.mended(this.mender.more(bytes, start, end));
        return;
      }
      this.giveUp();
    }
    const kind = classify(bytes, start, end);
    this.takeOther(kind);
    if (kind.kind === 'other') this.sink.other?.(TEXT.decode(bytes.subarray(start, end)), this.tally.lines);
  }

  private takeOther(other: OtherLine): void {
    const { lines: line, events: event } = this.tally;
    switch (other.kind) {
      case 'symbol':
        this.stack.text(other.symbol);
        return;
      case 'stack':
        this.readAside(other.origin);
        this.stack.announce(this.aside.task[0] ?? 0, this.aside.cpu[0] ?? 0);
        return;
      case 'marker':
        this.tally.markers++;
        this.readAside(other.origin);
        this.sink.marker({
          line,
          event,
          time: this.aside.time[0] ?? 0,
          task: this.aside.task[0] ?? 0,
          text: other.text,
        });
        break;
      case 'lost':
        this.tally.lost += other.lost ?? 1;
        this.sink.lost({ line, event, lost: other.lost, cpu: other.cpu });
        break;
      case 'tail':
        this.report('garbled', line, other.bytes, 0, other.bytes.length);
        break;
      default:
        this.tally.other++;
    }
    this.stack.end();
  }

  private readAside(origin: Uint8Array): void {
    this.origin.read(origin, 0, origin.length, this.aside, 0);
  }

  private mended(bytes: Uint8Array | null): void {
    if (bytes === null) return;
    const at = findEvent(bytes, 0, bytes.length);
    if (at >= 0) this.take(bytes, 0, at, bytes.length, this.mender.firstLine);
  }

  /** The row behind the last holds an event: it counts from now on. */
  private add(bytes: Uint8Array, line: number): void {
    const { batch, event } = this;
    this.stack.end();
    if (batch.length === this.full) {
      this.flush();
      moveRow(batch, this.full, 0);
    }
    const row = batch.length;
    batch.line[row] = line;
    batch.stack[row] = 0;
    batch.flags[row] = this.names.flags.number(bytes, event.flagsStart, event.flagsEnd);
    batch.length = row + 1;
    this.tally.events++;
  }

  private flush(): void {
    if (this.batch.length > 0) {
      this.aside.time[0] = this.batch.time[this.batch.length - 1] ?? 0;
      this.sink.events(this.batch);
    }
    this.batch.length = 0;
  }

  /** The event that waited for its other lines never came to its end. */
  private giveUp(): void {
    const waiting = this.mender.giveUp();
    if (waiting !== null) this.report('cut', waiting.line, waiting.bytes, 0, waiting.bytes.length);
  }

  private report(damage: Damage, line: number, bytes: Uint8Array, start: number, end: number): void {
    this.tally.damaged++;
    if (this.tally.damaged > MOST_DAMAGED) return;
    this.sink.damaged({ line, damage, text: printable(bytes.subarray(start, Math.min(end, start + 200))) });
  }
}

function printable(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes).replace(/[^ -~]/g, '?');
}
