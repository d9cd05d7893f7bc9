import { type KeyboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { goToLine, toggleLine, toggleParagraph } from '../app/composing.ts';
import { useApp, useLineHeight } from '../app/context.tsx';
import type { ComposeOverlay } from '../app/state.ts';
import { reveal, rowWindow } from '../interleaving/window.ts';

interface QuoteLinesProps {
  readonly pane: ComposeOverlay;
  readonly lines: readonly string[];
}

const SCREEN = 10;

/** The mail's lines, to choose those that are answered. Only lines in view are in the document. */
export function QuoteLines({ pane, lines }: QuoteLinesProps) {
  const rowHeight = useLineHeight();
  const app = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 240 });
  const quoted = useMemo(() => new Set(pane.quote), [pane.quote]);
  const { cursor } = pane;
  const look = () => {
    const element = scroller.current;
    if (element !== null) setView({ top: element.scrollTop, height: element.clientHeight });
  };
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const top = reveal(cursor, rowHeight, element.scrollTop, element.clientHeight);
    if (top !== element.scrollTop) element.scrollTop = top;
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, [cursor, rowHeight]);
  const keys = (event: KeyboardEvent) => {
    const to: Readonly<Record<string, number>> = {
      ArrowDown: cursor + 1,
      j: cursor + 1,
      J: cursor + 1,
      ArrowUp: cursor - 1,
      k: cursor - 1,
      K: cursor - 1,
      PageDown: cursor + SCREEN,
      PageUp: cursor - SCREEN,
      Home: 0,
      End: lines.length - 1,
    };
    const line = to[event.key];
    if (line !== undefined) void goToLine(app, line, event.shiftKey);
    else if (event.key === ' ' || event.key === 'Enter') void toggleLine(app);
    else if (event.key === 'p') void toggleParagraph(app);
    else return;
    event.preventDefault();
  };
  const { from, to, above, below } = rowWindow(lines.length, rowHeight, view.top, view.height);
  return (
    <section className="quote" aria-label="Lines to answer">
      <p className="quote-keys">
        Lines to answer ({quoted.size} of {lines.length}): space one line, p its paragraph, Shift and arrows a span
      </p>
      <div
        className="quote-lines"
        ref={scroller}
        role="listbox"
        aria-multiselectable="true"
        aria-label="Lines of the mail"
        aria-activedescendant={`quote-${cursor}`}
        tabIndex={0}
        onScroll={look}
        onKeyDown={keys}
      >
        <div role="presentation" style={{ paddingTop: above, paddingBottom: below }}>
          {Array.from({ length: to - from }, (_, i) => from + i).map((n) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names its active line.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys.
            <div
              key={n}
              id={`quote-${n}`}
              role="option"
              aria-selected={quoted.has(n)}
              aria-setsize={lines.length}
              aria-posinset={n + 1}
              aria-label={lines[n]?.trim() === '' ? 'empty line' : lines[n]}
              data-cursor={n === cursor ? '' : undefined}
              onClick={() => {
                void goToLine(app, n, false);
                void toggleLine(app);
              }}
            >
              {quoted.has(n) ? '> ' : '  '}
              {lines[n]}
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}
