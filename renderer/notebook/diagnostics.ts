/**
 * Squiggles across cells. An edit in one cell can break or mend any other, so after a pause all code cells are asked
 * again: the edited one first, then the others in the order of the notebook.
 */
import type { editor } from 'monaco-editor/editor';
import type { Diagnostic } from 'monaco-editor/languages/features/typescript/register';
import { monaco } from './monaco.ts';
import { typeScript } from './typescript.ts';

/** Pause after the last key, in milliseconds. */
const PAUSE = 120;

/** Not `typescript`: Monaco's own checker, which is off, still clears the marks of that name. */
const OWNER = 'gupbook-types';

/** What TypeScript says of a cell and a notebook does not mean: `Cannot find type definition file` for the interface. */
const IGNORED = new Set([2688]);

export class Diagnostics {
  readonly #models: () => readonly editor.ITextModel[];
  #timer = 0;
  /** Counts the edits: answers to an older question are dropped. */
  #round = 0;

  constructor(models: () => readonly editor.ITextModel[]) {
    this.#models = models;
  }

  /** Asks again after the pause; `first` is answered first. */
  refresh(first: editor.ITextModel | null): void {
    window.clearTimeout(this.#timer);
    this.#round++;
    this.#timer = window.setTimeout(() => void this.#ask(first), PAUSE);
  }

  async #ask(first: editor.ITextModel | null): Promise<void> {
    const round = this.#round;
    const models = this.#models();
    const order = first === null ? models : [first, ...models.filter((model) => model !== first)];
    const [any] = order;
    if (any === undefined) return;
    const worker = await typeScript(any.uri);
    for (const model of order) {
      if (model.isDisposed()) continue;
      const name = model.uri.toString();
      const found = await Promise.all([worker.getSyntacticDiagnostics(name), worker.getSemanticDiagnostics(name)]);
      if (round !== this.#round || model.isDisposed()) return;
      const markers = found.flat().filter(({ code }) => !IGNORED.has(code));
      monaco.editor.setModelMarkers(
        model,
        OWNER,
        markers.map((diagnostic) => markerOf(model, diagnostic)),
      );
    }
  }
}

/** TypeScript's categories: 0 warning, 1 error, 2 suggestion, 3 message. */
const SEVERITIES = [
  monaco.MarkerSeverity.Warning,
  monaco.MarkerSeverity.Error,
  monaco.MarkerSeverity.Hint,
  monaco.MarkerSeverity.Info,
];

function markerOf(model: editor.ITextModel, diagnostic: Diagnostic): editor.IMarkerData {
  const start = model.getPositionAt(diagnostic.start ?? 0);
  const end = model.getPositionAt((diagnostic.start ?? 0) + (diagnostic.length ?? 1));
  return {
    severity: SEVERITIES[diagnostic.category] ?? monaco.MarkerSeverity.Info,
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
    message: messageOf(diagnostic.messageText),
    code: `TS${diagnostic.code}`,
  };
}

/** A message, or a chain of them: each reason on its own line, indented below what it explains. */
function messageOf(text: Diagnostic['messageText'], depth = 0): string {
  if (typeof text === 'string') return text;
  const lines = [`${'  '.repeat(depth)}${text.messageText}`];
  for (const next of text.next ?? []) lines.push(messageOf(next, depth + 1));
  return lines.join('\n');
}
