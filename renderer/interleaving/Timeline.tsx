import { useLayoutEffect, useRef, useState } from 'react';
import type { ActorInfo } from '../../main/engine/trace.ts';
import { useLineHeight } from '../app/context.tsx';
import type { Rows } from './rows.ts';
import { TimelineRow } from './TimelineRow.tsx';
import { reveal, rowWindow } from './window.ts';

interface TimelineProps {
  readonly rows: Rows;
  /** 0-based step under the cursor; -1 before the first. */
  readonly step: number;
  /** Step after which a check is broken; -1 for none. */
  readonly failing: number;
  /** First and last of the steps marked to be copied. */
  readonly marked: readonly [number, number] | null;
  readonly choose: (step: number) => void;
}

/** The table of rows. Only those in view are in the document; its length never matters. */
export function Timeline({ rows, step, failing, marked, choose }: TimelineProps) {
  const rowHeight = useLineHeight();
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const cursor = rows.rowOf(step);
  const at = useRef(cursor);
  at.current = cursor;
  const look = () => {
    const element = scroller.current;
    if (element === null) return;
    setView({ top: element.scrollTop, height: element.clientHeight });
  };
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      element.scrollTop = reveal(at.current, rowHeight, element.scrollTop, element.clientHeight - rowHeight);
      setView({ top: element.scrollTop, height: element.clientHeight });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [rowHeight]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    // The header row stays on top, and hides one row.
    const top = reveal(cursor, rowHeight, element.scrollTop, element.clientHeight - rowHeight);
    if (top !== element.scrollTop) element.scrollTop = top;
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, [cursor, rowHeight]);
  const { from, to, above, below } = rowWindow(rows.count, rowHeight, view.top, view.height);
  const { actors } = rows.trace;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keys.
    <div className="timeline" ref={scroller} onScroll={look} tabIndex={0}>
      <table aria-rowcount={rows.count + 1}>
        <caption className="unseen">Steps in time order, one column per actor</caption>
        <colgroup>
          <col className="col-number" />
          {actors.map((actor, index) => (
            <col key={actor.name} style={index < actors.length - 1 ? { width: columnWidth(actor) } : undefined} />
          ))}
          <col className="col-effect" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">#</th>
            {actors.map((actor) => (
              <th scope="col" key={actor.name} title={`${actor.name} (${actor.kind})`}>
                {actor.name}
              </th>
            ))}
            <th scope="col" className="effect">
              <span>before -&gt; after</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {numbers(from, to).map((row) => (
            <TimelineRow
              key={row}
              rows={rows}
              row={row}
              step={step}
              failing={failing}
              marked={marked}
              choose={choose}
            />
          ))}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
    </div>
  );
}

/**
 * A column is as wide as its name: the text of a step runs over the empty columns to its right, and the last actor gets
 * all the room that is left. What the step changed lies over the right end of that.
 */
function columnWidth({ name }: ActorInfo): string {
  return `${Math.max(7, Math.min(14, name.length + 1))}ch`;
}

/** from, from + 1, ... to - 1 */
function numbers(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
