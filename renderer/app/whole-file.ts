/** The notebook's file as one text to edit. Lines that are not changed keep every byte, also their ends. */
import { type App, say } from './app.ts';
import { fileText, findCell } from './document.ts';
import { withCellsOf } from './reading.ts';

const BOM = '\uFEFF';
const END = /\r\n|\r|\n/g;

/** The text as an editor shows it: no byte order mark, every line ended by a line feed. */
export function shownText(file: string): string {
  return (file.startsWith(BOM) ? file.slice(1) : file).replace(END, '\n');
}

/** The file after `shownText(file)` was edited to `shown`: lines before and behind the change stay as they are. */
export function editedFile(file: string, shown: string): string {
  const bom = file.startsWith(BOM) ? BOM : '';
  const body = file.slice(bom.length);
  const ends = [...(body.match(END) ?? []), ''];
  const old = shownText(file).split('\n');
  const now = shown.split('\n');
  const most = Math.min(old.length, now.length);
  let before = 0;
  while (before < most && old[before] === now[before]) before++;
  let behind = 0;
  while (behind < most - before && old[old.length - 1 - behind] === now[now.length - 1 - behind]) behind++;
  const usual = usualEnd(ends);
  const parts: string[] = [now.at(-1) ?? ''];
  for (let i = now.length - 2; i >= 0; i--) {
    const at = i >= now.length - behind ? i - now.length + old.length : i < old.length - behind ? i : -1;
    const end = ends[at] || usual;
    // Before an empty line, a lone carriage return would make one end of two.
    const joins = end === '\r' && now[i + 1] === '' && parts.at(-1)?.startsWith('\n') === true;
    parts.push((now[i] ?? '') + (joins ? '\n' : end));
  }
  return bom + parts.reverse().join('');
}

/** What ends most lines; a line feed where none is ended. */
function usualEnd(ends: readonly string[]): string {
  const count = (wanted: string) => ends.filter((end) => end === wanted).length;
  const [first] = ['\n', '\r\n', '\r'].sort((a, b) => count(b) - count(a));
  return first ?? '\n';
}

/** Opens the file at the focused cell. */
export function openFile(app: App): void {
  app.screen.flushTyping();
  const { notebook } = app.store.get();
  if (notebook === null) {
    say(app, 'info', 'Open a notebook first: Ctrl+O.');
    return;
  }
  const line = findCell(notebook.doc, notebook.focused)?.firstLine ?? 1;
  app.store.dispatch({ type: 'overlay', overlay: { kind: 'file', line } });
}

/** The cells become those of the edited text. Edits that follow each other are one step to undo. */
export function takeFile(app: App, shown: string): void {
  const { notebook } = app.store.get();
  if (notebook === null) return;
  const file = fileText(notebook.doc);
  const edited = editedFile(file, shown);
  if (edited !== file) app.store.dispatch({ type: 'rewritten', doc: withCellsOf(notebook.doc, edited) });
}
