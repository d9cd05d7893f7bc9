/** A block of events as bytes: the columns in the order of COLUMNS, each as its typed array, little-endian. */
import { COLUMNS, type EventBatch } from './event-batch.ts';

/** Bytes of the events from `from` up to `to`. */
export function packBlock(batch: EventBatch, from: number, to: number): Uint8Array {
  let bytes = 0;
  for (const name of COLUMNS) bytes += batch[name].BYTES_PER_ELEMENT * (to - from);
  const packed = new Uint8Array(bytes);
  let at = 0;
  for (const name of COLUMNS) {
    const { buffer, byteOffset, BYTES_PER_ELEMENT: width } = batch[name];
    const column = new Uint8Array(buffer, byteOffset + from * width, (to - from) * width);
    packed.set(column, at);
    at += column.length;
  }
  return packed;
}

/** Appends the events `from` up to `to` of a packed block of `events` to a batch that has room for them. */
export function unpackBlock(packed: Uint8Array, events: number, from: number, to: number, batch: EventBatch): void {
  let at = 0;
  for (const name of COLUMNS) {
    const { buffer, byteOffset, BYTES_PER_ELEMENT: width } = batch[name];
    const target = new Uint8Array(buffer, byteOffset + batch.length * width, (to - from) * width);
    target.set(packed.subarray(at + from * width, at + to * width));
    at += events * width;
  }
  batch.length += to - from;
}

/** Where the events of a page are in a packed block that is sorted by page: first and one behind the last. */
export function rangeOf(packed: Uint8Array, events: number, pfn: number): readonly [number, number] {
  const pfns = pfnsOf(packed, events);
  return [lowerBound(pfns, pfn), lowerBound(pfns, pfn + 1)];
}

/** The column that comes second, behind another of doubles. */
function pfnsOf(packed: Uint8Array, events: number): Float64Array {
  const pfns = new Float64Array(events);
  new Uint8Array(pfns.buffer).set(packed.subarray(events * 16, events * 24));
  return pfns;
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
