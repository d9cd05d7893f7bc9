import type { Trace } from '../../main/engine/trace.ts';
import { RowKind, type Rows } from './rows.ts';
import { actorOf, chainOf, effectText, isAba, operationText } from './steps.ts';

interface RowProps {
  readonly rows: Rows;
  readonly row: number;
  readonly step: number;
  readonly failing: number;
  readonly marked: readonly [number, number] | null;
  readonly choose: (step: number) => void;
}

/** One row: a call, a step, or an event. Its text stands in its actor's column, and may run over empty ones. */
export function TimelineRow({ rows, row, step, failing, marked, choose }: RowProps) {
  const { trace } = rows;
  const here = rows.at(row);
  const actor = actorOf(trace, here.step);
  const isStep = here.kind === RowKind.step;
  const current = isStep && here.step === step;
  const before = row > 0 ? rows.at(row - 1) : null;
  const switched = before !== null && before.step !== here.step && actorOf(trace, before.step) !== actor;
  const kind = ['call', 'step', 'event'][here.kind];
  const failed = isStep && here.step === failing;
  return (
    <tr
      className={`row-${kind}`}
      data-step={isStep ? here.step + 1 : undefined}
      data-switch={switched}
      data-failing={failed}
      data-marked={isStep && marked !== null && here.step >= marked[0] && here.step <= marked[1]}
      data-past={here.step > step}
      aria-rowindex={row + 2}
      aria-current={current ? 'step' : undefined}
      onClick={() => choose(here.step)}
    >
      <td className="number">
        {failed && <b data-tone="fail">!!</b>}
        {isStep ? here.step + 1 : ''}
      </td>
      {trace.actors.map(({ name }, index) =>
        index === actor ? (
          <td key={name} className="act">
            <RowText trace={trace} rows={rows} row={row} />
          </td>
        ) : (
          <td key={name} />
        ),
      )}
      <td className="effect">
        <span>{isStep ? effectText(trace, here.step) : ''}</span>
      </td>
    </tr>
  );
}

function RowText({ trace, rows, row }: { readonly trace: Trace; readonly rows: Rows; readonly row: number }) {
  const { kind, step, value } = rows.at(row);
  const chain = chainOf(trace, step);
  if (kind === RowKind.event) {
    const event = trace.events[value];
    return (
      <span className="event" data-event={event?.kind}>
        {event?.kind === 'note' || event?.kind === 'call' ? '' : `${event?.kind}: `}
        {event?.text}
      </span>
    );
  }
  const indent = ' '.repeat(Math.max(0, kind === RowKind.call ? value - 1 : chain.length - 1));
  if (kind === RowKind.call) return <span className="call">{`${indent}${chain[value] ?? ''}()`}</span>;
  return (
    <span className="operation">
      {indent}
      {operationText(trace, step)}
      {isAba(trace, step) && <b data-tone="limit"> ABA</b>}
    </span>
  );
}
