import { useMemo } from 'react';
import type { Trace } from '../../main/engine/trace.ts';
import { useAppState } from '../app/context.tsx';
import { type Shown, shown } from '../app/stepping.ts';
import { actorOf } from '../interleaving/steps.ts';
import { useShown } from '../interleaving/useShown.ts';
import { statesOf } from './cache.ts';
import type { FieldView } from './fields.ts';
import { HistoryPlot } from './HistoryPlot.tsx';
import { PageTable } from './PageTable.tsx';
import { type FolioView, type RowView, type StateView, stateView } from './page-view.ts';

/** Upper right: the pages as they are at the cursor's step. */
export function PageState() {
  const now = useShown();
  const running = useAppState((state) => state.run !== null && shown(state) === null);
  return (
    <aside className="pane state" data-region="state" aria-label="Page state" tabIndex={-1}>
      {now?.trace == null ? <Nothing now={now} running={running} /> : <Filled now={now} />}
    </aside>
  );
}

function Nothing({ now, running }: { readonly now: Shown | null; readonly running: boolean }) {
  return (
    <>
      <h2>State</h2>
      <p className="dim">
        {now !== null
          ? `${now.result.kernel} has no schedule to show: the verdict is ${now.result.verdict}.`
          : running
            ? 'The first failing schedule will be shown here.'
            : 'Run a cell (Ctrl+Enter), then choose a verdict below it.'}
      </p>
    </>
  );
}

function Filled({ now }: { readonly now: Shown }) {
  const { trace, step, failure, bias } = now;
  const view = useMemo(() => (trace === null ? null : stateView(statesOf(trace), step, bias)), [trace, step, bias]);
  if (trace === null || view === null) return null;
  const steps = statesOf(trace).steps;
  const actor = step < 0 ? null : (trace.actors[actorOf(trace, step)]?.name ?? null);
  return (
    <>
      <h2>
        State{' '}
        <span className="pane-where">
          {step < 0 ? 'before step 1' : `after step ${step + 1}`}/{steps}
        </span>{' '}
        <span className="dim">
          {now.result.kernel}
          {actor === null ? '' : `, ${actor}`}
        </span>
      </h2>
      {failure !== null && step >= failure.failingStep && (
        <p className="broken" data-tone="fail">
          !! {failure.check}
        </p>
      )}
      {view.folios.map((folio) => (
        <Folio key={folio.head.object} folio={folio} trace={trace} step={step} bias={bias} />
      ))}
      <Held view={view} />
      <Others rows={view.others} />
    </>
  );
}

interface FolioProps {
  readonly folio: FolioView;
  readonly trace: Trace;
  readonly step: number;
  readonly bias: number;
}

/** Counters that are drawn over the steps. With an exact pincount, `_refcount` has no pins in it to carry into. */
const PLOTTED = ['_refcount', 'pincount'];

function Folio({ folio, trace, step, bias }: FolioProps) {
  const counters = folio.head.fields.filter(({ name }) => PLOTTED.includes(name));
  const exact = counters.some(({ name }) => name === 'pincount');
  return (
    <section className="folio" aria-label={`Folio ${folio.head.name}`}>
      <pre className="dump">{folio.dump.join('\n')}</pre>
      {folio.decoded !== null && (
        <p className="decoded">
          refcount {folio.decoded}
          {folio.damage !== null && <b data-tone="fail"> {folio.damage}</b>}
        </p>
      )}
      {counters.map(({ word, name, label }) => (
        <HistoryPlot
          key={word}
          trace={trace}
          word={word}
          name={label}
          bias={name === '_refcount' && !exact ? bias : 1}
          step={step}
        />
      ))}
      <PageTable folio={folio} />
    </section>
  );
}

/** What the model's books say: who was told that they hold what. Words at zero say nothing. */
function Held({ view }: { readonly view: StateView }) {
  const fields = view.held.flatMap((row) => row.fields).filter(({ value, was }) => value !== 0 || was !== null);
  if (fields.length === 0) return null;
  return (
    <p className="held">
      {fields.map(({ word, name, text, was }) => (
        <span key={word} className={was === null ? undefined : 'changed'}>
          {name} {text}
          {was !== null && ` (was ${was})`}
        </span>
      ))}
    </p>
  );
}

/** Words of no page: entries, locks, counters, the author's own. Those that nothing has touched yet are folded. */
function Others({ rows }: { readonly rows: readonly RowView[] }) {
  const fields = rows.flatMap((row) => row.fields);
  const quiet = fields.filter((field) => !speaks(field));
  return (
    <>
      <WordTable fields={fields.filter(speaks)} />
      {quiet.length > 0 && (
        <details className="quiet">
          <summary>
            {quiet.length} word{quiet.length === 1 ? '' : 's'} as at the start
          </summary>
          <WordTable fields={quiet} />
        </details>
      )}
    </>
  );
}

function speaks({ moved, was, value, name }: FieldView): boolean {
  return moved || was !== null || (value !== 0 && /^(?:pmd|pte)/.test(name));
}

function WordTable({ fields }: { readonly fields: readonly FieldView[] }) {
  if (fields.length === 0) return null;
  return (
    <table className="others">
      <caption className="unseen">Words that belong to no page</caption>
      <tbody>
        {fields.map((field) => (
          <tr key={field.word} className={field.was === null ? undefined : 'changed'}>
            <th scope="row">{field.label}</th>
            <td>
              {field.text}
              {field.was !== null && <span className="was"> (was {field.was})</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
