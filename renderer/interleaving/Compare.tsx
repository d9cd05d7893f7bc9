import { useMemo } from 'react';
import { stepCount } from '../../main/engine/trace.ts';
import { copyComparison } from '../app/comparing.ts';
import { useApp } from '../app/context.tsx';
import type { CompareOverlay } from '../app/state.ts';
import { CloseButton } from '../palette/CloseButton.tsx';
import { Dialog } from '../palette/Dialog.tsx';
import { firstDifference, pairs, type Side } from './compare.ts';

/** Two schedules side by side; the first step in which they differ is marked with a word. */
export function Compare({ pane }: { readonly pane: CompareOverlay }) {
  const app = useApp();
  const { left, right } = pane;
  const rows = useMemo(() => pairs(left.trace, right.trace), [left, right]);
  const first = useMemo(() => firstDifference(left.trace, right.trace), [left, right]);
  return (
    <Dialog label="Compare two schedules" className="compare" scrolls>
      <h2>Two schedules</h2>
      <p>
        {first === null ? 'They are the same to the end.' : `They differ first in step ${first + 1}.`}{' '}
        <span className="dim">
          {stepCount(left.trace)} steps on the left, {stepCount(right.trace)} on the right
          {rows.length > 0 && `; shown are steps ${(rows[0]?.step ?? 0) + 1} to ${(rows.at(-1)?.step ?? 0) + 1}`}
        </span>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col" colSpan={2}>
              {left.name}
            </th>
            <th scope="col" colSpan={2}>
              {right.name}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ step, left: a, right: b, differs }) => (
            <tr key={step} data-differs={differs} data-first={step === first}>
              <th scope="row">
                {step + 1}
                {step === first && <b data-tone="fail"> first difference</b>}
              </th>
              <Half side={a} />
              <Half side={b} />
            </tr>
          ))}
        </tbody>
      </table>
      <p className="deeds">
        <button type="button" onClick={() => void copyComparison(app, pane)}>
          Copy
        </button>
        <CloseButton />
      </p>
    </Dialog>
  );
}

function Half({ side }: { readonly side: Side | null }) {
  if (side === null) {
    return (
      <td className="dim" colSpan={2}>
        (ended)
      </td>
    );
  }
  return (
    <>
      <td>
        <span className="dim">{side.actor}</span> {side.operation}
      </td>
      <td className="compare-effect">{side.effect}</td>
    </>
  );
}
