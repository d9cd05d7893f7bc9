/** Explaining a kernel's output: what was pasted or opened, the page that is looked at, the event under the cursor. */
import type { Decoded, Outcome } from '../../preload/contract.ts';
import type { App } from './app.ts';
import { attempt, settled } from './attempt.ts';
import { insertBelow } from './cells.ts';
import { openPath } from './files.ts';
import { closeOverlay } from './overlay.ts';
import type { DecodeOverlay } from './state.ts';

/** Opens the pane with nothing in it. */
export function openDecode(app: App): void {
  app.store.dispatch({
    type: 'overlay',
    overlay: {
      kind: 'decode',
      asked: 0,
      busy: false,
      progress: null,
      problem: null,
      decoded: null,
      page: null,
      row: 0,
    },
  });
}

export async function decodePasted(app: App, text: string): Promise<void> {
  if (text.trim() === '') return change(app, { problem: 'Paste a splat, a dump of a page or page_ref events first.' });
  await read(app, app.bridge.request('decode:text', text));
}

export async function decodeFile(app: App): Promise<void> {
  await read(app, app.bridge.request('decode:open-dialog'));
}

/** Ends the reading of a file; what was read until then is shown. */
export async function stopDecoding(app: App): Promise<void> {
  await attempt(app, app.bridge.request('decode:stop'));
}

/** Shows how far a file is read. Returns what ends it. */
export function followDecoding(app: App): () => void {
  return app.bridge.on('decode:progress', (progress) => {
    if (paneOf(app)?.busy === true) change(app, { progress });
  });
}

async function read(app: App, asked: Promise<Outcome<Decoded | null>>): Promise<void> {
  const mine = begin(app);
  const outcome = await settled(asked);
  if (!isMine(app, mine)) return;
  if (!outcome.ok) change(app, { busy: false, problem: outcome.problem.message });
  else if (outcome.value === null) change(app, { busy: false });
  else change(app, { busy: false, decoded: outcome.value, page: null, row: 0 });
}

/** Lays a page of the trace beside a kernel; null guesses it. */
export async function showTracePage(app: App, pfn: number, kernel: string | null): Promise<void> {
  const { decoded } = paneOf(app) ?? {};
  if (decoded == null) return;
  const mine = begin(app);
  const outcome = await settled(app.bridge.request('decode:page', decoded.decodedId, pfn, kernel));
  if (!isMine(app, mine)) return;
  if (outcome.ok) change(app, { busy: false, page: outcome.value, row: rowFor(paneOf(app), pfn) });
  else change(app, { busy: false, problem: outcome.problem.message });
}

/** Another kernel for the same page leaves the cursor where it is. */
function rowFor(pane: DecodeOverlay | null, pfn: number): number {
  return pane?.page?.pfn === pfn ? pane.row : 0;
}

/** Back to what was found. */
export function leaveTracePage(app: App): void {
  change(app, { page: null, row: 0 });
}

/** Moves the cursor to an event; stops at both ends. */
export function goToEvent(app: App, row: number): void {
  const { page } = paneOf(app) ?? {};
  if (page == null) return;
  change(app, { row: Math.max(0, Math.min(page.after.length - 1, row)) });
}

/** The first event at or behind the cursor that the kernel would not cause; around the end to the first. */
export function goToOddEvent(app: App): void {
  const pane = paneOf(app);
  const odd = pane?.page?.odd ?? [];
  const next = odd.find(({ row }) => row > (pane?.row ?? 0)) ?? odd[0];
  if (next !== undefined) goToEvent(app, next.row);
}

/** Opens the shipped notebook that shows what a card shows. */
export async function openMatching(app: App, file: string): Promise<void> {
  const { info } = app.store.get();
  const path = info?.scenarios.find((scenario) => scenario.path.split(/[/\\]/).at(-1) === file)?.path;
  if (path === undefined) return change(app, { problem: `${file} is not among the shipped notebooks.` });
  closeOverlay(app);
  await openPath(app, path);
}

/** Makes a cell of the page below the focused one. */
export async function insertTraceCell(app: App): Promise<void> {
  const { decoded, page } = paneOf(app) ?? {};
  if (decoded == null || page == null) return;
  if (app.store.get().notebook === null)
    return change(app, { problem: 'Open a notebook first: the cell goes into it.' });
  const asked = app.bridge.request('decode:cell', decoded.decodedId, page.pfn, page.kernel);
  const outcome = await settled(asked);
  if (!outcome.ok) return change(app, { problem: outcome.problem.message });
  const [marker = '', ...lines] = outcome.value.text.trimEnd().split('\n');
  closeOverlay(app);
  insertBelow(app, { kind: 'code', title: marker.replace(/^\/\/ %% /, ''), text: lines.join('\n') });
}

function paneOf(app: App): DecodeOverlay | null {
  const { overlay } = app.store.get();
  return overlay?.kind === 'decode' ? overlay : null;
}

function change(app: App, what: Partial<DecodeOverlay>): void {
  app.store.dispatch({ type: 'decode', change: what });
}

/** Only the answer to the question asked last counts. */
function begin(app: App): number {
  const asked = (paneOf(app)?.asked ?? 0) + 1;
  change(app, { asked, busy: true, progress: null, problem: null });
  return asked;
}

function isMine(app: App, asked: number): boolean {
  return paneOf(app)?.asked === asked;
}
