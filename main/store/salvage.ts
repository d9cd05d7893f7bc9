/**
 * Reads what is left of a damaged database, row by row from both ends of every table, and merges it into a sound one.
 * Newer rows win. Texts and traces come over only if their hashes are right, under whatever id is theirs in the sound
 * database; what refers to nothing is left behind, except that unsaved text is always kept.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { StoreError } from './error.ts';
import { unpackText } from './texts.ts';
import { unpackTraceRow } from './traces.ts';

type Row = Readonly<Record<string, unknown>>;

/** How a row of a table is written: the columns both sides have, and the statements for them. */
interface Writer {
  readonly same: Database.Statement<[Row], unknown>;
  readonly upsert: Database.Statement<[Row], unknown>;
}

/**
 * @param db the sound database; foreign keys are enforced.
 * @param damagedPath the damaged file; it may be no database at all.
 * @returns the number of rows brought over.
 */
export function salvage(db: Database.Database, damagedPath: string): number {
  const damaged = new Database(damagedPath, { fileMustExist: true });
  try {
    return db.transaction(() => new Merge(db, damaged, damagedPath).run()).immediate();
  } finally {
    damaged.close();
  }
}

class Merge {
  private readonly db: Database.Database;
  private readonly damaged: Database.Database;
  private readonly path: string;
  /** Ids in the damaged file to ids in the sound one. */
  private readonly textIds = new Map<unknown, number>();
  private readonly traceIds = new Map<unknown, number>();
  private readonly writers = new Map<string, Writer>();
  private rows = 0;

  constructor(db: Database.Database, damaged: Database.Database, path: string) {
    this.db = db;
    this.damaged = damaged;
    this.path = path;
  }

  run(): number {
    for (const row of this.read('texts')) this.text(row);
    for (const row of this.read('notebooks')) this.notebook(row);
    for (const row of this.read('journal')) this.ofNotebook('journal', row);
    for (const row of this.read('revisions')) this.withText('revisions', row);
    for (const row of this.read('lineage')) this.put('lineage', row);
    for (const row of this.read('runs')) this.withText('runs', row);
    for (const row of this.read('results')) this.put('results', row);
    for (const row of this.read('traces')) this.trace(row);
    for (const row of this.read('result_traces')) {
      this.put('result_traces', { ...row, trace_id: this.traceIds.get(row.trace_id) ?? null });
    }
    for (const row of this.read('settings')) this.put('settings', row);
    this.dropResultsWithoutTraces();
    return this.rows;
  }

  /** Every row that can be reached from the table's beginning or else from its end; a row may come twice. */
  private *read(table: string): Generator<Row> {
    for (const order of ['ASC', 'DESC']) {
      try {
        yield* this.damaged.prepare<[], Row>(`SELECT * FROM ${table} ORDER BY 1 ${order}`).iterate();
        return;
      } catch {
        // The rest cannot be read from this side.
      }
    }
  }

  private text(row: Row): void {
    const { text_id, sha256, body } = row;
    if (!(sha256 instanceof Uint8Array) || !(body instanceof Uint8Array)) return;
    if (!isSound(() => unpackText({ sha256, body }, this.path))) return;
    const id = this.contentId('texts', 'text_id', row, sha256);
    if (id !== null) this.textIds.set(text_id, id);
  }

  private trace(row: Row): void {
    const { trace_id, sha256, body } = row;
    if (!(sha256 instanceof Uint8Array) || !(body instanceof Uint8Array)) return;
    if (!isSound(() => unpackTraceRow({ trace_id: Number(trace_id), sha256, body }, this.path))) return;
    const id = this.contentId('traces', 'trace_id', row, sha256);
    if (id !== null) this.traceIds.set(trace_id, id);
  }

  /** The sound database's id for the content with this hash, which is put there if it is new. */
  private contentId(table: string, key: string, row: Row, sha256: Uint8Array): number | null {
    const find = this.db.prepare<[Uint8Array], number>(`SELECT ${key} FROM ${table} WHERE sha256 = ?`).pluck();
    const known = find.get(sha256);
    if (known !== undefined) return known;
    this.put(table, { ...row, [key]: null });
    return find.get(sha256) ?? null;
  }

  /** A notebook whose last text is lost keeps its path and its runs. */
  private notebook(row: Row): void {
    this.db
      .prepare<[unknown, unknown]>('UPDATE notebooks SET path = NULL WHERE path = ? AND notebook_id <> ?')
      .run(row.path, row.notebook_id);
    this.put('notebooks', { ...row, text_id: this.textIds.get(row.text_id) ?? this.emptyText() });
  }

  /** Rows of a notebook that is itself lost bring it back, without its path. */
  private ofNotebook(table: string, row: Row): void {
    this.db
      .prepare<[unknown, number]>(
        `INSERT INTO notebooks (notebook_id, path, opened_at, use_order, text_id) VALUES (?, NULL, 0, 0, ?)
         ON CONFLICT DO NOTHING`,
      )
      .run(row.notebook_id, this.emptyText());
    this.put(table, row);
  }

  private withText(table: string, row: Row): void {
    const textId = this.textIds.get(row.text_id);
    if (textId !== undefined) this.ofNotebook(table, { ...row, text_id: textId });
  }

  private emptyText(): number {
    const sha256 = createHash('sha256').digest();
    const row = { text_id: null, sha256, bytes: 0, body: deflateRawSync(new Uint8Array(0)) };
    return this.contentId('texts', 'text_id', row, sha256) ?? 0;
  }

  /** Writes a row over the one with its key, unless it is there already or breaks a rule of the schema. */
  private put(table: string, row: Row): void {
    try {
      const { same, upsert } = this.writer(table, row);
      if (same.get(row) === undefined) this.rows += upsert.run(row).changes;
    } catch (error) {
      if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_CONSTRAINT')) throw error;
    }
  }

  /** An older file may lack columns: the schema's defaults stand for them. */
  private writer(table: string, row: Row): Writer {
    const known = this.writers.get(table);
    if (known !== undefined) return known;
    const info = this.db.prepare<[string], { name: string; pk: number }>('SELECT name, pk FROM pragma_table_info(?)');
    const columns = info.all(table).filter(({ name }) => name in row);
    const names = columns.map(({ name }) => name);
    const key = columns.filter(({ pk }) => pk > 0).map(({ name }) => name);
    const values = names.map((name) => `@${name}`).join(', ');
    const isSame = names.map((name) => `${name} IS @${name}`).join(' AND ');
    const set = names.map((name) => `${name} = excluded.${name}`).join(', ');
    const writer: Writer = {
      same: this.db.prepare<Row>(`SELECT 1 FROM ${table} WHERE ${isSame}`),
      upsert: this.db.prepare<Row>(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values})
         ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set}`,
      ),
    };
    this.writers.set(table, writer);
    return writer;
  }

  /** A result that lacks one of the traces it names would make its whole run unreadable. */
  private dropResultsWithoutTraces(): void {
    this.rows -= this.db
      .prepare(
        `DELETE FROM results WHERE NOT json_valid(body) OR
           json_array_length(body, '$.failures') + (json_extract(body, '$.sample') IS NOT NULL)
             <> (SELECT count(*) FROM result_traces WHERE result_traces.result_id = results.result_id)`,
      )
      .run().changes;
  }
}

function isSound(unpack: () => unknown): boolean {
  try {
    unpack();
    return true;
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}
