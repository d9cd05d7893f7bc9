/** `markdown`: for archives and issue trackers. The plain report stays the single source, in one fenced block. */
import { plainReport } from '../body.ts';
import { matrixRows } from '../checks-table.ts';
import { plain } from '../columns.ts';
import { verdictSentences } from '../prose.ts';
import { kernelsOf, type Report } from '../report.ts';

/** A fence longer than any run of backticks in the text. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Text for a table cell or a heading: Markdown's own characters are escaped. */
function escaped(text: string): string {
  return plain(text).replace(/[\\`*_[\]<>#|~]/g, '\\$&');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export function markdownFormat(report: Report): string {
  const kernels = kernelsOf(report);
  const matrix = [
    row(['experiment', ...kernels.map(escaped)]),
    row(['---', ...kernels.map(() => ':---:')]),
    ...matrixRows(report, kernels).map(([name = '', ...cells]) =>
      row([`${name.startsWith(' ') ? '&nbsp;&nbsp;' : ''}${escaped(name)}`, ...cells.map(escaped)]),
    ),
  ];
  const id =
    report.parent === null
      ? null
      : report.parent.kind === 'id'
        ? report.parent.messageId
        : report.parent.message.messageId;
  const answers = id === null ? [] : [`Answers <https://lore.kernel.org/all/${encodeURIComponent(id)}/>.`, ''];
  return `${[
    `# ${escaped(report.file.name)}`,
    '',
    escaped(verdictSentences(report)),
    '',
    ...answers,
    ...matrix,
    '',
    fenced(plainReport(report).join('\n'), 'text'),
    '',
    'For archives: lists take the plain text version (reply, mbox).',
  ].join('\n')}\n`;
}
