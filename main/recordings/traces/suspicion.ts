/** What is wrong with a page's life, with the events that show it. */
import { type EventBatch, REF_OPS } from './event-batch.ts';
import type { MapcountForm } from './mapcount.ts';
import { BIAS, type Move, movesOf, type NameLookup } from './moves.ts';
import { type Pairing, pairMoves } from './pairing.ts';
import type { Life, Timeline } from './timeline.ts';

export type SuspicionKind = 'underflow' | 'double release' | 'mixed release' | 'leak' | 'still held' | 'missing events';

/** `certain`: the numbers prove it. `likely`: another explanation takes a coincidence. `possible`: the trace cannot tell. */
export type Certainty = 'certain' | 'likely' | 'possible';

export interface Suspicion {
  readonly kind: SuspicionKind;
  readonly certainty: Certainty;
  /** One sentence; events are named by line. */
  readonly text: string;
  /** Rows of the events, the decisive one first. */
  readonly rows: readonly number[];
}

/** A life of the page, taken apart. */
export interface Account {
  readonly life: Life;
  readonly moves: readonly Move[];
  readonly pairing: Pairing;
  readonly suspicions: readonly Suspicion[];
}

/** More than these of one kind are summed up in the last. */
const MOST_OF_A_KIND = 5;

export interface Source extends NameLookup {
  readonly mapcounts: MapcountForm;
  task(id: number): string;
}

export function accountsOf(timeline: Timeline, source: Source): Account[] {
  return timeline.lives.map((life) => {
    const moves = movesOf(timeline.events, source, life.from, life.to);
    const prior = life.begins ? 0 : countBefore(timeline, life.from);
    const pairing = pairMoves(moves, timeline.events, prior);
    return { life, moves, pairing, suspicions: suspicionsOf(timeline, life, moves, pairing, source) };
  });
}

function countBefore({ after, before }: Timeline, row: number): number {
  return row === 0 ? before : (after[row - 1] ?? 0);
}

function suspicionsOf(
  timeline: Timeline,
  life: Life,
  moves: readonly Move[],
  pairing: Pairing,
  source: Source,
): Suspicion[] {
  const say = new Sayings(timeline.events, source);
  const found = [
    ...gaps(timeline, life, say),
    ...underflow(timeline, life, say),
    ...looseReleases(moves, pairing, say),
    ...mixedPairs(moves, pairing, say),
    ...(life.ends ? [] : heldAtEnd(life, moves, pairing, say)),
  ];
  return summedUp(found);
}

/** Names events for people. */
class Sayings {
  private readonly events: EventBatch;
  private readonly source: Source;

  constructor(events: EventBatch, source: Source) {
    this.events = events;
    this.source = source;
  }

  /** `line 12 (gt-89: page_ref_mod val=1023)`. */
  event(row: number): string {
    const { line, task, op, val } = this.events;
    const who = this.source.task(task[row] ?? 0);
    return `line ${line[row]} (${who === '' ? '' : `${who}: `}page_ref_${REF_OPS[op[row] ?? 0]} val=${val[row]})`;
  }

  /** Whether an event says that no page table maps the small page. Large folios keep that elsewhere. */
  isUnmapped(row: number): boolean {
    const mapcount = this.events.mapcount[row] ?? 0;
    if (this.source.mapcounts === 'raw') return mapcount < 0;
    return this.source.mapcounts === 'cooked' && mapcount === 0;
  }

  /** The event, and what its stack tells. */
  move({ row, role }: Move): string {
    if (role === null) return this.event(row);
    return `${this.event(row)}, ${role.symbol}()${role.caller === '' ? '' : ` by ${role.caller}()`}`;
  }
}

function* gaps({ gaps: all }: Timeline, life: Life, say: Sayings): Generator<Suspicion> {
  for (const { row, expected, found, proven } of all) {
    if (row < life.from || row >= life.to) continue;
    const shows = proven ? 'proves' : 'prints, as those after it do,';
    yield {
      kind: 'missing events',
      certainty: proven ? 'certain' : 'likely',
      text: `events are missing before ${say.event(row)}: those before add up to ${expected}, it ${shows} ${found}`,
      rows: [row],
    };
  }
}

function* underflow({ after }: Timeline, life: Life, say: Sayings): Generator<Suspicion> {
  for (let row = life.from; row < life.to; row++) {
    const count = after[row] ?? 0;
    if (count >= 0) continue;
    yield {
      kind: 'underflow',
      certainty: 'certain',
      text: `${say.event(row)} took the count to ${count}: more was given back than taken`,
      rows: [row],
    };
    return;
  }
}

function* looseReleases(moves: readonly Move[], pairing: Pairing, say: Sayings): Generator<Suspicion> {
  for (const { release, amount, prior } of pairing.loose) {
    const move = moves[release];
    if (prior || move === undefined) continue;
    yield {
      kind: 'double release',
      certainty: 'likely',
      text: `${say.move(move)} gave back ${references(amount)} that nobody had taken`,
      rows: [move.row],
    };
  }
}

function* mixedPairs(moves: readonly Move[], pairing: Pairing, say: Sayings): Generator<Suspicion> {
  for (const { take, release, mixed } of pairing.pairs) {
    const [taken, given] = [moves[take], moves[release]];
    if (!mixed || taken === undefined || given === undefined) continue;
    const text =
      taken.kind === 'pin'
        ? `${say.move(given)} is a plain put, and what it seems to give back is the pin of ${say.move(taken)}`
        : `${say.move(given)} is an unpin, and what it seems to give back is the plain reference of ${say.move(taken)}`;
    yield { kind: 'mixed release', certainty: 'likely', text, rows: [given.row, taken.row] };
  }
}

function* heldAtEnd(life: Life, moves: readonly Move[], pairing: Pairing, say: Sayings): Generator<Suspicion> {
  const unmapped = say.isUnmapped(life.to - 1);
  for (const { take, amount } of pairing.open) {
    const move = moves[take];
    if (move === undefined) continue;
    const broken = move.kind === 'pin' && move.amount % BIAS === 0 && amount % BIAS !== 0;
    const leaks = broken || (unmapped && move.kind === 'pin');
    const what = `${references(amount)} of ${say.move(move)}`;
    const text = broken
      ? `${what} are left of a pin: part of it was given back with put_page()`
      : `${what} ${amount === 1 ? 'is' : 'are'} not given back by the end of the trace`;
    yield {
      kind: leaks ? 'leak' : 'still held',
      certainty: broken ? 'likely' : 'possible',
      text: leaks && !broken ? `${text}, and the page is no longer mapped` : text,
      rows: [move.row],
    };
  }
}

function references(n: number): string {
  return n === 1 ? '1 reference' : `${n} references`;
}

/** The first of each kind, and one that counts the rest. */
function summedUp(all: readonly Suspicion[]): Suspicion[] {
  const counts = new Map<SuspicionKind, number>();
  const shown: Suspicion[] = [];
  for (const one of all) {
    const n = (counts.get(one.kind) ?? 0) + 1;
    counts.set(one.kind, n);
    if (n <= MOST_OF_A_KIND) shown.push(one);
  }
  for (const [kind, n] of counts) {
    if (n <= MOST_OF_A_KIND) continue;
    const at = shown.findLastIndex((one) => one.kind === kind);
    const last = shown[at];
    if (last === undefined) continue;
    shown[at] = { ...last, text: `${last.text}; and ${n - MOST_OF_A_KIND} more like it` };
  }
  return shown;
}
