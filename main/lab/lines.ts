/**
 * Lines as editors count them: a line ends in LF, CRLF or a lone CR. U+2028 and U+2029 do not end a line here, although
 * JavaScript says that they do; script code that holds one is refused (compile.ts), so both counts always agree.
 */

export type LineEnding = '\n' | '\r\n' | '\r';

const LF = 10;
const CR = 13;

/** Offset just after the line break that ends the line holding `from`, or the text's length on the last line. */
export function nextLine(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LF) return at + 1;
    if (code === CR) return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
  }
  return text.length;
}

/** The lines of `text`, each with its line break; only the last may lack one. An empty text has no lines. */
export function splitLines(text: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length; ) {
    const end = nextLine(text, at);
    lines.push(text.slice(at, end));
    at = end;
  }
  return lines;
}

/** Number of lines that begin in `text`: a final line break does not begin another. */
export function countLines(text: string): number {
  let lines = 0;
  for (let at = 0; at < text.length; at = nextLine(text, at)) lines++;
  return lines;
}

/** The line break at the end of `line`, or the empty string. */
export function lineBreak(line: string): LineEnding | '' {
  if (line.endsWith('\r\n')) return '\r\n';
  if (line.endsWith('\n')) return '\n';
  return line.endsWith('\r') ? '\r' : '';
}

/** `line` without its line break. */
export function lineContent(line: string): string {
  return line.slice(0, line.length - lineBreak(line).length);
}

/** The line ending that `text` uses most; LF where it uses none, and on a tie the one of LF, CRLF, CR named first. */
export function usualEnding(text: string): LineEnding {
  let [lf, crlf, cr] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === LF) lf++;
    else if (code === CR && text.charCodeAt(at + 1) === LF) {
      crlf++;
      at++;
    } else if (code === CR) cr++;
  }
  if (lf >= crlf && lf >= cr) return '\n';
  return crlf >= cr ? '\r\n' : '\r';
}

/**
 * Texts one after another, each beginning a line. A lone CR before a text that begins with LF becomes CRLF: the two
 * would be read as one line break, and so a line would be lost.
 */
export function joinLines(texts: readonly string[]): string {
  const parts: string[] = [];
  for (const text of texts) {
    if (text.startsWith('\n') && parts.at(-1)?.endsWith('\r')) parts.push('\n');
    if (text !== '') parts.push(text);
  }
  return parts.join('');
}

/** `text` with LF as its only line break. */
export function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** 1-based line and column (in UTF-16 units, as editors and V8 count) of `offset` in `text`. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = nextLine(text, start);
    const onThisLine = offset < end || (end === text.length && lineBreak(text.slice(start, end)) === '');
    if (onThisLine) return { line, column: offset - start + 1 };
    line++;
    start = end;
    if (start >= text.length) return { line, column: 1 };
  }
}

/** `text` with every character but its line breaks replaced by a space: nothing left, every position kept. */
export function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

/** A text cut before the line break that ends its last line with something on it. `core + gap` is the text. */
export interface CoreAndGap {
  readonly core: string;
  /** That line break, then lines of nothing but spaces and tabs, to the end. */
  readonly gap: string;
}

/** Where edits put their hands: what a cell says (core) is moved and replaced, the space around it (gap) stays. */
export function splitGap(text: string): CoreAndGap {
  let last = text.length - 1;
  while (last >= 0 && ' \t\r\n'.includes(text.charAt(last))) last--;
  if (last < 0) return { core: '', gap: text };
  const end = nextLine(text, last);
  const core = lineContent(text.slice(0, end));
  return { core, gap: text.slice(core.length) };
}
