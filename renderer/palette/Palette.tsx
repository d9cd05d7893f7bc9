import { useMemo, useState } from 'react';
import { useApp } from '../app/context.tsx';
import { closeThen } from '../app/overlay.ts';
import { ChoiceList } from './ChoiceList.tsx';
import { Dialog } from './Dialog.tsx';
import { itemsOf, type ListName } from './items.ts';
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
  const all = useMemo(() => itemsOf(app, list), [app, list]);
  const items = fuzzyFilter(query, all, ({ title, note }) => `${title} ${note}`);
  const current = Math.min(at, items.length - 1);
  return (
    <Dialog label={LABELS[list]} className="palette">
      <ChoiceList
        id="palette"
        label={LABELS[list]}
        listLabel={LABELS[list]}
        query={query}
        onQuery={(text) => {
          setQuery(text);
          setAt(0);
        }}
        choices={items.map(({ id, title, note }) => ({
          key: id,
          shown: (
            <>
              <span className="item-title">{title}</span>
              <span className="item-note dim">{note}</span>
            </>
          ),
        }))}
        at={current}
        onAt={setAt}
        onChoose={(index) => {
          const item = items[index];
          if (item !== undefined) closeThen(app, item.choose);
        }}
      />
      {items.length === 0 && <p className="dim">Nothing of that name.</p>}
    </Dialog>
  );
}
