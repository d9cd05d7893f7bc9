import { useEffect, useState } from 'react';
import type { StoredRun } from '../../preload/contract.ts';
import { settled } from '../app/attempt.ts';
import { copyText } from '../app/clipboard.ts';
import { useApp, useAppState } from '../app/context.tsx';
import { shownRun } from '../app/past.ts';
import { runLine } from '../outline/run-line.ts';
import { CloseButton } from '../palette/CloseButton.tsx';
import { Dialog } from '../palette/Dialog.tsx';
import { basisWords, compareRuns, compareRunsText, tally, verdictWords } from './compare-runs.ts';

/** Two runs of the notebook: which verdicts differ. */
export function RunsPane() {
  const app = useApp();
  const runs = useAppState((state) => state.runs).filter(({ state }) => state !== 'running');
  const [right, setRight] = useState(() => shownRun(app.store.get())?.runId ?? runs[0]?.runId ?? 0);
  const [left, setLeft] = useState(() => (runs.find(({ runId }) => runId < right) ?? runs.at(-1))?.runId ?? 0);
  const [both, setBoth] = useState<readonly [StoredRun, StoredRun] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    void Promise.all([left, right].map((runId) => settled(app.bridge.request('run:get', runId)))).then(([a, b]) => {
      if (!wanted || a === undefined || b === undefined) return;
      setBoth(a.ok && b.ok ? [a.value, b.value] : null);
      setProblem(a.ok ? (b.ok ? null : b.problem.message) : a.problem.message);
    });
    return () => {
      wanted = false;
    };
  }, [app, left, right]);
  const choice = (label: string, value: number, set: (runId: number) => void) => (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => set(Number(event.target.value))}>
        {runs.map((run) => (
          <option key={run.runId} value={run.runId}>
            #{run.runId} {runLine(run).text} {runLine(run).tally}
          </option>
        ))}
      </select>
    </label>
  );
  const found = both === null ? null : compareRuns(...both);
  return (
    <Dialog label="Compare two runs" className="past">
      <h2>Two runs</h2>
      <p className="past-choices">
        {choice('from', left, setLeft)} {choice('to', right, setRight)}
      </p>
      {problem !== null && <p data-tone="error">{problem}</p>}
      {both !== null && found !== null && (
        <>
          <p data-testid="runs-tally">
            {tally(found.differences.length, found.same)} <span className="dim">{basisWords(...both)}</span>
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys. */}
          <section className="past-scrolls" aria-label="Verdicts that differ" tabIndex={0}>
            <table hidden={found.differences.length === 0}>
              <thead>
                <tr>
                  {['experiment', 'kernel', `run ${left}`, `run ${right}`].map((title) => (
                    <th scope="col" key={title}>
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {found.differences.map(({ experiment, kernel, left: a, right: b }) => (
                  <tr key={`${experiment}:${kernel}`}>
                    <th scope="row">{experiment}</th>
                    <td>{kernel}</td>
                    <td>{verdictWords(a)}</td>
                    <td>{verdictWords(b)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
      <p className="deeds">
        <button
          type="button"
          disabled={both === null}
          onClick={() => both !== null && void copyText(app, compareRunsText(...both), 'Comparison copied.')}
        >
          Copy
        </button>
        <CloseButton />
      </p>
    </Dialog>
  );
}
