/** Saving a notebook's file so that, whatever happens meanwhile, the old or the new text is there, whole. */
import { randomUUID } from 'node:crypto';
import { access, constants, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errorCode, fileTrouble } from './file-trouble.ts';
import { InputError, shown } from './input-error.ts';
import { positionAt } from './lines.ts';
import { checkSize } from './read-file.ts';

/** Links followed before they are taken for a circle, as the kernel does. */
const MAX_LINKS = 40;

/**
 * Replaces the file's content: written beside it, flushed, renamed over it. The mode stays; a symbolic link stays and
 * its target is replaced. InputError if the file cannot be saved, which then is as it was.
 */
export async function writeNotebookFile(path: string, text: string): Promise<void> {
  const bytes = encode(path, text);
  try {
    const target = await targetOf(path);
    await replaceFile(target, bytes, await modeOf(target));
  } catch (error) {
    throw fileTrouble('save', path, error);
  }
}

function encode(path: string, text: string): Buffer {
  const half = /\p{Surrogate}/u.exec(text);
  if (half !== null) {
    const { line, column } = positionAt(text, half.index);
    const where = `line ${line}, column ${column}`;
    throw new InputError(`cannot save ${shown(path)}: ${where} holds half of a surrogate pair: remove it`);
  }
  const bytes = Buffer.from(text);
  checkSize('save', path, bytes.length);
  return bytes;
}

/** The file that `path` means once links are followed; it may not exist yet. */
async function targetOf(path: string): Promise<string> {
  let target = resolve(path);
  for (let links = 0; links < MAX_LINKS; links++) {
    const found = await realpath(target).catch(unlessMissing);
    if (found !== null) return found;
    // Nothing there: a new file, or a link to one.
    const link = await readlink(target).catch(unlessMissing);
    if (link === null) return target;
    target = resolve(dirname(target), link);
  }
  throw new InputError(`cannot save ${shown(path)}: its symbolic links lead in a circle: check them`);
}

/** The mode bits of the file to be replaced, or null. A file that may not be written is not replaced either. */
async function modeOf(target: string): Promise<number | null> {
  const found = await stat(target).catch(unlessMissing);
  if (found === null) return null;
  if (found.isDirectory()) throw new InputError(`cannot save ${shown(target)}: it is a directory: name a file in it`);
  if (!found.isFile()) throw new InputError(`cannot save ${shown(target)}: it is no regular file: choose another name`);
  await access(target, constants.W_OK);
  return found.mode & 0o7777;
}

async function replaceFile(target: string, bytes: Buffer, mode: number | null): Promise<void> {
  // Not longer than the target's own name where that is long already, and hidden from listings.
  const beside = join(dirname(target), `.${basename(target).slice(0, 40)}.${randomUUID().slice(0, 8)}.tmp`);
  try {
    const file = await open(beside, 'wx', mode === null ? 0o666 : 0o600);
    try {
      await file.writeFile(bytes);
      if (mode !== null) await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await flushDirectory(dirname(target));
}

/** Makes the rename itself last. Some file systems cannot; the file is saved all the same. */
async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => null);
  if (handle === null) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}

function unlessMissing(error: unknown): null {
  if (errorCode(error) === 'ENOENT') return null;
  throw error;
}
