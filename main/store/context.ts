/** What the parts of the store share: the connection, the clock, the place. */
import type { Database } from 'better-sqlite3';
import { StoreError } from './error.ts';

export interface Context {
  readonly db: Database;
  /** The database file, for sentences. */
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The sentence for an id that names nothing. */
export function missing(context: Context, what: string): StoreError {
  return new StoreError('missing', `There is no ${what} in ${context.path}: it may have been deleted meanwhile.`);
}

/** An id that SQLite gave. Ids beyond 2^53 cannot occur: they count rows. */
export function rowId(id: number | bigint): number {
  return Number(id);
}
