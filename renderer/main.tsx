/** The notebook window: puts store, bridge, editors and keys together, then draws. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Bridge } from '../preload/contract.ts';
import { reduce } from './app/actions.ts';
import { perform } from './app/commands.ts';
import type { Parts } from './app/context.tsx';
import { AppProvider } from './app/context.tsx';
import { followDecoding } from './app/decoding.ts';
import { createEditors, linkEditors } from './app/editor-link.ts';
import { followFile, keepJournal, keepJournalAtEnd, openPath, start } from './app/files.ts';
import { listenToKeys } from './app/keyboard.ts';
import { followText } from './app/reading.ts';
import { followRuns } from './app/running.ts';
import { createScreen } from './app/screen.ts';
import { INITIAL } from './app/state.ts';
import { createStore } from './app/store.ts';
import { GupbookWindow } from './app/Window.tsx';
import type { Editors } from './notebook/editors.ts';
import { monaco } from './notebook/monaco.ts';
import { setUpTypeScript } from './notebook/typescript.ts';
import { isCommandId } from './palette/keys.ts';
import { followTheme, showTheme } from './theme/apply.ts';
import './theme/base.css';
import './app/window.css';
import './notebook/notebook.css';
import './state/state.css';
import './interleaving/interleaving.css';
import './outline/outline.css';
import './palette/palette.css';
import './past/past.css';
import './decode/decode.css';
import './compose/compose.css';
import { closeOverlay } from './app/overlay.ts';

declare global {
  interface Window {
    /** What preload/index.ts exposes. */
    readonly gupbook: Bridge;
  }
}

const bridge = window.gupbook;
const store = createStore(reduce, INITIAL);
let editors: Editors | null = null;

const screen = createScreen(() => {
  if (editors === null) throw new Error('The editors are asked for before they are made.');
  return editors;
});
const clock = {
  now: () => Date.now(),
  ticks: () => performance.now(),
  later: (milliseconds: number, callback: () => void) => {
    const timer = window.setTimeout(callback, milliseconds);
    return () => window.clearTimeout(timer);
  },
};
const app = { store, bridge, screen, clock };

editors = createEditors(app);
linkEditors(app, editors);
const parts: Parts = { ...app, editors };

store.subscribe(() => showTheme(store.get()));
followTheme(store);
leaveOnEscape();
listenToKeys(app);
followRuns(app);
followDecoding(app);
followText(app);
keepJournal(app);
followFile(app);
keepJournalAtEnd(app);
bridge.on('menu:command', (name) => {
  if (isCommandId(name)) perform(app, name);
});

bridge.on('notebook:named', (path) => void openPath(app, path));

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root.');
createRoot(root).render(
  <StrictMode>
    <AppProvider value={parts}>
      <GupbookWindow />
    </AppProvider>
  </StrictMode>,
);

// The interface's text comes from main; the first model must find it there.
const told = store.subscribe(() => {
  const { info } = store.get();
  if (info === null) return;
  told();
  setUpTypeScript(info.interfaceText);
});
void start(app);

/** Escape leaves the editor once nothing inside it is left to close. Only the editor knows that. */
function leaveOnEscape(): void {
  monaco.editor.registerCommand('gupbook.leave', () => {
    // An editor in a dialog is left by closing the dialog.
    if (store.get().overlay !== null) closeOverlay(app);
    else perform(app, 'cell.leave');
  });
  const open = ['suggestWidgetVisible', 'parameterHintsVisible', 'findWidgetVisible', 'renameInputVisible'];
  const busy = [
    ...open,
    'editorHasMultipleSelections',
    'markersNavigationVisible',
    'inSnippetMode',
    'referenceSearchVisible',
  ];
  const when = ['editorTextFocus', ...busy.map((context) => `!${context}`)].join(' && ');
  monaco.editor.addKeybindingRule({ keybinding: monaco.KeyCode.Escape, command: 'gupbook.leave', when });
}
