/**
 * Fitting text into terminal columns. A mail is read in a fixed-width font, so every width here is in columns: an East
 * Asian wide character takes two, a combining mark none.
 */

/** Widest line that a report writes itself: two levels of `> ` quoting still fit in 76. */
export const WIDTH = 72;

/** First and last code point of the blocks that terminals show two columns wide (Unicode EastAsianWidth W and F). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

function charWidth(char: string): number {
  if (/\p{M}/u.test(char)) return 0;
  const code = char.codePointAt(0) ?? 0;
  return WIDE.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Columns that a text without control characters takes. */
export function columnsOf(text: string): number {
  // Almost everything is ASCII: only the rest is looked at character by character.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += charWidth(char);
  return width;
}

/**
 * A name or message as one line of plain text: control, bidi, format and unassigned characters and every run of white
 * space become one blank (b4 refuses mails with bidi characters; a tab falls apart once it is quoted). A hexadecimal
 * word that checkpatch would take for a commit id is put in brackets.
 */
export function plain(text: string): string {
  return text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .replace(/(^|\s)([0-9a-f]{12,40})(?=[\s"'([]|$)/gi, '$1[$2]')
    .replace(/\bcommit\s+([0-9a-f]{5,})\b/gi, 'commit [$1]');
}

/** The longest beginning of `text` that fits in `width` columns. */
function head(text: string, width: number): string {
  let out = '';
  let used = 0;
  for (const char of text) {
    used += charWidth(char);
    if (used > width) break;
    out += char;
  }
  return out;
}

/** `text` in at most `width` columns, its end replaced by `...` where it was longer. */
export function cut(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  if (width <= 3) return head(text, width);
  return `${head(text, width - 3).trimEnd()}...`;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - columnsOf(text))) + text;
}

const encoder = new TextEncoder();

/** checkpatch counts bytes and allows 75 of them; a line of 72 columns may have three more bytes than columns. */
function measure(line: string): number {
  if (/^[\x20-\x7e]*$/.test(line)) return line.length;
  return Math.max(columnsOf(line), encoder.encode(line).length - 3);
}

/** The longest beginning of `word` that fits behind `start`, one character at least. */
function headBehind(start: string, word: string, width: number): string {
  let out = '';
  for (const char of word) {
    if (out !== '' && measure(start + out + char) > width) break;
    out += char;
  }
  return out;
}

/**
 * Wraps running text at blanks. `first` and `next` stand before the first and all other lines and count for the width;
 * a word that is wider than a line is broken.
 */
export function wrap(text: string, width: number = WIDTH, first = '', next = first): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  const flush = () => {
    lines.push(line.trimEnd());
    line = next;
    empty = true;
  };
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (!empty && measure(`${line} ${word}`) > width) flush();
    let rest = word;
    while (empty && measure(line + rest) > width) {
      const piece = headBehind(line, rest, width);
      if (piece === rest) break;
      line += piece;
      rest = rest.slice(piece.length);
      flush();
    }
    line += empty ? rest : ` ${rest}`;
    empty = false;
  }
  if (!empty || lines.length === 0) flush();
  return lines;
}

/** One column of a {@link table}. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/**
 * A table with a rule under its titles, every line indented by two: a rule at column 0 would end a commit message.
 * Where the table is wider than `width`, the first column gives way: its cells go on in further lines.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number = WIDTH,
): string[] {
  const gap = 2;
  const widths = columns.map((column, i) =>
    Math.max(columnsOf(column.title), ...rows.map((row) => columnsOf(row[i] ?? ''))),
  );
  const others = widths.slice(1).reduce((sum, w) => sum + w + gap, 0);
  const first = Math.max(4, Math.min(widths[0] ?? 0, width - 2 - others));
  const fitted = [first, ...widths.slice(1)];
  const line = (cells: readonly string[]) =>
    `  ${columns
      .map((column, i) => {
        const room = fitted[i] ?? 0;
        const cell = cells[i] ?? '';
        return column.align === 'right' ? padStart(cell, room) : padEnd(cell, room);
      })
      .join(' '.repeat(gap))}`.trimEnd();
  const wrapped = ([name = '', ...cells]: readonly string[]) => {
    const [indent = ''] = /^ */.exec(name) ?? [];
    const names = wrap(name, first, indent, `${indent}  `);
    return names.map((part, i) => line(i === 0 ? [part, ...cells] : [part]));
  };
  return [
    line(columns.map((column) => column.title)),
    line(fitted.map((w) => '-'.repeat(w))),
    ...rows.flatMap(wrapped),
  ];
}
