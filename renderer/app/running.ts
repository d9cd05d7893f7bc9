/** Starting and stopping runs, and what main reports of them. */
import { type App, say } from './app.ts';
import { settled } from './attempt.ts';
import { codeIndex, fileText, PREAMBLE, viewCells } from './document.ts';
import { read } from './reading.ts';
import type { Asked } from './runs.ts';
import { STARTING } from './state.ts';
import { cellOf } from './what-if-keys.ts';

/** Ids of the code cells, in the file's order. */
export function codeCells(app: App): readonly string[] {
  const { notebook } = app.store.get();
  if (notebook === null) return [];
  return viewCells(notebook.doc)
    .filter((cell) => cell.kind === 'code')
    .map((cell) => cell.id);
}

/** Runs the experiments of these cells; null runs all. The whole text is evaluated in any case. */
export async function run(app: App, ids: readonly string[] | null): Promise<void> {
  app.screen.flushTyping();
  const { notebook, run: active } = app.store.get();
  if (notebook === null) return;
  if (active !== null) {
    say(app, 'problem', 'A run is going on. Stop it first: Ctrl+. stops it.');
    return;
  }
  const cells = ids ?? codeCells(app);
  if (cells.length === 0) {
    say(app, 'problem', 'There is no code cell here to run.');
    return;
  }
  await launch(app, { doc: notebook.doc, cells, asks: null }, ids === null);
}

/** Starts a run of a notebook's cells: the open one's, or those of one that differs from it for a question's sake. */
export async function launch(app: App, asked: Asked, everything = false): Promise<void> {
  const { notebook, preferences } = app.store.get();
  if (notebook === null) return;
  const { doc, cells } = asked;
  app.store.dispatch({ type: 'run-asked', ...asked, at: app.clock.now() });
  // So that the cells know what their results depend on.
  if (notebook.reading?.text !== fileText(doc) || asked.asks === null) void read(app, fileText(doc));
  // The preamble has no number of its own: with it, everything is run.
  const all = everything || cells.includes(PREAMBLE);
  const outcome = await settled(
    app.bridge.request('run:start', {
      notebookId: notebook.notebookId,
      path: notebook.path,
      text: fileText(doc),
      cells: all ? null : cells.map((id) => codeIndex(doc, id)),
      kernels: null,
      budget: preferences.budget,
      question: asked.asks?.question,
    }),
  );
  if (!outcome.ok) {
    app.store.dispatch({ type: 'run-refused' });
    say(app, 'problem', outcome.problem.message);
    return;
  }
  app.store.dispatch({ type: 'run-named', runId: outcome.value.runId });
  if (app.store.get().run?.stopping === true) await requestStop(app, outcome.value.runId);
}

/** Resolves when nothing runs any more. */
export function ended(app: App): Promise<void> {
  return new Promise((resolve) => {
    if (app.store.get().run === null) {
      resolve();
      return;
    }
    const end = app.store.subscribe(() => {
      if (app.store.get().run !== null) return;
      end();
      resolve();
    });
  });
}

/** Stops the run that goes on. Pressed before main has numbered it, the stop waits for the number. */
export async function stop(app: App): Promise<void> {
  const { run: active } = app.store.get();
  if (active === null) {
    say(app, 'info', 'Nothing is running.');
    return;
  }
  app.store.dispatch({ type: 'run-stopping' });
  stopKeys.set(app, app.clock.ticks());
  if (active.runId !== STARTING) await requestStop(app, active.runId);
}

/** When the stop key was pressed, by window. */
const stopKeys = new WeakMap<App, number>();

async function requestStop(app: App, runId: number): Promise<void> {
  const outcome = await settled(app.bridge.request('run:stop', runId));
  if (!outcome.ok) say(app, 'problem', outcome.problem.message);
}

/** Shows what the run says of the focused cell, where it is one of those that run. */
function revealFocused(app: App): void {
  const { notebook, run: active } = app.store.get();
  const cells = active?.cells.map(cellOf) ?? [];
  if (notebook !== null && cells.includes(notebook.focused)) app.screen.revealResult(notebook.focused);
}

/**
 * Feeds main's events into the store. An event can be faster than the answer that numbers its run: those wait.
 * Returns what ends it.
 */
export function followRuns(app: App): () => void {
  const { bridge, store } = app;
  const early: { readonly runId: number; readonly tell: () => void }[] = [];
  const inOrder = (runId: number, tell: () => void) => {
    if (store.get().run?.runId === STARTING) early.push({ runId, tell });
    else tell();
  };
  const ends = [
    store.subscribe(() => {
      const { run: active } = store.get();
      if (active?.runId === STARTING) return;
      for (const { tell } of early.splice(0)) tell();
    }),
    bridge.on('run:plan', (runId, plan) =>
      inOrder(runId, () => {
        store.dispatch({ type: 'run-plan', runId, plan });
        revealFocused(app);
      }),
    ),
    bridge.on('run:progress', (runId, progress) =>
      inOrder(runId, () => store.dispatch({ type: 'run-progress', runId, progress })),
    ),
    bridge.on('run:console', (runId, text) =>
      inOrder(runId, () => store.dispatch({ type: 'run-console', runId, text })),
    ),
    bridge.on('run:result', (runId, result) =>
      inOrder(runId, () => store.dispatch({ type: 'run-result', runId, result })),
    ),
    bridge.on('run:end', (summary, error) =>
      inOrder(summary.runId, () => {
        const pressed = stopKeys.get(app);
        stopKeys.delete(app);
        revealFocused(app);
        store.dispatch({ type: 'run-ended', summary, error });
        if (pressed !== undefined) store.dispatch({ type: 'run-stopped', milliseconds: app.clock.ticks() - pressed });
      }),
    ),
  ];
  return () => {
    for (const end of ends) end();
  };
}
