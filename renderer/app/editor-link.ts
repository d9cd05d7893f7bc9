/** Between the editors and the notebook: typed text goes into the cells, script errors come back as marks. */

import type { ScriptError } from '../../main/engine/result.ts';
import { isStale } from '../notebook/cell-state.ts';
import { Editors } from '../notebook/editors.ts';
import type { App } from './app.ts';
import { edit } from './cells.ts';
import { findCell, viewCells, withCellText } from './document.ts';
import type { CellRun } from './state.ts';

export function createEditors(app: App): Editors {
  const { store } = app;
  return new Editors({
    typed: (id, text) => {
      const { notebook } = store.get();
      if (notebook === null) return text;
      const doc = withCellText(notebook.doc, id, text);
      store.dispatch({ type: 'typed', doc });
      return findCell(doc, id)?.text ?? text;
    },
    held: (id, text) => store.dispatch({ type: 'held', id, text }),
    focused: (id) => {
      store.dispatch({ type: 'focused', id });
      store.dispatch({ type: 'mode', mode: 'edit' });
    },
    blurred: (id) => {
      store.dispatch({ type: 'mode', mode: 'nav' });
      app.screen.flushTyping();
      if (store.get().notebook?.editing === id) store.dispatch({ type: 'editing', id: null });
    },
    opened: (id, place) => edit(app, id, place),
    looked: (place) => store.dispatch({ type: 'overlay', overlay: { kind: 'source', place } }),
  });
}

/** Keeps models and marks as the snapshot says. Subscribed before React draws, so that models are there first. */
export function linkEditors(app: App, editors: Editors): void {
  const { store } = app;
  let doc = store.get().notebook?.doc;
  let cellRuns = store.get().cellRuns;
  let theme = store.get().theme;
  editors.setTheme(theme);
  let { fontSize } = store.get().preferences;
  store.subscribe(() => {
    const state = store.get();
    if (state.theme !== theme) editors.setTheme(state.theme);
    theme = state.theme;
    if (state.preferences.fontSize !== fontSize) editors.setFont(state.preferences.fontSize);
    fontSize = state.preferences.fontSize;
    const { notebook } = state;
    if (notebook === null) return;
    if (notebook.doc !== doc) editors.sync(notebook.opening, viewCells(notebook.doc));
    if (notebook.doc !== doc || state.cellRuns !== cellRuns) {
      for (const [id, run] of state.cellRuns) mark(editors, id, isStale(notebook, id, run) ? null : run);
    }
    doc = notebook.doc;
    cellRuns = state.cellRuns;
  });
}

/** Marks the first error of a run at the author's own place. */
function mark(editors: Editors, id: string, run: CellRun | null): void {
  const error: ScriptError | null | undefined =
    run === null ? null : (run.error ?? run.results.find((result) => result.error !== null)?.error);
  if (run === null || error === null || error === undefined || error.line === 0) {
    editors.mark(id, null);
    return;
  }
  const place = { line: error.line - run.firstLine + 1, column: Math.max(1, error.column) };
  editors.mark(id, { place, message: error.message });
}
