/** What `gupbook decode` does. */
import { InputError, shown } from '../lab/input-error.ts';
import { itemsText } from '../recordings/decode/card-text.ts';
import { Collector, type Findings } from '../recordings/decode/collector.ts';
import type { DecodedItem } from '../recordings/decode/item.ts';
import type { TraceIndex } from '../recordings/traces/index-reader.ts';
import { readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { Status } from './status.ts';
import { number } from './text.ts';
import { printable, readTrace } from './trace-input.ts';
import { suspectsIn, traceJson, traceText } from './trace-report.ts';
import { VERSION } from './version.ts';

/** Unread lines that are shown. */
const MOST_UNREAD = 20;
const LISTED_PAGES = 10;

export async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('decode', argv, { json: { type: 'string' } });
  if (values.json !== undefined && values.json !== '-') throw usage('decode', '--json takes - only');
  const [path = '-', ...more] = positionals;
  if (more.length > 0) throw usage('decode', 'name one file, or none for standard input');
  const collector = new Collector();
  const { index, close } = await readTrace(path, io, null, (text, line) => collector.line(text, line));
  try {
    const findings = collector.end();
    const { tally } = index.about();
    if (findings.itemCount === 0 && tally.events === 0) throw nothingIn(path, findings, tally.damaged);
    io.out(values.json === '-' ? `${JSON.stringify(jsonOf(findings, index))}\n` : printable(textOf(findings, index)));
  } finally {
    await close();
  }
  return Status.asExpected;
}

function nothingIn(path: string, { unread, unreadCount }: Findings, damaged: number): InputError {
  const name = path === '-' ? 'standard input' : shown(path);
  const [first] = unread;
  if (first !== undefined) {
    return new InputError(
      `nothing in ${name} can be read: ${unreadCount} lines are cut, the first is line ${first.line}`,
    );
  }
  if (damaged > 0) return new InputError(`nothing in ${name} can be read: all ${damaged} page_ref events are damaged`);
  return new InputError(`nothing in ${name} is a dump of a page, a report about one, or a page_ref event`);
}

function textOf({ items, unread, itemCount, unreadCount }: Findings, index: TraceIndex): string {
  const parts = [itemsText(items)];
  if (itemCount > items.length) parts.push(`and ${number(itemCount - items.length)} more\n`);
  if (index.about().tally.events > 0) parts.push(traceText(index, suspectsIn(index, LISTED_PAGES), LISTED_PAGES));
  const cut = unread.slice(0, MOST_UNREAD).map(({ line, text }) => `line ${line} cannot be read: ${text}\n`);
  if (unreadCount > MOST_UNREAD) cut.push(`and ${number(unreadCount - MOST_UNREAD)} more lines\n`);
  parts.push(cut.join(''));
  return parts.filter((part) => part !== '').join('\n');
}

function jsonOf({ items, unread, itemCount, unreadCount }: Findings, index: TraceIndex): object {
  const hasEvents = index.about().tally.events > 0;
  return {
    gupbook: VERSION,
    items: items.map(plain),
    itemCount,
    unread,
    unreadCount,
    ...(hasEvents ? { trace: traceJson(index, suspectsIn(index, LISTED_PAGES)) } : {}),
  };
}

/** JSON has no 64-bit integers: counters and flags become text. */
function plain(item: DecodedItem): object {
  switch (item.kind) {
    case 'vmstat': {
      const { line, acquired, released } = item.counters;
      return { kind: item.kind, line, acquired: String(acquired), released: String(released) };
    }
    case 'kpageflags':
      return { kind: item.kind, ...item.flags, word: `0x${item.flags.word.toString(16)}` };
    default:
      return item;
  }
}
