/** What one console says, or one caller of printk: dumps of pages, and the reports around them. */

import { cardOf, dumpOf } from './cards.ts';
import type { LogLine } from './carrier.ts';
import { beginsFlagsLine, beginsPageLine, parseFlagsLine, parsePageLine } from './dump-lines.ts';
import { type Draft, DumpReader } from './dump-reader.ts';
import type { DecodedItem } from './item.ts';
import { type Headline, isCallTrace, parseCpuLine, parseHeadline, parseStackLine, type Splat } from './splat.ts';

/** Lines that a mail program makes of one. */
const MOST_WRAPPED = 4;
/** Symbols of a call trace that are kept. */
const MOST_SYMBOLS = 64;
/** How far a dump may be from the report it belongs to. */
const NEAR = 12;

/** A report whose lines are still coming. */
interface OpenSplat {
  readonly head: Headline;
  readonly line: number;
  pid: number | null;
  comm: string;
  kernel: string;
  readonly stack: string[];
  inTrace: boolean;
}

export class Console {
  private readonly dumps: DumpReader;
  private readonly item: (item: DecodedItem) => void;
  private readonly unread: (line: number, text: string) => void;
  /** The line that may go on in the next one. */
  private wrapped: { text: string; line: number; lines: number } | null = null;
  /** A bad page's headline, whose dump comes next. */
  private announced: OpenSplat | null = null;
  /** The report that CPU line and call trace belong to. */
  private current: OpenSplat | null = null;
  private readonly splats = new Map<Draft, OpenSplat>();

  constructor(item: (item: DecodedItem) => void, unread: (line: number, text: string) => void) {
    this.item = item;
    this.unread = unread;
    this.dumps = new DumpReader((draft) => this.finish(draft));
  }

  /** @returns whether the line was one of a dump or of a report. */
  line(line: LogLine): boolean {
    if (this.joined(line)) return true;
    if (beginsPageLine(line.text) || beginsFlagsLine(line.text) || isBareRaw(line.text)) {
      this.wrapped = { text: line.text, line: line.line, lines: 1 };
      if (parsePageLine(line.text) === null) return true;
    }
    return this.plain(line);
  }

  /** A blank line: nothing goes on behind it. */
  blank(): void {
    this.giveUp();
  }

  end(): void {
    this.giveUp();
    this.dumps.end();
    this.endAnnounced();
  }

  /** Tries the line as what a mail program has wrapped off the line before. */
  private joined(line: LogLine): boolean {
    const { wrapped } = this;
    if (wrapped === null) return false;
    const text = `${wrapped.text} ${line.text}`;
    const page = beginsPageLine(wrapped.text);
    const whole = page ? parsePageLine(text) : parseFlagsLine(text);
    const isRaw = isBareRaw(wrapped.text);
    if (
      isRaw ? /^(?:[0-9a-f]{16}|[0-9a-f]{8})\b/.test(line.text) : whole !== null && parsePageLine(wrapped.text) === null
    ) {
      this.wrapped = null;
      return this.plain({ ...line, text, line: wrapped.line });
    }
    const more =
      !isRaw && wrapped.lines < MOST_WRAPPED && parsePageLine(wrapped.text) === null && !startsAnew(line.text);
    if (more) {
      this.wrapped = { text, line: wrapped.line, lines: wrapped.lines + 1 };
      return true;
    }
    this.giveUp();
    return false;
  }

  /** The rest of a line never came. */
  private giveUp(): void {
    const { wrapped } = this;
    this.wrapped = null;
    if (wrapped === null || parsePageLine(wrapped.text) !== null) return;
    if (beginsPageLine(wrapped.text) || wrapped.text.includes('flags: 0x')) this.unread(wrapped.line, wrapped.text);
  }

  private plain(line: LogLine): boolean {
    const headline = parseHeadline(line.text);
    if (headline !== null) {
      this.report(headline, line.line);
      return true;
    }
    const { latest } = this.dumps;
    if (this.dumps.line(line)) {
      const draft = this.dumps.latest;
      if (draft !== null && draft !== latest) this.introduce(draft, line.line);
      return true;
    }
    return this.rest(line);
  }

  /** The dump that a report of a bad page announced. */
  private introduce(draft: Draft, line: number): void {
    const { announced } = this;
    if (announced?.head.kind !== 'bad-page' || line - announced.line > NEAR) return;
    this.splats.set(draft, announced);
    this.announced = null;
  }

  /** CPU line and call trace of the report. */
  private rest({ text }: LogLine): boolean {
    const { current } = this;
    if (current === null) return false;
    const cpu = parseCpuLine(text);
    if (cpu !== null) {
      current.pid = cpu.pid;
      current.comm = cpu.comm;
      current.kernel = cpu.kernel;
      return true;
    }
    if (isCallTrace(text)) {
      current.inTrace = current.stack.length === 0;
      return true;
    }
    if (!current.inTrace) return false;
    const symbol = parseStackLine(text);
    if (symbol === null) {
      current.inTrace = false;
      return false;
    }
    if (symbol !== '' && current.stack.length < MOST_SYMBOLS) current.stack.push(symbol);
    return true;
  }

  private report(head: Headline, line: number): void {
    const splat: OpenSplat = { head, line, pid: head.pid, comm: head.comm, kernel: '', stack: [], inTrace: false };
    const { latest } = this.dumps;
    if (head.kind === 'bad-page') {
      this.endAnnounced();
      this.dumps.end();
      this.announced = splat;
    } else if (latest !== null && line - latest.last <= NEAR && !this.splats.has(latest)) {
      // VM_BUG_ON_PAGE() dumps the page first.
      this.splats.set(latest, splat);
    } else {
      this.endAnnounced();
      this.announced = splat;
    }
    this.current = splat;
  }

  /** A report whose dump never came. */
  private endAnnounced(): void {
    const { announced } = this;
    this.announced = null;
    if (announced === null || !isAboutPages(announced)) return;
    this.item({ kind: 'splat', line: announced.line, splat: splatOf(announced) });
  }

  private finish(draft: Draft): void {
    const splat = this.splats.get(draft);
    this.splats.delete(draft);
    this.item({ kind: 'page', card: cardOf(dumpOf(draft, splat === undefined ? null : splatOf(splat))) });
  }
}

/** A line that nothing of a wrapped one looks like. */
function startsAnew(text: string): boolean {
  return (
    beginsPageLine(text) ||
    /^(?:head:|raw:|page dumped|aops:|memcg:|page_type:|anon flags|flags:|BUG:|CPU:|Call )/.test(text)
  );
}

/** `raw:` alone: mail programs break behind it. */
function isBareRaw(text: string): boolean {
  return /^(?:raw|head):$/.test(text);
}

/** Warnings and BUGs about anything else are none of ours. */
function isAboutPages({ head, stack }: OpenSplat): boolean {
  return (
    head.kind === 'bad-page' ||
    /\bmm\/|page|folio|gup/.test(head.headline) ||
    stack.some((s) => /gup|pin_user|put_page|folio_put/.test(s))
  );
}

function splatOf({ head, line, pid, comm, kernel, stack }: OpenSplat): Splat {
  return { ...head, line, pid, comm, kernel, stack };
}
