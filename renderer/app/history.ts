/** Stored runs: the list, and looking at one again. */
import { type App, say } from './app.ts';
import { attempt, settled } from './attempt.ts';
import { basisOf, viewCells } from './document.ts';
import { read } from './reading.ts';
import { selectionOf } from './runs.ts';
import type { AppState } from './state.ts';

/** How many stored runs are read, at most, to show each cell its last verdicts when a notebook is opened. */
const RUNS_READ = 8;

/** Reads the list of runs, and lays the newest over the cells until every code cell has been given one. */
export async function loadHistory(app: App): Promise<void> {
  const opened = app.store.get().notebook;
  if (opened === null) return;
  const runs = await attempt(app, app.bridge.request('run:list', opened.notebookId));
  if (runs === undefined || !stillOpen(app, opened.opening)) return;
  const newestFirst = [...runs].sort((a, b) => b.runId - a.runId);
  app.store.dispatch({ type: 'runs', runs: newestFirst });
  const own = newestFirst.filter(({ question }) => question === undefined);
  for (const { runId, state } of own.slice(0, RUNS_READ)) {
    if (state === 'running') continue;
    if (!wantsMore(app.store.get())) return;
    const outcome = await settled(app.bridge.request('run:get', runId));
    if (!stillOpen(app, opened.opening)) return;
    if (!outcome.ok) continue;
    app.store.dispatch({ type: 'run-shown', run: outcome.value, keep: true });
    await read(app, outcome.value.text);
  }
}

function stillOpen(app: App, opening: number): boolean {
  return app.store.get().notebook?.opening === opening;
}

/** True while a cell that declares an experiment has no result to show. */
function wantsMore(state: AppState): boolean {
  if (state.notebook === null || basisOf(state.notebook.doc).sources.length === 0) return false;
  return viewCells(state.notebook.doc).some(
    (cell) => cell.kind === 'code' && /\bexperiment\s*\(/.test(cell.text) && !state.cellRuns.has(cell.id),
  );
}

/** Shows a stored run in place of what the cells show now, its first failure selected. */
export async function showRun(app: App, runId: number): Promise<void> {
  const run = await attempt(app, app.bridge.request('run:get', runId));
  if (run === undefined) return;
  app.store.dispatch({ type: 'run-shown', run, keep: false });
  void read(app, run.text);
  const shown = [...app.store.get().cellRuns].filter(([, cell]) => cell.runId === runId);
  for (const [cellId, cell] of shown) {
    const failing = cell.results.find(({ verdict }) => verdict === 'fail');
    if (failing === undefined) continue;
    app.store.dispatch({ type: 'selected', selection: selectionOf(cellId, failing) });
    app.store.dispatch({ type: 'focused', id: cellId });
    break;
  }
  say(app, 'info', shown.length === 0 ? `Run ${runId} fits no cell of this notebook.` : `Run ${runId} is shown.`);
}
