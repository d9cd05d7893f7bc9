/** From a stored run to the text of a report in the window. */
import { basename } from 'node:path';
import type { ReportRequest } from '../preload/contract.ts';
import { localDate, parentOf, reportOf } from './report/gather.ts';
import { gitIdentity } from './report/git-identity.ts';
import { FORMATS, isFormatName, render } from './report/index.ts';
import type { Parent, Report } from './report/report.ts';
import type { Store } from './store/index.ts';

/** The report's text. Throws one sentence where it cannot be made. */
export async function reportText(store: Store, version: string, request: ReportRequest): Promise<string> {
  const { format } = request;
  if (!isFormatName(format)) {
    throw new Error(`There is no "${format}" report; the formats are ${Object.keys(FORMATS).join(', ')}.`);
  }
  const report = await reportOfRun(store, version, request, parentOf(request.inReplyTo));
  const rendered = render(report, format);
  if (!rendered.ok) throw new Error(rendered.reason);
  return rendered.text;
}

/** A stored run, or a part of it, as a report. */
export async function reportOfRun(
  store: Store,
  version: string,
  { runId, experiments, kernels }: Pick<ReportRequest, 'runId' | 'experiments' | 'kernels'>,
  parent: Parent | null,
): Promise<Report> {
  const run = store.getRun(runId);
  // As the file was called when it ran, whatever became of it.
  const { path } = run;
  const wanted = run.results.filter(
    (result) =>
      (experiments === null || experiments.includes(result.experiment)) &&
      (kernels === null || kernels.includes(result.kernel)),
  );
  return reportOf({
    version,
    engineVersion: run.engineVersion,
    file: { name: path === null ? 'untitled.lab.ts' : basename(path), sha256: run.sha256, text: run.text },
    results: wanted,
    bounds: run.request.budget,
    author: await gitIdentity(),
    parent,
    date: localDate(Date.now()),
  });
}
