/** Texts by content: every revision and every run refers to one row; equal texts share it. */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Context, missing, rowId } from './context.ts';
import { StoreError } from './error.ts';

/** Longer texts are no notebooks; SQLite's own limit for one value is 1 GB. */
const MAX_TEXT_BYTES = 64 * 1024 * 1024;

export interface TextRow {
  readonly sha256: Uint8Array;
  readonly body: Uint8Array;
}

export type Texts = ReturnType<typeof texts>;

export function texts(context: Context) {
  const { db, path } = context;
  const find = db.prepare<[Uint8Array], { text_id: number }>('SELECT text_id FROM texts WHERE sha256 = ?');
  const insert = db.prepare<[Uint8Array, number, Uint8Array]>(
    'INSERT INTO texts (sha256, bytes, body) VALUES (?, ?, ?)',
  );
  const byId = db.prepare<[number], TextRow>('SELECT sha256, body FROM texts WHERE text_id = ?');
  const byHash = db.prepare<[Uint8Array], TextRow>('SELECT sha256, body FROM texts WHERE sha256 = ?');
  const all = db.prepare<[], TextRow>('SELECT sha256, body FROM texts ORDER BY text_id');

  function row(textId: number): TextRow {
    const found = byId.get(textId);
    if (found === undefined) throw missing(context, `text ${textId}`);
    return found;
  }

  return {
    /** @returns the id of the text's row. */
    keep(text: string): number {
      const bytes = Buffer.from(text, 'utf8');
      if (bytes.length > MAX_TEXT_BYTES) {
        const size = Math.ceil(bytes.length / 1024 / 1024);
        throw new StoreError('invalid', `The notebook's text has ${size} MB, and ${path} keeps at most 64: split it.`);
      }
      const sha256 = createHash('sha256').update(bytes).digest();
      return (
        find.get(sha256)?.text_id ?? rowId(insert.run(sha256, bytes.length, deflateRawSync(bytes)).lastInsertRowid)
      );
    },

    get(textId: number): string {
      return unpackText(row(textId), path);
    },

    /** The text with its SHA-256 in hex. */
    named(textId: number): { readonly text: string; readonly sha256: string } {
      const found = row(textId);
      return { text: unpackText(found, path), sha256: Buffer.from(found.sha256).toString('hex') };
    },

    /** @param hex SHA-256 in hex. */
    byHash(hex: string): string {
      const row = byHash.get(Buffer.from(hex, 'hex'));
      if (row === undefined) throw missing(context, `text with the hash ${hex}`);
      return unpackText(row, path);
    },

    /** A sentence for every text that is not what its hash says. */
    *check(): Generator<string> {
      for (const row of all.iterate()) {
        try {
          unpackText(row, path);
        } catch (error) {
          yield error instanceof Error ? error.message : String(error);
        }
      }
    },

    /** Deletes the texts nobody refers to. @returns their number. */
    sweep(): number {
      return db
        .prepare(
          `DELETE FROM texts WHERE text_id NOT IN (
             SELECT text_id FROM notebooks UNION SELECT text_id FROM revisions UNION SELECT text_id FROM runs)`,
        )
        .run().changes;
    },
  };
}

/** @throws StoreError `damaged` where the bytes are not the text that the hash names. */
export function unpackText(row: TextRow, path: string): string {
  let bytes: Uint8Array;
  try {
    bytes = inflateRawSync(row.body, { maxOutputLength: MAX_TEXT_BYTES });
  } catch (error) {
    throw damagedText(row, path, error);
  }
  if (!createHash('sha256').update(bytes).digest().equals(row.sha256)) throw damagedText(row, path);
  return Buffer.from(bytes).toString('utf8');
}

function damagedText(row: TextRow, path: string, cause?: unknown): StoreError {
  const hash = Buffer.from(row.sha256).toString('hex').slice(0, 12);
  return new StoreError(
    'damaged',
    `The text ${hash} in ${path} is damaged: restore a backup, or go on without this version.`,
    cause,
  );
}
