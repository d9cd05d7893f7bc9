import { useEffect, useState } from 'react';
import type { Found } from '../../preload/contract.ts';
import { settled } from '../app/attempt.ts';
import { useApp } from '../app/context.tsx';
import { closeThen } from '../app/overlay.ts';
import { goToEntry } from '../app/past.ts';
import { ChoiceList } from '../palette/ChoiceList.tsx';
import { Dialog } from '../palette/Dialog.tsx';

/** Milliseconds after the last key before main is asked. */
const PAUSE = 120;

/** Search over every notebook, revision and result of the store. */
export function SearchPane() {
  const app = useApp();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<readonly Found[]>([]);
  const [said, setSaid] = useState('');
  const [at, setAt] = useState(0);
  useEffect(() => {
    let wanted = true;
    const timer = window.setTimeout(async () => {
      const outcome = await settled(app.bridge.request('store:search', query));
      if (!wanted) return;
      setFound(outcome.ok ? outcome.value : []);
      setAt(0);
      setSaid(outcome.ok ? counted(query, outcome.value) : outcome.problem.message);
    }, PAUSE);
    return () => {
      wanted = false;
      window.clearTimeout(timer);
    };
  }, [app, query]);
  return (
    <Dialog label="Search everything" className="palette find past-search">
      <ChoiceList
        id="entry"
        label="Search everything"
        placeholder="Words of any notebook, revision or result"
        listLabel="Found"
        query={query}
        onQuery={setQuery}
        choices={found.map((entry) => ({
          key: `${entry.notebookId}:${entry.runId ?? entry.sha256}:${entry.text}`,
          shown: (
            <>
              <span className="entry-place">{placeOf(entry)}</span>
              <span className="item-title">{entry.text}</span>
            </>
          ),
        }))}
        at={at}
        onAt={setAt}
        onChoose={(index) => {
          const entry = found[index];
          if (entry !== undefined) closeThen(app, () => void goToEntry(app, entry));
        }}
      />
      <p className="dim" role="status">
        {said}
      </p>
    </Dialog>
  );
}

/** `two-bios.lab.ts:12`, `two-bios.lab.ts, run 3`, or the time of an older revision. */
function placeOf({ path, runId, newest, line, at }: Found): string {
  const name = path?.split(/[/\\]/).at(-1) ?? '(no file)';
  if (runId !== null) return `${name}, run ${runId}`;
  return newest ? `${name}:${line}` : `${name} of ${new Date(at).toLocaleString()}`;
}

function counted(query: string, found: readonly Found[]): string {
  if (query.trim() === '') return 'Every word has to be there; a word may go on. Enter goes there.';
  if (found.length === 0) return 'Nowhere.';
  const runs = found.filter(({ runId }) => runId !== null).length;
  return `${found.length - runs} in texts, ${runs} in results.`;
}
