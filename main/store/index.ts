/** The store: notebooks, their revisions, unsaved text, runs and traces in one SQLite file. See README.md. */
export { StoreError, type StoreErrorCode } from './error.ts';
export type * from './types.ts';
