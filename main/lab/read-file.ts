/** Reading a notebook's file: any file there is, but only text of a size that a person can have written. */
import { isUtf8 } from 'node:buffer';
import { constants, type FileHandle, open, stat } from 'node:fs/promises';
import { fileTrouble } from './file-trouble.ts';
import { InputError, shown } from './input-error.ts';
import { countLines } from './lines.ts';

/** Bytes of the largest file that is read or saved. */
export const MAX_FILE_BYTES = 16 * 2 ** 20;

/** The file's text, byte order mark included. InputError if it cannot be had. */
export async function readNotebookFile(path: string): Promise<string> {
  const bytes = await readBytes(path).catch((error: unknown) => {
    throw fileTrouble('read', path, error);
  });
  return decode(path, bytes);
}

/** InputError unless a file of so many bytes can be a notebook. */
export function checkSize(doing: 'read' | 'save', path: string, bytes: number): void {
  if (bytes <= MAX_FILE_BYTES) return;
  const most = MAX_FILE_BYTES / 2 ** 20;
  throw new InputError(
    `cannot ${doing} ${shown(path)}: it is larger than ${most} MB: divide it into several notebooks`,
  );
}

async function readBytes(path: string): Promise<Buffer> {
  // Asked before it is opened, for opening a pipe or a device may wait or do something.
  checkKind(path, await stat(path));
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    checkKind(path, found);
    checkSize('read', path, found.size);
    return await readUpTo(path, file);
  } finally {
    await file.close();
  }
}

function checkKind(path: string, found: { isFile(): boolean; isDirectory(): boolean }): void {
  if (found.isDirectory()) throw new InputError(`cannot read ${shown(path)}: it is a directory: name a file in it`);
  if (!found.isFile()) throw new InputError(`cannot read ${shown(path)}: it is no regular file: name a notebook`);
}

/** Reads to the end, whatever size was told: a file may grow, and those of /proc have no size. */
async function readUpTo(path: string, file: FileHandle): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(2 ** 20), 0, 2 ** 20, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
    checkSize('read', path, total);
  }
}

function decode(path: string, bytes: Buffer): string {
  if (isUtf8(bytes)) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const name = shown(path);
  if (isUtf16) throw new InputError(`cannot read ${name}: it is UTF-16 text: save it as UTF-8`);
  const at = firstBadByte(bytes);
  const line = countLines(`${bytes.toString('latin1', 0, at)}x`);
  const byte = `0x${(bytes[at] ?? 0).toString(16)}`;
  throw new InputError(`cannot read ${name}: byte ${byte} in line ${line} is not UTF-8: save the file as UTF-8`);
}

/** Offset of the first byte that cannot stand where it stands in UTF-8. */
function firstBadByte(bytes: Buffer): number {
  // The bytes before `good` can begin a text, those before `bad` cannot.
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (canBeginText(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return Math.min(good, bytes.length - 1);
}

/** Is this UTF-8, apart from a sequence that is cut at its end? */
function canBeginText(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
