/** Traces written by tests: a line for each event, with the count that a kernel would have printed. */
import type { RefOp } from '../../../main/recordings/format/page-ref.ts';
import { hasRet, REF_OPS } from '../../../main/recordings/traces/event-batch.ts';
import { type Account, accountsOf } from '../../../main/recordings/traces/suspicion.ts';
import { type Timeline, timelineOf } from '../../../main/recordings/traces/timeline.ts';
import { type PinWindow, pinWindows } from '../../../main/recordings/traces/windows.ts';
import { eventsOf, type Scanned, scanText } from './scan.ts';

export interface Written {
  readonly op: RefOp;
  readonly val: number;
  readonly ret?: number;
  readonly task?: string;
  readonly count: number;
  readonly mapcount?: number;
  readonly flags?: string;
  readonly stack?: readonly string[];
}

export const PFN = 0x1234;

export function lineOf(event: Written, i: number): string {
  const { op, val, ret = 0, task = 'a-1', count, mapcount = 0, flags = 'uptodate|lru|swapbacked', stack = [] } = event;
  const tail = hasRet(REF_OPS.indexOf(op)) ? ` ret=${ret}` : '';
  const at = `${task} [000] ..... ${i + 1}.000000`;
  const line =
    `${at}: page_ref_${op}: pfn=0x${PFN.toString(16)} flags=${flags} count=${count} ` +
    `mapcount=${mapcount} mapping=ffff888000af2271 mt=1 val=${val}${tail}`;
  if (stack.length === 0) return line;
  return [line, `${at}: <stack trace>`, ...stack.map((symbol) => ` => ${symbol}`)].join('\n');
}

export interface Examined {
  readonly scanned: Scanned;
  readonly timeline: Timeline;
  readonly accounts: readonly Account[];
  readonly windows: readonly PinWindow[];
}

export function examine(events: readonly Written[]): Examined {
  const scanned = scanText(`${events.map(lineOf).join('\n')}\n`);
  const timeline = timelineOf(PFN, eventsOf(scanned, PFN));
  const accounts = accountsOf(timeline, scanned);
  const moves = accounts.flatMap((account) => account.moves);
  return { scanned, timeline, accounts, windows: pinWindows(timeline, moves, scanned) };
}

export const get = (count: number, more: Partial<Written> = {}): Written => ({
  op: 'mod_unless',
  val: 1,
  ret: 1,
  count,
  ...more,
});
export const put = (count: number, more: Partial<Written> = {}): Written => ({
  op: 'mod_and_test',
  val: -1,
  ret: count === 0 ? 1 : 0,
  count,
  ...more,
});
/** The two halves of a fast pin; `count` is the count before. */
export const pin = (count: number, more: Partial<Written> = {}): Written[] => [
  get(count + 1, more),
  { op: 'mod', val: 1023, count: count + 1024, ...more },
];
export const unpin = (count: number, more: Partial<Written> = {}): Written => ({
  op: 'mod_and_test',
  val: -1024,
  ret: count === 0 ? 1 : 0,
  count,
  ...more,
});
