import { useMemo } from 'react';
import type { Trace } from '../../main/engine/trace.ts';
import { useApp, useAppState } from '../app/context.tsx';
import { handMade, markedSteps, type Shown } from '../app/stepping.ts';
import { Lanes } from './Lanes.tsx';
import { Rows } from './rows.ts';
import { chainOf } from './steps.ts';
import { Timeline } from './Timeline.tsx';
import { useShown } from './useShown.ts';

/** Lower right: the schedule, time downward, one column per actor. */
export function Interleaving() {
  const now = useShown();
  return (
    <aside className="pane interleaving" data-region="interleaving" aria-label="Interleaving" tabIndex={-1}>
      {now?.trace == null ? (
        <>
          <h2>Interleaving</h2>
          <p className="dim">No schedule is chosen.</p>
        </>
      ) : (
        <Filled now={now} trace={now.trace} />
      )}
    </aside>
  );
}

function Filled({ now, trace }: { readonly now: Shown; readonly trace: Trace }) {
  const { store } = useApp();
  const lanes = useAppState((state) => state.lanesShown);
  const byHand = useAppState((state) => handMade(state) !== null);
  const rows = useMemo(() => new Rows(trace), [trace]);
  const { failure, step, result } = now;
  return (
    <>
      <h2>
        Interleaving <span className="pane-where">{rows.steps} steps</span>{' '}
        <span className="dim">
          {result.experiment}, {result.kernel}
          {byHand ? ', by hand' : failure === null ? ', one complete schedule' : ''}
        </span>
      </h2>
      {lanes && <Lanes trace={trace} step={step} failing={failure?.failingStep ?? -1} />}
      <Timeline
        rows={rows}
        step={step}
        failing={failure?.failingStep ?? -1}
        marked={markedSteps(now)}
        choose={(wanted) =>
          store.dispatch({ type: 'selected', selection: { ...now.selection, step: wanted, anchor: undefined } })
        }
      />
      <p className="chain" title="Call chain of the step under the cursor">
        {step < 0 ? 'Before the first step. ] steps forward.' : chainText(trace, step)}
      </p>
      <p className="schedule dim" title={trace.schedule}>
        schedule {trace.schedule}
      </p>
    </>
  );
}

function chainText(trace: Trace, step: number): string {
  const chain = chainOf(trace, step);
  return chain.length === 0 ? '' : chain.map((fn, depth) => (depth === 0 ? fn : `${fn}()`)).join(' > ');
}
