/** What `gupbook import` does. */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileTrouble } from '../lab/file-trouble.ts';
import { InputError, shown } from '../lab/input-error.ts';
import { IndexError, TraceIndex } from '../recordings/traces/index-reader.ts';
import { readArguments, usage, wholeNumber } from './command.ts';
import { explained } from './explain-page.ts';
import type { Io } from './io.ts';
import { Status } from './status.ts';
import { frameNumber, printable, type ReadTrace, readTrace } from './trace-input.ts';
import { pageJson, pageText, suspectsIn, traceJson, traceText } from './trace-report.ts';
import { VERSION } from './version.ts';

const OPTIONS = {
  index: { type: 'string' },
  page: { type: 'string' },
  list: { type: 'string' },
  json: { type: 'string' },
  kernel: { type: 'string' },
  cell: { type: 'boolean' },
} as const;

export async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('import', argv, OPTIONS);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw usage('import', 'name one trace, or - for standard input');
  if (values.json !== undefined && values.json !== '-') throw usage('import', '--json takes - only');
  const list = wholeNumber('import', 'list', values.list, { least: 0, most: 10_000, fallback: 10 });
  const page = values.page === undefined ? null : frameNumber(values.page);
  const { index, close } = await openTrace(path, values.index ?? null, io);
  try {
    if (page !== null && index.page(page) === null) {
      throw new InputError(`${shown(path)} has no event of pfn 0x${page.toString(16)}`);
    }
    if (values.cell === true || values.kernel !== undefined) {
      if (values.json !== undefined) throw usage('import', '--json does not go with --cell and --kernel');
      const wanted = page ?? busiestPage(index);
      io.out(printable(explained(index, wanted, values.kernel ?? 'guess', values.cell === true)));
    } else if (values.json === '-') {
      const found = page === null ? traceJson(index, suspectsIn(index, list)) : pageJson(index, page);
      io.out(`${JSON.stringify({ gupbook: VERSION, ...found })}\n`);
    } else {
      io.out(printable(page === null ? traceText(index, suspectsIn(index, list), list) : pageText(index, page)));
    }
  } finally {
    await close();
  }
  return Status.asExpected;
}

/** The page with the most events: a trace that was filtered has few others. */
function busiestPage(index: TraceIndex): number {
  const [busiest] = index.pages('events', 1);
  if (busiest === undefined) throw new InputError('the trace has no page');
  return busiest.pfn;
}

/** The index of a trace, or the one that was kept of it. */
async function openTrace(path: string, keep: string | null, io: Io): Promise<ReadTrace> {
  if (path !== '-' && (await isIndex(resolve(io.cwd, path)))) {
    if (keep !== null) throw usage('import', `${shown(path)} is an index already: leave --index away`);
    try {
      const index = TraceIndex.open(resolve(io.cwd, path));
      return { index, close: async () => index.close() };
    } catch (thrown) {
      if (!(thrown instanceof IndexError)) throw thrown;
      throw new InputError(`cannot read ${shown(path)}: ${thrown.message}`);
    }
  }
  const at = keep === null ? null : resolve(io.cwd, keep);
  if (at !== null && (await exists(at))) {
    throw new InputError(`${shown(keep ?? '')} exists: give it as the trace, or name another file for the index`);
  }
  const read = await readTrace(path, io, at);
  const { events } = read.index.about().tally;
  if (events > 0) return read;
  const { damaged } = read.index.about().tally;
  await read.close();
  const why = damaged > 0 ? `has ${damaged} damaged page_ref events and no whole one` : 'has no page_ref events';
  throw new InputError(`${shown(path)} ${why}: "gupbook decode" reads dumps of pages`);
}

async function isIndex(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw fileTrouble('read', path, error);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return bytesRead === 16 && buffer.toString('latin1') === 'SQLite format 3\0';
  } catch (error) {
    throw fileTrouble('read', path, error);
  } finally {
    await file.close();
  }
}

async function exists(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  await file?.close();
  return file !== null;
}
