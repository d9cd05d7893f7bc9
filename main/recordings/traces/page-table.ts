/**
 * A running summary of every page of a trace, kept while the trace streams by: open addressing over columns, because a
 * trace may touch a million pages.
 */
import { added, knownAfter, knownBefore, UNKNOWN } from './effect.ts';
import type { EventBatch } from './event-batch.ts';

/** One page, as the summary has it. */
export interface PageSummary {
  readonly pfn: number;
  readonly events: number;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly firstTime: number;
  readonly lastTime: number;
  /** Reconstructed count before the first event and after the last. */
  readonly before: number;
  readonly after: number;
  /** Reconstructed count at its lowest and highest. */
  readonly low: number;
  readonly high: number;
  /** Events at which the arithmetic broke: events are missing before them. */
  readonly gaps: number;
  /** Events whose printed count is not the reconstructed one: other CPUs were at work, or events are missing. */
  readonly strange: number;
}

/** Summaries are handed over when there are this many. */
export const MOST_PAGES = 1 << 20;
const FIRST = 1 << 12;
/** The printed counts disagree in the same way this many times in a row: they are right, and events are missing. */
const CONVINCED = 4;

class Columns {
  readonly pfn: Float64Array;
  readonly events: Uint32Array;
  readonly firstLine: Float64Array;
  readonly lastLine: Float64Array;
  readonly firstTime: Float64Array;
  readonly lastTime: Float64Array;
  readonly before: Int32Array;
  readonly after: Int32Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly gaps: Uint32Array;
  readonly strange: Uint32Array;
  /** By how much the printed count differed, and how often in a row. */
  readonly offset: Int32Array;
  readonly offsets: Uint8Array;

  constructor(n: number) {
    this.pfn = new Float64Array(n);
    this.events = new Uint32Array(n);
    this.firstLine = new Float64Array(n);
    this.lastLine = new Float64Array(n);
    this.firstTime = new Float64Array(n);
    this.lastTime = new Float64Array(n);
    this.before = new Int32Array(n);
    this.after = new Int32Array(n);
    this.low = new Int32Array(n);
    this.high = new Int32Array(n);
    this.gaps = new Uint32Array(n);
    this.strange = new Uint32Array(n);
    this.offset = new Int32Array(n);
    this.offsets = new Uint8Array(n);
  }
}

const NAMES = [
  'pfn',
  'events',
  'firstLine',
  'lastLine',
  'firstTime',
  'lastTime',
  'before',
  'after',
  'low',
  'high',
  'gaps',
  'strange',
  'offset',
  'offsets',
] as const satisfies readonly (keyof Columns)[];

export class PageTable {
  size = 0;
  private columns = new Columns(FIRST);
  /** Row + 1, 0 for empty. */
  private slots = new Int32Array(FIRST * 2);

  /** Takes a batch's events in. `rows`, at least as long, gets the page's row for each. */
  add(batch: EventBatch, rows: Int32Array): void {
    for (let i = 0; i < batch.length; i++) rows[i] = this.event(batch, i);
  }

  /** By page frame number. */
  *summaries(): Generator<PageSummary> {
    const pfns = this.columns.pfn.slice(0, this.size).sort();
    for (const pfn of pfns) yield this.summary(this.rowOf(pfn));
  }

  pfnOf(row: number): number {
    return this.columns.pfn[row] ?? 0;
  }

  clear(): void {
    this.size = 0;
    this.columns = new Columns(FIRST);
    this.slots = new Int32Array(FIRST * 2);
  }

  private event(batch: EventBatch, i: number): number {
    const pfn = batch.pfn[i] ?? 0;
    const line = batch.line[i] ?? 0;
    const time = batch.time[i] ?? 0;
    const op = batch.op[i] ?? 0;
    const val = batch.val[i] ?? 0;
    const ret = batch.ret[i] ?? 0;
    const hint = batch.count[i] ?? 0;
    const row = this.rowOf(pfn);
    const c = this.columns;
    const known = knownAfter(op, val, ret);
    const proven = knownBefore(op, val, ret);
    const delta = added(op, val, ret);
    const n = c.events[row] ?? 0;
    c.events[row] = n + 1;
    c.lastLine[row] = line;
    c.lastTime[row] = time;
    if (n === 0) {
      const after = known === UNKNOWN ? hint : known;
      c.firstLine[row] = line;
      c.firstTime[row] = time;
      c.before[row] = after - delta;
      c.after[row] = after;
      c.low[row] = after;
      c.high[row] = after;
      return row;
    }
    const before = c.after[row] ?? 0;
    let after = before + delta;
    if (known !== UNKNOWN) {
      if (proven !== UNKNOWN && proven !== before) c.gaps[row] = (c.gaps[row] ?? 0) + 1;
      after = known;
      c.offsets[row] = 0;
    } else if (hint !== after) {
      after += this.strange(row, hint - after);
    } else c.offsets[row] = 0;
    c.after[row] = after;
    if (after < (c.low[row] ?? 0)) c.low[row] = after;
    if (after > (c.high[row] ?? 0)) c.high[row] = after;
    return row;
  }

  /** The printed count is off by `offset`. @returns by how much the reconstructed one is to be corrected. */
  private strange(row: number, offset: number): number {
    const c = this.columns;
    c.strange[row] = (c.strange[row] ?? 0) + 1;
    const same = c.offset[row] === offset && (c.offsets[row] ?? 0) > 0;
    c.offset[row] = offset;
    c.offsets[row] = same ? (c.offsets[row] ?? 0) + 1 : 1;
    if ((c.offsets[row] ?? 0) < CONVINCED) return 0;
    c.gaps[row] = (c.gaps[row] ?? 0) + 1;
    c.offsets[row] = 0;
    return offset;
  }

  /** Row of a page; a new one where it is not in the table yet. */
  rowOf(pfn: number): number {
    const mask = this.slots.length - 1;
    let slot = spread(pfn) & mask;
    for (;;) {
      const row = (this.slots[slot] ?? 0) - 1;
      if (row < 0) break;
      if (this.columns.pfn[row] === pfn) return row;
      slot = (slot + 1) & mask;
    }
    if (this.size === this.columns.pfn.length) {
      this.grow();
      return this.rowOf(pfn);
    }
    const row = this.size++;
    this.slots[slot] = row + 1;
    this.columns.pfn[row] = pfn;
    return row;
  }

  /** Twice the columns, and two slots for each of them. */
  private grow(): void {
    const columns = new Columns(this.columns.pfn.length * 2);
    for (const name of NAMES) columns[name].set(this.columns[name]);
    this.columns = columns;
    const slots = new Int32Array(columns.pfn.length * 2);
    const mask = slots.length - 1;
    for (let row = 0; row < this.size; row++) {
      let slot = spread(this.columns.pfn[row] ?? 0) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = row + 1;
    }
    this.slots = slots;
  }

  private summary(row: number): PageSummary {
    const c = this.columns;
    return {
      pfn: c.pfn[row] ?? 0,
      events: c.events[row] ?? 0,
      firstLine: c.firstLine[row] ?? 0,
      lastLine: c.lastLine[row] ?? 0,
      firstTime: c.firstTime[row] ?? 0,
      lastTime: c.lastTime[row] ?? 0,
      before: c.before[row] ?? 0,
      after: c.after[row] ?? 0,
      low: c.low[row] ?? 0,
      high: c.high[row] ?? 0,
      gaps: c.gaps[row] ?? 0,
      strange: c.strange[row] ?? 0,
    };
  }
}

function spread(pfn: number): number {
  const low = pfn % 0x100000000;
  const hash = Math.imul((low | 0) ^ ((pfn - low) / 0x100000000), 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
