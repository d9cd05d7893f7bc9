/** From a stored run to the text of a report: gathers what the report room must be told, which has no clock and no disk. */
import { basename } from 'node:path';
import type { ReportRequest } from '../preload/contract.ts';
import { KERNELS } from './engine/kernels/index.ts';
import { gitIdentity } from './identity.ts';
import { FORMATS, isFormatName, render } from './report/index.ts';
import { readMessage } from './report/raw-message.ts';
import { ALL_SECTIONS, type MailDate, type Parent, type Report } from './report/report.ts';
import type { Store } from './store/index.ts';

/** What the model leaves out, said in every report. */
const NOT_MODELLED = ['page table locks', 'page splitting', 'LRU', 'DMA itself', 'weak memory ordering'];

/** The report's text. Throws one sentence where it cannot be made. */
export async function reportText(store: Store, version: string, request: ReportRequest): Promise<string> {
  const { format } = request;
  if (!isFormatName(format)) {
    throw new Error(`There is no "${format}" report; the formats are ${Object.keys(FORMATS).join(', ')}.`);
  }
  const rendered = render(await gather(store, version, request), format);
  if (!rendered.ok) throw new Error(rendered.reason);
  return rendered.text;
}

async function gather(store: Store, version: string, request: ReportRequest): Promise<Report> {
  const run = store.getRun(request.runId);
  const { path } = store.notebook(run.notebookId);
  const { experiments, kernels } = request;
  const wanted = run.results.filter(
    (result) =>
      (experiments === null || experiments.includes(result.experiment)) &&
      (kernels === null || kernels.includes(result.kernel)),
  );
  return {
    tool: { name: 'Gupbook', version, engineVersion: run.engineVersion },
    file: { name: path === null ? 'untitled.lab.ts' : basename(path), sha256: run.sha256, text: run.text },
    results: wanted,
    chosen: null,
    kernelTitles: Object.fromEntries(KERNELS.map(({ id, title }) => [id, title])),
    bounds: run.request.budget,
    notModelled: NOT_MODELLED,
    ranOnKernel: null,
    author: await gitIdentity(),
    parent: parentOf(request.inReplyTo),
    quote: [],
    comment: null,
    subject: null,
    date: now(),
    messageId: null,
    sections: ALL_SECTIONS,
  };
}

/** A raw message has lines; a Message-ID is one word. */
function parentOf(text: string | null): Parent | null {
  if (text === null || text.trim() === '') return null;
  if (/\s/.test(text.trim())) return { kind: 'message', message: readMessage(text) };
  return { kind: 'id', messageId: text.trim().replace(/^<|>$/g, '') };
}

function now(): MailDate {
  const date = new Date();
  return { ms: date.getTime(), offset: -date.getTimezoneOffset() };
}
