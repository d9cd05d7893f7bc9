import { useState } from 'react';
import { useApp, useAppState } from '../app/context.tsx';
import { findAll, goToFound, MOST_FOUND, replaceEverywhere } from '../app/finding.ts';
import { closeThen } from '../app/overlay.ts';
import { ChoiceList } from './ChoiceList.tsx';
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
  const found = doc === null ? [] : findAll(doc, query);
  const current = Math.min(at, found.length - 1);
  return (
    <Dialog label="Find in all cells" className="palette find">
      <ChoiceList
        id="find"
        label="Find in all cells"
        listLabel="Places"
        selects
        query={query}
        onQuery={(text) => {
          setQuery(text);
          setAt(0);
        }}
        choices={found.slice(0, SHOWN).map(({ number, place, text }) => ({
          key: `${number}:${place.line}:${place.column}`,
          shown: (
            <>
              <span className="item-note dim">
                {number}:{place.line}
              </span>
              <span className="item-title">{text}</span>
            </>
          ),
        }))}
        at={current}
        onAt={setAt}
        onChoose={(index) => {
          if (found[index] !== undefined) closeThen(app, () => goToFound(app, query, index));
        }}
      />
      <p className="dim">{counted(query, found.length)}</p>
      <form
        className="replace"
        onSubmit={(event) => {
          event.preventDefault();
          closeThen(app, () => replaceEverywhere(app, query, by));
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
