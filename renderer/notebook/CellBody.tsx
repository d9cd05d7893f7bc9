import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useApp, useAppState, useLineHeight } from '../app/context.tsx';
import type { ViewCell } from '../app/document.ts';

/** How far beyond the view a cell still gets a live editor. */
const NEAR = '600px';

/** A cell's text: a live editor near the view, coloured text of the same height elsewhere. */
export function CellBody({ cell, label }: { readonly cell: ViewCell; readonly label: string }) {
  const { editors } = useApp();
  const place = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const labelNow = useRef(label);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry !== undefined) setNear(entry.isIntersecting || editors.hasFocus(cell.id));
      },
      { root: element.closest('.notebook'), rootMargin: `${NEAR} 0px` },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [editors, cell.id]);
  useLayoutEffect(() => editors.offer(cell.id, () => flushSync(() => setNear(true))), [editors, cell.id]);
  useLayoutEffect(() => {
    const element = host.current;
    if (!near || element === null) return;
    editors.attach(cell.id, element, labelNow.current, (height) => {
      element.style.height = `${height}px`;
    });
    return () => editors.detach(cell.id);
  }, [near, editors, cell.id]);
  useEffect(() => {
    labelNow.current = label;
    editors.relabel(cell.id, label);
  }, [editors, cell.id, label]);
  return (
    <div className="cell-body" ref={place}>
      {near ? <div className="editor" ref={host} /> : <StillText cell={cell} />}
    </div>
  );
}

/** The text without an editor. */
function StillText({ cell }: { readonly cell: ViewCell }) {
  const { editors } = useApp();
  const theme = useAppState((state) => state.theme);
  const [html, setHtml] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    void theme;
    // Out of view there is no hurry: first come the editors and the keys.
    const idle = requestIdleCallback(async () => {
      const coloured = await editors.colourised(cell.text, cell.kind);
      if (wanted) setHtml(coloured);
    });
    return () => {
      wanted = false;
      cancelIdleCallback(idle);
    };
  }, [editors, cell.text, cell.kind, theme]);
  // The height is one of lines: it follows the size of the text.
  useLineHeight();
  const style = { height: editors.height(cell.id) };
  if (html === null) {
    return (
      <pre className="still" style={style}>
        {cell.text}
      </pre>
    );
  }
  // biome-ignore lint/security/noDangerouslySetInnerHtml: Monaco's colouring of the text, in which it escapes the text.
  return <pre className="still" style={style} dangerouslySetInnerHTML={{ __html: html }} />;
}
