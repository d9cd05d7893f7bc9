/** `html`: one self-contained page for archives: the plain report, the matrix, a timeline a failure. No scripts. */
import { plainReport } from '../body.ts';
import { matrixRows } from '../checks-table.ts';
import { plain } from '../columns.ts';
import { escapeMarkup } from '../markup.ts';
import { failureSentence, verdictSentences } from '../prose.ts';
import { chosenFailures, kernelsOf, type Report } from '../report.ts';
import { svgTimeline } from '../svg-timeline.ts';

const STYLE = `
:root { color-scheme: light dark; --bad: #b3261e; --good: #1a7f37; --line: #8884; }
@media (prefers-color-scheme: dark) { :root { --bad: #ff8a80; --good: #6fdd8b; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
th:first-child { text-align: left; }
pre, svg text { font-family: ui-monospace, Menlo, Consolas, monospace; }
pre { font-size: 13px; line-height: 1.35; overflow-x: auto; padding: 1rem; border: 1px solid var(--line); }
table { border-collapse: collapse; } td, th { padding: 0.2rem 0.7rem; border-bottom: 1px solid var(--line); }
td:not(:first-child), th:not(:first-child) { text-align: center; }
td.check { padding-left: 2rem; } .FAIL { color: var(--bad); font-weight: 600; } .ok { color: var(--good); }
.figure { overflow-x: auto; } svg text { font-size: 12px; fill: currentColor; } svg .head { font-weight: 600; }
svg .value { text-anchor: end; } svg .step { fill: currentColor; opacity: 0.5; }
svg .failing text { fill: var(--bad); font-weight: 600; } svg .failing .step { fill: var(--bad); opacity: 1; }
svg .count { fill: none; stroke: currentColor; stroke-width: 1.5; opacity: 0.6; }
svg .zero { stroke: var(--bad); stroke-dasharray: 2 3; }
`;

function matrix(report: Report): string {
  const kernels = kernelsOf(report);
  const head = ['experiment', ...kernels].map((text) => `<th scope="col">${escapeMarkup(plain(text))}</th>`).join('');
  const rows = matrixRows(report, kernels).map(([name = '', ...cells]) => {
    const title = `<td${name.startsWith(' ') ? ' class="check"' : ''}>${escapeMarkup(name.trim())}</td>`;
    const verdicts = cells.map(
      (cell) => `<td${/^(FAIL|ok)$/.test(cell) ? ` class="${cell}"` : ''}>${escapeMarkup(cell)}</td>`,
    );
    return `<tr>${title}${verdicts.join('')}</tr>`;
  });
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
}

export function htmlFormat(report: Report): string {
  const title = escapeMarkup(plain(report.file.name));
  const figures = chosenFailures(report).map(
    (found) =>
      `<h2>${escapeMarkup(failureSentence(report, found).replace(/:$/, ''))}</h2>\n` +
      `<div class="figure">\n${svgTimeline(found.failure.trace, found.failure, found.result.kernel)}\n</div>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p>${escapeMarkup(verdictSentences(report))}</p>
<p><strong>For archives: mail the text version.</strong></p>
${matrix(report)}
${figures.join('\n')}
<h2>The report as text</h2>
<pre>${escapeMarkup(plainReport(report).join('\n'))}</pre>
</body>
</html>
`;
}
