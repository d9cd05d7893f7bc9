/** What was: pinned runs, the store's sizes, revisions, and what a search over everything finds. */
import type { Found, Pruned, RunSummary } from '../../preload/contract.ts';
import { type App, say } from './app.ts';
import { attempt } from './attempt.ts';
import { goToLine } from './cells.ts';
import { fileText } from './document.ts';
import { openPath } from './files.ts';
import { showRun } from './history.ts';
import { withCellsOf } from './reading.ts';
import type { AppState, Overlay } from './state.ts';

export function openPane(app: App, overlay: Overlay): void {
  app.screen.flushTyping();
  app.store.dispatch({ type: 'overlay', overlay });
}

export function openRevisions(app: App, sha256: string | null = null): void {
  if (app.store.get().notebook === null) say(app, 'info', 'Open a notebook first: revisions are those of one.');
  else openPane(app, { kind: 'revisions', sha256 });
}

export function openRunComparison(app: App): void {
  if (app.store.get().runs.filter(({ state }) => state !== 'running').length < 2) {
    say(app, 'info', 'This notebook has no two runs to compare yet.');
  } else openPane(app, { kind: 'runs' });
}

/** The run whose results are shown: that of the selection, else of the focused cell, else the newest. */
export function shownRun({ notebook, selection, cellRuns, runs }: AppState): RunSummary | undefined {
  const of = (cellId: string | undefined) => (cellId === undefined ? undefined : cellRuns.get(cellId)?.runId);
  const runId = of(selection?.cellId) ?? of(notebook?.focused);
  return runs.find((run) => run.runId === runId) ?? runs[0];
}

/** Pins the shown run, or lets it go. */
export async function togglePin(app: App): Promise<void> {
  const run = shownRun(app.store.get());
  if (run === undefined) {
    say(app, 'info', 'Nothing ran yet: a pinned run is one that is never pruned.');
    return;
  }
  const pinned = run.pinned !== true;
  if (!(await pin(app, run.runId, pinned))) return;
  say(app, 'info', pinned ? `Run ${run.runId} is pinned: it is never pruned.` : `Run ${run.runId} is pinned no more.`);
}

/** @returns whether it is done. */
export async function pin(app: App, runId: number, pinned: boolean): Promise<boolean> {
  if ((await attempt(app, app.bridge.request('run:pin', runId, pinned))) === undefined) return false;
  await refreshRuns(app);
  return true;
}

export async function deleteRun(app: App, runId: number): Promise<Pruned | undefined> {
  const pruned = await attempt(app, app.bridge.request('run:delete', runId));
  await refreshRuns(app);
  return pruned;
}

export async function prune(app: App, keep: number, days: number): Promise<Pruned | undefined> {
  const pruned = await attempt(app, app.bridge.request('store:prune', keep, days));
  await refreshRuns(app);
  return pruned;
}

/** Reads the list of runs anew; what the cells show stays. */
async function refreshRuns(app: App): Promise<void> {
  const opened = app.store.get().notebook;
  if (opened === null) return;
  const runs = await attempt(app, app.bridge.request('run:list', opened.notebookId));
  if (runs === undefined || app.store.get().notebook?.opening !== opened.opening) return;
  app.store.dispatch({ type: 'runs', runs: [...runs].sort((a, b) => b.runId - a.runId) });
}

/** To something found: the line where it still stands, else the revision that had it; a result's run is shown. */
export async function goToEntry(app: App, found: Found): Promise<void> {
  if (app.store.get().notebook?.notebookId !== found.notebookId) {
    if (found.path === null) {
      say(app, 'problem', 'That notebook was never saved, or its file went to another: it cannot be opened from here.');
      return;
    }
    await openPath(app, found.path);
  }
  const { notebook } = app.store.get();
  if (notebook?.notebookId !== found.notebookId) return;
  if (found.runId !== null) {
    await showRun(app, found.runId);
    return;
  }
  const lines = fileText(notebook.doc)
    .split('\n')
    .map((line) => line.trim().slice(0, found.text.length));
  const line = lines[found.line - 1] === found.text ? found.line : lines.indexOf(found.text) + 1;
  if (found.newest && line > 0) goToLine(app, notebook.doc, line, 1);
  else openRevisions(app, found.sha256);
}

/** Makes a revision the notebook's text. It is not saved, and one undo takes it back. */
export function restore(app: App, text: string, of: string): void {
  const { notebook } = app.store.get();
  if (notebook === null) return;
  if (fileText(notebook.doc) === text) {
    say(app, 'info', 'The notebook has that text already.');
    return;
  }
  app.store.dispatch({ type: 'cells-changed', doc: withCellsOf(notebook.doc, text) });
  say(app, 'info', `The text of ${of} is back, not saved yet. u takes that back.`);
}
