import { useRef } from 'react';
import { useApp } from '../app/context.tsx';
import { changeExport, copyReport, FORMATS, saveReport } from '../app/exporting.ts';
import type { ExportOverlay } from '../app/state.ts';
import { CloseButton } from './CloseButton.tsx';
import { Dialog } from './Dialog.tsx';

/** A report about a run: what it says stands below before anything is copied or saved. */
export function ExportPane({ pane }: { readonly pane: ExportOverlay }) {
  const app = useApp();
  const messageId = useRef<HTMLInputElement>(null);
  const answer = () => {
    const inReplyTo = messageId.current?.value ?? '';
    if (inReplyTo !== pane.inReplyTo) void changeExport(app, { inReplyTo });
  };
  return (
    <Dialog label="Export a report" className="export">
      <h2>Report of run {pane.runId}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          answer();
        }}
      >
        <fieldset>
          <legend>Form</legend>
          {FORMATS.map(({ format, title }) => (
            <label key={format}>
              <input
                type="radio"
                name="format"
                checked={pane.format === format}
                onChange={() => void changeExport(app, { format })}
              />{' '}
              {title}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>About</legend>
          <label>
            <input
              type="radio"
              name="whole"
              checked={!pane.whole}
              onChange={() => void changeExport(app, { whole: false })}
            />{' '}
            the chosen experiment
          </label>
          <label>
            <input
              type="radio"
              name="whole"
              checked={pane.whole}
              onChange={() => void changeExport(app, { whole: true })}
            />{' '}
            the whole run
          </label>
        </fieldset>
        <label className="export-id">
          In reply to (Message-ID, may be empty){' '}
          <input ref={messageId} name="message-id" defaultValue={pane.inReplyTo} spellCheck={false} onBlur={answer} />
        </label>
      </form>
      {pane.problem !== null && (
        <p role="alert" data-tone="error">
          {pane.problem}
        </p>
      )}
      <textarea readOnly aria-label="The report" value={pane.text ?? ''} rows={24} cols={78} />
      <p className="deeds">
        <button type="button" disabled={pane.text === null} onClick={() => void copyReport(app)}>
          Copy
        </button>
        <button type="button" disabled={pane.text === null} onClick={() => void saveReport(app)}>
          Save as ...
        </button>
        <CloseButton />
      </p>
    </Dialog>
  );
}
