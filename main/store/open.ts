/** Opening a store: who owns it, whether the file is sound, which schema it has. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type Database from 'better-sqlite3';
import { connect, connectForReading, examine, requireOurs, requireWritable, sizeOf } from './connect.ts';
import { meansWrongTables, StoreError, toStoreError } from './error.ts';
import { lockStore } from './lock.ts';
import { finishRestore, restore } from './restore.ts';
import { migrate, SCHEMA_VERSION, userVersion } from './schema.ts';
import { createStore } from './store.ts';
import type { OpenOptions, Store } from './types.ts';

/** The path of a store that lives in memory and ends with the program: for when no file can be had. */
export const IN_MEMORY = ':memory:';

/**
 * Opens the store at `path`, creating file and folder where there are none. A damaged file is set aside and what can be
 * had of it comes back: see {@link Store.notices}.
 * @throws StoreError where the store cannot be opened.
 */
export function openStore(path: string, options: OpenOptions = {}): Store {
  const now = options.now ?? Date.now;
  const file = path === IN_MEMORY ? path : resolve(path);
  try {
    if (file === IN_MEMORY) return openInMemory(now);
    return options.readOnly === true ? openForReading(file, now) : openAsOwner(file, now);
  } catch (error) {
    throw toStoreError(error, file);
  }
}

function openInMemory(now: () => number): Store {
  const db = connect(IN_MEMORY);
  migrate(db);
  return createStore({ db, path: IN_MEMORY, now }, { readOnly: false, notices: [], release: () => undefined });
}

function openAsOwner(path: string, now: () => number): Store {
  requireWritable(path);
  const release = lockStore(path);
  try {
    finishRestore(path);
    const why = examine(path);
    if (why !== null) return ready(path, now, [restore(path, why, now())], release);
    try {
      return ready(path, now, [], release);
    } catch (error) {
      if (!meansWrongTables(error)) throw error;
      return ready(path, now, [restore(path, error.message, now())], release);
    }
  } catch (error) {
    release();
    throw error;
  }
}

/** Connects and migrates; an older database is copied before it is migrated. */
function ready(path: string, now: () => number, notices: readonly StoreError[], release: () => void): Store {
  const db = connect(path);
  try {
    const from = userVersion(db);
    const copy = `${path}.schema-${from}`;
    if (from > 0 && from < SCHEMA_VERSION && sizeOf(copy) === null) db.prepare('VACUUM INTO ?').run(copy);
    migrate(db);
    return createStore({ db, path, now }, { readOnly: false, notices, release });
  } catch (error) {
    db.close();
    throw error;
  }
}

function openForReading(path: string, now: () => number): Store {
  if (sizeOf(path) === null) {
    throw new StoreError('missing', `There is no store at ${path}: open a notebook in Gupbook, or name another file.`);
  }
  const { db, release } = readable(path);
  try {
    const why = requireOurs(db, path);
    if (why !== null)
      throw new StoreError('damaged', `The store ${path} is damaged (${why}): open it in Gupbook once.`);
    if (userVersion(db) < SCHEMA_VERSION) {
      const what = `The store ${path} was written by an older Gupbook and cannot be read as it is`;
      throw new StoreError('read-only', `${what}: open it in this one once, where it can be written.`);
    }
    return createStore({ db, path, now }, { readOnly: true, notices: [], release });
  } catch (error) {
    db.close();
    release();
    throw error;
  }
}

/** On a read-only disk SQLite cannot make the files it needs beside a database: then a copy is read. */
function readable(path: string): { readonly db: Database.Database; readonly release: () => void } {
  try {
    return { db: connectForReading(path), release: () => undefined };
  } catch (error) {
    const code = toStoreError(error, path).code;
    if (code !== 'place' && code !== 'read-only') throw error;
  }
  const folder = mkdtempSync(join(tmpdir(), 'gupbook-store-'));
  const release = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, basename(path));
    copyFileSync(path, copy);
    if (sizeOf(`${path}-wal`) !== null) copyFileSync(`${path}-wal`, `${copy}-wal`);
    return { db: connectForReading(copy), release };
  } catch (error) {
    release();
    throw error;
  }
}
