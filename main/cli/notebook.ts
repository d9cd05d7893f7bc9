/** A notebook that is about to run: its text, and the script that it becomes. */
import { createHash } from 'node:crypto';
import type { ScriptError } from '../engine/result.ts';
import { parse } from '../lab/notebook-format.ts';
import { readNotebookFile } from '../lab/read-file.ts';
import { type NotebookScript, scriptFor } from '../lab/script.ts';
import { ScriptSyntaxError } from '../lab/script-syntax-error.ts';
import type { NotebookFile } from './paths.ts';

export interface Notebook extends NotebookFile {
  readonly text: string;
  /** SHA-256 of the UTF-8 text, in hex. */
  readonly sha256: string;
  /** The script, or why there is none, at its place in the file. */
  readonly script: NotebookScript | null;
  readonly error: ScriptError | null;
}

/** Reads a notebook. InputError where the file cannot be read; a script that does not parse is told in `error`. */
export async function readNotebook(file: NotebookFile): Promise<Notebook> {
  return notebookOf(file, await readNotebookFile(file.path));
}

/** The same of a text that is at hand already. */
export function notebookOf(file: NotebookFile, text: string): Notebook {
  const sha256 = createHash('sha256').update(text).digest('hex');
  try {
    return { ...file, text, sha256, script: scriptFor(parse(text), 'all'), error: null };
  } catch (thrown) {
    if (!(thrown instanceof ScriptSyntaxError)) throw thrown;
    const { message, line, column } = thrown;
    return { ...file, text, sha256, script: null, error: { message, line, column, stack: '' } };
  }
}

/** `FILE:LINE:COLUMN: MESSAGE`, as compilers say it; without a position where there is none. */
export function located(file: string, { message, line, column }: Omit<ScriptError, 'stack'>): string {
  return line > 0 ? `${file}:${line}:${column}: ${message}` : `${file}: ${message}`;
}
