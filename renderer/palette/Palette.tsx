import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useApp } from '../app/context.tsx';
import { Dialog } from './Dialog.tsx';
import { type Item, itemsOf, type ListName } from './items.ts';
import { fuzzyFilter } from './match.ts';

const LABELS: Readonly<Record<ListName, string>> = {
  commands: 'Command',
  cells: 'Go to cell',
  scenarios: 'Open scenario',
};

/** A combobox over a list: type to narrow, arrows to walk, Enter to choose. */
export function Palette({ list }: { readonly list: ListName }) {
  const app = useApp();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const listbox = useRef<HTMLDivElement>(null);
  const all = useMemo(() => itemsOf(app, list), [app, list]);
  const items = fuzzyFilter(query, all, ({ title, note }) => `${title} ${note}`);
  const current = Math.min(at, items.length - 1);
  const choose = (item: Item | undefined) => {
    if (item === undefined) return;
    app.store.dispatch({ type: 'overlay', overlay: null });
    // After the dialog has given the focus back: the command may move it on.
    window.setTimeout(item.choose, 0);
  };
  const keys = (event: KeyboardEvent) => {
    const to = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: current + 10, PageUp: current - 10 }[
      event.key
    ];
    if (event.key === 'Enter') choose(items[current]);
    else if (to !== undefined) {
      const next = Math.max(0, Math.min(items.length - 1, to));
      setAt(next);
      listbox.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  };
  return (
    <Dialog label={LABELS[list]} className="palette">
      <input
        autoFocus
        role="combobox"
        aria-label={LABELS[list]}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={items[current] === undefined ? undefined : `palette-${current}`}
        placeholder={LABELS[list]}
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={keys}
      />
      <div id="palette-list" role="listbox" aria-label={LABELS[list]} ref={listbox}>
        {items.map((item, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys.
          <div
            key={item.id}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => choose(item)}
          >
            <span className="item-title">{item.title}</span>
            <span className="item-note dim">{item.note}</span>
          </div>
        ))}
      </div>
      {items.length === 0 && <p className="dim">Nothing of that name.</p>}
    </Dialog>
  );
}
