/**
 * Which release gave back what was taken when. A kernel does not write that down, so it is a judgement, by these rules in
 * this order: a pin is given back by an unpin, a reference by a put; the same amount; the same task, the latest first;
 * another task or an interrupt, the earliest first, as requests end in the order in which they began.
 * What no take of the trace accounts for goes against the references that were there before.
 */
import type { EventBatch } from './event-batch.ts';
import type { Move, MoveKind } from './moves.ts';

/** A part of a take that a release gave back. */
export interface Pair {
  /** Indices of the moves. */
  readonly take: number;
  readonly release: number;
  readonly amount: number;
  /** A put gave back a pin, or an unpin a plain reference. */
  readonly mixed: boolean;
}

/** References that nobody gave back. */
export interface OpenTake {
  readonly take: number;
  readonly amount: number;
}

/** A release, or a part of one, for which there is no take in the trace. */
export interface LooseRelease {
  readonly release: number;
  readonly amount: number;
  /** Whether references were left from before the trace to account for it. */
  readonly prior: boolean;
}

export interface Pairing {
  readonly pairs: readonly Pair[];
  readonly open: readonly OpenTake[];
  readonly loose: readonly LooseRelease[];
  /** References from before that are left at the end. */
  readonly prior: number;
}

/** Kind, amount, task and role agree. */
const BEST = 15;
/** Open takes that are looked at for one release: more can only be many alike. */
const LOOK_BACK = 512;

/** `prior`: references before the first move. */
export function pairMoves(moves: readonly Move[], events: EventBatch, prior: number): Pairing {
  const pairs: Pair[] = [];
  const loose: LooseRelease[] = [];
  let open: { take: number; amount: number }[] = [];
  let left = prior;
  moves.forEach((move, index) => {
    if (move.kind === 'freeze' || move.kind === 'thaw') {
      open = [];
      left = move.kind === 'thaw' ? (events.val[move.row] ?? 0) : 0;
      return;
    }
    if (move.amount > 0) {
      open.push({ take: index, amount: move.amount });
      return;
    }
    let owed = -move.amount;
    while (owed > 0) {
      const at = bestTake(moves, open, events, move, owed, left);
      const found = open[at];
      if (found === undefined) break;
      const amount = Math.min(owed, found.amount);
      pairs.push({ take: found.take, release: index, amount, mixed: mixes(moves[found.take], move) });
      owed -= amount;
      found.amount -= amount;
      if (found.amount === 0) open.splice(at, 1);
    }
    if (owed === 0) return;
    const fromPrior = Math.min(owed, Math.max(0, left));
    left -= fromPrior;
    if (fromPrior > 0) loose.push({ release: index, amount: fromPrior, prior: true });
    if (owed > fromPrior) loose.push({ release: index, amount: owed - fromPrior, prior: false });
  });
  return { pairs, open: open.map(({ take, amount }) => ({ take, amount })), loose, prior: left };
}

/** Index in `open` of the take that a release most likely gives back, -1 where it gives back what was there before. */
function bestTake(
  moves: readonly Move[],
  open: readonly { readonly take: number; readonly amount: number }[],
  events: EventBatch,
  release: Move,
  owed: number,
  prior: number,
): number {
  let best = -1;
  let most = -1;
  const last = open.length - 1;
  for (let i = last; i >= 0 && i > last - LOOK_BACK; i--) {
    const candidate = open[i];
    const take = candidate === undefined ? undefined : moves[candidate.take];
    if (candidate === undefined || take === undefined) continue;
    const alike = suits(take.kind, release.kind);
    // Rather a reference from before than one of the wrong kind.
    if (!alike && prior >= owed) continue;
    const own = sameThread(events, take.row, release.row);
    let score = alike ? 8 : 0;
    if (candidate.amount === owed) score += 4;
    if (own) score += 2;
    if (sameRole(take, release)) score += 1;
    if (score < most || (score === most && own)) continue;
    best = i;
    most = score;
    if (score === BEST) break;
  }
  return best;
}

function sameThread(events: EventBatch, a: number, b: number): boolean {
  return events.task[a] === events.task[b] && events.context[a] === events.context[b];
}

function suits(take: MoveKind, release: MoveKind): boolean {
  return take === release || take === 'either' || release === 'either';
}

function mixes(take: Move | undefined, release: Move): boolean {
  return take !== undefined && !suits(take.kind, release.kind);
}

/** What the LRU took the LRU gives back, what a mapping took an unmapping. */
function sameRole(take: Move, release: Move): boolean {
  const [a, b] = [take.role?.role, release.role?.role];
  if (a === undefined || b === undefined) return a === b;
  if (a === b) return true;
  return (
    (a === 'pin' && b === 'unpin') || (a === 'get' && b === 'put') || ((a === 'map' || a === 'fork') && b === 'unmap')
  );
}
