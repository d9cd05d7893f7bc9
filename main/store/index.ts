/** The store: notebooks, their revisions, unsaved text, runs and traces in one SQLite file. See README.md. */
export { StoreError, type StoreErrorCode } from './error.ts';
export { IN_MEMORY, openStore } from './open.ts';
export { decodeTrace, encodeTrace, TraceCodecError } from './trace-codec.ts';
export type * from './types.ts';
