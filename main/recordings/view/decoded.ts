/** What was found in a text, as the window shows it. */
import type { Decoded, DecodedCard } from '../../../preload/contract.ts';
import type { PageCard } from '../decode/card.ts';
import { cardLines, cardTitle, itemText } from '../decode/card-text.ts';
import type { Findings } from '../decode/collector.ts';
import type { TraceIndex } from '../traces/index-reader.ts';
import type { PageSummary } from '../traces/page-table.ts';
import { historyOf, summaryText, suspicionsOf } from '../traces/timeline-text.ts';

/** More would not be looked at. */
const MOST_CARDS = 200;
const MOST_OTHERS = 200;
const MOST_UNREAD = 50;
const MOST_PAGES = 500;
/** Pages whose events are looked into for suspicions, and events of each. */
const MOST_LOOKED_AT = 60;
const MOST_EVENTS = 20_000;

export function decodedView(decodedId: number, findings: Findings, index: TraceIndex): Decoded {
  const cards: DecodedCard[] = [];
  const others: string[] = [];
  for (const item of findings.items) {
    if (item.kind === 'page') cards.push(cardView(item.card));
    else others.push(itemText(item));
  }
  const unread = findings.unread.slice(0, MOST_UNREAD).map(({ line, text }) => `line ${line}: ${text}`);
  for (const { line, damage, text } of index.damaged().slice(0, MOST_UNREAD)) {
    unread.push(`line ${line} is ${damage}: ${text}`);
  }
  return {
    decodedId,
    source: index.about().source,
    cards: cards.slice(0, MOST_CARDS),
    others: others.slice(0, MOST_OTHERS),
    unread,
    trace: index.about().tally.events === 0 ? null : traceView(index),
  };
}

function cardView(card: PageCard): DecodedCard {
  return {
    title: cardTitle(card),
    count: card.count.sentence,
    lines: cardLines(card),
    odd: card.oddities.map(({ text }) => text),
    see: card.experiments.map(({ file, experiment }) => ({ file, experiment })),
  };
}

function traceView(index: TraceIndex): NonNullable<Decoded['trace']> {
  const { tally } = index.about();
  const parts = [`${tally.events} events of ${index.pageCount()} pages in ${tally.lines} lines`];
  if (tally.lost > 0) parts.push(`the tracer lost ${tally.lost}`);
  if (tally.damaged > 0) parts.push(`${tally.damaged} damaged`);
  const pages = index.pages('suspicion', MOST_PAGES).map((summary, i) => ({
    pfn: summary.pfn,
    text: summaryText(summary),
    suspicions: i < MOST_LOOKED_AT ? suspicionTexts(index, summary) : [],
  }));
  return { summary: parts.join(', '), pages };
}

function suspicionTexts(index: TraceIndex, { pfn }: PageSummary): string[] {
  const history = historyOf(pfn, index.events(pfn, MOST_EVENTS), index);
  return suspicionsOf(history)
    .filter(({ kind }) => kind !== 'still held')
    .map(({ kind, certainty, text }) => `${kind} (${certainty}): ${text}`);
}
