/** The peer of `gupbook bench app`: one Monaco editor with TypeScript, and nothing else. */
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/typescript/register';
import * as monaco from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import { typescriptDefaults } from 'monaco-editor/languages/features/typescript/register';
import TsWorker from 'monaco-editor/languages/features/typescript/ts.worker?worker';

Reflect.set(window, 'MonacoEnvironment', {
  getWorker: (_id: string, label: string) => (label === 'typescript' ? new TsWorker() : new EditorWorker()),
});
typescriptDefaults.setEagerModelSync(true);

const host = document.getElementById('editor');
if (host === null) throw new Error('index.html has no element with the id editor.');
const made = monaco.editor.create(host, {
  value: 'const one: number = 1;\n',
  language: 'typescript',
  minimap: { enabled: false },
  lineHeight: 20,
  fontSize: 13,
});
made.focus();
/** Shows a text, as opening a file would; the bench calls it. */
Reflect.set(window, 'showText', (text: string) => {
  made.getModel()?.setValue(text);
  made.focus();
});
