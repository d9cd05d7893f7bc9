/** Connections to the database file, and whether it is what we may open. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { hasErrno, meansDamage, meansWrongTables, StoreError } from './error.ts';
import { APPLICATION_ID, SCHEMA_VERSION, userVersion } from './schema.ts';

/** Milliseconds to wait for another process's write (a reader's recovery, a foreign tool) before `locked`. */
const BUSY_TIMEOUT = 2000;

/** A connection for the owner. Creates the file where there is none. */
export function connect(path: string): Database.Database {
  const db = new Database(path, { timeout: BUSY_TIMEOUT });
  try {
    // Before the first table, or not at all; without effect on an old file.
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    // What was acknowledged is on the disk: it survives not only SIGKILL but the loss of power.
    db.pragma('synchronous = FULL');
    secure(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A connection that cannot write, beside an owner or without one. */
export function connectForReading(path: string): Database.Database {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT });
  try {
    secure(db);
    // The first read finds out whether the write-ahead log can be used.
    userVersion(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function secure(db: Database.Database): void {
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
}

/** Creates the store's folder and makes sure that file and folder can be written, before SQLite tries. */
export function requireWritable(path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  accessSync(folder, constants.W_OK | constants.X_OK);
  if (sizeOf(path) !== null) accessSync(path, constants.R_OK | constants.W_OK);
}

/** Size of a file in bytes, or null where there is none. */
export function sizeOf(path: string): number | null {
  try {
    return statSync(path).size;
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * Looks at a database file before it is used.
 * @returns null where it is sound (or new), otherwise what is wrong, in SQLite's words.
 * @throws StoreError `foreign` or `newer`: the file is sound and not ours to touch.
 */
export function examine(path: string): string | null {
  const size = sizeOf(path);
  if (size === null) return null;
  if (size === 0) return sizeOf(backupPath(path)) === null ? null : 'the file is empty';
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { fileMustExist: true, timeout: BUSY_TIMEOUT });
    const finding = String(db.pragma('integrity_check(1)', { simple: true }));
    if (finding !== 'ok') return finding.replace(/\s+/g, ' ').trim();
    return requireOurs(db, path);
  } catch (error) {
    if (meansDamage(error) && error instanceof Error) return error.message;
    if (db === null || !meansWrongTables(error)) throw error;
    return unreadable(db, path, error);
  } finally {
    db?.close();
  }
}

/** What is wrong where SQLite cannot even look: with the format's number in the header, or with a search index. */
function unreadable(db: Database.Database, path: string, error: Error): string {
  try {
    return requireOurs(db, path) ?? error.message;
  } catch (again) {
    if (meansWrongTables(again)) return again.message;
    throw again;
  }
}

/**
 * @returns null, or what is wrong with the version number.
 * @throws StoreError `foreign` or `newer`.
 */
export function requireOurs(db: Database.Database, path: string): string | null {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const marked = Number(db.pragma('application_id', { simple: true })) === APPLICATION_ID;
  if (!marked && tables.length > 0 && !(tables.includes('notebooks') && tables.includes('journal'))) {
    throw new StoreError('foreign', `${path} is the database of another program: name another file for the store.`);
  }
  const version = userVersion(db);
  if (version > SCHEMA_VERSION) {
    throw new StoreError(
      'newer',
      `The store ${path} was written by a newer Gupbook (schema ${version}, this one knows ${SCHEMA_VERSION}): ` +
        'update Gupbook, or name another file for the store.',
    );
  }
  return version < 0 || (version > 0 && tables.length === 0) ? `the schema version is ${version}` : null;
}

/** Where the backup of a store is kept, from which a damaged store is restored. */
export function backupPath(path: string): string {
  return `${path}.backup`;
}
