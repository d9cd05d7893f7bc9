import { cellState, runningFigure } from '../notebook/cell-state.ts';
import { useAppState } from './context.tsx';
import { cellName, findCell, viewCells } from './document.ts';
import { isDirty } from './files.ts';
import type { AppState, NotebookState } from './state.ts';

/** The last line: mode, cell, what runs, what is saved. Not a live region: it changes with every key. */
export function StatusBar() {
  const state = useAppState((snapshot) => snapshot);
  const { notebook } = state;
  return (
    <footer className="status">
      <strong className="status-mode" data-mode={state.mode}>
        {state.mode === 'nav' ? 'NAV' : 'EDIT'}
      </strong>
      <span>{notebook === null ? '' : position(state, notebook)}</span>
      <span data-testid="runner">{runner(state)}</span>
      {state.pendingKeys !== null && <span>{state.pendingKeys} ...</span>}
      <span className="status-end">
        {notebook === null ? '' : savedText(notebook)} <span className="dim">F1 keys</span>
      </span>
    </footer>
  );
}

function position(state: AppState, notebook: NotebookState): string {
  const cells = viewCells(notebook.doc);
  const cell = findCell(notebook.doc, notebook.focused);
  if (cell === undefined) return 'no cell';
  const place = `cell ${cells.indexOf(cell) + 1}/${cells.length}  ${cellName(cell)}`;
  if (cell.kind === 'markdown') return place;
  return `${place}  ${cellState(notebook, cell.id, state.cellRuns.get(cell.id)).word}`;
}

function runner({ run, lastStop }: AppState): string {
  if (run === null) return lastStop === null ? 'idle' : `idle, stopped in ${lastStop.toFixed(0)} ms`;
  if (run.stopping) return 'stopping';
  return run.progress === null ? 'running' : `running ${runningFigure(run)}`;
}

function savedText(notebook: NotebookState): string {
  if (isDirty(notebook)) return 'not saved';
  if (notebook.savedAt === null) return 'saved';
  return `saved ${new Date(notebook.savedAt).toTimeString().slice(0, 5)}`;
}
