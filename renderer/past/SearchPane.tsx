import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Found } from '../../preload/contract.ts';
import { settled } from '../app/attempt.ts';
import { useApp } from '../app/context.tsx';
import { goToEntry } from '../app/past.ts';
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
  const list = useRef<HTMLDivElement>(null);
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
  const go = (index: number) => {
    const entry = found[index];
    if (entry === undefined) return;
    app.store.dispatch({ type: 'overlay', overlay: null });
    // After the dialog has given the focus back: the place takes it on.
    window.setTimeout(() => void goToEntry(app, entry), 0);
  };
  const keys = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
    if (event.key === 'Enter') go(at);
    else if (to !== undefined) {
      const next = Math.max(0, Math.min(found.length - 1, to));
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  };
  return (
    <Dialog label="Search everything" className="palette find past-search">
      <input
        autoFocus
        role="combobox"
        aria-label="Search everything"
        aria-expanded="true"
        aria-controls="entry-list"
        aria-activedescendant={found[at] === undefined ? undefined : `entry-${at}`}
        placeholder="Words of any notebook, revision or result"
        spellCheck={false}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={keys}
      />
      <div id="entry-list" role="listbox" aria-label="Found" ref={list}>
        {found.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys.
          <div
            key={`${entry.notebookId}:${entry.runId ?? entry.sha256}:${entry.text}`}
            id={`entry-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => go(index)}
          >
            <span className="entry-place">{placeOf(entry)}</span>
            <span className="item-title">{entry.text}</span>
          </div>
        ))}
      </div>
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
