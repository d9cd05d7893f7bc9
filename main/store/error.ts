/** The one error of the store: a code for programs and one sentence for people. */

/**
 * `newer`: written by a later Gupbook. `damaged`: the file is no sound database. `foreign`: another program's database.
 * `read-only`: file, folder or disk refuses writes. `full`: no space. `locked`: another process holds it. `missing`: no
 * such notebook, run or text. `place`: the folder cannot be used. `invalid`: the caller's data cannot be kept. `io`: the
 * disk failed. `binding`: SQLite cannot be loaded. `closed`: the store was closed.
 */
export type StoreErrorCode =
  | 'newer'
  | 'damaged'
  | 'foreign'
  | 'read-only'
  | 'full'
  | 'locked'
  | 'missing'
  | 'place'
  | 'invalid'
  | 'io'
  | 'binding'
  | 'closed';

/** `message` is one sentence: what happened, where, what to do. `cause` keeps what the library said. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
