import type { ExperimentResult } from '../../main/engine/result.ts';
import { stepCount } from '../../main/engine/trace.ts';
import { useAppState } from '../app/context.tsx';
import type { CellRun } from '../app/state.ts';
import { cellOf } from '../app/what-if-keys.ts';
import { ErrorNote } from './ErrorNote.tsx';
import { type Strip, worst } from './strip.ts';
import { VerdictStrip } from './VerdictStrip.tsx';
import { count, expectation, searchSentence, VERDICT_SIGNS } from './verdicts.ts';

interface ExperimentProps {
  /** Where the run stands among the runs of cells. */
  readonly cellId: string;
  readonly run: CellRun;
  readonly strip: Strip;
  readonly go: (line: number, column: number) => void;
}

/** One experiment: its name, the verdict strip, and the chosen verdict in words. */
export function ExperimentView({ cellId, run, strip, go }: ExperimentProps) {
  const chosen = useAppState(({ selection }) =>
    selection?.cellId === cellId && selection.experiment === strip.experiment ? selection.kernel : null,
  );
  const results = strip.columns.flatMap(({ result }) => (result === null ? [] : [result]));
  const spoken = results.find(({ kernel }) => kernel === chosen) ?? worst(results);
  const running = run.progress?.experiment === strip.experiment ? run.progress : null;
  return (
    <section className="experiment" aria-label={`Experiment ${strip.experiment}`}>
      <h3>{strip.experiment}</h3>
      <VerdictStrip cellId={cellId} strip={strip} chosen={chosen} />
      {running !== null && (
        <p className="verdict-line" data-tone="running">
          {running.kernel} running: {count(running.states)} states, {count(running.frontier)} to expand, depth{' '}
          {running.depth}
        </p>
      )}
      {spoken !== null && running === null && (
        <Spoken result={spoken} run={run} go={go} chosen={chosen !== null} own={cellOf(cellId) === cellId} />
      )}
    </section>
  );
}

interface SpokenProps {
  readonly result: ExperimentResult;
  readonly run: CellRun;
  readonly go: (line: number, column: number) => void;
  readonly chosen: boolean;
  /** The run is of what the file says: only then is it what the author expects. */
  readonly own: boolean;
}

/** A verdict in words: which check, what it found, how thorough the search was. */
function Spoken({ result, run, go, chosen, own }: SpokenProps) {
  const sign = VERDICT_SIGNS[result.verdict];
  const failure = useAppState(({ selection }) => result.failures[chosen ? (selection?.failure ?? 0) : 0]);
  const expected = own ? expectation(result) : '';
  return (
    <div className="spoken">
      <p className="verdict-line">
        <b data-tone={sign.tone}>{sign.word}</b> on {result.kernel}
        {expected !== '' && (
          <>
            , <span data-tone={result.asExpected ? 'dim' : 'limit'}>{expected}</span>
          </>
        )}
        {failure !== undefined && (
          <>
            : <span className="check">{failure.check}</span>
          </>
        )}
      </p>
      {failure !== undefined && <p className="verdict-message">{failure.message}</p>}
      {failure !== undefined && (
        <p className="verdict-search dim">
          shortest schedule {stepCount(failure.trace)} steps
          {result.failures.length > 1 && `, ${result.failures.length} checks broken (x goes to the next)`}
          {failure.source !== '' && `, ${failure.source}`}
        </p>
      )}
      {result.error !== null && <ErrorNote error={result.error} firstLine={run.firstLine} go={go} />}
      {result.verdict !== 'error' && <p className="verdict-search dim">{searchSentence(result)}</p>}
      {result.notes.map((note) => (
        <p key={note} className="verdict-search dim">
          {note}
        </p>
      ))}
    </div>
  );
}
