import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { TracePage } from '../../preload/contract.ts';
import { useLineHeight } from '../app/context.tsx';
import { reveal, rowWindow } from '../interleaving/window.ts';
import { eventView } from './row-text.ts';

interface EventTableProps {
  readonly page: TracePage;
  readonly row: number;
  readonly odd: ReadonlySet<number>;
  readonly choose: (row: number) => void;
  readonly keys: (event: KeyboardEvent) => void;
}

/** Recorded events at the left, the model's calls at the right. Only rows in view are in the document. */
export function EventTable({ page, row, odd, choose, keys }: EventTableProps) {
  const rowHeight = useLineHeight();
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 400 });
  const look = () => {
    const element = scroller.current;
    if (element !== null) setView({ top: element.scrollTop, height: element.clientHeight });
  };
  useEffect(() => scroller.current?.focus(), []);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    // The header row stays on top, and hides one row.
    const top = reveal(row, rowHeight, element.scrollTop, element.clientHeight - rowHeight);
    if (top !== element.scrollTop) element.scrollTop = top;
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, [row, rowHeight]);
  const { from, to, above, below } = rowWindow(page.after.length, rowHeight, view.top, view.height);
  return (
    <section
      className="events"
      ref={scroller}
      onScroll={look}
      onKeyDown={keys}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the table scrolls, and is walked with keys.
      tabIndex={0}
      aria-label="Events of the page"
    >
      <table aria-rowcount={page.after.length + 1}>
        <caption className="unseen">Recorded events, and the calls that the model reads them as</caption>
        <thead>
          <tr>
            {['line', 'time', 'task', 'recorded', 'count', page.kernel].map((title) => (
              <th scope="col" key={title}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr style={{ height: above }} />}
          {Array.from({ length: to - from }, (_, i) => from + i).map((index) => {
            const event = eventView(page, index, odd);
            return (
              <tr
                key={index}
                aria-rowindex={index + 2}
                aria-selected={index === row}
                data-tone={event.odd ? 'fail' : undefined}
                onClick={() => choose(index)}
              >
                <td>{event.line}</td>
                <td>{event.time}</td>
                <td>{event.task}</td>
                <td>{event.event}</td>
                <td>{event.count}</td>
                <td>{event.odd ? `!! ${event.call}` : event.call}</td>
              </tr>
            );
          })}
          {below > 0 && <tr style={{ height: below }} />}
        </tbody>
      </table>
    </section>
  );
}
