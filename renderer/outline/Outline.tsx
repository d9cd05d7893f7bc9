import { goTo } from '../app/cells.ts';
import { useApp, useAppState } from '../app/context.tsx';
import { cellName, viewCells } from '../app/document.ts';
import { cellState } from '../notebook/cell-state.ts';
import { RunHistory } from './RunHistory.tsx';

/** Left column: the cells by name and state, below them the runs. */
export function Outline() {
  const app = useApp();
  const notebook = useAppState((state) => state.notebook);
  const cellRuns = useAppState((state) => state.cellRuns);
  if (notebook === null) return null;
  return (
    <nav className="outline" data-region="outline" aria-label="Outline" tabIndex={-1}>
      <h2>Outline</h2>
      <ol>
        {viewCells(notebook.doc).map((cell, index) => {
          const state = cell.kind === 'code' ? cellState(notebook, cell.id, cellRuns.get(cell.id)) : null;
          return (
            <li key={cell.id}>
              <button
                type="button"
                tabIndex={-1}
                aria-current={cell.id === notebook.focused ? 'true' : undefined}
                onClick={() => goTo(app, cell.id)}
              >
                <span className="outline-number dim">{index + 1}</span>
                <span className="outline-name">{cellName(cell)}</span>
                <span className="outline-state" data-tone={state?.tone ?? 'dim'}>
                  {state === null ? 'md' : state.word}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      <RunHistory />
    </nav>
  );
}
