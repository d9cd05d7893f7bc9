/** What main reads in the notebook's code: which cells need which, and what in them could be otherwise. */
import { type Cell, type Notebook, parse } from '../../main/lab/notebook-format.ts';
import type { Control, NotebookAnalysis } from '../../preload/contract.ts';
import type { App } from './app.ts';
import { settled } from './attempt.ts';
import { fileText, PREAMBLE, textOf } from './document.ts';
import type { CellRun, NotebookState, Reading } from './state.ts';

/** Pause after the last edit before the text is read, in milliseconds. */
export const READING_PAUSE = 150;

/** The notebook's code as main read it, by the cells' ids. */
export function readingOf(doc: Notebook, { cells }: NotebookAnalysis): Reading {
  const idOf = (index: number) => (index < 0 ? PREAMBLE : (doc.cells[index]?.id ?? ''));
  const needs = new Map<string, readonly string[]>();
  const controls = new Map<string, readonly Control[]>();
  for (const cell of cells) {
    needs.set(idOf(cell.cell), cell.needs.map(idOf));
    if (cell.controls.length > 0) controls.set(idOf(cell.cell), cell.controls);
  }
  return { text: fileText(doc), needs, controls };
}

/** The texts that a cell's meaning depends on: its own last. Null while nothing is known of it. */
export function closureOf(
  { doc, reading }: Pick<NotebookState, 'doc' | 'reading'>,
  id: string,
): readonly string[] | null {
  const needs = reading?.needs.get(id);
  if (needs === undefined) return null;
  return [...needs, id].map((one) => sourceOf(doc, one));
}

function sourceOf(doc: Notebook, id: string): string {
  if (id === PREAMBLE) return doc.preamble;
  const cell = doc.cells.find((candidate) => candidate.id === id);
  return cell === undefined ? '' : textOf(cell);
}

/** A run that did not know what it depends on learns it from the reading of the text that ran. */
export function informRun(run: CellRun, text: string, analysis: NotebookAnalysis): CellRun {
  if (run.closure !== null || fileText(run.ran) !== text) return run;
  const reading = readingOf(run.ran, analysis);
  const id = run.place < 0 ? PREAMBLE : (run.ran.cells[run.place]?.id ?? '');
  return { ...run, closure: closureOf({ doc: run.ran, reading }, id) };
}

export function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

/** Asks main to read a text, and tells the store. */
export async function read(app: App, text: string): Promise<void> {
  const outcome = await settled(app.bridge.request('notebook:analyse', text));
  if (outcome.ok) app.store.dispatch({ type: 'read', text, analysis: outcome.value });
}

/** Has the notebook read again, a pause after each edit. Returns what ends it. */
export function followText(app: App): () => void {
  let cancel: (() => void) | null = null;
  let asked: Notebook | null = null;
  let opening = -1;
  const end = app.store.subscribe(() => {
    const { notebook } = app.store.get();
    if (notebook === null || notebook.doc === asked) return;
    asked = notebook.doc;
    cancel?.();
    const pause = notebook.opening === opening ? READING_PAUSE : 0;
    opening = notebook.opening;
    cancel = app.clock.later(pause, () => {
      cancel = null;
      const { notebook: now } = app.store.get();
      if (now !== null && now.reading?.text !== fileText(now.doc)) void read(app, fileText(now.doc));
    });
  });
  return () => {
    end();
    cancel?.();
  };
}

/** The notebook with the same cells, its text changed without moving a line. */
export function withText(doc: Notebook, text: string): Notebook {
  const made = parse(text);
  return {
    ...made,
    nextId: doc.nextId,
    cells: made.cells.map((cell, index) => ({ ...cell, id: doc.cells[index]?.id ?? cell.id })),
  };
}

/** Another text as the notebook: a cell that says the same as before, or has the same title, is the same cell. */
export function withCellsOf(doc: Notebook, text: string): Notebook {
  const made = parse(text);
  const free = [...doc.cells];
  const take = (wanted: (cell: Cell) => boolean) => {
    const index = free.findIndex(wanted);
    return index < 0 ? undefined : free.splice(index, 1)[0]?.id;
  };
  const same = made.cells.map((cell) => take((old) => old.kind === cell.kind && old.body === cell.body));
  let next = doc.nextId;
  const cells = made.cells.map((cell, index) => {
    const titled = (old: Cell) => cell.title !== '' && old.title === cell.title && old.kind === cell.kind;
    return { ...cell, id: same[index] ?? take(titled) ?? `c${next++}` };
  });
  return { ...made, nextId: next, cells };
}
