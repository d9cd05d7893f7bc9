/**
 * A report about a whole series of patches: one table of all experiments under all kernels, what changed from one
 * posting to the next, then each failing experiment with its schedule.
 */
import { checksTable } from './checks-table.ts';
import { plain, WIDTH, wrap } from './columns.ts';
import { limitsBlock } from './limits.ts';
import { countOf, failureSentence, listed, standing, verdictSentences } from './prose.ts';
import { raceTable } from './race-table.ts';
import { replayBlock } from './replay-block.ts';
import { chosenFailures, distinct, experimentsOf, type FoundFailure, kernelsOf, type Report } from './report.ts';
import { seriesTable } from './series.ts';

/** Rows of a table: details are many here. */
const ROWS = 20;

function titles(report: Report): string[] {
  const known = kernelsOf(report).filter((kernel) => plain(report.kernelTitles[kernel] ?? '') !== '');
  return known.flatMap((kernel) =>
    wrap(`${plain(kernel)} is ${plain(report.kernelTitles[kernel] ?? '')}`, WIDTH, '  ', '    '),
  );
}

function detail(report: Report, found: FoundFailure, number: number): string[] {
  const { trace, message, failingStep } = found.failure;
  return [
    ...wrap(`${number}. ${failureSentence(report, found)}`, WIDTH - 2),
    '',
    ...raceTable(trace, { failingStep, message }, { maxRows: ROWS, kernel: found.result.kernel }),
  ];
}

/** Experiments that fail and have no table of their own. */
function leftOut(report: Report, found: readonly FoundFailure[]): string[] {
  const failing = distinct(report.results.filter((one) => standing(one) === 'fails').map((one) => one.experiment));
  const left = failing.filter((experiment) => !found.some(({ result }) => result.experiment === experiment));
  if (left.length === 0) return [];
  const names = listed(left.map((experiment) => `"${plain(experiment)}"`));
  return wrap(`Not shown here: how ${names} ${left.length === 1 ? 'fails' : 'fail'}.`, WIDTH - 2);
}

/** The parts of the text, to be joined by empty lines; not armoured. */
export function seriesParts(report: Report): string[][] {
  const { table, checks, replay } = report.sections;
  const found = chosenFailures(report);
  const kernels = kernelsOf(report);
  return [
    wrap(verdictSentences(report), WIDTH - 2),
    wrap(`${countOf(experimentsOf(report).length, 'experiment')} under ${countOf(kernels.length, 'kernel')}:`),
    checksTable(report, false),
    titles(report),
    kernels.length > 1
      ? [
          ...wrap(`What changed from ${listed(kernels.map(plain)).replace(/, | and /g, ' to ')}:`),
          '',
          ...seriesTable(report),
        ]
      : [],
    ...(table ? found.map((one, i) => detail(report, one, i + 1)) : []),
    table ? leftOut(report, found) : [],
    checks && found.length > 0 ? checksTable(report) : [],
    replay && found.length > 0 ? replayBlock(report, found) : [],
    limitsBlock(report),
  ];
}
