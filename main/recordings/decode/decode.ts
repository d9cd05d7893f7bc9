/**
 * Reads what kernels print about pages, out of whatever it was pasted into. Lines are fed one by one; nothing is ever
 * thrown, and what looks like a kernel's line about a page and cannot be read is counted with its line number.
 */
import { fromQuotedPrintable, isQuotedPrintable, type LogLine, logLine } from './carrier.ts';
import { Console } from './console.ts';
import { parseGupTest } from './gup-test.ts';
import { type DecodedItem, firstLine, type UnreadLine } from './item.ts';
import { parseKpageflags } from './kpageflags.ts';
import { OwnerReader } from './owner.ts';
import { parseSuppressed } from './splat.ts';
import { VmstatReader } from './vmstat.ts';

export interface DecodeTally {
  lines: number;
  items: number;
  unread: number;
}

/** Unread lines that are handed out; more are only counted. */
export const MOST_UNREAD = 1000;
/** Consoles that are told apart. */
const MOST_CALLERS = 64;

export interface DecodeSink {
  item(item: DecodedItem): void;
  unread(line: UnreadLine): void;
}

export class Decoder {
  readonly tally: DecodeTally = { lines: 0, items: 0, unread: 0 };
  private readonly sink: DecodeSink;
  private readonly consoles = new Map<string, Console>();
  private readonly vmstat = new VmstatReader();
  private readonly owner = new OwnerReader();
  /** The beginning of a line that quoted-printable has broken. */
  private broken: { text: string; line: number } | null = null;

  constructor(sink: DecodeSink) {
    this.sink = sink;
  }

  /** The next line of the input, without its end. `line`: its number, where lines before it went elsewhere. */
  line(raw: string, line = this.tally.lines + 1): void {
    this.tally.lines = line;
    const text = this.broken === null ? raw : this.broken.text + raw;
    const first = this.broken?.line ?? line;
    this.broken = null;
    if (!isQuotedPrintable(text)) {
      this.take(logLine(text, first));
      return;
    }
    if (text.endsWith('=') && text.length < 2000) this.broken = { text: text.slice(0, -1), line: first };
    else this.take(logLine(fromQuotedPrintable(text), first));
  }

  end(): void {
    if (this.broken !== null) this.take(logLine(fromQuotedPrintable(this.broken.text), this.broken.line));
    this.broken = null;
    this.endOwner();
    const half = this.vmstat.end();
    if (half !== null) this.unread(half, 'nr_foll_pin_acquired and nr_foll_pin_released come in pairs: one is missing');
    for (const console of this.consoles.values()) console.end();
  }

  private take(line: LogLine): void {
    if (line.text === '') {
      this.endOwner();
      for (const console of this.consoles.values()) console.blank();
      return;
    }
    if (this.owner.line(line.text, line.line)) return;
    this.endOwner();
    if (this.console(line.caller).line(line)) return;
    this.other(line);
  }

  private other({ text, line }: LogLine): void {
    const counters = this.vmstat.line(text, line);
    if (counters !== null) {
      if (counters !== 'half') this.item({ kind: 'vmstat', counters });
      return;
    }
    const suppressed = parseSuppressed(text);
    if (suppressed !== null) {
      this.item({ kind: 'suppressed', line, reports: suppressed });
      return;
    }
    const said = parseGupTest(text);
    if (said !== null) {
      this.item({ kind: 'gup_test', line, said });
      return;
    }
    const flags = parseKpageflags(text, line);
    if (flags !== null) {
      this.item({ kind: 'kpageflags', flags });
      return;
    }
    if (looksLikeOurs(text)) this.unread(line, text);
  }

  private console(caller: string): Console {
    const known = this.consoles.get(caller);
    if (known !== undefined) return known;
    const made = new Console(
      (item) => this.item(item),
      (line, text) => this.unread(line, text),
    );
    if (this.consoles.size < MOST_CALLERS) this.consoles.set(caller, made);
    return made;
  }

  private endOwner(): void {
    const record = this.owner.end();
    if (record === null) return;
    if (record.pfn === null) this.unread(record.line, 'a page_owner record without its PFN line');
    else this.item({ kind: 'owner', record });
  }

  private item(item: DecodedItem): void {
    this.tally.items++;
    this.sink.item(item);
  }

  private unread(line: number, text: string): void {
    this.tally.unread++;
    if (this.tally.unread <= MOST_UNREAD) this.sink.unread({ line, text: text.slice(0, 200) });
  }
}

const OURS: readonly RegExp[] = [
  /\bpage:\S{0,32} ?(?:ref)?count:/,
  /\bBUG: Bad page state\b/,
  /\bnr_foll_pin_/,
  /^(?:raw|head): /,
  /^(?:anon |ksm )?flags: 0x/,
  /\bpage dumped because:/,
  /^Page allocated via order\b/,
];

/** Whether a line that nothing could read was most likely meant to be read. */
function looksLikeOurs(text: string): boolean {
  return OURS.some((pattern) => pattern.test(text));
}

/** Decodes a whole text; items in the order of their lines. */
export function decodeText(text: string): {
  readonly items: readonly DecodedItem[];
  readonly unread: readonly UnreadLine[];
  readonly tally: DecodeTally;
} {
  const items: DecodedItem[] = [];
  const unread: UnreadLine[] = [];
  const decoder = new Decoder({ item: (item) => items.push(item), unread: (line) => unread.push(line) });
  for (const line of text.split(/\r\n|\n|\r/)) decoder.line(line);
  decoder.end();
  items.sort((a, b) => firstLine(a) - firstLine(b));
  return { items, unread, tally: decoder.tally };
}
