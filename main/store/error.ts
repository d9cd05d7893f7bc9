/** The one error of the store: a code for programs and one sentence for people. */
import Database from 'better-sqlite3';

/**
 * `newer`: written by a later Gupbook. `damaged`: the file is no sound database. `foreign`: another program's database.
 * `read-only`: file, folder or disk refuses writes. `full`: no space. `locked`: another process holds it. `missing`:
 * no such notebook, run or text. `place`: the folder cannot be used. `invalid`: the caller's data cannot be kept.
 * `io`: the disk failed. `binding`: SQLite cannot be loaded. `closed`: the store was closed.
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

/** The sentence for a store that was closed. */
export function closed(path: string): StoreError {
  return new StoreError('closed', `The store ${path} has been closed: start Gupbook again.`);
}

/** What SQLite or the file system said, as a {@link StoreError} about `path`. StoreErrors pass unchanged. */
export function toStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  return new StoreError(code, sentence(code, path, saidBy(error)), error);
}

/** What kept a backup or an export from being written to `path`. Errors of the store itself pass as they are. */
export function toWritingError(error: unknown, what: string, path: string): StoreError {
  const code = codeOf(error);
  if (error instanceof StoreError || code === 'damaged') return toStoreError(error, path);
  return new StoreError(
    code,
    `The ${what} cannot be written to ${path} (${saidBy(error)}): name another place.`,
    error,
  );
}

/** True where SQLite says that the file itself is unsound, whatever was asked of it. */
export function meansDamage(error: unknown): boolean {
  return codeOf(error) === 'damaged';
}

/** Missing and unexpected tables and columns are plain errors of the statements that use them. */
export function meansWrongTables(error: unknown): error is Error {
  return error instanceof Database.SqliteError && (error.code === 'SQLITE_ERROR' || meansDamage(error));
}

/** Whether `error` is one of Node's, with one of these codes (`ENOENT` ...). */
export function hasErrno(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code);
}

/** The library's words as part of a sentence: one line, not too long. */
function saidBy(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return said.replace(/\s+/g, ' ').trim().slice(0, 200);
}

function codeOf(error: unknown): StoreErrorCode {
  if (error instanceof Database.SqliteError) return codeOfSqlite(error.code);
  if (hasErrno(error, 'EROFS', 'EACCES', 'EPERM')) return 'read-only';
  if (hasErrno(error, 'ENOSPC', 'EDQUOT')) return 'full';
  if (hasErrno(error, 'ENOENT', 'ENOTDIR', 'EEXIST', 'EISDIR', 'ENOTEMPTY')) return 'place';
  if (hasErrno(error, 'ERR_DLOPEN_FAILED', 'MODULE_NOT_FOUND')) return 'binding';
  return hasErrno(error, 'EIO') ? 'io' : 'invalid';
}

function codeOfSqlite(code: string): StoreErrorCode {
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'damaged';
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') return 'read-only';
  // The shared-memory file is the first that a full disk cannot make longer.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') return 'full';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'locked';
  if (code.startsWith('SQLITE_CANTOPEN')) return 'place';
  return code.startsWith('SQLITE_IOERR') ? 'io' : 'invalid';
}

function sentence(code: StoreErrorCode, path: string, said: string): string {
  switch (code) {
    case 'damaged':
      return `The store ${path} is damaged (${said}): restart Gupbook, which sets it aside and saves what it can.`;
    case 'read-only':
      return `The store ${path} cannot be written (${said}): make the file and its folder writable for you.`;
    case 'full':
      return `The disk is full, and nothing more can be kept in ${path}: free some space and try again.`;
    case 'locked':
      return `The store ${path} is being written by another program: close it and try again.`;
    case 'place':
      return `The store cannot be opened at ${path} (${said}): name a folder that exists and that you may write to.`;
    case 'io':
      return `The disk failed while ${path} was read or written (${said}): check the disk and its free space.`;
    case 'binding':
      return `SQLite cannot be loaded (${said}): run npm start once, which builds it where needed.`;
    default:
      return `The store ${path} could not do what was asked (${said}): please report this as a bug.`;
  }
}
