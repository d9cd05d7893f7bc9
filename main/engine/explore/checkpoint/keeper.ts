/**
 * Keeps checkpoints of a search, and brings a search back to one. States are written down as they are. The automata, the
 * values and the words behind them are not: they come from code. Whatever step of the search made something of that kind
 * is noted, and done again, in the same order, by the search that goes on; since the code does the same each time, it
 * comes to the same numbers, and that is compared.
 */
import type { Batch } from '../batch.ts';
import type { Checks } from '../checks.ts';
import type { Findings } from '../findings.ts';
import type { Frontier } from '../frontier.ts';
import type { Visible } from '../fusion.ts';
import type { Space } from '../space.ts';
import type { Successors } from '../successors.ts';
import { type Counters, type Head, savedVisible } from './head.ts';
import { EVENT_STRIDE, Event, layoutPiece, Piece, pieces, RecordReader, statePieces, Unfit } from './record.ts';

/** A checkpoint as it was saved: all pieces of the record one behind the other, and the head. */
export interface Saved {
  readonly record: Int32Array;
  readonly head: string;
}

export interface CheckpointOptions {
  /** Milliseconds between two checkpoints. */
  readonly every: number;
  /** Takes what was added to the record since the last time; where `fresh`, the record begins anew. */
  readonly save: (fresh: boolean, record: readonly Int32Array[], head: string) => void;
  /** The checkpoint to go on from, if there is one. */
  readonly resume: Saved | null;
}

/** So many times as long as a checkpoint takes, at least, lies between two. */
const WORK_PER_CHECKPOINT = 9;

/** Parts of a search that are saved. */
export interface Searched {
  readonly space: Space;
  readonly checks: Checks;
  readonly findings: Findings;
  readonly frontier: Frontier;
  readonly weighted: boolean;
  readonly batch: Batch;
  readonly successors: Successors;
  readonly visible: Visible;
}

export class Keeper {
  private readonly options: CheckpointOptions;
  private readonly searched: Searched;
  /** False while the record is followed. */
  private notes = false;
  private fresh = true;
  private made = 0;
  private events: number[] = [];
  /** States to which a shorter way was found. */
  private changed = new Set<number>();
  private states = 0;
  private revision = -1;
  private next = 0;

  constructor(options: CheckpointOptions, searched: Searched) {
    this.options = options;
    this.searched = searched;
  }

  /** The search begins: what is there now comes from the experiment's body alone. */
  begin(now: number): void {
    this.notes = true;
    this.made = this.size();
    this.next = now + this.options.every;
  }

  /** How much there is of what code makes. */
  private size(): number {
    const { automata, components, decisions, world } = this.searched.space;
    let size = automata.discovered + decisions.segmentCount + world.memory.words.length + world.actors.length;
    for (const { domain } of components) size += 1 + domain.size;
    return size;
  }

  /** A state was expanded, as far as there was room. */
  expanded(id: number): void {
    this.note(Event.expanded, id, 0);
  }

  /** States were packed tightly. */
  tightened(): void {
    this.events.push(Event.tightened, 0, 0);
  }

  /** A check was asked about a state. */
  asked(when: 'always' | 'end', check: number, state: number): void {
    if (state >= 0) this.note(Event[when], state, check);
  }

  private note(event: number, state: number, check: number): void {
    if (!this.notes) return;
    const size = this.size();
    if (size === this.made) return;
    this.made = size;
    this.events.push(event, state, check);
  }

  /** A shorter way to a known state was found. */
  closer(id: number): void {
    this.changed.add(id);
  }

  isDue(now: number): boolean {
    return now >= this.next;
  }

  /** @param clock the time, asked again when it is done */
  save(counters: Counters, clock: () => number): void {
    const begun = clock();
    const { space, frontier, weighted } = this.searched;
    const record: Int32Array[] = [];
    if (this.revision !== space.revision) record.push(layoutPiece(space.layout));
    this.revision = space.revision;
    const { count } = space.set;
    const distanceOf = weighted ? (id: number) => frontier.distanceOf(id) : () => 0;
    record.push(...statePieces(space.set, space.layout.words, distanceOf, this.states, count));
    const changes = [...this.changed]
      .filter((id) => id < this.states)
      .flatMap((id) => [id, space.set.parent(id), frontier.distanceOf(id)]);
    record.push(...pieces(Piece.changes, changes, 3), ...pieces(Piece.events, this.events, EVENT_STRIDE));
    this.states = count;
    this.changed = new Set();
    this.events = [];
    this.options.save(this.fresh, record, JSON.stringify(this.head(counters)));
    this.fresh = false;
    const now = clock();
    this.next = now + Math.max(this.options.every, (now - begun) * WORK_PER_CHECKPOINT);
  }

  private head(counters: Counters): Head {
    const { frontier, batch, checks, findings, visible } = this.searched;
    return {
      visible: savedVisible(visible),
      counters,
      states: this.states,
      frontier: frontier.snapshot(),
      batch: batch.waiting(),
      readers: checks.snapshot(),
      findings: findings.snapshot(),
      tables: this.tables(),
    };
  }

  private tables(): number[][] {
    const { components, layout } = this.searched.space;
    return [
      ...components.map(({ kind, id, domain }) => [kind === 'actor' ? 0 : 1, id, ...domain.values]),
      [layout.words, ...layout.at],
      [...layout.shift],
      [...layout.mask],
    ];
  }

  // --- going on ----------------------------------------------------------------------------------------------------

  /** Brings the search to where it was. @throws Unfit where that does not come to the same */
  restore(data: Int32Array, head: Head): void {
    const record = new RecordReader(data);
    if (record.count !== head.states) throw new Unfit('states of the record are missing');
    const distances = new Int32Array(record.count);
    this.follow(record, distances);
    this.load(record, record.count, distances);
    if (!sameTables(this.tables(), head.tables)) throw new Unfit('the record does not lead where it led');
    const { space, frontier, batch, checks, findings } = this.searched;
    for (let i = 0; i < record.changes.length; i += 3) {
      const [id = 0, parent = -1, distance = 0] = record.changes.slice(i, i + 3);
      space.set.setParent(id, parent);
      distances[id] = distance;
    }
    frontier.restore(head.frontier, distances);
    checks.restore(head.readers);
    findings.restore(head.findings);
    batch.putBack(head.batch);
    this.states = record.count;
    this.revision = space.revision;
    this.fresh = false;
  }

  /** Does again what made something new. */
  private follow(record: RecordReader, distances: Int32Array): void {
    const { space, checks, successors } = this.searched;
    for (let i = 0; i < record.events.length; i += EVENT_STRIDE) {
      const [event = 0, id = 0, check = 0] = record.events.slice(i, i + EVENT_STRIDE);
      this.load(record, Math.min(id + 1, record.count), distances);
      if (id >= space.set.count) throw new Unfit(`state ${id} is not in the record`);
      if (event === Event.tightened) space.tighten();
      else if (event === Event.expanded) successors.expand(id, { take() {} });
      else {
        const state = new Int32Array(space.layout.words);
        space.set.get(id, state);
        checks.breaks(event === Event.always ? 'always' : 'end', check, state, 0);
      }
    }
  }

  /** Adds states up to a number. */
  private load(record: RecordReader, count: number, distances: Int32Array): void {
    const { space } = this.searched;
    const { layout, set } = space;
    const state = new Int32Array(layout.words);
    for (let id = set.count; id < count; id++) {
      record.state(id, layout, state);
      if (set.add(state, 0, space.hashes.whole(state, layout), record.parent(id)) !== id)
        throw new Unfit(`state ${id} is there twice`);
      distances[id] = record.distance(id);
    }
  }
}

function sameTables(one: readonly (readonly number[])[], other: readonly (readonly number[])[]): boolean {
  const same = (a: readonly number[], b: readonly number[] | undefined): boolean =>
    b !== undefined && a.length === b.length && a.every((number, i) => number === b[i]);
  return one.length === other.length && one.every((row, i) => same(row, other[i]));
}
