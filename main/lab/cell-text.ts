/**
 * What a cell says, as an editor shows it: lines end in LF, the blank lines between this cell and the next are left
 * out, Markdown has no comment signs. Writing it back changes only the lines that differ.
 */
import { joinLines, type LineEnding, lineBreak, lineContent, splitGap, splitLines, withLineFeeds } from './lines.ts';
import { isMarkerAt } from './marker.ts';
import type { Cell } from './notebook-format.ts';

/** A code cell's text. Its line n is the file's line `cell.bodyFirstLine + n - 1`. */
export function bodyText(cell: Pick<Cell, 'marker' | 'body'>): string {
  return withLineFeeds(coreOf(cell).body);
}

/** A Markdown cell's text: lines without their `// `. A line that is no comment is taken as it stands. */
export function markdownText(cell: Pick<Cell, 'marker' | 'body'>): string {
  return splitLines(coreOf(cell).body)
    .map((line) => readComment(lineContent(line)) + (lineBreak(line) === '' ? '' : '\n'))
    .join('');
}

/** The text that an editor shows for a cell, whatever its kind. */
export function cellText(cell: Pick<Cell, 'kind' | 'marker' | 'body'>): string {
  return cell.kind === 'markdown' ? markdownText(cell) : bodyText(cell);
}

/** Marker line and body, byte for byte, of a cell that says `text`. Blank lines at the end of `text` are dropped. */
export function withBodyText(cell: Pick<Cell, 'marker' | 'body'>, text: string, eol: LineEnding): string {
  const lines = withLineFeeds(splitGap(text).core).split('\n');
  return rewrite(cell, lines, AS_IT_IS, eol);
}

/** Marker line and body of a Markdown cell that says `text`. */
export function withMarkdownText(cell: Pick<Cell, 'marker' | 'body'>, text: string, eol: LineEnding): string {
  if (text === markdownText(cell)) return cell.marker + cell.body;
  // U+2028 and U+2029 would end the comment for TypeScript.
  const lines = withLineFeeds(text)
    .replace(/[\u2028\u2029]/g, '\n')
    .split('\n');
  return rewrite(cell, lines, AS_COMMENT, eol);
}

/** A text without a gap (lines.ts) with its lines replaced, those equal at both ends kept byte for byte. */
export function withLines(core: string, text: string, eol: LineEnding): string {
  const lines = withLineFeeds(splitGap(text).core).split('\n');
  return lines.length === 1 && lines[0] === '' ? '' : mergeLines(splitLines(core), lines, AS_IT_IS, eol);
}

/** A line of Markdown as a comment. One that begins with `%%` gets no space, for `// %%` would start a cell. */
export function writeComment(line: string): string {
  const comment = line === '' ? '//' : `// ${line}`;
  return isMarkerAt(comment, 0) ? `//${line}` : comment;
}

/** What a comment line says; a line that is no comment says itself. */
export function readComment(line: string): string {
  return line.replace(/^[ \t]*\/\/ ?/, '');
}

/** The lines of a cell's body turned into comments or back, byte for byte reversible, with the gap left alone. */
export function convertBody(cell: Pick<Cell, 'marker' | 'body'>, convert: (line: string) => string): string {
  const { body, gap } = coreOf(cell);
  const converted = splitLines(body).map((line) => convert(lineContent(line)) + lineBreak(line));
  return joinLines(converted) + gap;
}

interface LineForm {
  read(raw: string): string;
  write(line: string): string;
}
const AS_IT_IS: LineForm = { read: (raw) => raw, write: (line) => line };
const AS_COMMENT: LineForm = { read: readComment, write: writeComment };

interface CellCore {
  /** The marker line's line break. */
  readonly markerBreak: string;
  /** The body up to the line break of its last line that is not blank. */
  readonly body: string;
  readonly gap: string;
}

function coreOf(cell: Pick<Cell, 'marker' | 'body'>): CellCore {
  const { core, gap } = splitGap(cell.body);
  return { markerBreak: lineBreak(cell.marker), body: core, gap };
}

/** The cell with its lines replaced; lines equal to the old ones at both ends keep their bytes, and so does the gap. */
function rewrite(cell: Pick<Cell, 'marker' | 'body'>, lines: string[], form: LineForm, eol: LineEnding): string {
  const { markerBreak, body, gap } = coreOf(cell);
  const marker = lineContent(cell.marker);
  const isEmpty = lines.length === 1 && lines[0] === '';
  if (isEmpty) return body === '' ? cell.marker + cell.body : marker + gap;
  const raw = mergeLines(splitLines(body), lines, form, eol);
  // Without text before, what followed the marker line is the gap, and follows the text from now on.
  return body === '' ? joinLines([marker + eol, raw]) + markerBreak + gap : joinLines([cell.marker, raw]) + gap;
}

/** `lines` as they stand in the file. Only the last has no line break, and it is not blank: the gap follows it. */
function mergeLines(before: string[], lines: string[], form: LineForm, eol: LineEnding): string {
  const says = before.map((line) => form.read(lineContent(line)));
  const shorter = Math.min(before.length, lines.length);
  let head = 0;
  while (head < shorter && says[head] === lines[head]) head++;
  let tail = 0;
  while (tail < shorter - head && says.at(-1 - tail) === lines.at(-1 - tail)) tail++;
  const merged = lines.map((line, index) => {
    const fromEnd = index - lines.length;
    const kept = index < head ? before[index] : fromEnd >= -tail ? before.at(fromEnd) : undefined;
    const raw = kept ?? form.write(line);
    if (fromEnd < -1) return lineBreak(raw) === '' ? raw + eol : raw;
    return /[^ \t\r\n]/.test(raw) ? lineContent(raw) : form.write(line);
  });
  return joinLines(merged);
}
