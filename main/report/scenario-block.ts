/**
 * The notebook's text inside a mail. Every line is prefixed `| `, which b4 and git take for nothing else, and is kept
 * as it is: its SHA-256 is what the replay block names.
 */
import { plain } from './columns.ts';
import { Refusal } from './refusal.ts';
import type { Report } from './report.ts';

export const SCENARIO_TITLE = 'Notebook';

/** Stands below the text where that does not end in a line end, as in a diff. */
export const NO_LINE_END = '\\ No newline at end of file';

/** The block with an empty line before it. @throws Refusal where the report does not have the text. */
export function scenarioBlock(report: Report): string[] {
  if (report.file.text === null) {
    throw new Refusal(`the text of ${plain(report.file.name)} is not at hand, so it cannot be included`);
  }
  const lines = report.file.text.split('\n');
  // A text that ends in a line end, as all files should, has no last empty line here.
  const end = lines.at(-1) === '' ? [] : [NO_LINE_END];
  if (lines.at(-1) === '') lines.pop();
  return [
    '',
    `${SCENARIO_TITLE} ${plain(report.file.name)}`,
    ...lines.map((line) => (line === '' ? '|' : `| ${line}`)),
    ...end,
  ];
}
