import { type KeyboardEvent, useRef, useState } from 'react';
import type { ExperimentResult } from '../../main/engine/result.ts';
import { useApp, useAppState } from '../app/context.tsx';
import type { CellRun, Sweep } from '../app/state.ts';
import { choose } from '../app/stepping.ts';
import { questionText } from '../app/what-if.ts';
import { inHistory } from './strip.ts';
import { VERDICT_SIGNS, verdictSentence } from './verdicts.ts';

interface SweepProps {
  readonly cellId: string;
  readonly sweep: Sweep;
  readonly stale: boolean;
}

/** The verdict over the values of one control: a row a kernel, a column a value. Arrow keys walk, Enter chooses. */
export function SweepTable({ cellId, sweep, stale }: SweepProps) {
  const app = useApp();
  const cellRuns = useAppState((state) => state.cellRuns);
  const kernels = useAppState((state) => state.info?.kernels) ?? [];
  const fileValue = useAppState(
    ({ notebook }) => notebook?.reading?.controls.get(cellId)?.find(({ label }) => label === sweep.label)?.value,
  );
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState({ row: 0, column: 0 });
  const runs = sweep.rows.map(({ key }) => cellRuns.get(key));
  const experiments = [...new Set(runs.flatMap((run) => run?.results.map(({ experiment }) => experiment) ?? []))];
  const rows = experiments.flatMap((experiment) => {
    const ids = runs.flatMap((run) => run?.results.filter((one) => one.experiment === experiment) ?? []);
    return inHistory([...new Set(ids.map(({ kernel }) => kernel))], kernels).map((kernel) => ({ experiment, kernel }));
  });
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const row = clamp(at.row + (step[0] ?? 0), rows.length);
    const column = clamp(at.column + (step[1] ?? 0), sweep.rows.length);
    setAt({ row, column });
    table.current?.querySelector<HTMLButtonElement>(`button[data-at="${row},${column}"]`)?.focus();
  };
  const others = sweep.others.size === 0 ? '' : `, ${questionText(sweep.others)}`;
  return (
    <section className="answer sweep" data-stale={stale} aria-label={`Sweep of ${sweep.label}`}>
      <p className="answer-head">
        <b>
          verdict over {sweep.label}
          {others}
        </b>
        {stale && <span data-tone="limit"> stale</span>}
      </p>
      <table ref={table} data-own-keys="ArrowUp ArrowDown ArrowLeft ArrowRight Enter" onKeyDown={walk}>
        <caption className="unseen">
          Verdict of each kernel over {sweep.label}
          {others}
        </caption>
        <thead>
          <tr>
            <th scope="col">{sweep.label}</th>
            {sweep.rows.map(({ value }) => (
              <th scope="col" key={value} data-file={value === fileValue}>
                {value}
                {value === fileValue && <span className="dim"> file</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ experiment, kernel }, row) => (
            <tr key={`${experiment}\0${kernel}`}>
              <th scope="row">
                {experiments.length > 1 && <span className="dim">{experiment} </span>}
                {kernel}
              </th>
              {sweep.rows.map(({ value, key }, column) => {
                const result = resultOf(runs[column], experiment, kernel);
                return (
                  <td key={value}>
                    {result === undefined ? (
                      <span className="dim">{'\u00b7'}</span>
                    ) : (
                      <button
                        type="button"
                        data-tone={VERDICT_SIGNS[result.verdict].tone}
                        data-at={`${row},${column}`}
                        tabIndex={row === at.row && column === at.column ? 0 : -1}
                        aria-label={`${sweep.label} ${value}, ${verdictSentence(result)}`}
                        onFocus={() => setAt({ row, column })}
                        onClick={() => choose(app, key, result)}
                      >
                        <span aria-hidden="true">{VERDICT_SIGNS[result.verdict].shape}</span>{' '}
                        {VERDICT_SIGNS[result.verdict].word}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function resultOf(run: CellRun | undefined, experiment: string, kernel: string): ExperimentResult | undefined {
  return run?.results.find((result) => result.experiment === experiment && result.kernel === kernel);
}

function clamp(n: number, length: number): number {
  return Math.max(0, Math.min(length - 1, n));
}
