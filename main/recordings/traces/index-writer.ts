/** Writes a trace's index while the trace is read: a sink of the scanner. */
import Database from 'better-sqlite3';
import { packBlock } from './block.ts';
import type { DamagedLine, LostEntry, MarkerEntry, Names, Tally, TraceSink } from './entries.ts';
import { EventBatch, gather } from './event-batch.ts';
import { APPLICATION_ID, BLOCK, FORMAT, SCHEMA } from './index-schema.ts';
import { type MapcountForm, mapcountForm } from './mapcount.ts';
import { MOST_PAGES, type PageSummary, PageTable } from './page-table.ts';

/** Markers and losses that are kept; a hostile trace must not fill the disk with them. */
const MOST_ENTRIES = 1_000_000;

const PAGE = `
INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (pfn) DO UPDATE SET
  events = events + excluded.events,
  last_line = excluded.last_line,
  last_time = excluded.last_time,
  after = excluded.after,
  low = min(low, excluded.low),
  high = max(high, excluded.high),
  gaps = gaps + excluded.gaps,
  strange = strange + excluded.strange`;

export class IndexWriter implements TraceSink {
  /** See {@link TraceSink.other}. */
  other: (text: string, line: number) => void = () => {};
  readonly database: Database.Database;
  private readonly pages = new PageTable();
  private readonly sorted: EventBatch;
  private readonly rows: Int32Array;
  private readonly order: Uint32Array;
  /** For each row of the page table: events of the batch, then the place of its next event. All 0 between batches. */
  private readonly places = new Int32Array(MOST_PAGES);
  /** Page frames of the batch. */
  private readonly touched: Float64Array;
  private readonly insert: ReturnType<IndexWriter['statements']>;
  private mapcounts: MapcountForm = 'unknown';
  private markers = 0;
  private losses = 0;

  /** `path` is a new file, or ':memory:'. `capacity`: the largest batch that will come. */
  constructor(path: string, capacity: number) {
    this.database = new Database(path);
    this.database.pragma(`application_id = ${APPLICATION_ID}`);
    this.database.pragma(`user_version = ${FORMAT}`);
    // What is lost in a crash is built anew.
    this.database.pragma('journal_mode = OFF');
    this.database.pragma('synchronous = OFF');
    this.database.pragma('cache_size = -16384');
    this.database.exec(SCHEMA);
    this.database.exec('BEGIN');
    this.sorted = new EventBatch(capacity);
    this.rows = new Int32Array(capacity);
    this.order = new Uint32Array(capacity);
    this.touched = new Float64Array(capacity);
    this.insert = this.statements();
  }

  events(batch: EventBatch): void {
    if (this.pages.size + batch.length > MOST_PAGES) this.writePages();
    if (this.mapcounts === 'unknown') this.mapcounts = mapcountForm(batch);
    this.pages.add(batch, this.rows);
    gather(batch, this.sortedOrder(batch), this.sorted);
    for (let from = 0; from < batch.length; from += BLOCK) this.writeBlock(from, Math.min(from + BLOCK, batch.length));
  }

  marker({ line, event, time, task, text }: MarkerEntry): void {
    if (this.markers++ < MOST_ENTRIES) this.insert.marker.run(line, event, time, task, text);
  }

  lost({ line, event, lost, cpu }: LostEntry): void {
    if (this.losses++ < MOST_ENTRIES) this.insert.lost.run(line, event, lost, cpu);
  }

  damaged({ line, damage, text }: DamagedLine): void {
    this.insert.damaged.run(line, damage, text);
  }

  /** The trace has ended. `source` names it for people. */
  finish(source: string, tally: Tally, names: Names, endedMidLine: boolean): void {
    this.writePages();
    for (const kind of ['tasks', 'flags', 'stacks'] as const) {
      const table = names[kind];
      for (let id = 1; id <= table.size; id++) this.insert.name.run(kind, id, table.text(id));
    }
    this.insert.about.run('source', source);
    this.insert.about.run('tally', JSON.stringify(tally));
    this.insert.about.run('mapcounts', this.mapcounts);
    this.insert.about.run('endedMidLine', JSON.stringify(endedMidLine));
    this.database.exec('COMMIT');
  }

  private statements() {
    const prepare = (sql: string): Database.Statement<unknown[]> => this.database.prepare(sql);
    return {
      block: prepare('INSERT INTO blocks VALUES (NULL, ?, ?, ?, ?, ?, ?)'),
      page: prepare(PAGE),
      marker: prepare('INSERT OR REPLACE INTO markers VALUES (?, ?, ?, ?, ?)'),
      lost: prepare('INSERT OR REPLACE INTO lost VALUES (?, ?, ?, ?)'),
      damaged: prepare('INSERT OR REPLACE INTO damaged VALUES (?, ?, ?)'),
      name: prepare('INSERT INTO names VALUES (?, ?, ?)'),
      about: prepare('INSERT INTO about VALUES (?, ?)'),
    };
  }

  /**
   * Rows of the batch by page, those of a page in their order: a counting sort over the batch's own pages, which costs
   * less than comparing events.
   */
  private sortedOrder(batch: EventBatch): Uint32Array {
    const { rows, order, places, touched, pages } = this;
    const n = batch.length;
    let distinct = 0;
    for (let i = 0; i < n; i++) {
      const row = rows[i] ?? 0;
      const events = places[row] ?? 0;
      if (events === 0) touched[distinct++] = pages.pfnOf(row);
      places[row] = events + 1;
    }
    const pfns = touched.subarray(0, distinct).sort();
    let place = 0;
    for (let k = 0; k < distinct; k++) {
      const row = pages.rowOf(pfns[k] ?? 0);
      const events = places[row] ?? 0;
      places[row] = place;
      place += events;
    }
    for (let i = 0; i < n; i++) {
      const row = rows[i] ?? 0;
      const at = places[row] ?? 0;
      order[at] = i;
      places[row] = at + 1;
    }
    for (let i = 0; i < n; i++) places[rows[i] ?? 0] = 0;
    return order.subarray(0, n);
  }

  private writeBlock(from: number, to: number): void {
    const { pfn, time } = this.sorted;
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    for (let i = from; i < to; i++) {
      const at = time[i] ?? 0;
      if (at < first) first = at;
      if (at > last) last = at;
    }
    const block = packBlock(this.sorted, from, to);
    this.insert.block.run(pfn[from] ?? 0, pfn[to - 1] ?? 0, Math.floor(first), Math.floor(last), to - from, block);
  }

  private writePages(): void {
    for (const page of this.pages.summaries()) this.insert.page.run(...values(page));
    this.pages.clear();
  }
}

function values(page: PageSummary): number[] {
  const { pfn, events, firstLine, lastLine, firstTime, lastTime, before, after, low, high, gaps, strange } = page;
  const times = [Math.floor(firstTime), Math.floor(lastTime)];
  return [pfn, events, firstLine, lastLine, ...times, before, after, low, high, gaps, strange];
}
