/** What the operating system says about a file, in a sentence. */
import { InputError, shown } from './input-error.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file: check the path',
  ENOTDIR: 'a part of the path before the last is no directory: check the path',
  EISDIR: 'it is a directory: name a file in it',
  EACCES: 'permission is denied: check its mode and that of its directory',
  EPERM: 'the system does not allow it: check its owner and its mode',
  EROFS: 'the file system is read-only: choose another place',
  ENOSPC: 'the disk is full: make room and try again',
  EDQUOT: 'your quota is used up: make room and try again',
  ELOOP: 'its symbolic links lead in a circle: check them',
  ENAMETOOLONG: 'the name is too long: choose a shorter one',
  EMFILE: 'too many files are open: close some and try again',
  ENFILE: 'too many files are open: close some and try again',
  EIO: 'the disk reports an error: check it',
  ERR_INVALID_ARG_VALUE: 'the path holds a zero byte: check the path',
};

/** `cannot read NAME: there is no such file: check the path`, from what a call of `node:fs` threw. */
export function fileTrouble(doing: 'read' | 'save', path: string, error: unknown): InputError {
  if (error instanceof InputError) return error;
  const code = errorCode(error);
  const reason = REASONS[code] ?? `the system says ${code === '' ? String(error) : code}`;
  return new InputError(`cannot ${doing} ${shown(path)}: ${reason}`, { cause: error });
}

/** The `code` of a system error, or the empty string. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}
