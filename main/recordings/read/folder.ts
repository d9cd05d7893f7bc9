/**
 * Finds the recordings in a folder and below it. A file's kind is told by its name's ending and by its first line, so
 * that folders may be cut, merged and renamed.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type { z } from 'zod';
import { caseLine } from '../format/case.ts';
import { parseTraceLine, type TraceEntry } from '../format/ftrace.ts';
import { readJson } from '../format/json-lines.ts';
import { manifestFile } from '../format/manifest.ts';
import { misuseLine, sequenceHeader, sequenceLine } from '../format/sequence.ts';
import { stepsFile } from '../format/steps.ts';
import { type Line, linesOf } from './lines.ts';
import type { Recording, UnreadableRecording } from './recording.ts';

const STEPS = '.steps.json';
const TRACE = '.trace.txt';
const MANIFEST = 'manifest.json';

/** All recordings below `root`, in the order of their paths. Rejects where a file or folder cannot be read. */
export async function* recordingsIn(root: string): AsyncGenerator<Recording> {
  const folders = new Map<string, string[]>();
  for (const path of await filesBelow(root)) {
    const folder = path.slice(0, path.length - basename(path).length);
    const files = folders.get(folder) ?? [];
    files.push(basename(path));
    folders.set(folder, files);
  }
  for (const [folder, files] of folders) yield* recordingsOf(root, folder, files);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(path)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

async function* recordingsOf(root: string, folder: string, files: readonly string[]): AsyncGenerator<Recording> {
  const seen = new Set<string>();
  const nameOf = (file: string): string => relative(root, join(folder, file)).split(sep).join('/');
  for (const file of files) {
    const path = join(folder, file);
    if (file.endsWith(STEPS)) {
      const stem = file.slice(0, -STEPS.length);
      seen.add(stem);
      yield* captureOf(path, nameOf(stem), folder, stem, files);
    } else if (file.endsWith('.jsonl')) {
      seen.add(file.slice(0, -'.jsonl'.length));
      for await (const found of jsonLines(path, nameOf(file))) yield found;
    }
  }
  if (files.includes(MANIFEST)) yield* missing(join(folder, MANIFEST), nameOf, seen);
}

/** Captures that the manifest names and the folder does not have. */
async function* missing(
  path: string,
  nameOf: (file: string) => string,
  seen: ReadonlySet<string>,
): AsyncGenerator<UnreadableRecording> {
  const read = readJson(await readFile(path, 'utf8'), manifestFile);
  if (!read.ok) {
    yield { kind: 'unreadable', name: nameOf(MANIFEST), kernel: '', reason: `${MANIFEST} ${read.why}` };
    return;
  }
  for (const { name } of read.value.entries) {
    if (seen.has(name)) continue;
    const reason = `${MANIFEST} names it, but there is neither ${name}${STEPS} nor ${name}.jsonl`;
    yield { kind: 'unreadable', name: nameOf(name), kernel: read.value.kernel, reason };
  }
}

/** A capture's files share a stem: its steps, its trace, the driver's answers. */
async function* captureOf(
  path: string,
  name: string,
  folder: string,
  stem: string,
  files: readonly string[],
): AsyncGenerator<Recording> {
  const text = await readFile(path, 'utf8');
  const read = readJson(text, stepsFile);
  if (!read.ok) {
    yield { kind: 'unreadable', name, kernel: kernelIn(text), reason: `${stem}${STEPS} ${read.why}` };
    return;
  }
  const steps = read.value;
  const trace = files.includes(`${stem}${TRACE}`) ? await traceOf(join(folder, `${stem}${TRACE}`)) : null;
  const answers = files.includes(`${stem}.jsonl`)
    ? await readableLines(linesOf(join(folder, `${stem}.jsonl`)), misuseLine)
    : null;
  yield { kind: 'capture', name, kernel: steps.kernel, steps, trace, answers: answers?.values ?? null };
  if (answers !== null) yield* unreadableRest(`${name}.jsonl`, steps.kernel, answers.trouble);
}

async function traceOf(path: string): Promise<TraceEntry[]> {
  const entries: TraceEntry[] = [];
  for await (const { text, number } of linesOf(path)) {
    const entry = parseTraceLine(text, number);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

interface ReadableLines<T> {
  /** Lines up to the first that cannot be read. */
  readonly values: T[];
  /** Where and why that one cannot, null where all can. */
  readonly trouble: { readonly number: number; readonly why: string } | null;
}

async function readableLines<T>(lines: AsyncIterable<Line>, schema: z.ZodType<T>): Promise<ReadableLines<T>> {
  const values: T[] = [];
  for await (const { text, number } of lines) {
    if (text.trim() === '') continue;
    const read = readJson(text, schema);
    if (!read.ok) return { values, trouble: { number, why: read.why } };
    values.push(read.value);
  }
  return { values, trouble: null };
}

/** What follows the readable lines counts as a recording of its own: it was one, and it is not compared. */
function* unreadableRest(
  file: string,
  kernel: string,
  trouble: ReadableLines<unknown>['trouble'],
): Generator<UnreadableRecording> {
  if (trouble === null) return;
  const reason = `the line ${trouble.why}; nothing is read from here on`;
  yield { kind: 'unreadable', name: `${file}:${trouble.number}`, kernel, reason };
}

/** A file of cases, a sequence, or a capture's answers (which belong to the capture and yield nothing here). */
async function* jsonLines(path: string, name: string): AsyncGenerator<Recording> {
  const lines = linesOf(path);
  const first = await lines.next();
  if (first.done === true) return;
  const header = readJson(first.value.text, sequenceHeader);
  if (header.ok) {
    const { kernel } = header.value;
    const { values, trouble } = await readableLines(lines, sequenceLine);
    yield { kind: 'sequence', name: name.slice(0, -'.jsonl'.length), kernel, header: header.value, lines: values };
    yield* unreadableRest(name, kernel, trouble);
    return;
  }
  if (readJson(first.value.text, misuseLine).ok) return;
  yield caseOf(first.value.text, `${name}:1`);
  for await (const { text, number } of lines) {
    if (text.trim() !== '') yield caseOf(text, `${name}:${number}`);
  }
}

function caseOf(text: string, at: string): Recording {
  const read = readJson(text, caseLine);
  if (!read.ok) return { kind: 'unreadable', name: at, kernel: kernelIn(text), reason: `the line ${read.why}` };
  const { kernel, case: what, mem, bytes, buf_off } = read.value;
  return { kind: 'case', name: `${at} ${what} ${mem} ${bytes}@${buf_off}`, kernel, line: read.value };
}

/** The kernel a damaged line names, so that the line is counted where it belongs. */
function kernelIn(text: string): string {
  return /"kernel"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? '';
}
