/** Answering a mail: the mail that is read, what is quoted of it, what is reported, the answer as it will be. */
import type { Outcome, ReadMail } from '../../preload/contract.ts';
import { type App, say } from './app.ts';
import { attempt, settled } from './attempt.ts';
import { copyText } from './clipboard.ts';
import { runToReport } from './exporting.ts';
import { fileName, openMailed } from './files.ts';
import { closeOverlay } from './overlay.ts';
import type { Choice, ComposeOverlay } from './state.ts';

/** Opens the pane. Without a run it can still read a mail and open what that carries. */
export async function openCompose(app: App): Promise<void> {
  const runId = app.store.get().run === null ? (runToReport(app) ?? null) : null;
  const run = runId === null ? undefined : await attempt(app, app.bridge.request('run:get', runId));
  const names = (all: readonly string[] = []): Choice[] => [...new Set(all)].map((name) => ({ name, on: true }));
  app.store.dispatch({
    type: 'overlay',
    overlay: {
      kind: 'compose',
      runId: run?.runId ?? null,
      asked: 0,
      busy: false,
      problem: null,
      mail: null,
      cursor: 0,
      anchor: 0,
      quote: [],
      experiments: names(run?.results.map(({ experiment }) => experiment)),
      kernels: names(run?.results.map(({ kernel }) => kernel)),
      comment: '',
      layout: 'finding',
      sections: { table: true, states: true, checks: true, replay: true, scenario: false },
      format: 'reply',
      saved: null,
      composed: null,
    },
  });
  await write(app);
}

export async function readPasted(app: App, text: string): Promise<void> {
  await read(app, app.bridge.request('mail:read', text));
}

export async function readFromFile(app: App): Promise<void> {
  await read(app, app.bridge.request('mail:open-dialog'));
}

async function read(app: App, asked: Promise<Outcome<ReadMail | null>>): Promise<void> {
  change(app, { busy: true, problem: null });
  const outcome = await settled(asked);
  if (!outcome.ok) return change(app, { busy: false, problem: outcome.problem.message });
  if (outcome.value === null) return change(app, { busy: false });
  change(app, { busy: false, mail: outcome.value, quote: [], cursor: 0, anchor: 0, saved: null });
  await write(app);
}

/** Takes a change of the form, and asks main for the mail again. */
export async function changeMail(app: App, what: Partial<ComposeOverlay>): Promise<void> {
  change(app, { ...what, saved: null });
  await write(app);
}

/** Ticks or unticks one name of a list. */
export function ticked(choices: readonly Choice[], name: string): Choice[] {
  return choices.map((choice) => (choice.name === name ? { ...choice, on: !choice.on } : choice));
}

/** Moves the cursor over the lines of the mail; with `extend` the lines up to it are quoted. */
export async function goToLine(app: App, line: number, extend: boolean): Promise<void> {
  const pane = paneOf(app);
  if (pane === null || pane.mail === null) return;
  const cursor = Math.max(0, Math.min(pane.mail.lines.length - 1, line));
  if (!extend) return change(app, { cursor, anchor: cursor });
  const [from, to] = cursor < pane.anchor ? [cursor, pane.anchor] : [pane.anchor, cursor];
  const span = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  change(app, { cursor });
  await changeMail(app, { quote: union(pane.quote, span) });
}

/** Quotes the line under the cursor, or does not any more. */
export async function toggleLine(app: App): Promise<void> {
  const pane = paneOf(app);
  if (pane === null || pane.mail === null) return;
  await toggle(app, pane, [pane.cursor]);
}

/** The same for the lines around the cursor up to the next empty ones. */
export async function toggleParagraph(app: App): Promise<void> {
  const pane = paneOf(app);
  if (pane === null || pane.mail === null) return;
  const { lines } = pane.mail;
  const blank = (n: number) => (lines[n] ?? '').replace(/[>\s]/g, '') === '';
  let [from, to] = [pane.cursor, pane.cursor];
  while (from > 0 && !blank(from - 1)) from--;
  while (to < lines.length - 1 && !blank(to + 1)) to++;
  await toggle(
    app,
    pane,
    Array.from({ length: to - from + 1 }, (_, i) => from + i),
  );
}

async function toggle(app: App, { quote, cursor }: ComposeOverlay, lines: readonly number[]): Promise<void> {
  const off = quote.includes(cursor);
  await changeMail(app, { quote: off ? quote.filter((n) => !lines.includes(n)) : union(quote, lines) });
}

function union(quote: readonly number[], more: readonly number[]): number[] {
  return [...new Set([...quote, ...more])].sort((x, y) => x - y);
}

/** Asks for the mail; with `onlyCommand` what is shown stays the mail that was saved. */
async function write(app: App, onlyCommand = false): Promise<void> {
  const pane = paneOf(app);
  if (pane === null || pane.runId === null) return;
  const asked = pane.asked + 1;
  change(app, { asked });
  const on = (choices: readonly Choice[]) => choices.filter((choice) => choice.on).map(({ name }) => name);
  const { runId, format, quote, comment, layout, sections } = pane;
  const outcome = await settled(
    app.bridge.request('mail:compose', {
      runId,
      format,
      experiments: on(pane.experiments),
      kernels: on(pane.kernels),
      mailId: pane.mail?.mailId ?? null,
      quote,
      comment,
      layout,
      sections,
      file: pane.saved ?? suggestedName(app, pane),
    }),
  );
  if (paneOf(app)?.asked !== asked) return;
  if (outcome.ok) {
    const { composed } = paneOf(app) ?? {};
    const saved = onlyCommand && composed != null ? { ...composed, command: outcome.value.command } : outcome.value;
    change(app, { composed: saved, problem: null });
  } else change(app, { composed: null, problem: outcome.problem.message });
}

function suggestedName(app: App, { runId, format }: ComposeOverlay): string {
  const { notebook } = app.store.get();
  const base = notebook === null ? 'answer' : fileName(notebook).replace(/(\.lab)?\.ts$/, '');
  return `${base}-run-${runId}.${format === 'mbox' ? 'mbox' : 'eml'}`;
}

export async function copyMail(app: App, what: 'text' | 'command'): Promise<void> {
  const { composed } = paneOf(app) ?? {};
  if (composed == null) return;
  await copyText(app, composed[what], what === 'text' ? 'Mail copied.' : 'Command copied.');
}

/** Saves the mail; the command then speaks of that file. */
export async function saveMail(app: App): Promise<void> {
  const pane = paneOf(app);
  if (pane === null || pane.composed === null) return;
  const { text } = pane.composed;
  const saved = await attempt(app, app.bridge.request('report:save-dialog', suggestedName(app, pane), text));
  if (saved === undefined || saved === null) return;
  say(app, 'info', `Mail saved: ${saved.path}`);
  change(app, { saved: saved.path });
  await write(app, true);
}

/** Opens the notebook of a report that the mail carries. */
export async function openReported(app: App, index: number): Promise<void> {
  const { mail } = paneOf(app) ?? {};
  if (mail == null) return;
  closeOverlay(app);
  await openMailed(app, mail.mailId, index);
}

function paneOf(app: App): ComposeOverlay | null {
  const { overlay } = app.store.get();
  return overlay?.kind === 'compose' ? overlay : null;
}

function change(app: App, what: Partial<ComposeOverlay>): void {
  app.store.dispatch({ type: 'compose', change: what });
}
