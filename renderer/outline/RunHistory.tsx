import type { RunSummary } from '../../preload/contract.ts';
import { useApp, useAppState } from '../app/context.tsx';
import { showRun } from '../app/history.ts';
import { ROVING_KEYS, rove } from '../app/roving.ts';
import { runLine } from './run-line.ts';

/** The notebook's runs, the newest first. Choosing one lays it over the cells again. */
export function RunHistory() {
  const app = useApp();
  const runs = useAppState((state) => state.runs);
  const shown = useAppState((state) =>
    state.selection ? state.cellRuns.get(state.selection.cellId)?.runId : undefined,
  );
  return (
    <section aria-label="Runs">
      <h2>Runs</h2>
      {runs.length === 0 && <p className="dim">none yet</p>}
      <ol className="runs" data-own-keys={ROVING_KEYS} onKeyDown={rove}>
        {runs.map((run, index) => {
          const { mark, tone, text, tally } = runLine(run);
          return (
            <li key={run.runId}>
              <button
                type="button"
                data-run={run.runId}
                tabIndex={index === 0 ? 0 : -1}
                aria-current={run.runId === shown ? 'true' : undefined}
                title={`${spokenTime(run)}${tally === '' ? '' : `: ${tally}`}`}
                onClick={() => void showRun(app, run.runId)}
              >
                <span className="outline-number dim">#{run.runId}</span>
                <span className="outline-name">{text}</span>
                <span className="outline-state" data-tone={tone}>
                  {mark}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function spokenTime(run: RunSummary): string {
  const question = run.question === undefined ? '' : `what if ${run.question}, `;
  const pinned = run.pinned === true ? 'pinned, ' : '';
  return `Run ${run.runId}, ${pinned}${question}${new Date(run.startedAt).toLocaleString()}, ${run.seconds.toFixed(2)} s`;
}
