/** What changed from one kernel to the next: the table below `---` that says what a new posting fixed. */
import { plain, table } from './columns.ts';
import { type Standing, standing } from './prose.ts';
import { distinct, experimentsOf, kernelsOf, type Report, resultOf } from './report.ts';

/** One experiment, or one check of it, that is judged differently under the later kernel. */
export interface Change {
  readonly from: string;
  readonly to: string;
  readonly what: 'fixed' | 'broken' | 'open' | 'now applies' | 'no longer applies';
  readonly experiment: string;
  /** Null where the whole experiment changed. */
  readonly check: string | null;
}

function changeOf(before: Standing, after: Standing): Change['what'] | null {
  if (before === after) return null;
  if (after === 'not-applicable') return 'no longer applies';
  if (before === 'not-applicable') return after === 'fails' ? 'broken' : 'now applies';
  if (after === 'fails') return 'broken';
  if (before === 'fails' && after === 'passes') return 'fixed';
  return after === 'passes' ? null : 'open';
}

/** All changes between neighbouring kernels of the report, in its order. */
export function changesIn(report: Report): Change[] {
  const kernels = kernelsOf(report);
  const changes: Change[] = [];
  kernels.slice(1).forEach((to, i) => {
    const from = kernels[i] ?? '';
    for (const experiment of experimentsOf(report)) {
      const before = resultOf(report, experiment, from);
      const after = resultOf(report, experiment, to);
      if (before === undefined || after === undefined) continue;
      const what = changeOf(standing(before), standing(after));
      if (what !== null) changes.push({ from, to, what, experiment, check: null });
      else if (before.verdict === 'fail')
        changes.push(...checkChanges(from, to, experiment, before.failures, after.failures));
    }
  });
  return changes;
}

/** Both fail, but not in the same checks. */
function checkChanges(
  from: string,
  to: string,
  experiment: string,
  before: readonly { readonly check: string }[],
  after: readonly { readonly check: string }[],
): Change[] {
  const names = distinct([...before, ...after].map((failure) => failure.check));
  return names.flatMap((check): Change[] => {
    const was = before.some((failure) => failure.check === check);
    const is = after.some((failure) => failure.check === check);
    return was === is ? [] : [{ from, to, what: is ? 'broken' : 'fixed', experiment, check }];
  });
}

/** The changes as a table; one line that says so where there are none. */
export function seriesTable(report: Report): string[] {
  const changes = changesIn(report);
  if (changes.length === 0) return ['  No verdict changes from one kernel to the next.'];
  return table(
    [
      { title: 'Experiment', align: 'left' },
      { title: 'from', align: 'left' },
      { title: 'to', align: 'left' },
      { title: '', align: 'left' },
    ],
    changes.map((change) => [
      change.check === null ? plain(change.experiment) : `${plain(change.experiment)}: ${plain(change.check)}`,
      plain(change.from),
      plain(change.to),
      change.what,
    ]),
  );
}
