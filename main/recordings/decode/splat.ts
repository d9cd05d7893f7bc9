/** Reports around a page: "BUG: Bad page state", "kernel BUG at", WARNINGs, with the CPU line and the call trace. */

export interface Splat {
  readonly kind: 'bad-page' | 'BUG' | 'WARNING' | 'KASAN';
  /** Line of the input that it begins in. */
  readonly line: number;
  /** Its first line's words. */
  readonly headline: string;
  /** `mm/gup.c:73`; empty where not printed. */
  readonly where: string;
  /** Page frame number of a bad page. */
  readonly pfn: number | null;
  readonly comm: string;
  readonly pid: number | null;
  /** `6.1.192-groundtruth`; empty where not printed. */
  readonly kernel: string;
  /** Symbols, innermost first. */
  readonly stack: readonly string[];
}

export type Headline = Omit<Splat, 'line' | 'stack' | 'kernel'>;

/** The line that a report begins with, or null. */
export function parseHeadline(text: string): Headline | null {
  const bad = /\bBUG: Bad page state in process (.{1,64}?) {1,4}pfn:([0-9a-f]{1,13})\b/.exec(text);
  if (bad !== null) {
    const pfn = Number.parseInt(bad[2] ?? '', 16);
    return { kind: 'bad-page', headline: bad[0], where: '', pfn, comm: bad[1] ?? '', pid: null };
  }
  const bug = /\bkernel BUG at (\S{1,128}:\d{1,6})!/.exec(text);
  if (bug !== null) {
    return { kind: 'BUG', headline: bug[0], where: bug[1] ?? '', pfn: null, comm: '', pid: null };
  }
  const warning = /\bWARNING: (?:CPU: \d{1,5} PID: (\d{1,10}) at )?(\S{1,128}:\d{1,6})(?: at)? (\S{1,128})/.exec(text);
  if (warning !== null) {
    const pid = warning[1] === undefined ? null : Number(warning[1]);
    return { kind: 'WARNING', headline: warning[0], where: warning[2] ?? '', pfn: null, comm: '', pid };
  }
  const kasan = /\bBUG: KASAN: \S{1,64} in (\S{1,128})/.exec(text);
  if (kasan === null) return null;
  return { kind: 'KASAN', headline: kasan[0], where: kasan[1] ?? '', pfn: null, comm: '', pid: null };
}

const SUPPRESSED = /\bBUG: Bad page state: (\d{1,10}) messages suppressed/;

/** How many reports of bad pages were not printed; null for other lines. */
export function parseSuppressed(text: string): number | null {
  const count = SUPPRESSED.exec(text)?.[1];
  return count === undefined ? null : Number(count);
}

const CPU =
  /\bCPU: \d{1,5} (?:UID: \d{1,10} )?PID: (\d{1,10}) Comm: (.{1,64}?) (?:Not tainted|Tainted: .{1,80}?) {1,6}(\d\S{2,64})/;

/** `CPU: 1 PID: 89 Comm: gt Not tainted 6.1.192 #1`. */
export function parseCpuLine(text: string): Pick<Splat, 'pid' | 'comm' | 'kernel'> | null {
  const match = CPU.exec(text);
  if (match === null) return null;
  return { pid: Number(match[1]), comm: match[2] ?? '', kernel: match[3] ?? '' };
}

export function isCallTrace(text: string): boolean {
  return /^Call [Tt]race:/.test(text);
}

const SYMBOL = /^(?:\[<[0-9a-f]{1,16}>\] ?)?\??\(? ?([A-Za-z_][\w.$]{0,127})\)?(?:\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8})/;
const BRACKET = /^<\/?(?:TASK|IRQ|NMI|SOFTIRQ|#\w{1,4})>$/;

/** A line of a call trace: its symbol, '' for its marks (`<TASK>`) and guesses (`? symbol`), null for the line after it. */
export function parseStackLine(text: string): string | null {
  if (BRACKET.test(text)) return '';
  const guess = text.startsWith('?');
  const symbol = SYMBOL.exec(text)?.[1];
  if (symbol === undefined) return null;
  return guess ? '' : symbol;
}
