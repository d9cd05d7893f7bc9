import { useEffect, useRef, useState } from 'react';
import type { Revision } from '../../preload/contract.ts';
import { attempt } from '../app/attempt.ts';
import { copyText } from '../app/clipboard.ts';
import { useApp, useAppState } from '../app/context.tsx';
import { fileText } from '../app/document.ts';
import { closeOverlay } from '../app/overlay.ts';
import { restore } from '../app/past.ts';
import { ROVING_KEYS, rove } from '../app/roving.ts';
import type { RevisionsOverlay } from '../app/state.ts';
import { CloseButton } from '../palette/CloseButton.tsx';
import { Dialog } from '../palette/Dialog.tsx';
import { bytesText } from './storage-text.ts';

/** The notebook's revisions, each beside the text as it is now. */
export function RevisionsPane({ pane }: { readonly pane: RevisionsOverlay }) {
  const app = useApp();
  const { editors } = app;
  const notebookId = useAppState((state) => state.notebook?.notebookId ?? 0);
  const now = useAppState((state) => (state.notebook === null ? '' : fileText(state.notebook.doc)));
  const [revisions, setRevisions] = useState<readonly Revision[]>([]);
  const [chosen, setChosen] = useState<number | null>(null);
  const [text, setText] = useState<string | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const revision = revisions.find(({ revisionId }) => revisionId === chosen);
  useEffect(() => {
    void attempt(app, app.bridge.request('notebook:revisions', notebookId)).then((found) => {
      if (found === undefined) return;
      setRevisions(found);
      setChosen((found.find(({ sha256 }) => sha256 === pane.sha256) ?? found[0])?.revisionId ?? null);
    });
  }, [app, notebookId, pane.sha256]);
  useEffect(() => {
    if (revisions.length > 0) list.current?.querySelector<HTMLElement>('button[aria-current=true]')?.focus();
  }, [revisions]);
  const sha256 = revision?.sha256;
  useEffect(() => {
    if (sha256 === undefined) return;
    let wanted = true;
    void attempt(app, app.bridge.request('notebook:revision-text', sha256)).then((found) => {
      if (wanted) setText(found?.text ?? null);
    });
    return () => {
      wanted = false;
    };
  }, [app, sha256]);
  useEffect(() => {
    if (host.current === null || text === null) return;
    return editors.showDifference(host.current, text, now);
  }, [editors, text, now]);
  const name = revision === undefined ? '' : `revision ${revision.revisionId}`;
  return (
    <Dialog label="Revisions of the notebook" className="past wide">
      <h2>Revisions</h2>
      <div className="revisions">
        <ol ref={list} data-own-keys={ROVING_KEYS} onKeyDown={rove} aria-label="Revisions">
          {revisions.map(({ revisionId, at, reason, bytes }) => (
            <li key={revisionId}>
              <button
                type="button"
                aria-current={revisionId === chosen ? 'true' : undefined}
                tabIndex={revisionId === chosen ? 0 : -1}
                onFocus={() => setChosen(revisionId)}
                onClick={() => setChosen(revisionId)}
              >
                {new Date(at).toLocaleString()} {reason} <span className="dim">{bytesText(bytes)}</span>
              </button>
            </li>
          ))}
        </ol>
        <div className="revision-text" ref={host} />
      </div>
      <p className="dim" data-testid="revision-said">
        {text === null
          ? 'No revision is kept yet.'
          : text === now
            ? `${name} is the text as it is now.`
            : `${name} on the left, the text as it is now on the right.`}
      </p>
      <p className="deeds">
        <button
          type="button"
          disabled={text === null || text === now}
          onClick={() => {
            closeOverlay(app);
            if (text !== null) restore(app, text, name);
          }}
        >
          Restore
        </button>
        <button
          type="button"
          disabled={text === null}
          onClick={() => text !== null && void copyText(app, text, `Text of ${name} copied.`)}
        >
          Copy its text
        </button>
        <CloseButton />
      </p>
    </Dialog>
  );
}
