/**
 * Follows a page's events through the shapes of a kernel's calls. What one task does outside of interrupts is one thread,
 * what a CPU does in an interrupt another: their events mix freely, those of a thread do not. Of all ways to read a thread
 * that one counts which needs the fewest calls; a reclaim or a migration counts for more than a take and a release do.
 */
import { type EventBatch, hasRet, NO_CPU, REF_OPS } from '../traces/event-batch.ts';
import type { NameLookup } from '../traces/moves.ts';
import { type Ending, keyOf, type ShapeNode, type Shapes } from './shapes.ts';

/** A call that a thread made, as the shapes read it. */
export interface ReadCall {
  /** Rows of its events. */
  readonly rows: readonly number[];
  /** Calls that look like this; at least one. */
  readonly endings: readonly Ending[];
  /** False where the thread's events end before the call does. */
  readonly complete: boolean;
}

/** An event that no call of the kernel would cause here. */
export interface OddEvent {
  readonly row: number;
  /** What it is, in the form of {@link keyOf}. */
  readonly got: string;
  /** What the kernel would do next in the call that was going on; empty between calls. */
  readonly expected: readonly string[];
  /** The call that was going on; empty between calls. */
  readonly inCall: string;
}

export interface Reading {
  readonly calls: readonly ReadCall[];
  /** In the order of rows. */
  readonly odd: readonly OddEvent[];
}

/** A way to read a thread so far. */
interface Path {
  readonly node: ShapeNode;
  /** Rows of the call that is going on. */
  readonly rows: readonly number[];
  /** Calls that ended, as a chain. */
  readonly done: Done | null;
  readonly calls: number;
}

/** What a call weighs that neither takes nor releases for good. */
const OTHER = 2.5;

interface Done {
  readonly call: ReadCall;
  readonly before: Done | null;
}

export function follow(events: EventBatch, names: NameLookup, shapes: Shapes, from = 0, to = events.length): Reading {
  const threads = new Map<string, Thread>();
  const odd: OddEvent[] = [];
  const large = new Map<number, boolean>();
  const ended: Thread[] = [];
  for (let row = from; row < to; row++) {
    const name = threadOf(events, row);
    let thread = threads.get(name);
    if (thread !== undefined && isAnother(events, thread.lastRow, row)) {
      ended.push(thread);
      thread = undefined;
    }
    if (thread === undefined) {
      thread = new Thread(shapes.root);
      threads.set(name, thread);
    }
    const trouble = thread.step(rowKey(events, row, names, large), row);
    if (trouble !== null) odd.push(trouble);
  }
  const calls = [...ended, ...threads.values()].flatMap((thread) => thread.end());
  calls.sort((a, b) => (a.rows[0] ?? 0) - (b.rows[0] ?? 0));
  return { calls, odd };
}

function threadOf(events: EventBatch, row: number): string {
  const context = events.context[row] ?? 0;
  const cpu = events.cpu[row] ?? NO_CPU;
  return context === 0 ? `task ${events.task[row]}` : `cpu ${cpu} context ${context}`;
}

/** Nanoseconds that no interrupt lasts, even on an emulated CPU. */
const LONGEST_INTERRUPT = 1e8;

/** Whether two events of a CPU's interrupts are of two of them. */
function isAnother(events: EventBatch, last: number, row: number): boolean {
  return events.context[row] !== 0 && (events.time[row] ?? 0) - (events.time[last] ?? 0) > LONGEST_INTERRUPT;
}

function rowKey(events: EventBatch, row: number, names: NameLookup, known: Map<number, boolean>): string {
  const flags = events.flags[row] ?? 0;
  let large = known.get(flags);
  if (large === undefined) {
    large = `|${names.flags(flags)}|`.includes('|head|');
    known.set(flags, large);
  }
  const op = events.op[row] ?? 0;
  return keyOf(REF_OPS[op] ?? 'mod', events.val[row] ?? 0, hasRet(op) ? (events.ret[row] ?? 0) : null, large);
}

class Thread {
  private readonly root: ShapeNode;
  private paths: readonly Path[];
  private readonly finished: ReadCall[] = [];
  lastRow = 0;

  constructor(root: ShapeNode) {
    this.root = root;
    this.paths = [this.start(null, 0)];
  }

  step(key: string, row: number): OddEvent | null {
    this.lastRow = row;
    const next = new Map<ShapeNode, Path>();
    const offer = (path: Path): void => {
      const other = next.get(path.node);
      if (other === undefined || path.calls < other.calls) next.set(path.node, path);
    };
    for (const path of this.paths) {
      const child = path.node.next.get(key);
      if (child !== undefined) offer({ ...path, node: child, rows: [...path.rows, row] });
      if (path.rows.length === 0 || path.node.endings.length === 0) continue;
      const fresh = this.root.next.get(key);
      const done = { call: readOf(path, true), before: path.done };
      if (fresh !== undefined) offer({ node: fresh, rows: [row], done, calls: costOf(path) });
    }
    if (next.size > 0) {
      this.paths = [...next.values()];
      return null;
    }
    const trouble = this.trouble(key, row);
    this.finished.push(...this.best());
    const fresh = this.root.next.get(key);
    const start = this.start(null, 0);
    this.paths = [fresh === undefined ? start : { ...start, node: fresh, rows: [row] }];
    return trouble;
  }

  end(): readonly ReadCall[] {
    this.finished.push(...this.best());
    this.paths = [];
    return this.finished;
  }

  private start(done: Done | null, calls: number): Path {
    return { node: this.root, rows: [], done, calls };
  }

  /** The calls of the best path: fewest, and those that came to their ends before others. */
  private best(): ReadCall[] {
    let best: Path | null = null;
    for (const path of this.paths) {
      const better = best === null || rank(path) < rank(best);
      if (better) best = path;
    }
    if (best === null) return [];
    const calls: ReadCall[] = [];
    if (best.rows.length > 0) calls.push(readOf(best, best.node.endings.length > 0));
    for (let done = best.done; done !== null; done = done.before) calls.push(done.call);
    return calls.reverse();
  }

  private trouble(key: string, row: number): OddEvent {
    const going = this.paths.filter(({ node, rows }) => rows.length > 0 && node.endings.length === 0);
    const expected = [...new Set(going.flatMap(({ node }) => [...node.next.keys()]))];
    return { row, got: key, expected, inCall: going[0]?.node.passing.call ?? '' };
  }
}

/** Calls of a path when the one that is going on has ended. */
function costOf({ calls, node, rows }: Path): number {
  if (rows.length === 0) return calls;
  return calls + (node.endings.some(({ does }) => does !== 'other') ? 1 : OTHER);
}

/** That of a call which has not come to its end is higher. */
function rank(path: Path): number {
  return costOf(path) + (path.rows.length > 0 && path.node.endings.length === 0 ? 0.5 : 0);
}

function readOf({ node, rows }: Path, complete: boolean): ReadCall {
  return { rows, endings: complete ? node.endings : [node.passing], complete };
}
