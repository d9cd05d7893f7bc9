/**
 * The report as plain text, the one source of every prose format: verdict, table, state table, checks, replay, what was
 * searched, what is not modelled. Two screens at most for one failure.
 */
import { armour } from './armour.ts';
import { checksTable } from './checks-table.ts';
import { WIDTH, wrap } from './columns.ts';
import { limitsBlock } from './limits.ts';
import { experimentSummary, failureSentence, verdictSentences } from './prose.ts';
import { raceTable } from './race-table.ts';
import { replayBlock } from './replay-block.ts';
import { chosenFailures, experimentsOf, type FoundFailure, type Report } from './report.ts';
import { scenarioBlock } from './scenario-block.ts';
import { seriesParts } from './series-body.ts';
import { stateTable } from './state-table.ts';

function paragraph(text: string): string[] {
  // Two columns are kept for a line that must be indented to be harmless.
  return wrap(text, WIDTH - 2);
}

/** One failure: the sentence, the race table, the same calls under other kernels. */
function failureParts(report: Report, found: FoundFailure): string[][] {
  const { table, states } = report.sections;
  const parts: string[][] = [];
  if (table)
    parts.push(
      paragraph(failureSentence(report, found)),
      raceTable(found.failure.trace, found.failure, { kernel: found.result.kernel }),
    );
  if (states) parts.push(stateTable(report, found));
  return parts;
}

function findingParts(report: Report): string[][] {
  const found = chosenFailures(report);
  return [
    paragraph(verdictSentences(report)),
    experimentsOf(report).flatMap((experiment) => wrap(experimentSummary(report, experiment), WIDTH, '  ', '    ')),
    ...found.flatMap((failure) => failureParts(report, failure)),
    report.sections.checks ? checksTable(report) : [],
    report.sections.replay ? replayBlock(report, found) : [],
    limitsBlock(report),
  ];
}

/** The text as lines of at most 72 columns, safe at column 0; a notebook that is included keeps its own lines. */
export function plainReport(report: Report): string[] {
  const parts = report.layout === 'series' ? seriesParts(report) : findingParts(report);
  const text = parts.filter((lines) => lines.length > 0).flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
  return [...text.map(armour), ...(report.sections.scenario ? scenarioBlock(report) : [])];
}
