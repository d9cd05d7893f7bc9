/** What happens to a damaged store: it is set aside under another name, and as much as can be is brought back. */
import { copyFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { backupPath, connect, examine, sizeOf } from './connect.ts';
import { StoreError } from './error.ts';
import { salvage } from './salvage.ts';
import { migrate } from './schema.ts';

/**
 * Puts a sound store in the damaged one's place: the kept backup, where there is a sound one, with whatever can still
 * be read of the damaged file merged into it. The damaged file is renamed, never deleted, and only when the new one is
 * whole: where that fails (a full disk), all stays as it was.
 * @param why what SQLite said of the file.
 * @returns the sentence that says what was done.
 */
export function restore(path: string, why: string, now: number): StoreError {
  const fresh = freshPath(path);
  const backup = backupPath(path);
  removeDatabase(fresh);
  const restored = sizeOf(backup) !== null && isSound(backup);
  if (restored) copyFileSync(backup, fresh);
  const rows = fill(fresh, path);
  const kept = setAside(path, now);
  renameSync(fresh, path);

  const parts = restored ? [`the backup of ${new Date(statSync(backup).mtimeMs).toISOString()}`] : [];
  if (rows > 0) parts.push(`${rows} ${rows === 1 ? 'entry' : 'entries'} that could still be read of it`);
  const content = parts.length > 0 ? `with ${parts.join(' and ')}` : 'empty';
  return new StoreError(
    'damaged',
    `The store ${path} was damaged (${why}) and is kept as ${basename(kept)}; a new one starts ${content}: ` +
      'look there for anything you miss.',
  );
}

/** Ends a {@link restore} that was interrupted between its two renamings. */
export function finishRestore(path: string): void {
  if (sizeOf(path) === null && sizeOf(freshPath(path)) !== null) renameSync(freshPath(path), path);
}

/** Where the new store is put together. */
function freshPath(path: string): string {
  return `${path}.fresh`;
}

/** @returns how many rows of the damaged file came over. */
function fill(fresh: string, damaged: string): number {
  const db = connect(fresh);
  try {
    migrate(db);
    return salvage(db, damaged);
  } finally {
    db.close();
  }
}

/** Renames the file and its write-ahead log together. @returns the new name. */
function setAside(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  let kept = `${path}.damaged-${stamp}`;
  for (let n = 2; sizeOf(kept) !== null; n++) kept = `${path}.damaged-${stamp}-${n}`;
  if (sizeOf(`${path}-wal`) !== null) renameSync(`${path}-wal`, `${kept}-wal`);
  // The index of the log is rebuilt from the log; a stale one would mislead the new database.
  rmSync(`${path}-shm`, { force: true });
  renameSync(path, kept);
  return kept;
}

function removeDatabase(path: string): void {
  for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
}

function isSound(path: string): boolean {
  try {
    return examine(path) === null;
  } catch {
    return false;
  }
}
