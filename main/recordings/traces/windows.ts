/**
 * When page_maybe_dma_pinned() is wrong about a small page. It asks whether the count is at least 1024: plain references
 * can make it so (documented, harmless but slow), and between the two additions of a fast pin it is not so yet.
 */
import type { EventBatch } from './event-batch.ts';
import { BIAS, type Move, type NameLookup } from './moves.ts';
import type { Timeline } from './timeline.ts';

export interface PinWindow {
  /** `false positive`: reads as pinned, no pin is out. `not yet`: a pin is being taken and does not read as one. */
  readonly kind: 'false positive' | 'not yet';
  /** Rows of the event that opens the window and of the one that closes it; the latter is null at the trace's end. */
  readonly from: number;
  readonly to: number | null;
  /** The highest count in it. */
  readonly peak: number;
}

export function pinWindows(
  { events, after, before }: Timeline,
  moves: readonly Move[],
  names: NameLookup,
): PinWindow[] {
  if (isLarge(events, names)) return [];
  const windows: PinWindow[] = [];
  // Pins that were there before cannot be told from 1024 references; they get the benefit of the doubt.
  let pins = Math.max(0, Math.trunc(before / BIAS));
  let open: { from: number; peak: number } | null = null;
  let next = 0;
  const half = new Map<number, number>();
  for (let row = 0; row < events.length; row++) {
    for (let move = moves[next]; move !== undefined && move.row <= row; move = moves[++next]) {
      if (move.kind !== 'pin') continue;
      const units = Math.trunc(move.amount / BIAS);
      if (move.lastRow > move.row && move.amount > 0) {
        half.set(move.lastRow, units);
        const count = after[move.row] ?? 0;
        if (count < BIAS) windows.push({ kind: 'not yet', from: move.row, to: move.lastRow, peak: count });
      } else pins = Math.max(0, pins + units);
    }
    pins += half.get(row) ?? 0;
    const count = after[row] ?? 0;
    if (count >= BIAS && pins === 0) {
      open = open === null ? { from: row, peak: count } : { from: open.from, peak: Math.max(open.peak, count) };
    } else if (open !== null) {
      windows.push({ kind: 'false positive', from: open.from, to: row, peak: open.peak });
      open = null;
    }
  }
  if (open !== null) windows.push({ kind: 'false positive', from: open.from, to: null, peak: open.peak });
  return windows.sort((a, b) => a.from - b.from);
}

function isLarge(events: EventBatch, names: NameLookup): boolean {
  return events.length > 0 && `|${names.flags(events.flags[0] ?? 0)}|`.includes('|head|');
}
