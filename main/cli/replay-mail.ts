/**
 * `gupbook replay MAIL`: a mail that carries a replay block says what to replay. It is a stranger's: a notebook is only
 * run where it is the very text that the mail speaks of, and one that comes in the mail only once it was looked at.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileTrouble } from '../lab/file-trouble.ts';
import { InputError, shown } from '../lab/input-error.ts';
import { readMessage } from '../report/raw-message.ts';
import { type ReadReport, readReports } from '../report/read-report.ts';
import { Refusal } from '../report/refusal.ts';
import type { Io } from './io.ts';
import { type Notebook, notebookOf, readNotebook } from './notebook.ts';
import { nameOf } from './paths.ts';
import { shippedFolder } from './shipped.ts';

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

interface Given {
  readonly notebook: string | undefined;
  /** Runs what the mail carries without being asked. */
  readonly yes: boolean;
}

/**
 * The notebook that a report speaks of: the given file, else the one of that name here, else the shipped one with that
 * SHA-256, else the one that the mail carries, which is shown and asked about. InputError where there is none.
 */
export async function notebookOfReport(report: ReadReport, { notebook, yes }: Given, io: Io): Promise<Notebook> {
  const name = basename(report.notebook);
  const path = resolve(io.cwd, notebook ?? name);
  if (notebook !== undefined || existsSync(path)) {
    const read = await readNotebook({ path, file: nameOf(path, io.cwd) });
    requireSameText(report, read);
    return read;
  }
  const shipped = join(shippedFolder('scenarios'), 'scenarios', name);
  if (existsSync(shipped)) {
    const read = await readNotebook({ path: shipped, file: name });
    if (isSameText(report, read)) return read;
  }
  if (report.text === null) {
    throw new InputError(
      `${shown(name)} is not here, and the mail does not carry it: get it from the author, then use --notebook`,
    );
  }
  const carried = notebookOf({ path: name, file: name }, report.text);
  if (!isSameText(report, carried)) {
    throw new InputError(`the text of ${shown(name)} in the mail is not the one that was run: its SHA-256 differs`);
  }
  if (!yes) await askAbout(carried, io);
  return carried;
}

/** Shows a stranger's notebook. InputError unless the answer is yes. */
async function askAbout({ file, text }: Notebook, io: Io): Promise<void> {
  const lines = text.trimEnd().split('\n');
  io.err(`The mail carries ${shown(file)}:\n\n${lines.map((line) => `  ${visible(line)}`.trimEnd()).join('\n')}\n\n`);
  io.err('Run it? [y/N] ');
  const answer = await firstLine(io.input);
  if (!/^\s*y(es)?\s*$/i.test(answer)) {
    throw new InputError('the notebook was not run: answer "y" once you have looked at it, or use --yes');
  }
}

/** A line of a stranger's text for a terminal: control and bidi characters become visible. */
function visible(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) =>
    char === '\t' ? '\t' : `<U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

async function firstLine(input: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const bytes of input) {
    text += Buffer.from(bytes).toString('latin1');
    if (text.includes('\n')) break;
  }
  return text.split('\n', 1)[0] ?? '';
}

function isSameText(report: ReadReport, { sha256 }: Notebook): boolean {
  return sha256.startsWith(report.sha256);
}

/** InputError unless this is the text that the report speaks of. */
function requireSameText(report: ReadReport, notebook: Notebook): void {
  if (isSameText(report, notebook)) return;
  throw new InputError(
    `${shown(notebook.file)} is not the notebook that the mail speaks of: its SHA-256 begins with ` +
      `${notebook.sha256.slice(0, report.sha256.length)}, the mail's with ${report.sha256}`,
  );
}
