/**
 * The life of one page as its events tell it: `_refcount` after each of them, reconstructed. What an event does is taken
 * from `val` and `ret`; the count before the first event from what events prove (a put that freed the page, a freeze) and
 * else from the printed counts, which are read after the operation and so may hold another CPU's as well.
 */
import { added, knownAfter, knownBefore, UNKNOWN } from './effect.ts';
import { type EventBatch, Ref } from './event-batch.ts';

/** Events are missing before a row: what the rows before add up to is not what the row proves, or prints. */
export interface Gap {
  readonly row: number;
  /** By the rows before. */
  readonly expected: number;
  readonly found: number;
  /** Whether the event itself proves it; else the printed counts say so from this row on. */
  readonly proven: boolean;
}

/** From the page's allocation to its return to the allocator, both of which may lie outside the trace. */
export interface Life {
  /** First row, and one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Whether the first row is the allocation. */
  readonly begins: boolean;
  /** Whether the last row frees the page. */
  readonly ends: boolean;
}

export interface Timeline {
  readonly pfn: number;
  readonly events: EventBatch;
  /** `_refcount` before the first event. */
  readonly before: number;
  /** `_refcount` after each event. */
  readonly after: Int32Array;
  readonly gaps: readonly Gap[];
  readonly lives: readonly Life[];
  /** Rows whose printed count is another one: other CPUs worked on the page at that moment. */
  readonly strange: number;
}

/** The printed counts are looked at this far ahead, to tell another CPU's work from missing events. */
const LOOK_AHEAD = 8;

export function timelineOf(pfn: number, events: EventBatch): Timeline {
  const n = events.length;
  const after = new Int32Array(n);
  const gaps: Gap[] = [];
  const before = firstCount(events);
  let count = before;
  let strange = 0;
  for (let row = 0; row < n; row++) {
    const step = stepAt(events, row);
    if (step.proven !== UNKNOWN && step.proven !== count) {
      gaps.push({ row, expected: count, found: step.proven, proven: true });
      count = step.proven;
    }
    count = step.known === UNKNOWN ? count + step.delta : step.known;
    const hint = events.count[row] ?? 0;
    if (hint !== count) {
      if (hasMoved(events, row, count)) {
        gaps.push({ row, expected: count, found: hint, proven: false });
        count = hint;
      } else strange++;
    }
    after[row] = count;
  }
  return { pfn, events, before, after, gaps, lives: livesOf(events, after), strange };
}

interface Step {
  readonly delta: number;
  readonly known: number;
  readonly proven: number;
}

function stepAt(events: EventBatch, row: number): Step {
  const op = events.op[row] ?? 0;
  const val = events.val[row] ?? 0;
  const ret = events.ret[row] ?? 0;
  return { delta: added(op, val, ret), known: knownAfter(op, val, ret), proven: knownBefore(op, val, ret) };
}

/**
 * The count before row 0: what the first event that proves anything says if a printed count agrees, else the first that
 * two printed counts agree on: one alone may hold another CPU's work.
 */
function firstCount(events: EventBatch): number {
  const votes = new Map<number, number>();
  let sum = 0;
  for (let row = 0; row < events.length && row < LOOK_AHEAD * 4; row++) {
    const { proven, known, delta } = stepAt(events, row);
    if (proven !== UNKNOWN && (row === 0 || votes.has(proven - sum))) return proven - sum;
    if (known !== UNKNOWN) break;
    sum += delta;
    const base = (events.count[row] ?? 0) - sum;
    if (votes.has(base)) return base;
    votes.set(base, row);
  }
  const [first = 0] = votes.keys();
  return first;
}

/** Whether the printed counts from `row` on agree with each other on another count than the reconstructed one. */
function hasMoved(events: EventBatch, row: number, count: number): boolean {
  const offset = (events.count[row] ?? 0) - count;
  let sum = 0;
  let agree = 0;
  let looked = 0;
  for (let next = row + 1; next < events.length && looked < LOOK_AHEAD; next++, looked++) {
    const step = stepAt(events, next);
    if (step.known !== UNKNOWN) {
      // A set begins anew; anything else proves which of the two it was.
      if (step.proven !== UNKNOWN) return step.proven === count + sum + offset;
      break;
    }
    sum += step.delta;
    if ((events.count[next] ?? 0) === count + sum) return false;
    if ((events.count[next] ?? 0) === count + sum + offset) agree++;
  }
  return looked > 0 && agree === looked;
}

function livesOf(events: EventBatch, after: Int32Array): Life[] {
  const lives: Life[] = [];
  let from = 0;
  let begins = false;
  for (let row = 0; row < events.length; row++) {
    const op = events.op[row];
    if (op === Ref.set && row > from && (after[row] ?? 0) > 0) {
      lives.push({ from, to: row, begins, ends: after[row - 1] === 0 });
      from = row;
    }
    if (row === from) begins = op === Ref.set;
    const freed = op === Ref.mod_and_test && events.ret[row] !== 0;
    if (!freed) continue;
    lives.push({ from, to: row + 1, begins, ends: true });
    from = row + 1;
    begins = false;
  }
  if (from < events.length) lives.push({ from, to: events.length, begins, ends: after[events.length - 1] === 0 });
  return lives;
}
