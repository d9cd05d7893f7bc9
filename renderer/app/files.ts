/** Opening, saving, and the journal that keeps unsaved text safe. The notebook's text is the truth; cells follow. */
import type { OpenNotebook } from '../../preload/contract.ts';
import { type App, say } from './app.ts';
import { attempt, settled } from './attempt.ts';
import { fileText, withCellText } from './document.ts';
import { loadHistory } from './history.ts';
import type { NotebookState } from './state.ts';

/** An edit reaches the journal at the latest after this many milliseconds. */
export const JOURNAL_DELAY = 1000;

export function isDirty(notebook: NotebookState): boolean {
  return textNow(notebook) !== notebook.saved;
}

/** The file's text as it would be saved now, with what an editor still holds. */
function textNow({ doc, held }: NotebookState): string {
  return fileText(held === null ? doc : withCellText(doc, held.id, held.text));
}

/** `two-bios.lab.ts`, or what a notebook without a file is called. */
export function fileName(notebook: Pick<NotebookState, 'path'>): string {
  return notebook.path?.split(/[/\\]/).at(-1) ?? 'untitled.lab.ts';
}

/** The first thing the window does: who am I, and what was open last. */
export async function start(app: App): Promise<void> {
  try {
    app.store.dispatch({ type: 'started', info: await app.bridge.request('app:info') });
  } catch (error) {
    say(app, 'problem', `Gupbook's main process does not answer: ${error instanceof Error ? error.message : error}`);
    return;
  }
  const last = await attempt(app, app.bridge.request('notebook:last'));
  if (last !== undefined && last !== null) await show(app, last);
}

async function show(app: App, open: OpenNotebook): Promise<void> {
  app.store.dispatch({ type: 'opened', open });
  // Text found in the journal wants an answer first: its question takes the focus.
  if (open.recovered === null) focusNotebook(app);
  await loadHistory(app);
}

/** Text that is not in the file stays in the journal, so another notebook can be opened at any time. */
async function leave(app: App): Promise<void> {
  app.screen.flushTyping();
  await journal(app);
}

export async function openDialog(app: App): Promise<void> {
  await leave(app);
  const open = await attempt(app, app.bridge.request('notebook:open-dialog'));
  if (open !== undefined && open !== null) await show(app, open);
}

export async function openPath(app: App, path: string): Promise<void> {
  await leave(app);
  const open = await attempt(app, app.bridge.request('notebook:open', path));
  if (open !== undefined) await show(app, open);
}

/** Opens the notebook that a mail carries, as one that was never saved. */
export async function openMailed(app: App, mailId: number, index: number): Promise<void> {
  await leave(app);
  const open = await attempt(app, app.bridge.request('mail:notebook', mailId, index));
  if (open !== undefined) await show(app, open);
}

export async function save(app: App): Promise<void> {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  if (notebook === null) return;
  if (notebook.path === null || notebook.shipped) {
    await saveAs(app);
    return;
  }
  const text = fileText(notebook.doc);
  const saved = await attempt(app, app.bridge.request('notebook:save', notebook.notebookId, notebook.path, text));
  if (saved !== undefined) wasSaved(app, notebook.notebookId, saved.path, text);
}

export async function saveAs(app: App): Promise<void> {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  if (notebook === null) return;
  const text = fileText(notebook.doc);
  const asked = app.bridge.request('notebook:save-dialog', notebook.notebookId, fileName(notebook), text);
  const saved = await attempt(app, asked);
  if (saved !== undefined && saved !== null) wasSaved(app, notebook.notebookId, saved.path, text);
}

function wasSaved(app: App, notebookId: number, path: string, text: string): void {
  if (app.store.get().notebook?.notebookId !== notebookId) return;
  app.store.dispatch({ type: 'saved', path, text, at: app.clock.now() });
}

/**
 * Follows what other programs do to the file. A notebook without edits takes the new text and keeps its place; edits
 * are never overwritten: which text is wanted is asked. Returns what ends it.
 */
export function followFile(app: App): () => void {
  return app.bridge.on('notebook:outside', (notebookId, text) => {
    const { notebook } = app.store.get();
    if (notebook === null || notebook.notebookId !== notebookId || text === notebook.saved) return;
    if (text === null) {
      say(
        app,
        'problem',
        `${fileName(notebook)} is gone from the disk. Its text is safe here: Ctrl+S writes it again.`,
      );
    } else if (isDirty(notebook)) {
      const keep = 'Save as keeps yours; "Take the text on the disk" takes the other, and u brings yours back.';
      say(app, 'problem', `${fileName(notebook)} was changed by another program while you edited it. ${keep}`);
    } else void reload(app);
  });
}

/** Takes the text on the disk. Edits that it replaces come back with undo. */
export async function reload(app: App): Promise<void> {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  if (notebook === null || notebook.path === null) {
    say(app, 'info', 'This notebook has no file yet.');
    return;
  }
  await journal(app);
  const open = await attempt(app, app.bridge.request('notebook:open', notebook.path));
  const now = app.store.get().notebook;
  if (open === undefined || now?.opening !== notebook.opening) return;
  const before = fileText(now.doc);
  if (open.text === before) {
    app.store.dispatch({ type: 'saved', path: notebook.path, text: open.text, at: app.clock.now() });
    say(app, 'info', 'The text on the disk is the one shown.');
    return;
  }
  app.store.dispatch({ type: 'reloaded', text: open.text });
  const differ = linesThatDiffer(before, open.text);
  say(
    app,
    'info',
    `${fileName(notebook)} changed on the disk and was taken anew: ${differ}. u brings the old text back.`,
  );
}

/** `lines 3-7 of 20`: where two texts differ. */
function linesThatDiffer(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let first = 0;
  while (first < Math.min(a.length, b.length) && a[first] === b[first]) first++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - first && a.at(-1 - end) === b.at(-1 - end)) end++;
  const last = b.length - end;
  const lines = last <= first + 1 ? `line ${first + 1}` : `lines ${first + 1} to ${last}`;
  return `${lines} of ${b.length}`;
}

/** Writes the present text to the journal, where it differs from the file. */
async function journal(app: App): Promise<void> {
  const { notebook } = app.store.get();
  if (notebook === null || notebook.recovered !== null || !isDirty(notebook)) return;
  const outcome = await settled(app.bridge.request('notebook:journal', notebook.notebookId, textNow(notebook)));
  if (!outcome.ok) say(app, 'problem', `Unsaved text could not be kept safe: ${outcome.problem.message}`);
}

/** Journals every edit, {@link JOURNAL_DELAY} after the first that is not journalled yet. Returns what ends it. */
export function keepJournal(app: App): () => void {
  let cancel: (() => void) | null = null;
  let journalled = app.store.get().notebook;
  const end = app.store.subscribe(() => {
    const { notebook } = app.store.get();
    const same = notebook?.doc === journalled?.doc && notebook?.held === journalled?.held;
    if (same || cancel !== null) return;
    cancel = app.clock.later(JOURNAL_DELAY, () => {
      cancel = null;
      journalled = app.store.get().notebook;
      void journal(app);
    });
  });
  return () => {
    end();
    cancel?.();
  };
}

/** Main holds the window open until the last edit is in the journal. Returns what ends it. */
export function keepJournalAtEnd(app: App): () => void {
  return app.bridge.on('window:closing', () => {
    void leave(app).then(() => settled(app.bridge.request('window:close')));
  });
}

function focusNotebook(app: App): void {
  const { notebook } = app.store.get();
  if (notebook !== null) app.screen.focusCell(notebook.focused);
}

/** The user's answer to text found in the journal. */
export function recover(app: App, accept: boolean): void {
  app.store.dispatch({ type: 'recovery', accept });
  focusNotebook(app);
}
