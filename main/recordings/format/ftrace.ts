/**
 * /sys/kernel/tracing/trace: lines of the form `comm-pid [cpu] flags seconds: event: fields`, trace_marker writes,
 * kernel stacks after an event, and notes of lost events. One line at a time, so that files of any size can be read.
 */
import { findPageRef, type PageRef, parsePageRef } from './page-ref.ts';

/** Who did it, where and when: the part before the event's name. */
export interface Origin {
  readonly comm: string;
  readonly pid: number;
  /** Null where the line does not name it. */
  readonly cpu: number | null;
  /** In a hard interrupt, a soft interrupt, or neither. */
  readonly context: 'task' | 'softirq' | 'hardirq';
  /** Seconds since boot. */
  readonly time: number;
}

export type TraceEntry =
  | { readonly kind: 'page_ref'; readonly line: number; readonly origin: Origin | null; readonly ref: PageRef }
  /** A line somebody wrote into trace_marker. */
  | { readonly kind: 'marker'; readonly line: number; readonly origin: Origin | null; readonly text: string }
  /** A symbol of the stack of the event before. */
  | { readonly kind: 'stack'; readonly line: number; readonly symbol: string }
  /** The kernel dropped events here. `events` is null where it does not say how many. */
  | { readonly kind: 'lost'; readonly line: number; readonly events: number | null }
  | { readonly kind: 'unreadable'; readonly line: number; readonly text: string };

const MARK = 'tracing_mark_write: ';
const MARKER = /\btracing_mark_write: (.*)$/;
const LOST = /\bLOST (\d+)? ?EVENTS\b/;
const STACK = /^\s*=> (.*)$/;
/** Other events, and the line that announces a stack. */
const EVENT = /\d: (?:\w+: |<stack trace>)/;

/** Reads one line; null for lines that say nothing: blanks, the header, events that are not page_ref. */
export function parseTraceLine(text: string, line: number): TraceEntry | null {
  const at = findPageRef(text);
  if (at >= 0 && !MARKER.test(text)) {
    const ref = parsePageRef(text, at);
    if (ref !== null) return { kind: 'page_ref', line, origin: parseOrigin(text.slice(0, at)), ref };
    // A symbol of a stack may be called page_ref_..., too.
    const symbol = STACK.exec(text)?.[1];
    return symbol === undefined ? { kind: 'unreadable', line, text } : { kind: 'stack', line, symbol };
  }
  const marker = MARKER.exec(text);
  if (marker !== null) {
    const [, written = ''] = marker;
    return { kind: 'marker', line, origin: parseOrigin(text.slice(0, text.indexOf(MARK))), text: written };
  }
  const symbol = STACK.exec(text)?.[1];
  if (symbol !== undefined) return { kind: 'stack', line, symbol };
  const lost = LOST.exec(text);
  if (lost !== null) return { kind: 'lost', line, events: lost[1] === undefined ? null : Number(lost[1]) };
  if (text.trim() === '' || text.startsWith('#') || EVENT.test(text)) return null;
  return { kind: 'unreadable', line, text };
}

const ORIGIN = /^\s*(.+)-(\d+)\s+(?:\[(\d+)\]\s+)?([^\s:]*)\s+(\d+(?:\.\d+)?)(us)?\s*:\s*$/;

/** The part before an event's name, or null where it is not of this form. */
export function parseOrigin(prefix: string): Origin | null {
  const match = ORIGIN.exec(prefix);
  if (match === null) return null;
  const [, comm = '', pid, cpu, flags = '', time, micro] = match;
  const seconds = Number(time) / (micro === undefined ? 1 : 1e6);
  return {
    comm: comm.trim(),
    pid: Number(pid),
    cpu: cpu === undefined ? null : Number(cpu),
    context: contextOf(flags),
    time: seconds,
  };
}

/** Third of the flag letters: h or H a hard interrupt, s a soft one, z and Z an NMI. */
function contextOf(flags: string): Origin['context'] {
  const letter = flags[2] ?? '.';
  if ('hHzZ'.includes(letter)) return 'hardirq';
  return letter === 's' ? 'softirq' : 'task';
}
