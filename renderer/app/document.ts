/**
 * The notebook as the window sees it: the format's cells, and before them the preamble as a cell of its own where it
 * holds code. Everything here is a pure function of the notebook; texts are as editors show them.
 */
import { bodyText, cellText } from '../../main/lab/cell-text.ts';
import { replaceBody, replacePreamble } from '../../main/lab/notebook-edits.ts';
import { type Cell, type Notebook, parse, placeCells, print } from '../../main/lab/notebook-format.ts';
import type { Change, RunBasis } from './state.ts';

/** Id of the preamble where it is shown. The format's own ids are `c1`, `c2` ... */
export const PREAMBLE = 'preamble';

/** A cell as the window shows it. */
export interface ViewCell {
  readonly id: string;
  readonly kind: 'code' | 'markdown';
  readonly title: string;
  readonly text: string;
  /** 1-based line of the text's first line in the file. */
  readonly firstLine: number;
}

const texts = new WeakMap<Cell, string>();

/** The text that an editor shows for a cell. Cells are immutable, so each is read once. */
export function textOf(cell: Cell): string {
  let text = texts.get(cell);
  if (text === undefined) {
    text = cellText(cell);
    texts.set(cell, text);
  }
  return text;
}

/** The preamble's text without the blank lines that divide it from the first cell. */
export function preambleText(doc: Notebook): string {
  return bodyText({ marker: '', body: doc.preamble });
}

/** True where the preamble says more than comments, such as a whole script without any marker. */
function showsPreamble(doc: Notebook): boolean {
  if (doc.cells.length === 0) return true;
  return preambleText(doc)
    .split('\n')
    .some((line) => line.trim() !== '' && !line.trim().startsWith('//'));
}

const views = new WeakMap<Notebook, readonly ViewCell[]>();
const viewOf = new WeakMap<Cell, ViewCell>();

/** The cells that the window shows, in the file's order. Cells that did not change stay the same objects. */
export function viewCells(doc: Notebook): readonly ViewCell[] {
  let cells = views.get(doc);
  if (cells === undefined) {
    const shown = doc.cells.map(viewCell);
    const preamble: ViewCell = { id: PREAMBLE, kind: 'code', title: '', text: preambleText(doc), firstLine: 1 };
    cells = showsPreamble(doc) ? [preamble, ...shown] : shown;
    views.set(doc, cells);
  }
  return cells;
}

function viewCell(cell: Cell): ViewCell {
  let view = viewOf.get(cell);
  if (view === undefined) {
    view = { id: cell.id, kind: cell.kind, title: cell.title, text: textOf(cell), firstLine: cell.bodyFirstLine };
    viewOf.set(cell, view);
  }
  return view;
}

export function findCell(doc: Notebook, id: string): ViewCell | undefined {
  return viewCells(doc).find((cell) => cell.id === id);
}

/** What a cell is called where it has no title: its first line that says something. */
export function cellName(cell: ViewCell): string {
  if (cell.title !== '') return cell.title;
  const line = cell.text.split('\n').find((candidate) => candidate.trim() !== '');
  if (line === undefined) return '(empty)';
  return line.replace(/^[#\s/]+/, '').slice(0, 60);
}

/** The notebook with a cell's text replaced. A text with marker lines becomes several cells. */
export function withCellText(doc: Notebook, id: string, text: string): Notebook {
  if (id === PREAMBLE) {
    const changed = replacePreamble(doc, text);
    return /^\/\/ %%/m.test(text) ? parse(print(changed)) : changed;
  }
  const index = doc.cells.findIndex((cell) => cell.id === id);
  return index < 0 ? doc : replaceBody(doc, index, text);
}

/** Index of a cell among the code cells of the file, as RunRequest counts them; -1 for the preamble and Markdown. */
export function codeIndex(doc: Notebook, id: string): number {
  return doc.cells.filter((cell) => cell.kind === 'code').findIndex((cell) => cell.id === id);
}

const bases = new WeakMap<Notebook, RunBasis>();

/** Code that decides what a run means: the preamble, then every code cell that is not blank. */
export function basisOf(doc: Notebook): RunBasis {
  let basis = bases.get(doc);
  if (basis === undefined) {
    const sources = doc.cells.filter((cell) => cell.kind === 'code').map(textOf);
    basis = { sources: [preambleText(doc), ...sources.filter((text) => text.trim() !== '')] };
    bases.set(doc, basis);
  }
  return basis;
}

const files = new WeakMap<Notebook, string>();

/** The file's text. */
export function fileText(doc: Notebook): string {
  let text = files.get(doc);
  if (text === undefined) {
    text = print(doc);
    files.set(doc, text);
  }
  return text;
}

const places = new WeakMap<Notebook, ReadonlyMap<string, number>>();

/** A cell's index in the sources of `basisOf(doc)`; -1 where it has none. */
export function basisIndex(doc: Notebook, id: string): number {
  let known = places.get(doc);
  if (known === undefined) {
    const code = doc.cells.filter((cell) => cell.kind === 'code' && textOf(cell).trim() !== '');
    known = new Map([[PREAMBLE, 0], ...code.map((cell, index) => [cell.id, index + 1] as const)]);
    places.set(doc, known);
  }
  return known.get(id) ?? -1;
}

const shares = new WeakMap<RunBasis, WeakMap<RunBasis, number>>();

/** How many leading sources of two bases are equal: cells before that are unchanged, and so is all before them. */
export function sharedSources(a: RunBasis, b: RunBasis): number {
  const known = shares.get(a) ?? new WeakMap<RunBasis, number>();
  shares.set(a, known);
  let shared = known.get(b);
  if (shared === undefined) {
    const differs = a.sources.findIndex((source, index) => source !== b.sources[index]);
    shared = differs < 0 ? a.sources.length : differs;
    known.set(b, shared);
  }
  return shared;
}

/** The cell that holds a line of the file, and that line in the cell's own count; null outside of all texts. */
export function locate(doc: Notebook, line: number): { readonly cell: ViewCell; readonly line: number } | null {
  const cells = viewCells(doc);
  for (let i = cells.length - 1; i >= 0; i--) {
    const cell = cells[i];
    if (cell === undefined || line < cell.firstLine) continue;
    return { cell, line: line - cell.firstLine + 1 };
  }
  return null;
}

/**
 * Takes a change of the cells back, and keeps what was typed since: a cell that still says what the change left has
 * its old form again, one that was edited since keeps its text, one that came since stays at the end.
 */
export function takeBack(change: Change, now: Notebook): Notebook {
  const after = new Map(change.after.cells.map((cell) => [cell.id, cell]));
  const current = new Map(now.cells.map((cell) => [cell.id, cell]));
  const same = (a: Cell, b: Cell | undefined) => a.marker === b?.marker && a.body === b.body;
  const cells = change.before.cells.map((cell) => {
    const present = current.get(cell.id);
    return present === undefined || same(present, after.get(cell.id)) ? cell : present;
  });
  const before = new Set(cells.map((cell) => cell.id));
  const since = now.cells.filter((cell) => !before.has(cell.id) && !after.has(cell.id));
  return {
    ...now,
    nextId: Math.max(now.nextId, change.before.nextId),
    cells: placeCells(now.preamble, [...cells, ...since]),
  };
}
