/** Reads a trace's index: what is in it, and the events of one page. */
import Database from 'better-sqlite3';
import { z } from 'zod';
import { rangeOf, unpackBlock } from './block.ts';
import type { Damage, Tally } from './entries.ts';
import { EventBatch } from './event-batch.ts';
import { APPLICATION_ID, FORMAT } from './index-schema.ts';
import type { MapcountForm } from './mapcount.ts';
import type { PageSummary } from './page-table.ts';

/** An index cannot be used. The message is one sentence. */
export class IndexError extends Error {
  override readonly name = 'IndexError';
}

/** A marker as it is kept. */
export interface Marker {
  readonly line: number;
  /** Events of the trace before it. */
  readonly event: number;
  readonly time: number;
  readonly task: number;
  readonly text: string;
}

export interface About {
  readonly source: string;
  readonly tally: Tally;
  readonly endedMidLine: boolean;
  readonly mapcounts: MapcountForm;
}

export type PageOrder = 'pfn' | 'events' | 'suspicion';

const ORDERS: Readonly<Record<PageOrder, string>> = {
  pfn: 'pfn',
  events: 'events DESC, pfn',
  // Counts below zero first, then what was taken and not given back, then what does not add up.
  suspicion: 'low < 0 DESC, (after > before AND after > 0) DESC, gaps DESC, abs(after - before) DESC, events DESC, pfn',
};

const tallyShape = z.object({
  lines: z.number(),
  events: z.number(),
  markers: z.number(),
  damaged: z.number(),
  lost: z.number(),
  other: z.number(),
});
const pageRow = z.object({
  pfn: z.number(),
  events: z.number(),
  first_line: z.number(),
  last_line: z.number(),
  first_time: z.number(),
  last_time: z.number(),
  before: z.number(),
  after: z.number(),
  low: z.number(),
  high: z.number(),
  gaps: z.number(),
  strange: z.number(),
});
const blockRow = z.object({ events: z.number(), columns: z.instanceof(Uint8Array) });
const markerRow = z.object({
  line: z.number(),
  event: z.number(),
  time: z.number(),
  task: z.number(),
  text: z.string(),
});
const lostRow = z.object({
  line: z.number(),
  event: z.number(),
  lost: z.number().nullable(),
  cpu: z.number().nullable(),
});
const damagedRow = z.object({ line: z.number(), damage: z.enum(['cut', 'garbled', 'overlong']), text: z.string() });

export class TraceIndex {
  private readonly database: Database.Database;
  private readonly texts = new Map<string, string>();
  readonly mapcounts: MapcountForm;

  constructor(database: Database.Database) {
    this.database = database;
    this.mapcounts = this.about().mapcounts;
  }

  /** @throws IndexError where the file is no index, or one of another version. */
  static open(path: string): TraceIndex {
    let database: Database.Database;
    try {
      database = new Database(path, { readonly: true, fileMustExist: true });
    } catch (thrown) {
      throw new IndexError(`cannot open it: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
    const trouble = troubleOf(database);
    if (trouble === null) return new TraceIndex(database);
    database.close();
    throw new IndexError(trouble);
  }

  close(): void {
    this.database.close();
  }

  about(): About {
    const read = (key: string): string =>
      z.string().parse(this.database.prepare('SELECT value FROM about WHERE key = ?').pluck().get(key));
    return {
      source: read('source'),
      tally: tallyShape.parse(JSON.parse(read('tally'))),
      mapcounts: z.enum(['raw', 'cooked', 'unknown']).parse(read('mapcounts')),
      endedMidLine: z.boolean().parse(JSON.parse(read('endedMidLine'))),
    };
  }

  pageCount(): number {
    return z.number().parse(this.database.prepare('SELECT count(*) FROM pages').pluck().get());
  }

  pages(order: PageOrder, limit: number, offset = 0): PageSummary[] {
    const sql = `SELECT * FROM pages ORDER BY ${ORDERS[order]} LIMIT ? OFFSET ?`;
    return this.database.prepare(sql).all(limit, offset).map(summaryOf);
  }

  /** Null for a page that no event is about. */
  page(pfn: number): PageSummary | null {
    const row = this.database.prepare('SELECT * FROM pages WHERE pfn = ?').get(pfn);
    return row === undefined ? null : summaryOf(row);
  }

  /** All events of a page in the trace's order; at most `most`, the first ones. */
  events(pfn: number, most = Number.MAX_SAFE_INTEGER): EventBatch {
    const total = Math.min(this.page(pfn)?.events ?? 0, most);
    const batch = new EventBatch(total);
    const sql = 'SELECT events, columns FROM blocks WHERE first_pfn <= ? AND last_pfn >= ? ORDER BY id';
    for (const row of this.database.prepare(sql).iterate(pfn, pfn)) {
      const { events, columns } = blockRow.parse(row);
      const [from, to] = rangeOf(columns, events, pfn);
      const room = total - batch.length;
      if (to > from) unpackBlock(columns, events, from, Math.min(to, from + room), batch);
      if (batch.length === total) break;
    }
    return batch;
  }

  markers(): Marker[] {
    return this.database
      .prepare('SELECT * FROM markers ORDER BY line')
      .all()
      .map((row) => markerRow.parse(row));
  }

  lost(): z.infer<typeof lostRow>[] {
    return this.database
      .prepare('SELECT * FROM lost ORDER BY line')
      .all()
      .map((row) => lostRow.parse(row));
  }

  damaged(): { readonly line: number; readonly damage: Damage; readonly text: string }[] {
    return this.database
      .prepare('SELECT * FROM damaged ORDER BY line')
      .all()
      .map((row) => damagedRow.parse(row));
  }

  /** `comm-pid` of a task; empty for 0. */
  task(id: number): string {
    return this.text('tasks', id);
  }

  /** The text behind `flags=`. */
  flags(id: number): string {
    return this.text('flags', id);
  }

  /** Symbols of a stack, innermost first. */
  stack(id: number): readonly string[] {
    const text = this.text('stacks', id);
    return text === '' ? [] : text.trimEnd().split('\n');
  }

  private text(kind: 'tasks' | 'flags' | 'stacks', id: number): string {
    if (id === 0) return '';
    const key = `${kind} ${id}`;
    let text = this.texts.get(key);
    if (text === undefined) {
      const row = this.database.prepare('SELECT text FROM names WHERE kind = ? AND id = ?').pluck().get(kind, id);
      text = z.string().optional().parse(row) ?? '';
      this.texts.set(key, text);
    }
    return text;
  }
}

function troubleOf(database: Database.Database): string | null {
  try {
    if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID) return 'it is no index of a trace';
    if (database.pragma('user_version', { simple: true }) !== FORMAT) {
      return 'it was made by another version of Gupbook: import the trace again';
    }
    return database.prepare("SELECT 1 FROM about WHERE key = 'tally'").get() === undefined
      ? 'it is half an index: import the trace again'
      : null;
  } catch (thrown) {
    if (thrown instanceof Database.SqliteError) return 'it is no index of a trace, or a damaged one';
    throw thrown;
  }
}

function summaryOf(row: unknown): PageSummary {
  const page = pageRow.parse(row);
  return {
    pfn: page.pfn,
    events: page.events,
    firstLine: page.first_line,
    lastLine: page.last_line,
    firstTime: page.first_time,
    lastTime: page.last_time,
    before: page.before,
    after: page.after,
    low: page.low,
    high: page.high,
    gaps: page.gaps,
    strange: page.strange,
  };
}
