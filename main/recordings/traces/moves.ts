/**
 * Events of a page as what they were meant to be: references taken and given back. GUP takes a small page in one or two
 * additions (1, then 1023), and gave it back in two for some releases; such pairs are one move.
 */
import { added } from './effect.ts';
import { type EventBatch, Ref } from './event-batch.ts';
import { type StackRole, stackRole } from './stack-role.ts';

/** GUP_PIN_COUNTING_BIAS of all released kernels. */
export const BIAS = 1024;

/**
 * `pin`, `get`: takes and releases of that kind. `either`: a large folio's counts do not tell, and there is no stack.
 * `freeze`: whoever froze the page has accounted for every reference, and owns them until it thaws the page.
 */
export type MoveKind = 'pin' | 'get' | 'either' | 'freeze' | 'thaw';

export interface Move {
  /** Row of the event, and of its second half: the same where there is one event. */
  readonly row: number;
  readonly lastRow: number;
  readonly kind: MoveKind;
  /** Above 0: taken. Below 0: given back. In references as the count has them. */
  readonly amount: number;
  readonly role: StackRole | null;
}

/** How texts of the trace are found. */
export interface NameLookup {
  flags(id: number): string;
  stack(id: number): readonly string[];
}

/** How many rows of other tasks may lie between the halves of a move. */
const LOOK_AHEAD = 16;

export function movesOf(events: EventBatch, names: NameLookup, from: number, to: number): Move[] {
  const moves: Move[] = [];
  const second = new Set<number>();
  const large = largeFlags(events, names);
  const roles = new Map<number, StackRole | null>();
  const roleOf = (row: number, takes: boolean): StackRole | null => {
    const stack = events.stack[row] ?? 0;
    if (stack === 0) return null;
    const key = takes ? stack : -stack;
    const known = roles.get(key);
    if (known !== undefined) return known;
    const role = stackRole(names.stack(stack), takes);
    roles.set(key, role);
    return role;
  };
  for (let row = from; row < to; row++) {
    if (second.has(row)) continue;
    const amount = amountAt(events, row);
    const op = events.op[row];
    if (op === Ref.unfreeze || (op === Ref.freeze && events.ret[row] !== 0)) {
      const kind = op === Ref.freeze ? 'freeze' : 'thaw';
      moves.push({ row, lastRow: row, kind, amount: 0, role: roleOf(row, op === Ref.unfreeze) });
      continue;
    }
    if (amount === 0) continue;
    const role = roleOf(row, amount > 0);
    const isLarge = large.has(events.flags[row] ?? 0);
    const half = isLarge ? -1 : otherHalf(events, row, amount, to);
    if (half >= 0) {
      second.add(half);
      moves.push({ row, lastRow: half, kind: 'pin', amount: amount + amountAt(events, half), role });
      continue;
    }
    moves.push({ row, lastRow: row, kind: kindOf(amount, isLarge, role), amount, role });
  }
  return moves;
}

/** References that an event moves; freezes and failures move none. A set gives the allocator's own. */
function amountAt(events: EventBatch, row: number): number {
  const op = events.op[row] ?? 0;
  if (op === Ref.freeze || op === Ref.unfreeze) return 0;
  if (op === Ref.set) return Math.max(0, events.val[row] ?? 0);
  return added(op, events.val[row] ?? 0, events.ret[row] ?? 0);
}

/** Row of the event that completes a fast pin (1, then 1023) or an unpin of 5.11 to 5.17 (-1023, then -1), or -1. */
function otherHalf(events: EventBatch, row: number, amount: number, to: number): number {
  const op = events.op[row];
  const pins = op === Ref.mod_unless && amount > 0;
  const unpins = op === Ref.mod && amount < 0 && amount % (BIAS - 1) === 0;
  if (!pins && !unpins) return -1;
  const wanted = pins ? amount * (BIAS - 1) : amount / (BIAS - 1);
  const wantedOp = pins ? Ref.mod : Ref.mod_and_test;
  const task = events.task[row];
  for (let next = row + 1; next < to && next <= row + LOOK_AHEAD; next++) {
    if (events.task[next] !== task || events.context[next] !== events.context[row]) continue;
    return events.op[next] === wantedOp && events.val[next] === wanted ? next : -1;
  }
  return -1;
}

function kindOf(amount: number, isLarge: boolean, role: StackRole | null): MoveKind {
  if (role !== null) {
    if (role.role === 'pin' || role.role === 'unpin') return isLarge || Math.abs(amount) >= BIAS - 1 ? 'pin' : 'get';
    return 'get';
  }
  if (isLarge) return 'either';
  return amount % BIAS === 0 ? 'pin' : 'get';
}

/** Numbers of the flag texts that name PG_head. */
function largeFlags(events: EventBatch, names: NameLookup): Set<number> {
  const seen = new Set<number>();
  const large = new Set<number>();
  for (let row = 0; row < events.length; row++) {
    const id = events.flags[row] ?? 0;
    if (seen.has(id)) continue;
    seen.add(id);
    if (`|${names.flags(id)}|`.includes('|head|')) large.add(id);
  }
  return large;
}
