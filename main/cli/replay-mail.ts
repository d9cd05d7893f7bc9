/**
 * `gupbook replay MAIL`: a mail that carries a replay block says what to replay. It is a stranger's: its notebook is never
 * run out of the mail, but from a file that the user has, and only where that is the very text that the mail speaks of.
 */
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileTrouble } from '../lab/file-trouble.ts';
import { InputError, shown } from '../lab/input-error.ts';
import { readMessage } from '../report/raw-message.ts';
import { type ReadReport, readReports } from '../report/read-report.ts';
import { Refusal } from '../report/refusal.ts';
import type { Notebook } from './notebook.ts';

/** What the mail's replay blocks say. InputError where it is no mail or has none. */
export async function reportsIn(path: string, cwd: string): Promise<ReadReport[]> {
  const bytes = await readFile(resolve(cwd, path)).catch((error: unknown) => {
    throw fileTrouble('read', path, error);
  });
  const reports = readReports(linesOf(path, bytes));
  if (reports.length === 0) throw new InputError(`${shown(path)} is a mail without a replay block`);
  return reports;
}

function linesOf(path: string, bytes: Uint8Array): readonly string[] {
  try {
    return readMessage(bytes).lines;
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    throw new InputError(`${shown(path)} is neither a notebook (*.lab.ts) nor a mail: ${thrown.message}`);
  }
}

/** Where the notebook of a report should be: in the folder that the user is in, under its own name. */
export function notebookPath(report: ReadReport, given: string | undefined): string {
  return given ?? basename(report.notebook);
}

/** InputError unless this is the text that the report speaks of. */
export function requireSameText(report: ReadReport, { file, sha256 }: Notebook): void {
  if (sha256.startsWith(report.sha256)) return;
  throw new InputError(
    `${shown(file)} is not the notebook that the mail speaks of: its SHA-256 begins with ` +
      `${sha256.slice(0, report.sha256.length)}, the mail's with ${report.sha256}`,
  );
}
