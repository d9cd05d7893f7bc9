/** A page of a trace as text: its events with the reconstructed count, and what is to be said about them. */
import { type EventBatch, hasRet, REF_OPS } from './event-batch.ts';
import type { PageSummary } from './page-table.ts';
import { type Account, accountsOf, type Source, type Suspicion } from './suspicion.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { type PinWindow, pinWindows } from './windows.ts';

/** Everything that is known of one page. */
export interface PageHistory {
  readonly timeline: Timeline;
  readonly accounts: readonly Account[];
  readonly windows: readonly PinWindow[];
}

export function historyOf(pfn: number, events: EventBatch, source: Source): PageHistory {
  const timeline = timelineOf(pfn, events);
  const accounts = accountsOf(timeline, source);
  const moves = accounts.flatMap((account) => account.moves);
  return { timeline, accounts, windows: pinWindows(timeline, moves, source) };
}

export function suspicionsOf({ accounts }: PageHistory): readonly Suspicion[] {
  return accounts.flatMap(({ suspicions }) => suspicions);
}

/** One line about a page: for lists. */
export function summaryText({ pfn, events, firstLine, lastLine, before, after, low, high, gaps }: PageSummary): string {
  const parts = [
    `pfn ${hex(pfn)}`,
    `${events} event${events === 1 ? '' : 's'}`,
    firstLine === lastLine ? `line ${firstLine}` : `lines ${firstLine}-${lastLine}`,
    `count ${before} -> ${after}`,
  ];
  if (low < Math.min(before, after) || high > Math.max(before, after)) parts.push(`between ${low} and ${high}`);
  if (gaps > 0) parts.push(`events missing at ${gaps} place${gaps === 1 ? '' : 's'}`);
  return parts.join(', ');
}

/** Rows of a timeline that are shown before some are left out in the middle. */
const MOST_ROWS = 400;

export function historyText(history: PageHistory, source: Source): string {
  const { timeline } = history;
  const n = timeline.events.length;
  const lines = [`pfn ${hex(timeline.pfn)}: ${n} events, count ${timeline.before} before the first`];
  const rows = rowTexts(history, source);
  if (n <= MOST_ROWS) lines.push(...rows(0, n));
  else {
    lines.push(...rows(0, MOST_ROWS / 2), `  ... ${n - MOST_ROWS} more ...`, ...rows(n - MOST_ROWS / 2, n));
  }
  const said = suspicionsOf(history).map(({ kind, certainty, text }) => `${kind} (${certainty}): ${text}`);
  said.push(...history.windows.map((window) => windowText(timeline, window)).slice(0, 20));
  if (said.length > 0) lines.push('', ...said);
  return `${lines.join('\n')}\n`;
}

function rowTexts({ timeline, accounts }: PageHistory, source: Source): (from: number, to: number) => string[] {
  const { events, after } = timeline;
  const notes = new Map<number, string>();
  for (const { moves, pairing } of accounts) {
    for (const { take, release } of pairing.pairs) {
      const [taken, given] = [moves[take], moves[release]];
      if (taken === undefined || given === undefined) continue;
      notes.set(given.row, `gives back line ${events.line[taken.row]}`);
    }
    for (const { row, lastRow, role } of moves) {
      if (lastRow !== row) notes.set(row, `with line ${events.line[lastRow]} one pin`);
      if (role !== null) notes.set(row, [notes.get(row), `${role.symbol}()`].filter(Boolean).join(', '));
    }
  }
  const first = events.time[0] ?? 0;
  return (from, to) => {
    const lines: string[] = [];
    for (let row = from; row < to; row++) {
      const op = events.op[row] ?? 0;
      const ret = hasRet(op) ? ` ret=${events.ret[row]}` : '';
      const note = notes.get(row);
      lines.push(
        [
          `  ${String(events.line[row]).padStart(8)}`,
          seconds((events.time[row] ?? 0) - first).padStart(12),
          source.task(events.task[row] ?? 0).padEnd(18),
          `${REF_OPS[op]} ${signed(events.val[row] ?? 0)}${ret}`.padEnd(26),
          String(after[row]).padStart(7),
          note === undefined ? '' : ` ${note}`,
        ]
          .join(' ')
          .trimEnd(),
      );
    }
    return lines;
  };
}

export function windowText({ events }: Timeline, { kind, from, to, peak }: PinWindow): string {
  const range = to === null ? `from line ${events.line[from]} on` : `lines ${events.line[from]}-${events.line[to]}`;
  return kind === 'false positive'
    ? `${range}: page_maybe_dma_pinned() says yes without a pin: the count reaches ${peak}`
    : `${range}: a pin is being taken and does not read as one yet`;
}

function seconds(nanoseconds: number): string {
  return `+${(nanoseconds / 1e9).toFixed(6)}`;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
