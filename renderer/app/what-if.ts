/**
 * "What if": a cell run with some of its values changed, beside what the file says. The file stays as it is: a changed
 * text is run, and its results stand under a key of their own until they are kept or put away.
 */
import type { Notebook } from '../../main/lab/notebook-format.ts';
import type { Control } from '../../preload/contract.ts';
import { type App, say } from './app.ts';
import { fileText } from './document.ts';
import { closureOf, read, withText } from './reading.ts';
import { ended, launch, stop } from './running.ts';
import type { AppState, WhatIf } from './state.ts';
import { nextKey } from './what-if-keys.ts';

export function controlsOf(state: AppState, cellId: string): readonly Control[] {
  return state.notebook?.reading?.controls.get(cellId) ?? [];
}

/** `biasShift = 8, bios = 3`. */
export function questionText(values: ReadonlyMap<string, string>): string {
  return [...values].map(([label, value]) => `${label} = ${value}`).join(', ');
}

/** Sets a control and runs the cell with it; the value that the file has takes the question back. */
export async function setControl(app: App, cellId: string, label: string, value: string): Promise<void> {
  const control = controlsOf(app.store.get(), cellId).find((one) => one.label === label);
  if (control === undefined) return;
  const wrong = refusal(control, value);
  if (wrong !== null) {
    say(app, 'problem', wrong);
    return;
  }
  const values = new Map(app.store.get().whatIf.get(cellId)?.values);
  if (value === control.value) values.delete(label);
  else values.set(label, value);
  await ask(app, cellId, values);
}

function refusal({ label, free, options }: Control, value: string): string | null {
  if (free ? /^\d{1,9}$/.test(value) : options.includes(value)) return null;
  return free
    ? `${label} wants a whole number, such as ${options[0] ?? 1}.`
    : `${label} is one of ${options.join(', ')}.`;
}

async function ask(app: App, cellId: string, values: ReadonlyMap<string, string>): Promise<void> {
  const { run } = app.store.get();
  if (run !== null && run.asks === null) {
    say(app, 'problem', 'A run is going on. Stop it first: Ctrl+. stops it.');
    return;
  }
  // The newest question counts: an older one that is still being answered ends.
  if (run !== null) {
    await stop(app);
    await ended(app);
  }
  if (values.size === 0) {
    clear(app, cellId);
    return;
  }
  const doc = await changed(app, cellId, values);
  if (doc === null) return;
  const key = nextKey(app.store.get().cellRuns, cellId);
  tell(app, cellId, { values, key, basis: basisNow(app, cellId) });
  await launch(app, { doc, cells: [cellId], asks: { cellId, key, question: questionText(values) } });
}

/** Back to what the file says. */
export function clear(app: App, cellId: string): void {
  app.store.dispatch({ type: 'what-if', cellId, whatIf: null });
}

/** Runs the cell once for each value of a control worth trying; the stop key ends the sweep. */
export async function sweep(app: App, cellId: string, label: string | null): Promise<void> {
  const state = app.store.get();
  const controls = controlsOf(state, cellId);
  const wanted = label ?? state.whatIf.get(cellId)?.last;
  const control = controls.find((one) => one.label === wanted) ?? controls[0];
  if (control === undefined) {
    say(app, 'info', 'This cell has nothing that could be otherwise.');
    return;
  }
  if (state.run !== null) {
    say(app, 'problem', 'A run is going on. Stop it first: Ctrl+. stops it.');
    return;
  }
  const tried = control.options.filter((value) => value !== 'all');
  const basis = basisNow(app, cellId);
  const rows: { readonly value: string; readonly key: string }[] = [];
  const others = new Map(app.store.get().whatIf.get(cellId)?.values);
  others.delete(control.label);
  for (const value of tried) {
    const values = new Map([...others, [control.label, value]]);
    const doc = await changed(app, cellId, values);
    if (doc === null) return;
    const key = nextKey(app.store.get().cellRuns, cellId);
    rows.push({ value, key });
    tell(app, cellId, { last: control.label, sweep: { label: control.label, others, rows: [...rows] }, basis });
    await launch(app, { doc, cells: [cellId], asks: { cellId, key, question: questionText(values) } });
    await ended(app);
    const stage = app.store.get().cellRuns.get(key)?.stage;
    if (stage === undefined || stage === 'aborted') break;
  }
  say(app, 'info', `Swept ${control.label} over ${rows.length} of ${tried.length} values.`);
}

/** Writes the values that were asked about into the cell. */
export async function keep(app: App, cellId: string): Promise<void> {
  const values = app.store.get().whatIf.get(cellId)?.values ?? new Map<string, string>();
  if (values.size === 0) {
    say(app, 'info', 'Nothing is asked about this cell: w goes to its controls.');
    return;
  }
  const doc = await changed(app, cellId, values);
  if (doc === null) return;
  app.store.dispatch({ type: 'cells-changed', doc, focused: cellId });
  clear(app, cellId);
  app.screen.focusCell(cellId);
  say(app, 'info', `Written into the cell: ${questionText(values)}. u takes it back.`);
}

/** The notebook with the values in place; null, and said so, where its text cannot be read. */
async function changed(app: App, cellId: string, values: ReadonlyMap<string, string>): Promise<Notebook | null> {
  app.screen.flushTyping();
  const { notebook: before } = app.store.get();
  if (before === null) return null;
  if (before.reading?.text !== fileText(before.doc)) await read(app, fileText(before.doc));
  const { notebook } = app.store.get();
  if (notebook === null || notebook.reading?.text !== fileText(notebook.doc)) {
    say(app, 'problem', 'The text changes faster than it can be read: try again.');
    return null;
  }
  const controls = notebook.reading.controls.get(cellId) ?? [];
  let text = notebook.reading.text;
  const edits = controls.flatMap((control) => {
    const value = values.get(control.label);
    return value === undefined ? [] : control.edits.map((edit) => ({ ...edit, value }));
  });
  // From the end, so that what is left to change does not move.
  for (const { from, to, before: open, value, after } of edits.sort((a, b) => b.from - a.from)) {
    text = text.slice(0, from) + open + value + after + text.slice(to);
  }
  return withText(notebook.doc, text);
}

const NOTHING: WhatIf = { values: new Map(), key: null, basis: null, last: null, sweep: null };

function tell(app: App, cellId: string, change: Partial<WhatIf>): void {
  const present = app.store.get().whatIf.get(cellId) ?? NOTHING;
  const last = change.values === undefined ? present.last : ([...change.values.keys()].at(-1) ?? present.last);
  app.store.dispatch({ type: 'what-if', cellId, whatIf: { ...present, last, ...change } });
}

function basisNow(app: App, cellId: string): readonly string[] | null {
  const { notebook } = app.store.get();
  return notebook === null ? null : closureOf(notebook, cellId);
}
