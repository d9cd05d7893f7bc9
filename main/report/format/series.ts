/** `series`: the report about a whole series as text, to be pasted into an answer to its cover letter. */
import { plainReport } from '../body.ts';
import type { Report } from '../report.ts';

export function seriesFormat(report: Report): string {
  return `${plainReport({ ...report, layout: 'series' }).join('\n')}\n`;
}
