/**
 * TypeScript to JavaScript by erasing types, so that every position stays: line and column of an error are those of
 * the author's file, with no source map. What cannot be erased (`enum`, `namespace` ...) and what a script may not do
 * (import, export, await at top level) is a ScriptSyntaxError at its place.
 */
import type { Program } from 'acorn';
import { shapeOf } from './lexical.ts';
import { positionAt, splitGap, splitLines } from './lines.ts';
import { NO_EXPORT, NO_IMPORT, parseScript, TOO_DEEP } from './script-rules.ts';
import { ScriptSyntaxError } from './script-syntax-error.ts';
import { erase, type Refusal } from './type-eraser.ts';

export interface StrippedScript {
  /** As long as the source, with the same line breaks in the same places. */
  readonly code: string;
  /** Its syntax tree; offsets are those of the source. */
  readonly program: Program;
}

/** Open brackets at one place. The erasing engine, V8 and our own walks of the tree all manage twice as many. */
const MAX_NESTING = 256;

/** Erases the types of a complete program whose first line is line `firstLine` of the file. */
export function stripTypes(source: string, firstLine = 1): StrippedScript {
  const readable = withoutHashbang(source, firstLine);
  const end = splitGap(readable).core.length;
  const failAt = (message: string, offset: number): never => {
    const { line, column } = positionAt(readable, Math.min(offset, end));
    throw new ScriptSyntaxError(message, line + firstLine - 1, column);
  };
  refuseCharacters(readable, failAt);
  const shape = shapeOf(readable);
  if (shape.depth > MAX_NESTING) failAt(TOO_DEEP, shape.deepest);

  const erased = erase(readable);
  if ('exhausted' in erased) return failAt(TOO_DEEP, longestLine(readable));
  if ('refusal' in erased) return failAt(reasonOf(erased.refusal), offsetOf(readable, erased.refusal));
  const { code } = erased;
  if (code.length !== readable.length) throw new Error('erasing types moved positions');
  refuseErasedModules(readable, code, shape.moduleWords, failAt);
  return { code, program: parseScript(code, failAt) };
}

type FailAt = (message: string, offset: number) => never;

/** `#!` is for the file's first line alone, where it says nothing to us; it and a byte order mark become blanks. */
function withoutHashbang(source: string, firstLine: number): string {
  const text = source.startsWith('\uFEFF') ? ` ${source.slice(1)}` : source;
  if (firstLine !== 1) return text;
  return text.replace(/^#![^\r\n]*/, (line) => ' '.repeat(line.length));
}

function refuseCharacters(source: string, failAt: FailAt): void {
  if (source.startsWith('#!')) failAt("'#!' stands on a file's first line only", 0);
  const separator = /[\u2028\u2029]/.exec(source);
  if (separator !== null) {
    const sign = separator[0] === '\u2028' ? '\\u2028' : '\\u2029';
    failAt(
      `JavaScript ends a line at this invisible separator, editors do not: write ${sign} in a string`,
      separator.index,
    );
  }
  const half = /\p{Surrogate}/u.exec(source);
  if (half !== null) failAt('this is half of a surrogate pair: write it as an escape, like \\ud83d', half.index);
}

/** `import type` and `export type` leave nothing behind in JavaScript, so they are looked for in what was erased. */
function refuseErasedModules(source: string, code: string, words: readonly number[], failAt: FailAt): void {
  for (const at of words) {
    const isErased = code.slice(at, at + 'import'.length).trim() === '';
    if (isErased) failAt(source.startsWith('import', at) ? NO_IMPORT : NO_EXPORT, at);
  }
}

const INSTEAD: readonly (readonly [RegExp, string])[] = [
  [/\benum\b/, '`enum` is code, not a type that can be erased: use a const object instead'],
  [/\bnamespace\b|`module`/, '`namespace` is code, not a type that can be erased: use functions or an object instead'],
  [/parameter property/, 'a parameter property cannot be erased: declare the field and assign it in the constructor'],
  [/angle-bracket/, '`<T>value` cannot be erased: write `value as T`'],
  [/import equals/, NO_IMPORT],
  [/export assignment/, NO_EXPORT],
];

function reasonOf({ code, message }: Refusal): string {
  const known = code === 'UnsupportedSyntax' ? INSTEAD.find(([pattern]) => pattern.test(message)) : undefined;
  return known?.[1] ?? message;
}

/** Where in the source a refusal points. */
function offsetOf(source: string, refusal: Refusal): number {
  const lines = splitLines(source);
  const lineStart = lines.slice(0, refusal.startLine - 1).reduce((sum, line) => sum + line.length, 0);
  const line = lines[refusal.startLine - 1] ?? '';
  return lineStart + Math.min(columnOf(source, line, refusal), line.length);
}

/** The refusal's 0-based column in UTF-16 units. */
function columnOf(source: string, line: string, refusal: Refusal): number {
  const isPlain = !/[^ -~]/.test(line.slice(0, refusal.startColumn + 1).replace(/[\r\n]/g, ''));
  if (isPlain) return refusal.startColumn;
  // Asks again about a source that reads the same but in which every unit is one column wide.
  const again = erase(asWideAsLong(source));
  const isSame = 'refusal' in again && again.refusal.startLine === refusal.startLine;
  return isSame ? again.refusal.startColumn : refusal.startColumn;
}

/** The source with another blank, letter or sign, one column wide a unit, for each that is not plain ASCII. */
function asWideAsLong(source: string): string {
  return source.replace(/[^ -~\r\n]/gu, (sign) => {
    const plain = /\s/.test(sign) ? ' ' : /\p{ID_Continue}/u.test(sign) ? '$' : '\u2500';
    return plain.repeat(sign.length);
  });
}

/** Offset of the longest line: the best guess at where a source without many brackets nests deeply. */
function longestLine(source: string): number {
  let [longest, longestAt, at] = [0, 0, 0];
  for (const line of splitLines(source)) {
    if (line.length > longest) [longest, longestAt] = [line.length, at];
    at += line.length;
  }
  return longestAt;
}
