/**
 * `cover`: notes for below `---` or for a cover letter: all experiments and kernels as tables, what changed since the
 * last posting, how to replay, what is not modelled. `git am` drops what stands below `---`.
 */
import { armour } from '../armour.ts';
import { checksTable } from '../checks-table.ts';
import { plain, WIDTH, wrap } from '../columns.ts';
import { limitsBlock } from '../limits.ts';
import { countOf } from '../prose.ts';
import { HASH_DIGITS, replayBlock } from '../replay-block.ts';
import { chosenFailures, type FoundFailure, firstFailures, kernelsOf, type Report } from '../report.ts';
import { seriesTable } from '../series.ts';

/** The shortest way to each failure in a line or two. */
function findings(failures: readonly FoundFailure[]): string[] {
  return failures.flatMap(({ result, failure }) =>
    wrap(
      `${plain(result.kernel)}, "${plain(failure.check)}" after ${countOf(failure.failingStep + 1, 'step')}: ` +
        plain(failure.message),
      WIDTH,
      '  ',
      '    ',
    ),
  );
}

export function coverFormat(report: Report): string {
  const { tool, file } = report;
  const failures = report.chosen === null ? firstFailures(report) : chosenFailures(report);
  const found = findings(failures);
  const parts = [
    wrap(
      `Model check (${plain(tool.name)} ${plain(tool.version)}, engine ${plain(tool.engineVersion)}, notebook ` +
        `${plain(file.name)}, sha256:${file.sha256.slice(0, HASH_DIGITS)}):`,
      WIDTH - 2,
    ),
    checksTable(report),
    kernelsOf(report).length > 1 ? ['What changed from one kernel to the next:', '', ...seriesTable(report)] : [],
    found.length > 0 ? ['Shortest failures found:', '', ...found] : [],
    report.sections.replay && found.length > 0 ? replayBlock(report, failures) : [],
    limitsBlock(report),
  ];
  const lines = parts.filter((part) => part.length > 0).flatMap((part, i) => (i === 0 ? part : ['', ...part]));
  return `${lines.map(armour).join('\n')}\n`;
}
