import { type KeyboardEvent, useRef, useState } from 'react';
import { useApp, useAppState } from '../app/context.tsx';
import { findAll, goToFound, MOST_FOUND, replaceEverywhere } from '../app/finding.ts';
import { Dialog } from './Dialog.tsx';

/** Places drawn at a time. */
const SHOWN = 200;

/** Find in all cells: type, walk the places with the arrow keys, Enter goes there. Replacing is one step to undo. */
export function Find() {
  const app = useApp();
  const doc = useAppState(({ notebook }) => notebook?.doc ?? null);
  const [query, setQuery] = useState(() => app.store.get().search.query);
  const [by, setBy] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = doc === null ? [] : findAll(doc, query);
  const current = Math.min(at, found.length - 1);
  const close = () => app.store.dispatch({ type: 'overlay', overlay: null });
  const go = (index: number) => {
    if (found[index] === undefined) return;
    close();
    // After the dialog has given the focus back: the place takes it on.
    window.setTimeout(() => goToFound(app, query, index), 0);
  };
  const keys = (event: KeyboardEvent) => {
    const to = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + 10, PageUp: current - 10 }[
      event.key
    ];
    if (event.key === 'Enter') go(current);
    else if (to !== undefined) {
      const next = Math.max(0, Math.min(found.length - 1, SHOWN - 1, to));
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  };
  const replace = () => {
    close();
    window.setTimeout(() => replaceEverywhere(app, query, by), 0);
  };
  return (
    <Dialog label="Find in all cells" className="palette find">
      <input
        autoFocus
        role="combobox"
        aria-label="Find in all cells"
        aria-expanded="true"
        aria-controls="find-list"
        aria-activedescendant={found[current] === undefined ? undefined : `found-${current}`}
        placeholder="Find in all cells"
        spellCheck={false}
        value={query}
        onFocus={(event) => event.target.select()}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={keys}
      />
      <div id="find-list" role="listbox" aria-label="Places" ref={list}>
        {found.slice(0, SHOWN).map(({ number, place, text }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys.
          <div
            key={`${number}:${place.line}:${place.column}`}
            id={`found-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => go(index)}
          >
            <span className="item-note dim">
              {number}:{place.line}
            </span>
            <span className="item-title">{text}</span>
          </div>
        ))}
      </div>
      <p className="dim">{counted(query, found.length)}</p>
      <form
        className="replace"
        onSubmit={(event) => {
          event.preventDefault();
          replace();
        }}
      >
        <input
          aria-label="Replace by"
          placeholder="Replace by"
          spellCheck={false}
          value={by}
          onChange={(event) => setBy(event.target.value)}
        />
        <button type="submit" disabled={found.length === 0}>
          Replace all
        </button>
      </form>
    </Dialog>
  );
}

function counted(query: string, n: number): string {
  if (query === '') return 'Upper case matters where you type some. Tab goes on to replacing.';
  if (n === 0) return 'Nowhere.';
  return `${n === MOST_FOUND ? `${n} places or more` : `${n} place${n === 1 ? '' : 's'}`}${n > SHOWN ? `, the first ${SHOWN} shown` : ''}.`;
}
