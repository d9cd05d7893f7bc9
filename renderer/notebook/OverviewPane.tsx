import { type KeyboardEvent, useRef, useState } from 'react';
import { goTo } from '../app/cells.ts';
import { copyText } from '../app/clipboard.ts';
import { useApp, useAppState } from '../app/context.tsx';
import { closeThen } from '../app/overlay.ts';
import { choose } from '../app/stepping.ts';
import { CloseButton } from '../palette/CloseButton.tsx';
import { Dialog } from '../palette/Dialog.tsx';
import { type OverviewRow, overviewOf, overviewText } from './overview.ts';
import type { Column } from './strip.ts';

/** All verdicts of the notebook. Arrow keys walk; Enter goes to the cell and shows that kernel's schedule. */
export function OverviewPane() {
  const app = useApp();
  const notebook = useAppState((state) => state.notebook);
  const cellRuns = useAppState((state) => state.cellRuns);
  const kernels = useAppState((state) => state.info?.kernels) ?? [];
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  if (notebook === null) return null;
  const overview = overviewOf(notebook, cellRuns, kernels);
  const { rows } = overview;
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const row = Math.max(0, Math.min(rows.length - 1, at.row + (step[0] ?? 0)));
    const column = Math.max(0, Math.min(overview.kernels.length - 1, at.column + (step[1] ?? 0)));
    setAt({ row, column });
    table.current?.querySelector<HTMLElement>(`[data-at="${row},${column}"]`)?.focus();
  };
  const go = (row: OverviewRow, column: Column | undefined) => {
    closeThen(app, () => {
      goTo(app, row.cellId);
      if (column?.result) choose(app, row.cellId, column.result);
    });
  };
  const copy = () => copyText(app, overviewText(overview), 'Overview copied.');
  return (
    <Dialog label="All verdicts" className="overview" scrolls>
      <h2>All verdicts</h2>
      {rows.length === 0 && <p className="dim">Nothing ran yet: Ctrl+Shift+Enter runs all cells.</p>}
      {rows.length > 0 && (
        <table ref={table} onKeyDown={walk}>
          <thead>
            <tr>
              <th scope="col">experiment</th>
              {overview.kernels.map((id) => (
                <th scope="col" key={id}>
                  {id}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, y) => (
              <tr key={`${row.cellId}:${row.experiment}`}>
                <th scope="row" title={row.experiment}>
                  <span className="dim">{row.number}</span> {row.experiment}
                  {row.stale && <span data-tone="limit"> stale</span>}
                </th>
                {row.columns.map((column, x) => (
                  <td key={overview.kernels[x]} data-unexpected={column?.asExpected === false}>
                    <button
                      type="button"
                      data-at={`${y},${x}`}
                      data-tone={column?.sign.tone ?? 'dim'}
                      tabIndex={y === at.row && x === at.column ? 0 : -1}
                      aria-label={`${row.experiment}, ${column?.label ?? `${overview.kernels[x]}: no verdict`}`}
                      onFocus={() => setAt({ row: y, column: x })}
                      onClick={() => go(row, column)}
                    >
                      <span aria-hidden="true">{column?.sign.shape ?? '\u00b7'}</span> {column?.sign.word ?? '-'}
                      {column?.asExpected === false && ' !'}
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="deeds">
        <button type="button" disabled={rows.length === 0} onClick={() => void copy()}>
          Copy
        </button>
        <CloseButton />
      </p>
    </Dialog>
  );
}
