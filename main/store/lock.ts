/**
 * One process owns a store. The lock is SQLite's exclusive lock on an empty file beside the store: the operating system
 * drops it when the process dies, however it dies. (Opening and closing that file in the owner by other means would
 * drop it too: POSIX locks belong to the process.)
 */
import Database from 'better-sqlite3';
import { StoreError } from './error.ts';

/**
 * @returns what releases the lock.
 * @throws StoreError `locked` at once where another process (or this one) owns the store.
 */
export function lockStore(path: string): () => void {
  const lock = new Database(`${path}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    throw new StoreError(
      'locked',
      `The store ${path} is open in another Gupbook: go on there, or close it first.`,
      error,
    );
  }
  return () => lock.close();
}
