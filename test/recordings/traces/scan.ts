/** A trace's text as plain objects, for tests. */
import type { DamagedLine, LostEntry, MarkerEntry, Tally } from '../../../main/recordings/traces/entries.ts';
import { COLUMNS, EventBatch, REF_OPS } from '../../../main/recordings/traces/event-batch.ts';
import { mapcountForm } from '../../../main/recordings/traces/mapcount.ts';
import { TraceScanner } from '../../../main/recordings/traces/scanner.ts';
import type { Source } from '../../../main/recordings/traces/suspicion.ts';

export interface PlainEvent {
  readonly line: number;
  readonly time: number;
  readonly task: string;
  readonly cpu: number;
  readonly context: number;
  readonly op: string;
  readonly pfn: number;
  readonly flags: string;
  readonly count: number;
  readonly mapcount: number;
  readonly mapping: string;
  readonly mt: number;
  readonly val: number;
  readonly ret: number;
  readonly stack: readonly string[];
}

export interface Scanned extends Source {
  readonly events: readonly PlainEvent[];
  /** All events as columns. */
  readonly batch: EventBatch;
  readonly markers: readonly MarkerEntry[];
  readonly lost: readonly LostEntry[];
  readonly damaged: readonly DamagedLine[];
  readonly tally: Tally;
  readonly endedMidLine: boolean;
}

/** Scans bytes in the pieces given. `capacity`: events in a batch. */
export function scan(pieces: readonly Uint8Array[], capacity = 64): Scanned {
  const batches: EventBatch[] = [];
  const markers: MarkerEntry[] = [];
  const lost: LostEntry[] = [];
  const damaged: DamagedLine[] = [];
  const scanner = new TraceScanner(
    {
      events: (batch) => batches.push(copyOf(batch)),
      marker: (marker) => markers.push(marker),
      lost: (entry) => lost.push(entry),
      damaged: (line) => damaged.push(line),
    },
    capacity,
  );
  for (const piece of pieces) scanner.write(piece);
  scanner.end();
  const { names, tally, endedMidLine } = scanner;
  const batch = joined(batches);
  const stack = (id: number): string[] => (id === 0 ? [] : names.stacks.text(id).trimEnd().split('\n'));
  const events = Array.from({ length: batch.length }, (_, i): PlainEvent => {
    const at = (name: (typeof COLUMNS)[number]): number => batch[name][i] ?? Number.NaN;
    return {
      line: at('line'),
      time: at('time'),
      task: names.tasks.text(at('task')),
      cpu: at('cpu'),
      context: at('context'),
      op: REF_OPS[at('op')] ?? '',
      pfn: at('pfn'),
      flags: names.flags.text(at('flags')),
      count: at('count'),
      mapcount: at('mapcount'),
      mapping: `${at('mappingHigh').toString(16).padStart(8, '0')}${at('mappingLow').toString(16).padStart(8, '0')}`,
      mt: at('mt'),
      val: at('val'),
      ret: at('ret'),
      stack: stack(at('stack')),
    };
  });
  return {
    events,
    batch,
    markers,
    lost,
    damaged,
    tally,
    endedMidLine,
    mapcounts: mapcountForm(batch),
    task: (id) => names.tasks.text(id),
    flags: (id) => names.flags.text(id),
    stack,
  };
}

export function scanText(text: string): Scanned {
  return scan([new TextEncoder().encode(text)]);
}

/** The events of one page as columns. */
export function eventsOf({ batch }: Scanned, pfn: number): EventBatch {
  const rows = Array.from({ length: batch.length }, (_, i) => i).filter((i) => batch.pfn[i] === pfn);
  const page = new EventBatch(rows.length);
  rows.forEach((row, i) => {
    for (const name of COLUMNS) page[name][i] = batch[name][row] ?? 0;
  });
  page.length = rows.length;
  return page;
}

function copyOf(batch: EventBatch): EventBatch {
  const copy = new EventBatch(batch.length);
  for (const name of COLUMNS) copy[name].set(batch[name].subarray(0, batch.length));
  copy.length = batch.length;
  return copy;
}

function joined(batches: readonly EventBatch[]): EventBatch {
  const all = new EventBatch(batches.reduce((sum, { length }) => sum + length, 0));
  for (const batch of batches) {
    for (const name of COLUMNS) all[name].set(batch[name], all.length);
    all.length += batch.length;
  }
  return all;
}
