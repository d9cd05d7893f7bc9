/**
 * `changelog`: the paragraph for a commit log: what goes wrong, the interleaving, and which tool found it. The fix is
 * the author's to describe, in the imperative, and so are all tags.
 */
import { armour } from '../armour.ts';
import { plain, WIDTH, wrap } from '../columns.ts';
import { kernelName } from '../prose.ts';
import { raceTable } from '../race-table.ts';
import { Refusal } from '../refusal.ts';
import { HASH_DIGITS } from '../replay-block.ts';
import { chosenFailures, type Report } from '../report.ts';

/** @throws Refusal where nothing failed: a commit log describes a problem. */
export function changelogFormat(report: Report): string {
  const first = chosenFailures(report)[0];
  if (first === undefined) {
    throw new Refusal(
      'no, because nothing fails here: a changelog describes a problem; take "cover" for passing results',
    );
  }
  const { tool, file } = report;
  const { failure, result } = first;
  const ran = report.ranOnKernel === null ? 'not run on a kernel' : plain(report.ranOnKernel).replace(/\.$/, '');
  const lines = [
    ...wrap(`With ${kernelName(report, result.kernel)}, this schedule breaks "${plain(failure.check)}":`, WIDTH - 2),
    '',
    ...raceTable(failure.trace, failure, { maxRows: 30, kernel: result.kernel }),
    '',
    ...wrap(
      `Found by model checking with ${plain(tool.name)} ${plain(tool.version)} (notebook ${plain(file.name)}, ` +
        `sha256:${file.sha256.slice(0, HASH_DIGITS)}), ${ran}.`,
      WIDTH - 2,
    ),
  ];
  return `${lines.map(armour).join('\n')}\n`;
}
