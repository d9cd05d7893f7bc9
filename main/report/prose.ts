/** The sentences of a report: what was found, in words that claim no more than the search did. */
import type { ExperimentResult } from '../engine/result.ts';
import { columnsOf, cut, plain } from './columns.ts';
import { chosenFailures, distinct, experimentsOf, type FoundFailure, isComplete, type Report } from './report.ts';

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

export function countOf(n: number, noun: string): string {
  return `${n} ${n === 1 ? noun : `${noun}s`}`;
}

/** `pin-v5 (v5 posting, 14 Nov 2019)` */
export function kernelName(report: Report, kernel: string): string {
  const title = plain(report.kernelTitles[kernel] ?? '');
  const id = plain(kernel);
  return title === '' || title === id ? id : `${id} (${title})`;
}

/** What a result comes to, for readers: a search that was cut off has not passed. */
export type Standing = 'fails' | 'passes' | 'unfinished' | 'not-applicable' | 'error';

export function standing(result: ExperimentResult): Standing {
  switch (result.verdict) {
    case 'fail':
      return 'fails';
    case 'pass':
      return isComplete(result) ? 'passes' : 'unfinished';
    case 'inconclusive':
      return 'unfinished';
    default:
      return result.verdict;
  }
}

function kernelsThat(results: readonly ExperimentResult[], what: Standing): string[] {
  return distinct(results.filter((result) => standing(result) === what).map((result) => plain(result.kernel)));
}

/** What the searches of one experiment found, one clause an outcome. */
function clauses(results: readonly ExperimentResult[]): string[] {
  const under = (what: Standing, text: string) => {
    const kernels = kernelsThat(results, what);
    return kernels.length === 0 ? [] : [`${text} ${listed(kernels)}`];
  };
  return [
    ...under('fails', 'fails under'),
    ...under('passes', 'no failure found (search complete) under'),
    ...under('unfinished', 'search not finished, so nothing is known, under'),
    ...under('not-applicable', 'does not apply to'),
    ...under('error', 'the script stopped with an error under'),
  ];
}

/** One line an experiment: `two bios over one THP: fails under pin-v5; no failure found ... under 7.2`. */
export function experimentSummary(report: Report, experiment: string): string {
  const results = report.results.filter((result) => result.experiment === experiment);
  return `"${plain(experiment)}": ${clauses(results).join('; ')}.`;
}

/** The first paragraph: the verdict, and that it is a model's. */
export function verdictSentences(report: Report): string {
  const failing = distinct(report.results.filter((r) => standing(r) === 'fails').map((r) => r.experiment));
  const names = experimentsOf(report);
  const ran = report.ranOnKernel === null ? 'Nothing below ran on a kernel.' : plain(report.ranOnKernel);
  const lead =
    failing.length === 0
      ? 'A model of this finds no failure in what it searched.'
      : names.length === 1
        ? 'A model of this fails; the schedule is below.'
        : `A model of this fails in ${failing.length} of ${names.length} experiments.`;
  return `${lead} ${ran}`;
}

/** What stands above a race table. */
export function failureSentence(report: Report, { result, failure }: FoundFailure): string {
  const steps = countOf(failure.failingStep + 1, 'step');
  return (
    `Under ${kernelName(report, result.kernel)}, "${plain(result.experiment)}" breaks "${plain(failure.check)}" ` +
    `after ${steps}:`
  );
}

/** Subject of a mail that answers nothing, at most 70 columns of it. */
export function subjectOf(report: Report): string {
  const first = chosenFailures(report)[0];
  if (first === undefined)
    return cut(`Model check: no failure found in ${listed(experimentsOf(report).map(plain))}`, 70);
  const under = ` fails under ${plain(first.result.kernel)}`;
  return `Model check: ${cut(plain(first.result.experiment), Math.max(20, 57 - columnsOf(under)))}${under}`;
}
