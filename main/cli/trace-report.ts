/** What commands say about a trace: the whole of it, its suspect pages, one page. */

import { hasRet, REF_OPS } from '../recordings/traces/event-batch.ts';
import type { TraceIndex } from '../recordings/traces/index-reader.ts';
import type { PageSummary } from '../recordings/traces/page-table.ts';
import type { Suspicion } from '../recordings/traces/suspicion.ts';
import {
  historyOf,
  historyText,
  type PageHistory,
  summaryText,
  suspicionsOf,
} from '../recordings/traces/timeline-text.ts';
import { number } from './text.ts';

/** Pages that are looked at for suspicions, and events of each that are. */
const MOST_LOOKED_AT = 200;
const MOST_EVENTS = 100_000;
/** Damaged lines that are shown. */
const MOST_DAMAGED = 10;

export interface SuspectPage {
  readonly summary: PageSummary;
  readonly history: PageHistory;
  readonly suspicions: readonly Suspicion[];
}

/** Pages with something worth a look, the worst first. */
export function suspectsIn(index: TraceIndex, most: number): SuspectPage[] {
  const suspects: SuspectPage[] = [];
  for (const summary of index.pages('suspicion', MOST_LOOKED_AT)) {
    if (suspects.length >= most) break;
    const history = pageHistory(index, summary.pfn);
    const suspicions = suspicionsOf(history).filter(({ kind }) => kind !== 'still held');
    if (suspicions.length > 0) suspects.push({ summary, history, suspicions });
  }
  return suspects;
}

export function pageHistory(index: TraceIndex, pfn: number): PageHistory {
  return historyOf(pfn, index.events(pfn, MOST_EVENTS), index);
}

export function traceText(index: TraceIndex, suspects: readonly SuspectPage[], list: number): string {
  const { source, tally, endedMidLine } = index.about();
  const counts = [
    `${number(tally.events)} events of ${number(index.pageCount())} pages in ${number(tally.lines)} lines`,
  ];
  if (tally.markers > 0) counts.push(`${number(tally.markers)} markers`);
  if (tally.lost > 0) counts.push(`the tracer lost ${number(tally.lost)} events`);
  if (tally.damaged > 0) counts.push(`${number(tally.damaged)} lines damaged`);
  const lines = [`${source}: ${counts.join(', ')}`];
  if (endedMidLine) lines.push('its last line has no end: it may be cut');
  lines.push(...damagedTexts(index));
  if (suspects.length > 0) lines.push('', 'Suspect pages:');
  for (const { summary, suspicions } of suspects) {
    lines.push(`  ${summaryText(summary)}`);
    for (const { kind, certainty, text } of suspicions) lines.push(`    ${kind} (${certainty}): ${text}`);
  }
  lines.push('', suspects.length > 0 ? 'Busiest pages:' : 'No page is suspect. Busiest pages:');
  for (const summary of index.pages('events', list)) lines.push(`  ${summaryText(summary)}`);
  return `${lines.join('\n')}\n`;
}

function damagedTexts(index: TraceIndex): string[] {
  const damaged = index.damaged();
  const lines = damaged.slice(0, MOST_DAMAGED).map(({ line, damage, text }) => `line ${line} is ${damage}: ${text}`);
  if (damaged.length > MOST_DAMAGED) lines.push(`and ${number(index.about().tally.damaged - MOST_DAMAGED)} more`);
  return lines;
}

export function pageText(index: TraceIndex, pfn: number): string {
  return historyText(pageHistory(index, pfn), index);
}

/** The same for programs. */
export function traceJson(index: TraceIndex, suspects: readonly SuspectPage[]): object {
  const { source, tally, endedMidLine } = index.about();
  return {
    source,
    ...tally,
    pages: index.pageCount(),
    endedMidLine,
    damagedLines: index.damaged(),
    suspects: suspects.map(({ summary, history, suspicions }) => ({
      ...summary,
      suspicions: suspicions.map((one) => suspicionJson(one, history)),
    })),
  };
}

export function pageJson(index: TraceIndex, pfn: number): object {
  const history = pageHistory(index, pfn);
  const { events, after, before, gaps, strange } = history.timeline;
  return {
    pfn,
    before,
    strange,
    gaps: gaps.map(({ row, expected, found }) => ({ line: events.line[row], expected, found })),
    events: Array.from({ length: events.length }, (_, row) => {
      const op = events.op[row] ?? 0;
      return {
        line: events.line[row],
        time: (events.time[row] ?? 0) / 1e9,
        task: index.task(events.task[row] ?? 0),
        op: REF_OPS[op],
        val: events.val[row],
        ...(hasRet(op) ? { ret: events.ret[row] } : {}),
        count: after[row],
        stack: index.stack(events.stack[row] ?? 0),
      };
    }),
    suspicions: suspicionsOf(history).map((one) => suspicionJson(one, history)),
  };
}

function suspicionJson({ kind, certainty, text, rows }: Suspicion, { timeline }: PageHistory): object {
  return { kind, certainty, text, lines: rows.map((row) => timeline.events.line[row]) };
}
