import { type MouseEvent, useMemo } from 'react';
import { edit } from '../app/cells.ts';
import { copyText } from '../app/clipboard.ts';
import { useApp } from '../app/context.tsx';
import type { ViewCell } from '../app/document.ts';
import { markdownHtml } from './markdown.ts';

/** A Markdown cell as it reads. Enter or a double click shows its source. */
export function MarkdownBody({ cell }: { readonly cell: ViewCell }) {
  const app = useApp();
  const html = useMemo(() => markdownHtml(cell.text), [cell.text]);
  // The window goes nowhere: a link's address goes to the clipboard.
  const click = async (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null) return;
    event.preventDefault();
    await copyText(app, link.href, `Link copied: ${link.href}`);
  };
  if (cell.text.trim() === '') return <p className="markdown dim">(empty: Enter edits)</p>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter on the cell does the same.
    // biome-ignore lint/a11y/useKeyWithClickEvents: links take Enter themselves, which arrives here as a click.
    <div
      className="markdown"
      onClick={click}
      onDoubleClick={() => edit(app, cell.id)}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: rendered without raw HTML, then sanitised.
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
