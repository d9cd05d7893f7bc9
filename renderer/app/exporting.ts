/** The export pane: a stored run as a report, to look at, copy or save. */
import { REPORT_FORMATS, type ReportFormat } from '../../preload/contract.ts';
import { type App, say } from './app.ts';
import { attempt, settled } from './attempt.ts';
import { copyText } from './clipboard.ts';
import { fileName } from './files.ts';
import type { ExportOverlay } from './state.ts';
import { shown } from './stepping.ts';

/** Titles of the formats, and the ending of a saved file. */
const TITLES: Readonly<Record<ReportFormat, readonly [string, string]>> = {
  reply: ['Reply to a mail', 'eml'],
  mbox: ['mbox', 'mbox'],
  snippet: ['Snippet for a mail', 'txt'],
  cover: ['Notes below ---', 'txt'],
  series: ['Whole series', 'txt'],
  changelog: ['Changelog', 'txt'],
  ktap: ['KTAP', 'ktap'],
  junit: ['JUnit XML', 'xml'],
  markdown: ['Markdown', 'md'],
  html: ['HTML', 'html'],
  json: ['JSON', 'json'],
  litmus: ['C litmus test', 'litmus'],
  promela: ['Promela', 'pml'],
};

/** Formats that the pane offers. */
export const FORMATS: readonly { readonly format: ReportFormat; readonly title: string; readonly ending: string }[] =
  REPORT_FORMATS.map((format) => ({ format, title: TITLES[format][0], ending: TITLES[format][1] }));

/** The run of what is selected, else the newest finished one. */
export function runToReport(app: App): number | undefined {
  const state = app.store.get();
  const selected = shown(state)?.selection.cellId;
  return (
    (selected === undefined ? undefined : state.cellRuns.get(selected)?.runId) ??
    state.runs.find(({ state: stage }) => stage === 'finished')?.runId
  );
}

/** Opens the pane for {@link runToReport}. */
export async function openExport(app: App): Promise<void> {
  const state = app.store.get();
  const selected = shown(state)?.selection.cellId;
  const runId = runToReport(app);
  if (runId === undefined || state.run !== null) {
    say(app, 'problem', state.run === null ? 'Run a cell first: a report is about a run.' : 'Wait for the run to end.');
    return;
  }
  const whole = selected === undefined;
  app.store.dispatch({
    type: 'overlay',
    overlay: { kind: 'export', runId, format: 'reply', inReplyTo: '', whole, text: null, problem: null },
  });
  await writeReport(app);
}

/** Takes a change of the form, and asks main for the text again. */
export async function changeExport(app: App, change: Partial<ExportOverlay>): Promise<void> {
  app.store.dispatch({ type: 'export', change });
  await writeReport(app);
}

async function writeReport(app: App): Promise<void> {
  const { overlay, ...state } = app.store.get();
  if (overlay?.kind !== 'export') return;
  const now = overlay.whole ? null : shown({ overlay, ...state });
  const outcome = await settled(
    app.bridge.request('report:text', {
      runId: overlay.runId,
      format: overlay.format,
      experiments: now === null ? null : [now.selection.experiment],
      kernels: null,
      inReplyTo: overlay.inReplyTo.trim() === '' ? null : overlay.inReplyTo.trim(),
    }),
  );
  // Another answer may be on its way already: only the one to the present question counts.
  const present = app.store.get().overlay;
  if (present?.kind !== 'export' || !sameQuestion(present, overlay)) return;
  app.store.dispatch({
    type: 'export',
    change: outcome.ok ? { text: outcome.value.text, problem: null } : { text: null, problem: outcome.problem.message },
  });
}

function sameQuestion(a: ExportOverlay, b: ExportOverlay): boolean {
  return a.runId === b.runId && a.format === b.format && a.inReplyTo === b.inReplyTo && a.whole === b.whole;
}

export async function copyReport(app: App): Promise<void> {
  const { overlay } = app.store.get();
  if (overlay?.kind !== 'export' || overlay.text === null) return;
  await copyText(app, overlay.text, 'Report copied.');
}

export async function saveReport(app: App): Promise<void> {
  const { overlay, notebook } = app.store.get();
  if (overlay?.kind !== 'export' || overlay.text === null) return;
  const ending = FORMATS.find(({ format }) => format === overlay.format)?.ending ?? 'txt';
  const base = notebook === null ? 'report' : fileName(notebook).replace(/(\.lab)?\.ts$/, '');
  const suggested = `${base}-run-${overlay.runId}.${ending}`;
  const saved = await attempt(app, app.bridge.request('report:save-dialog', suggested, overlay.text));
  if (saved !== undefined && saved !== null) say(app, 'info', `Report saved: ${saved.path}`);
}
