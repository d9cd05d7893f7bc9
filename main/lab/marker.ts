/**
 * The line that starts a cell: `// %% Title`, `// %% [markdown] Title`, both with optional `key="value"` attributes at
 * the end. The format is Jupytext's percent format, which also puts the kind after the title; both places are read.
 */

export type CellKind = 'code' | 'markdown';

export const MARKER = '// %%';

/** What a marker line says, with the offsets of its parts so that an edit can leave the others alone. */
export interface Marker {
  readonly kind: CellKind;
  readonly title: string;
  /** Attributes in the order of the line; of a key given twice the last counts. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Where `[markdown]` stands, or null. */
  readonly kindAt: readonly [number, number] | null;
  /** Where the title stands; empty, where it would stand, if there is none. */
  readonly titleAt: readonly [number, number];
}

const KIND_SIGNS = ['[markdown]', '[md]'];

/** Does a line that begins at `at` start a cell? The marker stands at column 0 and a blank or nothing follows it. */
export function isMarkerAt(text: string, at: number): boolean {
  if (!text.startsWith(MARKER, at)) return false;
  const next = text.charAt(at + MARKER.length);
  return next === '' || ' \t\r\n'.includes(next);
}

/** Reads a marker line without its line break. */
export function parseMarker(line: string): Marker {
  let end = trimEnd(line, line.length);
  const pairs: [string, string][] = [];
  for (let found = lastAttribute(line, end); found !== null; found = lastAttribute(line, end)) {
    pairs.push([found.key, found.value]);
    end = trimEnd(line, found.start);
  }
  let start = Math.min(trimStart(line, MARKER.length), end);
  const kindAt = findKind(line, start, end);
  if (kindAt !== null && kindAt[0] === start) start = Math.min(trimStart(line, kindAt[1]), end);
  else if (kindAt !== null) end = trimEnd(line, kindAt[0]);
  return {
    kind: kindAt === null ? 'code' : 'markdown',
    title: line.slice(start, end),
    attributes: new Map(pairs.reverse()),
    kindAt,
    titleAt: [start, Math.max(start, end)],
  };
}

/** A marker line, without a line break, that `parseMarker` reads back; a title is first made fit for a line. */
export function formatMarker(kind: CellKind, title = '', attributes: ReadonlyMap<string, string> = new Map()): string {
  const parts = [MARKER];
  if (kind === 'markdown') parts.push('[markdown]');
  const fit = fitTitle(title);
  if (fit !== '') parts.push(fit);
  for (const [key, value] of attributes) parts.push(formatAttribute(key, value));
  return parts.join(' ');
}

/** The line with its kind changed and nothing else. */
export function withKind(line: string, kind: CellKind): string {
  const { kindAt, kind: before } = parseMarker(line);
  if (kind === before) return line;
  if (kindAt === null) return `${MARKER} [markdown]${line.slice(MARKER.length)}`;
  const changed = line.slice(0, trimEnd(line, kindAt[0])) + line.slice(kindAt[1]);
  // `// %% [md] x [md]`: the sign at the other end counts now.
  return withKind(changed, kind);
}

/** The line with its title changed and nothing else. */
export function withTitle(line: string, title: string): string {
  const fit = fitTitle(title);
  const [start, end] = parseMarker(line).titleAt;
  const before = line.slice(0, start);
  const after = line.slice(end);
  if (fit === '') return after === '' || /^[ \t]/.test(after) ? before.replace(/[ \t]+$/, '') + after : before + after;
  const space = (side: string, isBlank: boolean): string => (side === '' || isBlank ? '' : ' ');
  return before + space(before, /[ \t]$/.test(before)) + fit + space(after, /^[ \t]/.test(after)) + after;
}

/**
 * A title as a marker line can hold it: on one line, without blanks around it, not beginning or ending in `[markdown]`
 * (that would change the cell's kind) and not ending in `key="value"` (that would be an attribute).
 */
export function fitTitle(title: string): string {
  let fit = title.replace(/[\r\n\u2028\u2029]+/g, ' ').replace(/^[ \t]+|[ \t]+$/g, '');
  for (let before = ''; before !== fit; ) {
    before = fit;
    fit = parseMarker(`${MARKER} ${fit}`).title;
  }
  return fit;
}

function formatAttribute(key: string, value: string): string {
  if (!/^[A-Za-z_][\w.-]*$/.test(key)) throw new RangeError(`attribute key ${JSON.stringify(key)} is not a plain name`);
  const escaped = value.replace(/[\r\n\u2028\u2029]+/g, ' ').replace(/["\\]/g, '\\$&');
  return `${key}="${escaped}"`;
}

/** The signs of the kind in `start`..`end`: all that stand at its beginning or, if none does, all at its end. */
function findKind(line: string, start: number, end: number): readonly [number, number] | null {
  const text = line.slice(start, end);
  let first = 0;
  for (let at = 0, sign = signAt(text, 0); sign !== null; sign = signAt(text, at)) {
    first = at + sign.length;
    at = trimStart(text, first);
  }
  if (first > 0) return [start, start + first];
  let last = text.length;
  for (let at = last, sign = signBefore(text, at); sign !== null; sign = signBefore(text, at)) {
    last = at - sign.length;
    at = trimEnd(text, last);
  }
  return last === text.length ? null : [start + last, end];
}

function signAt(text: string, at: number): string | null {
  const sign = KIND_SIGNS.find((candidate) => text.startsWith(candidate, at));
  return sign !== undefined && isBlankAt(text, at + sign.length) ? sign : null;
}

function signBefore(text: string, end: number): string | null {
  const sign = KIND_SIGNS.find((candidate) => text.endsWith(candidate, end));
  return sign !== undefined && isBlankAt(text, end - sign.length - 1) ? sign : null;
}

/** Does a blank stand there, or nothing (at either end of the text)? */
function isBlankAt(text: string, at: number): boolean {
  const sign = text.charAt(at);
  return sign === '' || sign === ' ' || sign === '\t';
}

/** The `key="value"` that ends at `end`, read backwards so that a long line costs no more than its length. */
function lastAttribute(line: string, end: number): { start: number; key: string; value: string } | null {
  if (line.charAt(end - 1) !== '"') return null;
  let open = end - 2;
  while (open > MARKER.length && !(line.charAt(open) === '"' && !isEscaped(line, open))) open--;
  if (isEscaped(line, end - 1) || line.charAt(open - 1) !== '=') return null;
  let start = open - 1;
  while (start > MARKER.length && /[\w.-]/.test(line.charAt(start - 1))) start--;
  const key = line.slice(start, open - 1);
  if (!/^[A-Za-z_]/.test(key) || !/[ \t]/.test(line.charAt(start - 1))) return null;
  return { start, key, value: line.slice(open + 1, end - 1).replace(/\\(["\\])/g, '$1') };
}

/** Is the sign at `at` preceded by an odd number of backslashes? */
function isEscaped(line: string, at: number): boolean {
  let first = at;
  while (line.charAt(first - 1) === '\\') first--;
  return (at - first) % 2 === 1;
}

function trimStart(line: string, from: number): number {
  let at = from;
  while (line.charAt(at) === ' ' || line.charAt(at) === '\t') at++;
  return at;
}

function trimEnd(line: string, from: number): number {
  let at = from;
  while (at > 0 && (line.charAt(at - 1) === ' ' || line.charAt(at - 1) === '\t')) at--;
  return at;
}
