/** Traces and logs as a command line gives them: a file, or `-` for standard input, read into an index. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileTrouble } from '../lab/file-trouble.ts';
import { InputError, shown } from '../lab/input-error.ts';
import { fileSource, type ImportProgress, importTrace, type TraceSource } from '../recordings/traces/import-trace.ts';
import { IndexError, type TraceIndex } from '../recordings/traces/index-reader.ts';
import type { Io } from './io.ts';
import { number } from './text.ts';

/** Larger inputs, and those of unknown size, are indexed on disk. */
const IN_MEMORY = 32 * 1024 * 1024;

export interface ReadTrace {
  readonly index: TraceIndex;
  /** Closes the index, and removes it where nobody asked to keep it. */
  readonly close: () => Promise<void>;
}

/**
 * Reads an input. `keep`: where the index is to stay. `onOther` gets the lines that are no events. InputError for what
 * cannot be read.
 */
export async function readTrace(
  path: string,
  io: Io,
  keep: string | null,
  onOther: (text: string, line: number) => void = () => {},
): Promise<ReadTrace> {
  const source = await sourceAt(path, io);
  const folder = keep === null && needsDisk(source) ? await mkdtemp(join(tmpdir(), 'gupbook-')) : null;
  const remove = async (): Promise<void> => {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  };
  const at = keep ?? (folder === null ? ':memory:' : join(folder, 'index'));
  const progress = progressOf(source.name, io);
  try {
    const index = await importTrace(source, { index: at, onOther, onProgress: progress.show });
    const close = async (): Promise<void> => {
      index.close();
      await remove();
    };
    return { index, close };
  } catch (thrown) {
    await remove();
    if (thrown instanceof IndexError) throw new InputError(`cannot read ${shown(path)}: ${thrown.message}`);
    throw fileTrouble('read', path, thrown);
  } finally {
    progress.clear();
  }
}

async function sourceAt(path: string, io: Io): Promise<TraceSource> {
  if (path === '-') return { name: 'standard input', total: null, bytes: io.input };
  return await fileSource(resolve(io.cwd, path), path).catch((error: unknown) => {
    throw fileTrouble('read', path, error);
  });
}

function needsDisk({ total }: TraceSource): boolean {
  return total === null || total > IN_MEMORY;
}

/** One line on a terminal that says how far it is. */
function progressOf(name: string, io: Io): { readonly show: (at: ImportProgress) => void; readonly clear: () => void } {
  const { columns } = io;
  if (columns === null) return { show: () => {}, clear: () => {} };
  return {
    show: ({ bytes, total, lines, events }) => {
      const share = total === null ? `${number(bytes)} bytes` : `${Math.floor((bytes / total) * 100)} %`;
      const line = `${printable(name)}: ${share}, ${number(lines)} lines, ${number(events)} events`;
      io.err(`\r\u001b[K${line.slice(0, Math.max(10, columns - 1))}`);
    },
    clear: () => io.err('\r\u001b[K'),
  };
}

/** Text of strangers without what acts on a terminal. */
export function printable(text: string): string {
  return text.replace(/[^\n\P{C}]/gu, '?');
}

/** A page frame number as typed: 0x5a00 or 23040. InputError for anything else. */
export function frameNumber(text: string): number {
  const value = /^(?:0x[0-9a-f]{1,13}|\d{1,16})$/i.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new InputError(`${shown(text)} is no page frame number: give one such as 0x5a00`);
}
