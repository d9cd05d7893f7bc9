/** Commands on cells: moving the focus, and changing their order, number and kind. */
import {
  deleteCell,
  insertCell,
  mergeCells,
  moveCell,
  type NewCell,
  setKind,
  splitCell,
} from '../../main/lab/notebook-edits.ts';
import type { Notebook } from '../../main/lab/notebook-format.ts';
import { type App, say, type TextPlace } from './app.ts';
import { findCell, locate, textOf, viewCells } from './document.ts';

/** Moves the focus by `offset` cells; stops at both ends. */
export function moveFocus(app: App, offset: number): void {
  const { notebook } = app.store.get();
  if (notebook === null) return;
  const cells = viewCells(notebook.doc);
  const index = cells.findIndex((cell) => cell.id === notebook.focused);
  const next = cells[Math.max(0, Math.min(cells.length - 1, index + offset))];
  if (next !== undefined) goTo(app, next.id);
}

export function goTo(app: App, id: string): void {
  app.store.dispatch({ type: 'focused', id });
  app.screen.focusCell(id);
}

/** Into the editor of a cell; a Markdown cell shows its source for that. */
export function edit(app: App, id: string, place: TextPlace | null = null): void {
  const { notebook } = app.store.get();
  const cell = notebook === null ? undefined : findCell(notebook.doc, id);
  if (cell === undefined) return;
  app.store.dispatch({ type: 'focused', id });
  if (notebook?.folded.has(id)) fold(app, [id]);
  if (cell.kind === 'markdown') app.store.dispatch({ type: 'editing', id });
  app.screen.focusEditor(id, place);
}

/** Out of the editor: the Markdown cell is drawn again, the focus is on the cell. */
export function leaveEditor(app: App): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  app.store.dispatch({ type: 'editing', id: null });
  app.store.dispatch({ type: 'mode', mode: 'nav' });
  app.screen.leaveEditor();
  if (notebook !== null) app.screen.focusCell(notebook.focused);
}

/** To a line of the file, such as an error's. */
export function goToLine(app: App, doc: Notebook, line: number, column: number): void {
  const place = locate(doc, line);
  if (place !== null) edit(app, place.cell.id, { line: place.line, column: Math.max(1, column) });
}

/** The focused cell's index in the file; -1 for the preamble, which no command on cells touches. */
function focusedIndex(app: App): number {
  const { notebook } = app.store.get();
  return notebook?.doc.cells.findIndex((cell) => cell.id === notebook.focused) ?? -1;
}

/** Does a change of the cells, and puts the focus on a cell that is found in the result. */
function change(app: App, doc: Notebook, focus: (doc: Notebook) => string | undefined): string {
  const focused = focus(doc) ?? '';
  app.store.dispatch({ type: 'cells-changed', doc, focused });
  app.screen.focusCell(focused);
  return focused;
}

/** A new, empty code cell below (1) or above (0) the focused one, open for typing. */
export function addCell(app: App, below: 0 | 1): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  if (notebook === null) return;
  const index = focusedIndex(app) + below;
  const at = Math.max(0, index);
  const doc = insertCell(notebook.doc, at, { kind: 'code', text: '' });
  edit(
    app,
    change(app, doc, (made) => made.cells[at]?.id),
  );
}

/** A cell with a text of its own below the focused one. */
export function insertBelow(app: App, cell: NewCell): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  if (notebook === null) return;
  const at = Math.max(0, focusedIndex(app) + 1);
  change(app, insertCell(notebook.doc, at, cell), (made) => made.cells[at]?.id);
}

export function changeKind(app: App): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  const index = focusedIndex(app);
  const cell = notebook?.doc.cells[index];
  if (!notebook || cell === undefined) return;
  const doc = setKind(notebook.doc, index, cell.kind === 'code' ? 'markdown' : 'code');
  change(app, doc, () => cell.id);
}

export function shiftCell(app: App, offset: 1 | -1): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  const index = focusedIndex(app);
  const to = index + offset;
  if (notebook === null || index < 0) return;
  if (to < 0 || to >= notebook.doc.cells.length) {
    say(app, 'info', `The cell is the ${offset < 0 ? 'first' : 'last'} already.`);
    return;
  }
  change(app, moveCell(notebook.doc, index, to), () => notebook.focused);
}

export function removeCell(app: App): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  const index = focusedIndex(app);
  const cell = notebook?.doc.cells[index];
  if (!notebook || cell === undefined) return;
  const doc = deleteCell(notebook.doc, index);
  const focused = (doc.cells[index] ?? doc.cells[index - 1])?.id ?? '';
  app.store.dispatch({ type: 'cells-changed', doc, focused, bin: cell });
  app.screen.focusCell(app.store.get().notebook?.focused ?? '');
  say(app, 'info', 'Cell deleted. u takes it back, p pastes it below.');
}

export function pasteCell(app: App): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  const bin = notebook?.bin;
  if (!notebook || !bin) {
    say(app, 'info', 'No cell was deleted that could be pasted.');
    return;
  }
  const at = focusedIndex(app) + 1;
  const { kind, title, attributes } = bin;
  const doc = insertCell(notebook.doc, at, { kind, title, attributes, text: textOf(bin) });
  change(app, doc, (made) => made.cells[at]?.id);
}

export function duplicateCell(app: App): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  const cell = notebook?.doc.cells[focusedIndex(app)];
  if (cell === undefined) return;
  const { kind, title, attributes } = cell;
  insertBelow(app, { kind, title, attributes, text: textOf(cell) });
}

/** Divides the focused cell before the line of the cursor; the lower part has the focus then. */
export function split(app: App): void {
  const place = app.screen.cursor();
  leaveEditor(app);
  const { notebook } = app.store.get();
  const index = focusedIndex(app);
  if (notebook === null || place === null || index < 0) {
    say(app, 'info', 'Put the cursor where the cell is to be divided: Enter edits the cell.');
    return;
  }
  if (place.line <= 1) {
    say(app, 'info', 'The cursor is in the first line: nothing would be left above it.');
    return;
  }
  change(app, splitCell(notebook.doc, index, place.line), (made) => made.cells[index + 1]?.id);
}

export function mergeBelow(app: App): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  const index = focusedIndex(app);
  const [cell, below] = [notebook?.doc.cells[index], notebook?.doc.cells[index + 1]];
  if (!notebook || cell === undefined) return;
  if (below === undefined || below.kind !== cell.kind) {
    say(app, 'info', below === undefined ? 'There is no cell below.' : 'The cell below is of the other kind.');
    return;
  }
  change(app, mergeCells(notebook.doc, index, index + 1), (made) => made.cells[index]?.id);
}

/** Folds those that are not, unfolds those that are. */
export function fold(app: App, ids: readonly string[]): void {
  const { notebook } = app.store.get();
  if (notebook === null) return;
  const folded = new Set(notebook.folded);
  for (const id of ids) if (!folded.delete(id)) folded.add(id);
  app.store.dispatch({ type: 'folded', folded });
}

export function foldAll(app: App, folded: boolean): void {
  const { notebook } = app.store.get();
  if (notebook === null) return;
  const ids = folded ? viewCells(notebook.doc).map(({ id }) => id) : [];
  app.store.dispatch({ type: 'folded', folded: new Set(ids) });
}

export function undo(app: App, type: 'undo' | 'redo'): void {
  app.screen.flushTyping();
  const before = app.store.get().notebook;
  app.store.dispatch({ type });
  const { notebook } = app.store.get();
  if (notebook === before) say(app, 'info', type === 'undo' ? 'Nothing to undo.' : 'Nothing to redo.');
  else app.screen.focusCell(notebook?.focused ?? '');
}
