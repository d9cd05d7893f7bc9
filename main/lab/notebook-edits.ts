/**
 * Edits of a notebook, each a pure function to a new one. The printed text changes where the edit is and nowhere else:
 * cells are moved and replaced, the blank lines between them and the end of the file stay as they were, and new lines
 * end as the file's lines do. Cells keep their ids; a text that holds marker lines becomes several cells, as it would
 * when the file is read again. An index that names no cell is a RangeError.
 */
import { convertBody, readComment, withBodyText, withLines, withMarkdownText, writeComment } from './cell-text.ts';
import { joinLines, lineBreak, lineContent, splitGap, splitLines, withLineFeeds } from './lines.ts';
import { type CellKind, formatMarker, withKind, withTitle } from './marker.ts';
import { type Cell, type LooseCell, type Notebook, parseCells, placeCells } from './notebook-format.ts';

export interface NewCell {
  readonly kind: CellKind;
  readonly title?: string;
  readonly attributes?: ReadonlyMap<string, string>;
  /** As an editor shows it: see cell-text.ts. */
  readonly text: string;
}

/** The cell's text, as an editor shows it, replaced: code by code, Markdown by Markdown. */
export function replaceBody(notebook: Notebook, index: number, text: string): Notebook {
  const cell = cellAt(notebook, index);
  const { eol } = notebook;
  const raw = cell.kind === 'markdown' ? withMarkdownText(cell, text, eol) : withBodyText(cell, text, eol);
  return rebuild(notebook, replaced(notebook, index, 1, [{ id: cell.id, text: raw }]));
}

/** The text before the first cell, as an editor shows it. */
export function preambleText(notebook: Notebook): string {
  return withLineFeeds(splitGap(notebook.preamble).core);
}

/** The text before the first cell replaced. */
export function replacePreamble(notebook: Notebook, text: string): Notebook {
  const { preamble, cells, eol } = notebook;
  const { core, gap } = splitGap(preamble);
  const now = withLines(core, text, eol);
  if (now === core) return notebook;
  const gapAfter = now === '' ? '' : cells.length > 0 && gap === '' ? eol + eol : gap;
  const { preamble: before } = parseCells(now + gapAfter);
  const rest = (now + gapAfter).slice(before.length);
  return rebuild({ ...notebook, preamble: before }, [{ id: null, text: rest }, ...cells]);
}

/** A new cell before the cell at `index`; at the end if `index` is the number of cells. */
export function insertCell(notebook: Notebook, index: number, { kind, title, attributes, text }: NewCell): Notebook {
  const { cells, eol } = notebook;
  if (index !== cells.length) cellAt(notebook, index);
  const marker = { marker: formatMarker(kind, title, attributes), body: '' };
  const core = kind === 'markdown' ? withMarkdownText(marker, text, eol) : withBodyText(marker, text, eol);
  if (index < cells.length) {
    return rebuild(notebook, replaced(notebook, index, 0, [{ id: null, text: core + eol + eol }]));
  }
  return append(notebook, core);
}

/** Without the cell at `index`. */
export function deleteCell(notebook: Notebook, index: number): Notebook {
  const cell = cellAt(notebook, index);
  const { cells, preamble } = notebook;
  if (index < cells.length - 1) return rebuild(notebook, replaced(notebook, index, 1, []));
  // The file ends as it did: what stood after the last cell now stands after the text before it.
  const { gap } = splitGap(textOf(cell));
  const previous = cells[index - 1];
  if (previous !== undefined) return rebuild(notebook, replaced(notebook, index - 1, 2, [withGap(previous, gap)]));
  const { core } = splitGap(preamble);
  return rebuild({ ...notebook, preamble: core === '' ? preamble : core + gap }, []);
}

/** The cell at `from` moved so that its index becomes `to`; the blank lines between cells stay where they are. */
export function moveCell(notebook: Notebook, from: number, to: number): Notebook {
  const moved = cellAt(notebook, from);
  cellAt(notebook, to);
  const order = [...notebook.cells];
  order.splice(from, 1);
  order.splice(to, 0, moved);
  const slots = order.map((cell, index) => withGap(cell, splitGap(textOf(cellAt(notebook, index))).gap));
  return rebuild(notebook, slots);
}

/**
 * The cell at `index` in two: the second begins with line `line` (1-based) of the text that an editor shows and is of
 * the same kind, without title. RangeError unless the text has such a line.
 */
export function splitCell(notebook: Notebook, index: number, line: number): Notebook {
  const cell = cellAt(notebook, index);
  const { core, gap } = splitGap(cell.body);
  const lines = splitLines(core);
  if (!(Number.isInteger(line) && line >= 1 && line <= lines.length)) {
    throw new RangeError(`cell ${index + 1} has ${lines.length} lines, so it cannot be split at line ${line}`);
  }
  const { eol } = notebook;
  const above = [cell.marker, ...lines.slice(0, line - 1)];
  const isSpaced = line > 1 && lineContent(lines[line - 2] ?? '').trim() === '';
  const below = [formatMarker(cell.kind) + eol, ...lines.slice(line - 1)];
  return rebuild(
    notebook,
    replaced(notebook, index, 1, [
      { id: cell.id, text: joinLines(isSpaced ? above : [...above, eol]) },
      { id: null, text: joinLines(below) + gap },
    ]),
  );
}

/**
 * The cells `first` to `last` in one, of the first one's kind. Titles of the others stay as comments (as headings in
 * Markdown), code that joins Markdown becomes comments, Markdown that joins code stays comments.
 */
export function mergeCells(notebook: Notebook, first: number, last: number): Notebook {
  const head = cellAt(notebook, first);
  const tail = cellAt(notebook, last);
  if (last < first) throw new RangeError(`cells ${first + 1} to ${last + 1} are no range`);
  const parts = [textOf(head)];
  for (const cell of notebook.cells.slice(first + 1, last + 1)) {
    const heading = head.kind === 'markdown' ? `## ${cell.title}` : cell.title;
    if (cell.title !== '') parts.push(writeComment(heading) + (lineBreak(cell.marker) || notebook.eol));
    const becomesComment = head.kind === 'markdown' && cell.kind === 'code';
    parts.push(becomesComment ? convertBody(cell, writeComment) : cell.body);
  }
  // The file goes on below as it did, or ends as it did.
  const text = splitGap(joinLines(parts)).core + splitGap(textOf(tail)).gap;
  return rebuild(notebook, replaced(notebook, first, last - first + 1, [{ id: head.id, text }]));
}

/** The cell as code or as Markdown: its lines become comments, or comments become lines. Back again gives the same. */
export function setKind(notebook: Notebook, index: number, kind: CellKind): Notebook {
  const cell = cellAt(notebook, index);
  if (cell.kind === kind) return notebook;
  const marker = withKind(lineContent(cell.marker), kind) + lineBreak(cell.marker);
  const body = convertBody(cell, kind === 'markdown' ? writeComment : readComment);
  return rebuild(notebook, replaced(notebook, index, 1, [{ id: cell.id, text: joinLines([marker, body]) }]));
}

/** The cell with another title, made fit for a marker line (marker.ts). */
export function setTitle(notebook: Notebook, index: number, title: string): Notebook {
  const cell = cellAt(notebook, index);
  const marker = withTitle(lineContent(cell.marker), title) + lineBreak(cell.marker);
  return rebuild(notebook, replaced(notebook, index, 1, [{ id: cell.id, text: marker + cell.body }]));
}

/** A cell as it was, or a text that is yet to be read, with the id that its first cell takes (null: a new one). */
type Slot = Cell | { readonly id: string | null; readonly text: string };

function rebuild(notebook: Notebook, slots: readonly Slot[]): Notebook {
  let { nextId } = notebook;
  const cells: (LooseCell & { id: string })[] = [];
  for (const slot of slots) {
    if (!('text' in slot)) {
      cells.push(slot);
      continue;
    }
    let id = slot.id;
    for (const cell of parseCells(slot.text).cells) {
      cells.push({ ...cell, id: id ?? `c${nextId++}` });
      id = null;
    }
  }
  return { ...notebook, nextId, cells: placeCells(notebook.preamble, cells) };
}

function append(notebook: Notebook, core: string): Notebook {
  const { cells, eol, preamble } = notebook;
  const last = cells.at(-1);
  if (last !== undefined) {
    const { gap } = splitGap(textOf(last));
    const slots = [withGap(last, eol + eol), { id: null, text: core + gap }];
    return rebuild(notebook, replaced(notebook, cells.length - 1, 1, slots));
  }
  const { core: before, gap } = splitGap(preamble);
  if (before !== '') return rebuild({ ...notebook, preamble: before + eol + eol }, [{ id: null, text: core + gap }]);
  const blank = gap === '' || lineBreak(gap) !== '' ? gap : gap + eol;
  return rebuild({ ...notebook, preamble: blank }, [{ id: null, text: core + eol }]);
}

function replaced(notebook: Notebook, index: number, count: number, slots: readonly Slot[]): Slot[] {
  const { cells } = notebook;
  return [...cells.slice(0, index), ...slots, ...cells.slice(index + count)];
}

function withGap(cell: Cell, gap: string): Slot {
  const { core, gap: before } = splitGap(textOf(cell));
  return gap === before ? cell : { id: cell.id, text: core + gap };
}

function textOf(cell: Cell): string {
  return cell.marker + cell.body;
}

function cellAt(notebook: Notebook, index: number): Cell {
  const cell = notebook.cells[index];
  if (cell === undefined)
    throw new RangeError(`there is no cell ${index + 1}: the notebook has ${notebook.cells.length}`);
  return cell;
}
