import { type KeyboardEvent, useMemo } from 'react';
import type { TracePage } from '../../preload/contract.ts';
import { useApp, useAppState } from '../app/context.tsx';
import { goToEvent, goToOddEvent, insertTraceCell, leaveTracePage, showTracePage } from '../app/decoding.ts';
import { EventTable } from './EventTable.tsx';
import { cursorText, oddRows } from './row-text.ts';

interface TracePageViewProps {
  readonly page: TracePage;
  /** 0-based event under the cursor. */
  readonly row: number;
  readonly busy: boolean;
}

const SCREEN = 20;

/** A recorded page beside the model: step through its events, see which call the model takes each for. */
export function TracePageView({ page, row, busy }: TracePageViewProps) {
  const app = useApp();
  const odd = useMemo(() => oddRows(page), [page]);
  const here = page.odd.find((one) => one.row === row);
  const keys = (event: KeyboardEvent) => {
    const last = page.after.length - 1;
    const to: Readonly<Record<string, number>> = {
      ArrowDown: row + 1,
      j: row + 1,
      ']': row + 1,
      ArrowUp: row - 1,
      k: row - 1,
      '[': row - 1,
      PageDown: row + SCREEN,
      PageUp: row - SCREEN,
      Home: 0,
      End: last,
    };
    const next = to[event.key];
    if (next !== undefined) goToEvent(app, next);
    else if (event.key === 'x') goToOddEvent(app);
    else return;
    event.preventDefault();
  };
  return (
    <div className="trace-page">
      <h2>pfn 0x{page.pfn.toString(16)}</h2>
      <p className="deeds">
        <button type="button" onClick={() => leaveTracePage(app)}>
          Back
        </button>
        <KernelChoice page={page} busy={busy} />
        <button type="button" onClick={() => goToOddEvent(app)} disabled={page.odd.length === 0}>
          {page.odd.length === 0 ? 'No odd event' : `Next of ${page.odd.length} odd events (x)`}
        </button>
        <button type="button" onClick={() => void insertTraceCell(app)}>
          Make a cell of it
        </button>
      </p>
      <p role="status">
        {cursorText(page, row)}
        {here !== undefined && (
          <b data-tone="fail">
            {' '}
            {page.kernel} would not do this: {here.text}
          </b>
        )}
      </p>
      <EventTable page={page} row={row} odd={odd} choose={(to) => goToEvent(app, to)} keys={keys} />
      {page.said.map((text) => (
        <p key={text} className="trace-said">
          {text}
        </p>
      ))}
    </div>
  );
}

function KernelChoice({ page, busy }: { readonly page: TracePage; readonly busy: boolean }) {
  const app = useApp();
  const info = useAppState((state) => state.info);
  const ids = [...new Set([page.kernel, ...page.guessed, ...(info?.kernels ?? []).map(({ id }) => id)])];
  return (
    <label>
      beside{' '}
      <select
        value={page.kernel}
        disabled={busy}
        onChange={(event) => void showTracePage(app, page.pfn, event.target.value)}
      >
        {ids.map((id) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
      {page.guessed.length > 0 && ` guessed; ${page.guessed.length} kernels explain as much`}
    </label>
  );
}
