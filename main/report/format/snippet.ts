/** `snippet`: a few lines to paste under a quote in a mail that is being written. */
import { armour } from '../armour.ts';
import { plain, WIDTH, wrap } from '../columns.ts';
import { experimentSummary, failureSentence, listed } from '../prose.ts';
import { raceTable } from '../race-table.ts';
import { HASH_DIGITS, replayCommandLines } from '../replay-block.ts';
import { chosenFailures, experimentsOf, type Report } from '../report.ts';

function modelOnly(report: Report): string {
  const ran =
    report.ranOnKernel === null ? 'Model only, not run on a kernel' : plain(report.ranOnKernel).replace(/\.$/, '');
  return (
    `${ran}; sequentially consistent memory only; not modelled: ${listed(report.notModelled.map(plain))}. ` +
    `${plain(report.tool.name)} ${plain(report.tool.version)}, engine ${plain(report.tool.engineVersion)}, ` +
    `notebook sha256:${report.file.sha256.slice(0, HASH_DIGITS)}.`
  );
}

export function snippetFormat(report: Report): string {
  const first = chosenFailures(report)[0];
  const lines: string[] = [];
  if (first !== undefined) {
    lines.push(
      ...wrap(`A model of this shows it. ${failureSentence(report, first)}`, WIDTH - 2),
      '',
      ...raceTable(first.failure.trace, first.failure, { maxRows: 24, kernel: first.result.kernel }),
      '',
    );
  }
  for (const experiment of experimentsOf(report))
    lines.push(...wrap(experimentSummary(report, experiment), WIDTH, '  ', '    '));
  lines.push('', ...wrap(modelOnly(report), WIDTH - 2));
  if (first !== undefined) lines.push('', ...replayCommandLines(report, first, '  '));
  return `${lines.map(armour).join('\n')}\n`;
}
