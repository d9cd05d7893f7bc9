/**
 * The record of a search: what is needed to come back to where it was, as pieces of integers that are only ever added to.
 * A piece is its kind, its length, and its contents.
 */
import { Layout } from '../layout.ts';

/** Kinds of pieces. */
export const Piece = {
  /** A layout: integers of a state; then place, shift and mask of each component. */
  layout: 1,
  /** States in the layout before it: number of the first, integers of each; then for each its integers, parent, distance. */
  states: 2,
  /** States to which a shorter way was found: number, parent, distance of each. */
  changes: 3,
  /** What made something new: see {@link Event}. */
  events: 4,
} as const;

/** What the search did when something new came up; each is followed by numbers that say where. */
export const Event = {
  /** A state was expanded: its number, 0. */
  expanded: 0,
  /** An always-check or a last check was asked: number of the state, of the check. */
  always: 1,
  end: 2,
  /** States were packed tightly: 0, 0. */
  tightened: 3,
} as const;

/** Integers of an event. */
export const EVENT_STRIDE = 3;

/** Most integers of a piece. */
const LONGEST = 1 << 16;

/** A record that cannot be read, or that does not fit the experiment. */
export class Unfit extends Error {}

export function pieceOf(kind: number, contents: readonly number[] | Int32Array): Int32Array {
  const piece = new Int32Array(contents.length + 2);
  piece[0] = kind;
  piece[1] = contents.length;
  piece.set(contents, 2);
  return piece;
}

export function layoutPiece({ words, at, shift, mask }: Layout): Int32Array {
  return pieceOf(Piece.layout, [words, ...[...at.keys()].flatMap((c) => [at[c] ?? 0, shift[c] ?? 0, mask[c] ?? 0])]);
}

/** Cuts a long list of groups of `stride` numbers into pieces. */
export function pieces(kind: number, numbers: readonly number[], stride: number): Int32Array[] {
  const most = Math.floor(LONGEST / stride) * stride;
  const cut: Int32Array[] = [];
  for (let from = 0; from < numbers.length; from += most) cut.push(pieceOf(kind, numbers.slice(from, from + most)));
  return cut;
}

/** Where states come from, and who says how far they are. */
export interface StateSource {
  get(id: number, into: Int32Array): void;
  parent(id: number): number;
}

/** States `from` to `to - 1`. */
export function statePieces(
  source: StateSource,
  words: number,
  distanceOf: (id: number) => number,
  from: number,
  to: number,
): Int32Array[] {
  const state = new Int32Array(words);
  const stride = words + 2;
  const most = Math.max(1, Math.floor(LONGEST / stride));
  const cut: Int32Array[] = [];
  for (let first = from; first < to; first += most) {
    const count = Math.min(most, to - first);
    const piece = new Int32Array(4 + count * stride);
    piece.set([Piece.states, piece.length - 2, first, words]);
    for (let i = 0; i < count; i++) {
      source.get(first + i, state);
      const at = 4 + i * stride;
      piece.set(state, at);
      piece[at + words] = source.parent(first + i);
      piece[at + words + 1] = distanceOf(first + i);
    }
    cut.push(piece);
  }
  return cut;
}

/** A run of states in a record. */
interface Run {
  readonly first: number;
  readonly count: number;
  readonly words: number;
  /** Where its first state is in the record. */
  readonly from: number;
  readonly layout: Pick<Layout, 'at' | 'shift' | 'mask'>;
}

/** A record read back. */
export class RecordReader {
  readonly events: number[] = [];
  readonly changes: number[] = [];
  /** Number of states. */
  count = 0;
  private readonly runs: Run[] = [];
  private readonly data: Int32Array;
  private run = 0;

  /** @throws Unfit */
  constructor(data: Int32Array) {
    this.data = data;
    let layout: Run['layout'] = new Layout([]);
    for (let at = 0; at < data.length; at += (data[at + 1] ?? 0) + 2) {
      const length = data[at + 1] ?? -1;
      if (length < 0 || at + 2 + length > data.length) throw new Unfit('the record is cut off');
      const contents = data.subarray(at + 2, at + 2 + length);
      switch (data[at]) {
        case Piece.layout:
          layout = layoutIn(contents);
          break;
        case Piece.states:
          this.addRun(contents, at + 4, layout);
          break;
        case Piece.changes:
          for (const number of contents) this.changes.push(number);
          break;
        case Piece.events:
          for (const number of contents) this.events.push(number);
          break;
        default:
          throw new Unfit('the record has a piece of an unknown kind');
      }
    }
  }

  private addRun(contents: Int32Array, from: number, layout: Run['layout']): void {
    const [first = -1, words = 0] = contents;
    const count = (contents.length - 2) / (words + 2);
    if (first !== this.count || !Number.isInteger(count)) throw new Unfit('states of the record are missing');
    this.runs.push({ first, count, words, from, layout });
    this.count += count;
  }

  /** The state with a number, which must not be less than in the last call, packed in a layout into `into`. */
  state(id: number, layout: Layout, into: Int32Array): void {
    let run = this.runs[this.run];
    while (run !== undefined && id >= run.first + run.count) run = this.runs[++this.run];
    if (run === undefined) throw new Unfit(`state ${id} is not in the record`);
    const at = this.at(run, id);
    into.fill(0);
    for (let c = 0; c < run.layout.at.length; c++) {
      const number =
        ((this.data[at + (run.layout.at[c] ?? 0)] ?? 0) >>> (run.layout.shift[c] ?? 0)) & (run.layout.mask[c] ?? 0);
      if (number === 0) continue;
      if (c >= layout.at.length || number >>> 0 > (layout.mask[c] ?? 0) >>> 0) throw new Unfit('a state has no room');
      const word = layout.at[c] ?? 0;
      into[word] = (into[word] ?? 0) | (number << (layout.shift[c] ?? 0));
    }
  }

  private at({ first, words, from }: Run, id: number): number {
    return from + (id - first) * (words + 2);
  }

  /** The parent and the distance of the state that was read last. */
  parent(id: number): number {
    const run = this.runs[this.run];
    return run === undefined ? -1 : (this.data[this.at(run, id) + run.words] ?? -1);
  }

  distance(id: number): number {
    const run = this.runs[this.run];
    return run === undefined ? 0 : (this.data[this.at(run, id) + run.words + 1] ?? 0);
  }
}

function layoutIn(contents: Int32Array): Run['layout'] {
  const size = (contents.length - 1) / 3;
  const column = (offset: number): Int32Array =>
    Int32Array.from({ length: size }, (_, c) => contents[1 + c * 3 + offset] ?? 0);
  return { at: column(0), shift: column(1), mask: column(2) };
}
