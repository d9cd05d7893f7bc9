/** What was searched, which bounds were met, what is not modelled: a report never leaves this out. */
import type { ExperimentResult } from '../engine/result.ts';
import { plain, WIDTH, wrap } from './columns.ts';
import { countOf, listed, standing } from './prose.ts';
import { distinct, experimentsOf, type Report } from './report.ts';

const LIMITS = {
  states: 'the budget of states',
  steps: 'the budget of steps',
  time: 'the time budget',
  memory: 'the memory budget',
  stopped: 'the user',
} as const;

/** `131841 states`, or `66306 to 132612 states` for several searches. */
function range(results: readonly ExperimentResult[]): string {
  const states = results.map((result) => result.states);
  const least = Math.min(...states);
  const most = Math.max(...states);
  return least === most ? countOf(most, 'state') : `${least} to ${countOf(most, 'state')}`;
}

/** Searches that were cut off, one clause a limit. */
function unfinished(results: readonly ExperimentResult[]): string[] {
  return results
    .filter((result) => standing(result) === 'unfinished')
    .map((result) => {
      const by = result.limit === null ? 'before it was complete' : `by ${LIMITS[result.limit]}`;
      return `${plain(result.kernel)} was cut off ${by} (${countOf(result.frontier, 'state')} left to expand)`;
    });
}

/** One experiment's searches. A failing search may stop at what it found; only a complete one is called so. */
function searched(report: Report, experiment: string): string {
  const results = report.results.filter((result) => result.experiment === experiment);
  const ran = results.filter((result) => standing(result) !== 'not-applicable' && standing(result) !== 'error');
  const cut = unfinished(ran);
  const complete = ran.filter(
    (result) => standing(result) === 'passes' || (standing(result) === 'fails' && result.exhaustive),
  );
  const parts: string[] = [];
  if (ran.length > 0) parts.push(`${range(ran)} under ${listed(distinct(ran.map((result) => plain(result.kernel))))}`);
  if (ran.length > 0 && complete.length === ran.length) parts.push('complete, no bound hit');
  parts.push(...cut);
  return `"${plain(experiment)}": ${parts.length === 0 ? 'nothing was searched' : parts.join('; ')}.`;
}

/** The explored and the not-modelled paragraphs. */
export function limitsBlock(report: Report): string[] {
  const { states, seconds } = report.bounds;
  const ran = report.ranOnKernel === null ? ['Nothing ran on a kernel.'] : [plain(report.ranOnKernel)];
  return [
    ...wrap(
      'Explored every interleaving of atomic steps, sequentially consistent memory only, at most ' +
        `${countOf(states, 'state')} or ${countOf(seconds, 'second')} a search:`,
      WIDTH - 2,
    ),
    ...experimentsOf(report).flatMap((experiment) => wrap(searched(report, experiment), WIDTH, '  ', '    ')),
    ...wrap(`Not modelled: ${listed(report.notModelled.map(plain))}. ${ran.join(' ')}`, WIDTH, '', '  '),
  ];
}
