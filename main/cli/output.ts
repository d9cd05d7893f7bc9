/** Where a command writes what it made. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileTrouble } from '../lab/file-trouble.ts';
import type { Io } from './io.ts';

/** Writes to a file, or to standard output where `target` is `-`. InputError where the file cannot be written. */
export async function writeOutput(target: string, text: string, io: Io): Promise<void> {
  if (target === '-') {
    io.out(text);
    return;
  }
  await writeFile(resolve(io.cwd, target), text).catch((error: unknown) => {
    throw fileTrouble('save', target, error);
  });
}
