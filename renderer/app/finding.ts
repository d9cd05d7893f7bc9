/** Find and replace in all cells, code and Markdown alike. Upper case matters only where the query has some. */
import { replaceBody } from '../../main/lab/notebook-edits.ts';
import type { Notebook } from '../../main/lab/notebook-format.ts';
import { type App, say, type TextPlace } from './app.ts';
import { edit } from './cells.ts';
import { textOf, viewCells } from './document.ts';

/** A place where the query stands. */
export interface Found {
  readonly cellId: string;
  /** The cell's number in the window, from 1. */
  readonly number: number;
  readonly place: TextPlace;
  /** The line, without the blanks around it. */
  readonly text: string;
}

/** Places found, at most: more are a question of another query. */
export const MOST_FOUND = 1000;

/** All places of a query, in the order of the notebook; none for an empty query. */
export function findAll(doc: Notebook, query: string): readonly Found[] {
  if (query === '') return [];
  const plain = caseless(query);
  const found: Found[] = [];
  viewCells(doc).forEach((cell, index) => {
    cell.text.split('\n').forEach((line, at) => {
      const there = plain ? line.toLowerCase() : line;
      for (let column = there.indexOf(query); column >= 0; column = there.indexOf(query, column + query.length)) {
        if (found.length === MOST_FOUND) return;
        const place = { line: at + 1, column: column + 1 };
        found.push({ cellId: cell.id, number: index + 1, place, text: line.trim() });
      }
    });
  });
  return found;
}

function caseless(query: string): boolean {
  return query === query.toLowerCase();
}

/** The notebook with every place replaced, and how many there were. The text before the first cell stays. */
export function replaceAll(
  doc: Notebook,
  query: string,
  by: string,
): { readonly doc: Notebook; readonly count: number } {
  if (query === '') return { doc, count: 0 };
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), caseless(query) ? 'gi' : 'g');
  let changed = doc;
  let count = 0;
  for (const { id } of doc.cells) {
    const index = changed.cells.findIndex((cell) => cell.id === id);
    const cell = changed.cells[index];
    if (cell === undefined) continue;
    const text = textOf(cell);
    const replaced = text.replace(pattern, () => {
      count++;
      return by;
    });
    if (replaced !== text) changed = replaceBody(changed, index, replaced);
  }
  return { doc: changed, count };
}

export function openFind(app: App): void {
  app.screen.flushTyping();
  app.store.dispatch({ type: 'overlay', overlay: { kind: 'find' } });
}

/** To a place: the cursor stands before what was found. */
export function goToFound(app: App, query: string, at: number): void {
  const { notebook } = app.store.get();
  const found = notebook === null ? [] : findAll(notebook.doc, query);
  const place = found[at];
  app.store.dispatch({ type: 'search', search: { query, at } });
  if (place !== undefined) edit(app, place.cellId, place.place);
}

/** The next place of what was looked for last, or the one before; goes round at the ends. */
export function findAgain(app: App, offset: 1 | -1): void {
  const { notebook, search } = app.store.get();
  const found = notebook === null ? [] : findAll(notebook.doc, search.query);
  if (found.length === 0) {
    say(app, 'info', search.query === '' ? 'Nothing was looked for yet: / finds.' : `"${search.query}" is nowhere.`);
    return;
  }
  const at = (search.at + offset + found.length) % found.length;
  goToFound(app, search.query, at);
  say(app, 'info', `"${search.query}": place ${at + 1} of ${found.length}.`);
}

/** Replaces every place; one undo takes it back. */
export function replaceEverywhere(app: App, query: string, by: string): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  if (notebook === null) return;
  const { doc, count } = replaceAll(notebook.doc, query, by);
  if (count === 0) {
    say(app, 'info', query === '' ? 'There is nothing to look for.' : `"${query}" is nowhere.`);
    return;
  }
  app.store.dispatch({ type: 'cells-changed', doc });
  say(app, 'info', `Replaced ${count} place${count === 1 ? '' : 's'}. u takes that back.`);
}
