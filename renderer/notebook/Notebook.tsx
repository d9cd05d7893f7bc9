import { useEffect, useRef } from 'react';
import { useApp, useAppState } from '../app/context.tsx';
import { viewCells } from '../app/document.ts';
import { CellView } from './CellView.tsx';

/** The cells, one below the other. */
export function Notebook() {
  const { editors } = useApp();
  const notebook = useAppState((state) => state.notebook);
  const scroller = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => editors.layout());
    observer.observe(element);
    return () => observer.disconnect();
  }, [editors]);
  if (notebook === null) return null;
  const cells = viewCells(notebook.doc);
  return (
    <main className="notebook" data-region="notebook" aria-label="Notebook" ref={scroller} tabIndex={-1}>
      {cells.length === 0 && <p className="dim empty">No cells yet. o makes one.</p>}
      <ul key={notebook.opening} aria-label="Cells">
        {cells.map((cell, index) => (
          <CellView
            key={cell.id}
            cell={cell}
            number={index + 1}
            of={cells.length}
            focused={cell.id === notebook.focused}
            editing={cell.id === notebook.editing}
            folded={notebook.folded.has(cell.id)}
          />
        ))}
      </ul>
    </main>
  );
}
