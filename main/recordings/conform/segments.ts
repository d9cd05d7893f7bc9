/** Cuts a trace at the markers that the recording program wrote: what lies before a marker belongs to its step. */
import type { TraceEntry } from '../format/ftrace.ts';
import type { RecordedEvent } from './expectation.ts';

export interface Segment {
  /** The step's name as the marker gives it; null for what follows the last step. */
  readonly step: string | null;
  readonly events: readonly RecordedEvent[];
}

const AFTER = /^GT \S+: after (.*) = -?\d+$/;
const END = /^GT \S+: end$/;

export interface Segments {
  readonly segments: readonly Segment[];
  /** Whether the program's last marker is there: if not, the last segment is a beginning. */
  readonly whole: boolean;
  /** Lines that could not be read, and places where the kernel lost events. */
  readonly damage: readonly string[];
}

/** `pid` is the recording program; its children have higher pids and the same command name. */
export function segmentsOf(trace: readonly TraceEntry[], comm: string): Segments {
  const segments: Segment[] = [];
  const damage: string[] = [];
  let events: RecordedEvent[] = [];
  let whole = false;
  for (const entry of trace) {
    switch (entry.kind) {
      case 'page_ref': {
        const own = entry.origin !== null && entry.origin.comm === comm && entry.origin.context === 'task';
        events.push({ ref: entry.ref, line: entry.line, own });
        break;
      }
      case 'marker': {
        const step = AFTER.exec(entry.text)?.[1];
        if (step !== undefined) {
          segments.push({ step, events });
          events = [];
        }
        whole ||= END.test(entry.text);
        break;
      }
      case 'lost':
        damage.push(`line ${entry.line}: the kernel lost events`);
        break;
      case 'unreadable':
        damage.push(`line ${entry.line} cannot be read`);
        break;
      default:
    }
  }
  segments.push({ step: null, events });
  return { segments, whole, damage };
}

/** The program that wrote the markers, by its command name; null where the trace holds none. */
export function writerOf(trace: readonly TraceEntry[]): string | null {
  for (const entry of trace) if (entry.kind === 'marker' && entry.origin !== null) return entry.origin.comm;
  return null;
}
