/** Lines of a trace that are no event: stacks, markers, notes of lost events. There are few of them, so texts will do. */

const BLANK = 32;
const TAB = 9;
const AMPERSAND = 38;
const EQUALS = 61;
const GREATER = 62;

/** Whether a line is `=> symbol`, as ftrace and trace-cmd print stacks. */
export function isStackLine(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  while (i < end && (bytes[i] === BLANK || bytes[i] === TAB)) i++;
  return i + 1 < end && bytes[i] === EQUALS && bytes[i + 1] === GREATER;
}

/** Whether a line is HTML's text: what quotes and `<idle>` begin with is spelled out. */
export function isMarkup(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  while (i < end && (bytes[i] === BLANK || bytes[i] === TAB)) i++;
  return i < end && bytes[i] === AMPERSAND;
}

export type OtherLine =
  | { readonly kind: 'marker'; readonly origin: Uint8Array; readonly text: string }
  /** A stack follows, of the event before by the same task. */
  | { readonly kind: 'stack'; readonly origin: Uint8Array }
  | { readonly kind: 'symbol'; readonly symbol: string }
  | { readonly kind: 'lost'; readonly lost: number | null; readonly cpu: number | null }
  /** Has an event's name in it, and is not of the other kinds. */
  | { readonly kind: 'event' }
  /** The second half of an event whose first half is elsewhere. */
  | { readonly kind: 'tail'; readonly bytes: Uint8Array }
  | { readonly kind: 'other' };

const MARKER = /\b(?:print: +)?(?:tracing_mark_write|print|bputs): ?(.*)$/;
const STACK = /(?:\bkernel_stack: +)?<stack trace ?>/;
const LOST = /\bLOST (\d+)? ?EVENTS\b|\[(\d+)? ?EVENTS DROPPED\]|\bPERF_RECORD_LOST lost (\d+)/;
const CPU = /\bCPU:? ?(\d{1,9})\b/;
/** `	ffffffff81234567 symbol+0x57 ([kernel.kallsyms])`, as perf script prints stacks. */
const PERF_SYMBOL = /^\s+[0-9a-f]{1,16} (\S.*?)(?: \([^()]*\))?\s*$/;
const NAME = /page_ref_(?:set|mod|mod_and_test|mod_and_return|mod_unless|freeze|unfreeze):/;
const TAIL = /\bmapping=\S* mt=-?\d+ val=/;

/** What a line is that {@link isStackLine} is not true of. */
export function classify(bytes: Uint8Array, start: number, end: number): OtherLine {
  if (end === start) return { kind: 'other' };
  const text = latin(bytes, start, end);
  const marker = MARKER.exec(text);
  if (marker?.[1] !== undefined && !NAME.test(text.slice(0, marker.index))) {
    const written = utf8(bytes.subarray(end - marker[1].length, end));
    return { kind: 'marker', origin: bytes.slice(start, start + marker.index), text: written };
  }
  const stack = STACK.exec(text);
  if (stack !== null) return { kind: 'stack', origin: bytes.slice(start, start + stack.index) };
  const lost = LOST.exec(text);
  if (lost !== null) {
    const count = lost[1] ?? lost[2] ?? lost[3];
    const cpu = CPU.exec(text)?.[1];
    return { kind: 'lost', lost: wholeOrNull(count), cpu: wholeOrNull(cpu) };
  }
  const symbol = PERF_SYMBOL.exec(text)?.[1];
  if (symbol !== undefined) return { kind: 'symbol', symbol };
  if (NAME.test(text)) return { kind: 'event' };
  return TAIL.test(text) ? { kind: 'tail', bytes: bytes.slice(start, end) } : { kind: 'other' };
}

function wholeOrNull(digits: string | undefined): number | null {
  if (digits === undefined) return null;
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : null;
}

const TEXT = new TextDecoder('latin1');

/** A letter a byte, so that indices agree. */
function latin(bytes: Uint8Array, start: number, end: number): string {
  return start === end ? '' : TEXT.decode(bytes.subarray(start, end));
}

function utf8(bytes: Uint8Array): string {
  return bytes.length === 0 ? '' : new TextDecoder().decode(bytes);
}
