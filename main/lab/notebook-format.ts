/**
 * The notebook file, `NAME.lab.ts`: plain TypeScript in the percent format. `print(parse(text)) === text` for any text.
 *
 * A line that begins with `// %%` at column 0 starts a cell. One inside a template literal or a block comment does not,
 * as long as the file reads well: every template literal and block comment ends, and no comment that hides such a line
 * holds a second `/*` (the mark of one that somebody forgot to close). In a file that does not read well every such
 * line starts a cell, so that one stray backtick does not swallow the cells below it.
 *
 * What stands before the first marker is the preamble: normally `/// <reference types="gupbook" />`.
 */
import { type CodeShape, type Span, shapeOf } from './lexical.ts';
import { countLines, type LineEnding, lineContent, nextLine, usualEnding } from './lines.ts';
import { type CellKind, isMarkerAt, MARKER, parseMarker } from './marker.ts';

export type { CellKind } from './marker.ts';

export interface Cell {
  /** Names the cell for as long as the notebook is edited; never written to the file. */
  readonly id: string;
  readonly kind: CellKind;
  readonly title: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** The marker line, with its line break. */
  readonly marker: string;
  /** Everything from there to the next marker, blank lines included. */
  readonly body: string;
  /** 1-based line of the marker in the file. */
  readonly firstLine: number;
  readonly bodyFirstLine: number;
  /** Lines that begin in this cell, the marker's included. */
  readonly lineCount: number;
}

export interface Notebook {
  /** The byte order mark, if the file begins with one. */
  readonly bom: '' | '\uFEFF';
  /** The text before the first marker. */
  readonly preamble: string;
  readonly cells: readonly Cell[];
  /** The line ending of new lines: the one that the file uses most. */
  readonly eol: LineEnding;
  /** Number in the id of the next new cell. */
  readonly nextId: number;
}

/** A cell before it has a place in a notebook. */
export type LooseCell = Omit<Cell, 'id' | 'firstLine' | 'bodyFirstLine'>;

const BOM = '\uFEFF';

/** Reads a notebook. Any text is one; cells are named `c1`, `c2` ... in the order of the file. */
export function parse(text: string): Notebook {
  const bom = text.startsWith(BOM) ? BOM : '';
  const { preamble, cells } = parseCells(text.slice(bom.length));
  const placed = placeCells(
    preamble,
    cells.map((cell, index) => ({ ...cell, id: `c${index + 1}` })),
  );
  return { bom, preamble, cells: placed, eol: usualEnding(text), nextId: cells.length + 1 };
}

/** The file's text. */
export function print(notebook: Notebook): string {
  const parts: string[] = [notebook.bom, notebook.preamble];
  for (const { marker, body } of notebook.cells) parts.push(marker, body);
  return parts.join('');
}

/** Splits a text without byte order mark into what precedes the first marker and cells. */
export function parseCells(text: string): { preamble: string; cells: LooseCell[] } {
  const starts = markerOffsets(text);
  const cells = starts.map((start, index) => looseCell(text.slice(start, starts[index + 1] ?? text.length)));
  return { preamble: text.slice(0, starts[0] ?? text.length), cells };
}

/** Gives cells their lines in the file; ids stay. A cell that stands there already stays the same object. */
export function placeCells(
  preamble: string,
  cells: readonly (LooseCell & { id: string; firstLine?: number })[],
): Cell[] {
  let firstLine = countLines(preamble) + 1;
  return cells.map((cell) => {
    const placed = isPlaced(cell, firstLine) ? cell : { ...cell, firstLine, bodyFirstLine: firstLine + 1 };
    firstLine += cell.lineCount;
    return placed;
  });
}

function isPlaced(cell: LooseCell & { firstLine?: number }, firstLine: number): cell is Cell {
  return cell.firstLine === firstLine;
}

function looseCell(text: string): LooseCell {
  const bodyStart = nextLine(text, 0);
  const marker = text.slice(0, bodyStart);
  const { kind, title, attributes } = parseMarker(lineContent(marker));
  return { kind, title, attributes, marker, body: text.slice(bodyStart), lineCount: countLines(text) };
}

function markerOffsets(text: string): number[] {
  const candidates: number[] = [];
  // Looking for the sign, not at every line: most of a large file is neither.
  for (let at = text.indexOf(MARKER); at >= 0; at = text.indexOf(MARKER, at + MARKER.length)) {
    const atColumn0 = at === 0 || '\r\n'.includes(text.charAt(at - 1));
    if (atColumn0 && isMarkerAt(text, at)) candidates.push(at);
  }
  const canHide = candidates.length > 0 && (text.includes('`') || text.includes('/*'));
  return canHide ? withoutHidden(text, candidates, shapeOf(text)) : candidates;
}

function withoutHidden(text: string, candidates: number[], shape: CodeShape): number[] {
  if (!shape.closed) return candidates;
  const [inComment, hidingComments] = covered(candidates, shape.comments);
  const isForgotten = ({ start, end }: Span): boolean => text.slice(start + 2, end).includes('/*');
  if (hidingComments.some(isForgotten)) return candidates;
  const [inTemplate] = covered(candidates, shape.templates);
  return candidates.filter((at) => !inComment.has(at) && !inTemplate.has(at));
}

/** Which offsets lie inside a span, and which spans have one inside. Both lists are in order. */
function covered(offsets: readonly number[], spans: readonly Span[]): [Set<number>, Span[]] {
  const inside = new Set<number>();
  const hiding: Span[] = [];
  let next = 0;
  for (const offset of offsets) {
    while (next < spans.length && (spans[next]?.end ?? 0) <= offset) next++;
    const span = spans[next];
    if (span === undefined || span.start >= offset) continue;
    inside.add(offset);
    if (hiding.at(-1) !== span) hiding.push(span);
  }
  return [inside, hiding];
}
