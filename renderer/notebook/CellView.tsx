import { memo } from 'react';
import { goTo } from '../app/cells.ts';
import { useApp, useAppState } from '../app/context.tsx';
import { cellName, type ViewCell } from '../app/document.ts';
import { CellBody } from './CellBody.tsx';
import { CellResult } from './CellResult.tsx';
import { type CellState, isStale, stateOf } from './cell-state.ts';
import { MarkdownBody } from './MarkdownBody.tsx';
import { StateMark } from './StateMark.tsx';

interface CellProps {
  readonly cell: ViewCell;
  readonly number: number;
  readonly of: number;
  readonly focused: boolean;
  readonly editing: boolean;
  readonly folded: boolean;
}

/** One cell: head, text, and what its last run said. Drawn again only where something of its own changed. */
export const CellView = memo(function CellView({ cell, number, of, focused, editing, folded }: CellProps) {
  const app = useApp();
  const run = useAppState((state) => state.cellRuns.get(cell.id));
  const code = cell.kind === 'code';
  const stale = useAppState(
    ({ notebook }) => notebook !== null && run !== undefined && isStale(notebook, cell.id, run),
  );
  const state = stateOf(run, stale);
  const name = cellName(cell);
  const label = `Cell ${number} of ${of}, ${name}, ${code ? spoken(state) : 'Markdown'}${folded ? ', folded' : ''}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: j, k and the arrow keys walk the cells.
    <li
      className="cell"
      id={`cell-${cell.id}`}
      data-cell={cell.id}
      data-kind={cell.kind}
      data-focused={focused}
      data-state={code ? state.word : undefined}
      tabIndex={focused ? 0 : -1}
      aria-label={label}
      onFocus={() => app.store.dispatch({ type: 'focused', id: cell.id })}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('.cell-body, .cell-result, button, a') === null) {
          goTo(app, cell.id);
        }
      }}
    >
      <header className="cell-head">
        <span className="cell-mark" aria-hidden="true">
          {focused ? '>' : ' '}
        </span>
        <span className="cell-number">{number}</span>
        <span className={cell.title === '' ? 'cell-title dim' : 'cell-title'}>
          {cell.title === '' && !code && !folded ? '' : name}
          {folded && <span className="dim"> ... folded</span>}
        </span>
        {code ? <StateMark state={state} /> : <span className="cell-kind dim">md</span>}
        {run !== undefined && run.runId >= 0 && (
          <span className="cell-run dim" title={`started ${new Date(run.startedAt).toLocaleString()}`}>
            {run.seconds !== null && `${run.seconds.toFixed(2)} s `}run {run.runId}
          </span>
        )}
      </header>
      {folded ? null : code || editing ? (
        <CellBody cell={cell} label={`${label}. Escape leaves the editor.`} />
      ) : (
        <MarkdownBody cell={cell} />
      )}
      {code && !folded && run !== undefined && <CellResult cell={cell} run={run} stale={state.word === 'stale'} />}
    </li>
  );
});

/** A state as a screen reader should say it. */
function spoken(state: CellState): string {
  const word = state.word === 'FAIL' ? 'failed' : state.word;
  // The running figure changes too often to be part of a name.
  return state.detail === '' || state.word === 'running' ? word : `${word}, ${state.detail}`;
}
