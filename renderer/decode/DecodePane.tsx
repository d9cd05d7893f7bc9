import { useRef } from 'react';
import { useApp } from '../app/context.tsx';
import { decodeFile, decodePasted, stopDecoding } from '../app/decoding.ts';
import type { DecodeOverlay } from '../app/state.ts';
import { Dialog } from '../palette/Dialog.tsx';
import { Found } from './Found.tsx';
import { progressText } from './row-text.ts';
import { TracePageView } from './TracePageView.tsx';

/** What a kernel printed, explained: pasted text, or a file. */
export function DecodePane({ pane }: { readonly pane: DecodeOverlay }) {
  const { decoded, page } = pane;
  return (
    <Dialog label="Explain kernel output" className="decode">
      {pane.problem !== null && (
        <p role="alert" data-tone="error">
          {pane.problem}
        </p>
      )}
      {page !== null ? (
        <TracePageView page={page} row={pane.row} busy={pane.busy} />
      ) : (
        <>
          <Question busy={pane.busy} progress={pane.progress} />
          {decoded !== null && <Found decoded={decoded} />}
        </>
      )}
    </Dialog>
  );
}

function Question({ busy, progress }: Pick<DecodeOverlay, 'busy' | 'progress'>) {
  const app = useApp();
  const text = useRef<HTMLTextAreaElement>(null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void decodePasted(app, text.current?.value ?? '');
      }}
    >
      <h2>Explain kernel output</h2>
      <textarea
        ref={text}
        aria-label="Kernel output"
        placeholder="Paste dump_page(), BUG: Bad page state, /proc/vmstat, page_ref events ... from a log or a mail"
        spellCheck={false}
        rows={8}
      />
      <p className="deeds">
        <button type="submit" disabled={busy}>
          Explain
        </button>
        <button type="button" disabled={busy} onClick={() => void decodeFile(app)}>
          Open a log or trace ...
        </button>
        {busy && (
          <button type="button" onClick={() => void stopDecoding(app)}>
            Stop, and show what was read
          </button>
        )}
        <span role="status">{busy ? progressText(progress) : ''}</span>
      </p>
    </form>
  );
}
