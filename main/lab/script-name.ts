/** What a notebook is called in stack traces: the file's own name, as one word, for traces are read by blanks and brackets. */
export function scriptName(path: string | null): string {
  const name = path?.split(/[/\\]/).at(-1) ?? '';
  return name.replace(/[^\w.@+-]/g, '_') || 'notebook.lab.ts';
}
