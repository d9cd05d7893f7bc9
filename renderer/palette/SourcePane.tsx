import { useEffect, useRef } from 'react';
import { useApp, useAppState } from '../app/context.tsx';
import type { SourceOverlay } from '../app/state.ts';
import { Dialog } from './Dialog.tsx';

/** The scripting interface, to read and to search in; go to definition leads here. */
export function SourcePane({ pane }: { readonly pane: SourceOverlay }) {
  const { editors } = useApp();
  const text = useAppState((state) => state.info?.interfaceText ?? '');
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    return editors.showInterface(element, text, pane.place);
  }, [editors, text, pane]);
  return (
    <Dialog label="The scripting interface" className="source">
      <h2>The scripting interface</h2>
      <div className="source-text" ref={host} />
      <p className="dim">Read only. Ctrl+F searches, F12 goes to a definition, Escape closes.</p>
    </Dialog>
  );
}
