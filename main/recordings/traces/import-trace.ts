/** From a trace's bytes to its index. */
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { IndexError, TraceIndex } from './index-reader.ts';
import { IndexWriter } from './index-writer.ts';
import { plainBytes } from './plain-bytes.ts';
import { TraceScanner } from './scanner.ts';

/** Events in a batch: 4 MB of columns. */
const BATCH = 1 << 16;
const CHUNK = 1 << 20;

export interface ImportProgress {
  readonly bytes: number;
  /** Null where the source does not say how large it is. */
  readonly total: number | null;
  readonly lines: number;
  readonly events: number;
}

export interface ImportOptions {
  /** File of the index, which must not exist; ':memory:' keeps it in memory. */
  readonly index: string;
  /** Called a few times a second. */
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Gets the lines that are no events. */
  readonly onOther?: (text: string, line: number) => void;
  /** Ends the import with what was read so far. */
  readonly stop?: AbortSignal;
}

/** A source of bytes that says what it is called. */
export interface TraceSource {
  readonly name: string;
  readonly total: number | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** A file as a source. Rejects with the system's error where it cannot be read. */
export async function fileSource(path: string, name: string): Promise<TraceSource> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  const stream = createReadStream(path, { fd: file, highWaterMark: CHUNK });
  return { name, total: size > 0 ? size : null, bytes: plainBytes(stream) };
}

const BINARIES: readonly (readonly [RegExp, string])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: trace-cmd's magic number.
  [/^\x17\x08\x44tracing/, 'it is a binary trace.dat: give the text that "trace-cmd report" prints'],
  [/^PERFILE2|^2ELIFREP/, 'it is a binary perf.data: give the text that "perf script" prints'],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: gzip's magic number.
  [/^\x1f\x8b/, 'it is compressed: unpack it first, with gunzip'],
  [/^\x28\xb5\x2f\xfd/, 'it is compressed: unpack it first, with unzstd'],
  [/^\xfd7zXZ/, 'it is compressed: unpack it first, with unxz'],
];

/** What a file's first bytes say against reading it as text, or null. */
export function binaryTrouble(first: Uint8Array): string | null {
  const text = new TextDecoder('latin1').decode(first.subarray(0, 16));
  return BINARIES.find(([magic]) => magic.test(text))?.[1] ?? null;
}

/**
 * Reads a trace into an index. Rejects with IndexError for bytes that are no text, and with the system's error where the
 * source breaks off; then no index is left behind.
 */
export async function importTrace(source: TraceSource, options: ImportOptions): Promise<TraceIndex> {
  const writer = new IndexWriter(options.index, BATCH);
  if (options.onOther !== undefined) writer.other = options.onOther;
  try {
    await fill(writer, source, options);
    return new TraceIndex(writer.database);
  } catch (thrown) {
    writer.database.close();
    if (options.index !== ':memory:') await rm(options.index, { force: true });
    throw thrown;
  }
}

async function fill(writer: IndexWriter, source: TraceSource, { onProgress, stop }: ImportOptions): Promise<void> {
  const scanner = new TraceScanner(writer, BATCH);
  let bytes = 0;
  let shown = performance.now();
  for await (const chunk of source.bytes) {
    if (bytes === 0) {
      const trouble = binaryTrouble(chunk);
      if (trouble !== null) throw new IndexError(trouble);
    }
    scanner.write(chunk);
    bytes += chunk.length;
    if (stop?.aborted === true) break;
    if (onProgress === undefined || performance.now() - shown < 200) continue;
    shown = performance.now();
    onProgress({ bytes, total: source.total, lines: scanner.tally.lines, events: scanner.tally.events });
  }
  scanner.end();
  writer.finish(source.name, scanner.tally, scanner.names, scanner.endedMidLine);
}
