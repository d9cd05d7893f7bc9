import { useEffect, useRef } from 'react';
import { useApp } from '../app/context.tsx';
import { fileText } from '../app/document.ts';
import { shownText, takeFile } from '../app/whole-file.ts';
import { Dialog } from '../palette/Dialog.tsx';
import { showFile } from './file-editor.ts';

/** The notebook as the one file that it is. What is typed goes into the cells. */
export function FilePane({ line }: { readonly line: number }) {
  const app = useApp();
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { notebook, preferences } = app.store.get();
    const element = host.current;
    if (element === null || notebook === null) return;
    const text = shownText(fileText(notebook.doc));
    return showFile(element, text, { line, fontSize: preferences.fontSize }, (edited) => takeFile(app, edited));
  }, [app, line]);
  return (
    <Dialog label="The whole file" className="source whole-file">
      <h2>The whole file</h2>
      <div className="source-text" ref={host} />
      <p className="dim">Edits go into the cells; u in the notebook takes them back. Ctrl+F searches, Escape closes.</p>
    </Dialog>
  );
}
