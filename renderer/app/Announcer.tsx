import { useEffect, useRef, useState } from 'react';
import { cellState } from '../notebook/cell-state.ts';
import { useApp, useAppState } from './context.tsx';
import { cellName, findCell } from './document.ts';

/** Tells screen readers, once per run, how it ended. */
export function Announcer() {
  const { store } = useApp();
  const run = useAppState((state) => state.run);
  const before = useRef(run);
  const [text, setText] = useState('');
  useEffect(() => {
    const ended = before.current;
    before.current = run;
    const { notebook, cellRuns } = store.get();
    if (ended === null || run !== null || notebook === null) return;
    const sentences = ended.cells.flatMap((id) => {
      const cell = findCell(notebook.doc, id);
      const { word, detail } = cellState(notebook.doc, id, cellRuns.get(id));
      return cell === undefined ? [] : [`Cell ${cellName(cell)}: ${word}${detail === '' ? '' : `, ${detail}`}.`];
    });
    setText(sentences.join(' '));
  }, [run, store]);
  return (
    <p className="unseen" role="status" aria-live="polite">
      {text}
    </p>
  );
}
