import { useEffect } from 'react';
import { Interleaving } from '../interleaving/Interleaving.tsx';
import { Notebook } from '../notebook/Notebook.tsx';
import { Outline } from '../outline/Outline.tsx';
import { Overlays } from '../palette/Overlays.tsx';
import { PageState } from '../state/PageState.tsx';
import { Announcer } from './Announcer.tsx';
import { useApp, useAppState } from './context.tsx';
import { FirstRun } from './FirstRun.tsx';
import { fileName, isDirty } from './files.ts';
import { NoticeBar } from './NoticeBar.tsx';
import { Recovery } from './Recovery.tsx';
import { Splitter, useSplit } from './Splitter.tsx';
import { StatusBar } from './StatusBar.tsx';

/** The whole window: title, outline, notebook, page state above interleaving, status. */
export function GupbookWindow() {
  const started = useAppState((state) => state.info !== null);
  const open = useAppState((state) => state.notebook !== null);
  const outlineShown = useAppState((state) => state.outlineShown);
  const outline = useSplit('outline', 24, 12, 48);
  const result = useSplit('result', 40, 25, 70);
  const upper = useSplit('upper', 42, 15, 85);
  if (!started)
    return (
      <main className="starting">
        gupbook ...
        <NoticeBar />
      </main>
    );
  if (!open) return <FirstRun />;
  const columns = outlineShown ? `${outline.size}ch 1px` : '0 0';
  return (
    <div
      className="window"
      style={{ '--columns': `${columns} minmax(0, 1fr) 1px ${result.size}%` }}
      data-outline={outlineShown}
    >
      <Title />
      {outlineShown && <Outline />}
      {outlineShown && (
        <Splitter split={outline} label="Width of the outline" orientation="vertical" sign={1} area="s1" />
      )}
      <div className="middle">
        <Recovery />
        <Notebook />
      </div>
      <Splitter split={result} label="Width of the result" orientation="vertical" sign={-1} area="s2" />
      <div className="result" style={{ '--rows': `minmax(0, ${upper.size}fr) 1px minmax(0, ${100 - upper.size}fr)` }}>
        <PageState />
        <Splitter split={upper} label="Height of the page state" orientation="horizontal" sign={1} area="" />
        <Interleaving />
      </div>
      <NoticeBar />
      <StatusBar />
      <Overlays />
      <Announcer />
    </div>
  );
}

function Title() {
  const { store } = useApp();
  const notebook = useAppState((state) => state.notebook);
  const name = notebook === null ? '' : fileName(notebook);
  const dirty = notebook !== null && isDirty(notebook);
  useEffect(() => {
    document.title = `${dirty ? '* ' : ''}${name} - Gupbook`;
  }, [name, dirty]);
  return (
    <header className="title">
      <strong>gupbook</strong>
      <span className="title-file" title={notebook?.path ?? undefined}>
        {name}
        {dirty && <span className="title-dirty"> * not saved</span>}
        {notebook?.shipped && <span className="dim"> shipped scenario: saving asks for a place</span>}
      </span>
      <span className="dim title-version">engine {store.get().info?.engineVersion}</span>
    </header>
  );
}
