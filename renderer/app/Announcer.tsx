import { useEffect, useRef, useState } from 'react';
import { cellState, stateOf } from '../notebook/cell-state.ts';
import { useApp, useAppState } from './context.tsx';
import { cellName, findCell } from './document.ts';
import { cellOf } from './what-if-keys.ts';

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
      const cell = findCell(notebook.doc, cellOf(id));
      const run = cellRuns.get(id);
      const { word, detail } = cellOf(id) === id ? cellState(notebook, id, run) : stateOf(run, false);
      const name = cellOf(id) === id ? '' : ', what if';
      return cell === undefined ? [] : [`Cell ${cellName(cell)}${name}: ${word}${detail === '' ? '' : `, ${detail}`}.`];
    });
    setText(sentences.join(' '));
  }, [run, store]);
  return (
    <p className="unseen" role="status" aria-live="polite">
      {text}
    </p>
  );
}
