/** One editor over the whole file. Its model is no cell's: TypeScript, which reads the cells, does not see it twice. */
import { language } from 'monaco-editor/languages/definitions/typescript/typescript';
import { lineHeightOf } from '../theme/tokens.ts';
import { OPTIONS } from './editors.ts';
import { monaco } from './monaco.ts';

/** Pause after typing before the cells follow, in milliseconds. */
const PAUSE = 150;
const LANGUAGE = 'gupbook-file';

monaco.languages.register({ id: LANGUAGE });
monaco.languages.setMonarchTokensProvider(LANGUAGE, language);

/** Shows the text in `host`, the cursor in a line. `typed` hears it when it was edited. Returns what takes it away. */
export function showFile(
  host: HTMLElement,
  text: string,
  { line, fontSize }: { readonly line: number; readonly fontSize: number },
  typed: (text: string) => void,
): () => void {
  const model = monaco.editor.createModel(text, LANGUAGE);
  const made = monaco.editor.create(host, {
    ...OPTIONS,
    fontSize,
    lineHeight: lineHeightOf(fontSize),
    scrollbar: { vertical: 'auto' },
    lineNumbersMinChars: 5,
    automaticLayout: true,
    model,
    ariaLabel: 'The whole file. Escape closes.',
  });
  made.setPosition({ lineNumber: Math.min(line, model.getLineCount()), column: 1 });
  made.revealLineInCenter(line);
  made.focus();
  let timer: number | null = null;
  const tell = () => {
    if (timer !== null) window.clearTimeout(timer);
    timer = null;
    typed(model.getValue(monaco.editor.EndOfLinePreference.LF));
  };
  model.onDidChangeContent(() => {
    if (timer !== null) window.clearTimeout(timer);
    timer = window.setTimeout(tell, PAUSE);
  });
  return () => {
    if (timer !== null) tell();
    made.dispose();
    model.dispose();
  };
}
