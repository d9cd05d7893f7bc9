import { useEffect, useState } from 'react';
import type { Pruned, RunSummary, Storage } from '../../preload/contract.ts';
import { attempt } from '../app/attempt.ts';
import { copyText } from '../app/clipboard.ts';
import { useApp, useAppState } from '../app/context.tsx';
import { deleteRun, pin, prune } from '../app/past.ts';
import { runLine } from '../outline/run-line.ts';
import { CloseButton } from '../palette/CloseButton.tsx';
import { Dialog } from '../palette/Dialog.tsx';
import { bytesText, prunedText, storageText, totalsText } from './storage-text.ts';

/** What the store takes, what pruning would leave, and the notebook's runs to pin or to delete. */
export function StoragePane() {
  const app = useApp();
  const runs = useAppState((state) => state.runs);
  const [storage, setStorage] = useState<Storage | null>(null);
  const [keep, setKeep] = useState('200');
  const [days, setDays] = useState('180');
  const [said, setSaid] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the runs is one of the sizes.
  useEffect(() => {
    void attempt(app, app.bridge.request('store:storage')).then((found) => {
      if (found !== undefined) setStorage(found);
    });
  }, [app, runs, said]);
  const tell = (pruned: Pruned | undefined) => setSaid(pruned === undefined ? '' : prunedText(pruned));
  const wanted = [Number(keep), Number(days)] as const;
  const valid = keep !== '' && days !== '' && Number.isInteger(wanted[0]) && wanted.every((n) => n >= 0 && n <= 1e5);
  return (
    <Dialog label="Storage" className="past">
      <h2>Storage</h2>
      {storage !== null && (
        <>
          <p data-testid="storage-total">
            {totalsText(storage)} <span className="dim">{storage.path}</span>
          </p>
          <form
            className="past-choices"
            onSubmit={(event) => {
              event.preventDefault();
              if (valid) void prune(app, ...wanted).then(tell);
            }}
          >
            <label>
              Keep the newest{' '}
              <input
                autoFocus
                inputMode="numeric"
                size={6}
                value={keep}
                onChange={({ target }) => setKeep(target.value)}
              />{' '}
              runs of each notebook
            </label>
            <label>
              and those of the last{' '}
              <input inputMode="numeric" size={6} value={days} onChange={({ target }) => setDays(target.value)} /> days
            </label>
            <button type="submit" disabled={!valid}>
              Delete the others
            </button>
          </form>
          <p role="status">{said === '' ? 'Pinned runs are never deleted by this.' : said}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys. */}
          <section className="past-scrolls" aria-label="Sizes and runs" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  {['notebook', 'size', 'runs', 'pinned', 'revisions'].map((title) => (
                    <th scope="col" key={title}>
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {storage.notebooks.map((row) => (
                  <tr key={row.notebookId}>
                    <th scope="row">{row.path ?? '(no file)'}</th>
                    <td>{bytesText(row.bytes)}</td>
                    <td>{row.runs}</td>
                    <td>{row.pinned}</td>
                    <td>{row.revisions}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {runs.length > 0 && <Runs runs={runs} tell={tell} />}
          </section>
        </>
      )}
      <p className="deeds">
        <button
          type="button"
          disabled={storage === null}
          onClick={() => storage !== null && void copyText(app, storageText(storage), 'Storage copied.')}
        >
          Copy
        </button>
        <CloseButton />
      </p>
    </Dialog>
  );
}

interface RunsProps {
  readonly runs: readonly RunSummary[];
  readonly tell: (pruned: Pruned | undefined) => void;
}

function Runs({ runs, tell }: RunsProps) {
  const app = useApp();
  return (
    <table>
      <caption>Runs of this notebook</caption>
      <tbody>
        {runs.map((run) => (
          <tr key={run.runId}>
            <th scope="row">#{run.runId}</th>
            <td>{new Date(run.startedAt).toLocaleString()}</td>
            <td>{runLine(run).tally}</td>
            <td>{run.pinned === true ? 'pinned' : ''}</td>
            <td>
              <button
                type="button"
                aria-pressed={run.pinned === true}
                aria-label={`Pin run ${run.runId}`}
                onClick={() => void pin(app, run.runId, run.pinned !== true)}
              >
                pin
              </button>{' '}
              <button
                type="button"
                aria-label={`Delete run ${run.runId}`}
                disabled={run.pinned === true || run.state === 'running'}
                onClick={() => void deleteRun(app, run.runId).then(tell)}
              >
                delete
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
