/**
 * The cells' editors, outside React: one Monaco model per cell for as long as the notebook is open (so that types and
 * undo survive), a live editor only while the cell is near the view. React gives the places, this gives the editors.
 */
import type { editor, IDisposable } from 'monaco-editor/editor';
import type { TextPlace } from '../app/app.ts';
import type { ViewCell } from '../app/document.ts';
import { monacoTheme, monacoThemeName } from '../theme/monaco-theme.ts';
import { lineHeightOf, METRICS, THEMES, type ThemeName } from '../theme/tokens.ts';
import { Diagnostics } from './diagnostics.ts';
import { monaco } from './monaco.ts';
import { INTERFACE_PATH } from './typescript.ts';

/** What the editors tell. */
export interface EditorEvents {
  /** The cell's text changed under the user's hands. Returns what the notebook now says for that cell. */
  typed(id: string, text: string): string;
  /** The same, where the text holds a marker line: it waits for flush(), so that no cell is split under the cursor. */
  held(id: string, text: string): void;
  focused(id: string): void;
  blurred(id: string): void;
  /** Jump from another cell, such as go to definition. */
  opened(id: string, place: TextPlace | null): void;
  /** Jump to a definition in the scripting interface. */
  looked(place: TextPlace | null): void;
}

interface Held {
  readonly model: editor.ITextModel;
  readonly changes: IDisposable;
  /** The notebook's text of the cell as the model last knew it: equal means that there is nothing to bring in. */
  known: string;
  /** Typed, but not in the notebook yet: it holds a marker line, which would split the cell under the cursor. */
  pending: boolean;
  view: editor.ICodeEditorViewState | null;
}

interface Live {
  readonly editor: editor.IStandaloneCodeEditor;
  readonly host: HTMLElement;
}

const MARKER_LINE = /^\/\/ %%(?:[ \t]|$)/m;
const MARKER_OWNER = 'gupbook';

export class Editors {
  readonly #events: EditorEvents;
  #cells: ReadonlyMap<string, ViewCell> = new Map();
  readonly #held = new Map<string, Held>();
  readonly #live = new Map<string, Live>();
  /** How to bring a cell to life, by id. */
  readonly #sleeping = new Map<string, () => void>();
  readonly #diagnostics = new Diagnostics(() => this.#codeModels());
  #opening = -1;
  /** Cell whose text is on its way into the notebook: its model is ahead, nothing must be brought into it. */
  #typing: string | null = null;
  /** Width of the editors in pixels; 0 while it is not measured. */
  #width = 0;
  /** Cell whose editor had the focus last. */
  #last: string | null = null;
  #fontSize: number = METRICS.fontSize;
  /** Guards against echo: the model is being brought up to date, nobody is typing. */
  #bringing = false;

  constructor(events: EditorEvents) {
    this.#events = events;
    for (const theme of THEMES) monaco.editor.defineTheme(monacoThemeName(theme), monacoTheme(theme));
    monaco.editor.registerEditorOpener({ openCodeEditor: (_from, uri, at) => this.#open(uri.toString(), at) });
  }

  setTheme(theme: ThemeName): void {
    monaco.editor.setTheme(monacoThemeName(theme));
  }

  /** Brings the models to what the notebook says. Cells that are gone lose theirs; Markdown gets one when edited. */
  sync(opening: number, cells: readonly ViewCell[]): void {
    const there = new Map(cells.map((cell) => [cell.id, cell]));
    this.#cells = there;
    for (const [id, held] of this.#held) {
      const cell = there.get(id);
      const language = cell?.kind === 'markdown' ? 'markdown' : 'typescript';
      if (opening === this.#opening && cell !== undefined && held.model.getLanguageId() === language) continue;
      this.#drop(id, held);
    }
    this.#opening = opening;
    let changed = false;
    for (const cell of cells) {
      const held = this.#held.get(cell.id);
      if (held === undefined && cell.kind === 'markdown') continue;
      if (held === undefined) this.#hold(cell);
      else if (held.known === cell.text || cell.id === this.#typing) continue;
      else {
        this.#bringing = true;
        held.model.setValue(cell.text);
        this.#bringing = false;
        held.known = cell.text;
      }
      changed = true;
    }
    if (changed) this.#diagnostics.refresh(null);
  }

  #hold(cell: ViewCell): Held {
    const uri = monaco.Uri.parse(`file:///notebook/${this.#opening}/${cell.id}.${cell.kind === 'code' ? 'ts' : 'md'}`);
    const language = cell.kind === 'code' ? 'typescript' : 'markdown';
    const model = monaco.editor.createModel(cell.text, language, uri);
    model.updateOptions({ tabSize: 2, insertSpaces: true, bracketColorizationOptions: PLAIN_BRACKETS });
    const held: Held = {
      model,
      changes: model.onDidChangeContent(() => this.#typed(cell.id, held)),
      known: cell.text,
      pending: false,
      view: null,
    };
    this.#held.set(cell.id, held);
    return held;
  }

  #typed(id: string, held: Held): void {
    if (this.#bringing) return;
    const text = held.model.getValue(monaco.editor.EndOfLinePreference.LF);
    if (held.model.getLanguageId() === 'typescript') this.#diagnostics.refresh(held.model);
    monaco.editor.setModelMarkers(held.model, MARKER_OWNER, []);
    held.pending = held.model.getLanguageId() === 'typescript' && MARKER_LINE.test(text);
    if (held.pending) {
      this.#events.held(id, text);
      return;
    }
    this.#typing = id;
    held.known = this.#events.typed(id, text);
    this.#typing = null;
  }

  /** Hands over text that was held back. */
  flush(): void {
    for (const [id, held] of this.#held) {
      if (!held.pending) continue;
      held.pending = false;
      // The notebook makes several cells of it, and sync() brings this model to the first of them.
      held.known = '\0';
      this.#events.typed(id, held.model.getValue(monaco.editor.EndOfLinePreference.LF));
    }
  }

  #drop(id: string, held: Held): void {
    this.detach(id);
    held.changes.dispose();
    held.model.dispose();
    this.#held.delete(id);
  }

  #codeModels(): readonly editor.ITextModel[] {
    return [...this.#held.values()].map(({ model }) => model).filter((model) => model.getLanguageId() === 'typescript');
  }

  /** `wake` is called when a cell out of view needs its editor at once. Returns what takes the offer back. */
  offer(id: string, wake: () => void): () => void {
    this.#sleeping.set(id, wake);
    return () => {
      if (this.#sleeping.get(id) === wake) this.#sleeping.delete(id);
    };
  }

  /** Has the place of a cell ask for a live editor now. */
  wake(id: string): void {
    this.#sleeping.get(id)?.();
  }

  /** Puts a live editor into `host`. `resized` hears the height that its text needs. */
  attach(id: string, host: HTMLElement, label: string, resized: (height: number) => void): void {
    const cell = this.#cells.get(id);
    if (cell === undefined || this.#live.has(id)) return;
    const held = this.#held.get(id) ?? this.#hold(cell);
    const dimension = { width: this.#widthOf(host), height: this.height(id) };
    // So that the place need not be measured: that would lay the page out anew for each editor of a large notebook.
    const made = monaco.editor.create(host, {
      ...OPTIONS,
      ...this.#font(),
      model: held.model,
      ariaLabel: label,
      dimension,
    });
    let laidOut = dimension.height;
    resized(laidOut);
    if (held.view !== null) made.restoreViewState(held.view);
    this.#live.set(id, { editor: made, host });
    const resize = () => {
      const height = made.getContentHeight();
      // Laying out can change the height again (a scroll bar comes), which calls this from within: so it comes last.
      resized(height);
      if (height === laidOut) return;
      laidOut = height;
      made.layout({ width: this.#widthOf(host), height });
    };
    made.onDidContentSizeChange(resize);
    made.onDidFocusEditorText(() => {
      this.#last = id;
      this.#events.focused(id);
    });
    made.onDidBlurEditorText(() => this.#events.blurred(id));
    resize();
  }

  /** The live editor goes, the model and the cursor stay. */
  detach(id: string): void {
    const live = this.#live.get(id);
    const held = this.#held.get(id);
    if (live === undefined) return;
    if (held !== undefined) held.view = live.editor.saveViewState();
    live.editor.dispose();
    this.#live.delete(id);
  }

  hasFocus(id: string): boolean {
    return this.#live.get(id)?.editor.hasTextFocus() ?? false;
  }

  /** All live editors take the width of their places; called when the notebook's column changes. */
  layout(): void {
    this.#width = 0;
    for (const { editor: live, host } of this.#live.values()) {
      live.layout({ width: this.#widthOf(host), height: live.getContentHeight() });
    }
  }

  /** All cells are as wide as the column: one is measured for all. */
  #widthOf(host: HTMLElement): number {
    if (this.#width === 0) this.#width = host.clientWidth;
    return this.#width;
  }

  relabel(id: string, label: string): void {
    this.#live.get(id)?.editor.updateOptions({ ariaLabel: label });
  }

  /** Puts the cursor into a cell. False while the cell has no live editor yet. */
  focus(id: string, place: TextPlace | null): boolean {
    const live = this.#live.get(id)?.editor;
    if (live === undefined) return false;
    if (place !== null) {
      const position = { lineNumber: place.line, column: place.column };
      live.setPosition(position);
      live.revealPosition(position);
    }
    live.focus();
    return true;
  }

  /** Where the cursor is in the editor that had the focus last. */
  cursor(): TextPlace | null {
    const position = (this.#last === null ? undefined : this.#live.get(this.#last))?.editor.getPosition();
    return position ? { line: position.lineNumber, column: position.column } : null;
  }

  /** The height that a cell's text needs without an editor, in pixels. */
  height(id: string): number {
    const lines = this.#cells.get(id)?.text.split('\n').length ?? 1;
    return lines * lineHeightOf(this.#fontSize) + PADDING.top + PADDING.bottom;
  }

  /** The cell's text in colour, for cells out of view. Safe HTML: Monaco escapes the text. */
  async colourised(text: string, kind: ViewCell['kind']): Promise<string> {
    return monaco.editor.colorize(text, kind === 'code' ? 'typescript' : 'markdown', { tabSize: 2 });
  }

  /** Marks the author's place of a script error; null takes the mark away. */
  mark(id: string, error: { readonly place: TextPlace; readonly message: string } | null): void {
    const model = this.#held.get(id)?.model;
    if (model === undefined) return;
    if (error === null) {
      monaco.editor.setModelMarkers(model, MARKER_OWNER, []);
      return;
    }
    const line = Math.max(1, Math.min(error.place.line, model.getLineCount()));
    const word = model.getWordAtPosition({ lineNumber: line, column: error.place.column });
    monaco.editor.setModelMarkers(model, MARKER_OWNER, [
      {
        severity: monaco.MarkerSeverity.Error,
        startLineNumber: line,
        startColumn: error.place.column,
        endLineNumber: line,
        endColumn: word?.endColumn ?? model.getLineMaxColumn(line),
        message: error.message,
      },
    ]);
  }

  /** Size of the text in CSS pixels. */
  setFont(size: number): void {
    this.#fontSize = size;
    for (const { editor: live } of this.#live.values()) live.updateOptions(this.#font());
  }

  #font(): { readonly fontSize: number; readonly lineHeight: number } {
    return { fontSize: this.#fontSize, lineHeight: lineHeightOf(this.#fontSize) };
  }

  /** Shows the interface in `host`, to read only. Returns what takes it away. */
  showInterface(host: HTMLElement, text: string, place: TextPlace | null): () => void {
    const uri = monaco.Uri.parse(INTERFACE_PATH);
    const model = monaco.editor.getModel(uri) ?? monaco.editor.createModel(text, 'typescript', uri);
    const ariaLabel = 'The scripting interface, read only. Escape closes.';
    const made = monaco.editor.create(host, {
      ...OPTIONS,
      ...this.#font(),
      scrollbar: { vertical: 'auto' },
      automaticLayout: true,
      readOnly: true,
      model,
      ariaLabel,
    });
    if (place !== null) {
      made.setPosition({ lineNumber: place.line, column: place.column });
      made.revealLineInCenter(place.line);
    }
    made.focus();
    return () => made.dispose();
  }

  /** Shows two texts side by side in `host`, to read only. Returns what takes them away. */
  showDifference(host: HTMLElement, before: string, after: string): () => void {
    // Plain text: models of TypeScript would be read together with the cells.
    const [original, modified] = [before, after].map((text) => monaco.editor.createModel(text, 'plaintext'));
    const made = monaco.editor.createDiffEditor(host, {
      ...OPTIONS,
      ...this.#font(),
      scrollbar: { vertical: 'auto' },
      automaticLayout: true,
      readOnly: true,
      renderSideBySide: true,
      // Dimmed, the number of the last line is too faint to be read.
      renderFinalNewline: 'on',
    });
    made.getOriginalEditor().updateOptions({ ariaLabel: 'The text before, read only.' });
    made.getModifiedEditor().updateOptions({ ariaLabel: 'The text after, read only.' });
    if (original !== undefined && modified !== undefined) made.setModel({ original, modified });
    return () => {
      made.dispose();
      original?.dispose();
      modified?.dispose();
    };
  }

  #open(uri: string, at: unknown): boolean {
    const found = [...this.#held].find(([, { model }]) => model.uri.toString() === uri);
    if (found === undefined && uri === monaco.Uri.parse(INTERFACE_PATH).toString()) {
      this.#events.looked(placeOf(at));
      return true;
    }
    if (found === undefined) return false;
    this.#events.opened(found[0], placeOf(at));
    return true;
  }
}

/** The start of a range, or a position: what an editor opener is handed. */
function placeOf(at: unknown): TextPlace | null {
  if (typeof at !== 'object' || at === null) return null;
  if ('startLineNumber' in at && 'startColumn' in at) return numbers(at.startLineNumber, at.startColumn);
  if ('lineNumber' in at && 'column' in at) return numbers(at.lineNumber, at.column);
  return null;
}

function numbers(line: unknown, column: unknown): TextPlace | null {
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : null;
}

const PLAIN_BRACKETS = { enabled: false, independentColorPoolPerBracketType: false } as const;

export const PADDING = { top: 6, bottom: 6 } as const;

/** What all editors of the window have in common. */
export const OPTIONS: editor.IStandaloneEditorConstructionOptions = {
  automaticLayout: false,
  fontFamily: METRICS.fontFamily,
  fontSize: METRICS.fontSize,
  lineHeight: METRICS.lineHeight,
  fontLigatures: false,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  scrollbar: { vertical: 'hidden', alwaysConsumeMouseWheel: false, horizontalScrollbarSize: 8 },
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  overviewRulerBorder: false,
  fixedOverflowWidgets: true,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 12,
  glyphMargin: false,
  folding: false,
  renderLineHighlight: 'none',
  renderWhitespace: 'selection',
  padding: PADDING,
  stickyScroll: { enabled: false },
  lightbulb: { enabled: monaco.editor.ShowLightbulbIconMode.Off },
  occurrencesHighlight: 'singleFile',
  wordBasedSuggestions: 'off',
  smoothScrolling: false,
  cursorBlinking: 'solid',
  accessibilitySupport: 'auto',
  contextmenu: false,
  unicodeHighlight: { ambiguousCharacters: false },
  bracketPairColorization: { enabled: false },
  guides: { indentation: false },
};
