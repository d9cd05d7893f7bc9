/** page_ref events as columns: a trace of millions of them fits where as many objects would not. */
import type { RefOp } from '../format/page-ref.ts';

/** Operations by their number in {@link EventBatch.op}. */
export const REF_OPS: readonly RefOp[] = [
  'set',
  'mod',
  'mod_and_test',
  'mod_and_return',
  'mod_unless',
  'freeze',
  'unfreeze',
];

/** Numbers of {@link REF_OPS}. */
export const Ref = {
  set: 0,
  mod: 1,
  mod_and_test: 2,
  mod_and_return: 3,
  mod_unless: 4,
  freeze: 5,
  unfreeze: 6,
} as const;

/** Whether the tracepoint of an operation prints `ret=`. */
export function hasRet(op: number): boolean {
  return op >= Ref.mod_and_test && op <= Ref.freeze;
}

/** Where an event happened: {@link EventBatch.context}. */
export const Context = { task: 0, softirq: 1, hardirq: 2, nmi: 3 } as const;

/** {@link EventBatch.cpu} of a line that does not name its CPU. */
export const NO_CPU = 0xffff;

/** Columns of `capacity` events, of which the first `length` are filled. */
export class EventBatch {
  length = 0;
  readonly capacity: number;
  /** 1-based line of the file. */
  readonly line: Float64Array;
  /** Nanoseconds on the trace's clock. */
  readonly time: Float64Array;
  readonly pfn: Float64Array;
  /** Number of the task in the names of the trace; 0 unknown. */
  readonly task: Uint32Array;
  /** Number of the stack; 0 none. */
  readonly stack: Uint32Array;
  /** Number of the text behind `flags=`. */
  readonly flags: Uint32Array;
  readonly count: Int32Array;
  readonly mapcount: Int32Array;
  readonly mappingHigh: Uint32Array;
  readonly mappingLow: Uint32Array;
  readonly val: Int32Array;
  /** 0 for operations that print none. */
  readonly ret: Int32Array;
  readonly cpu: Uint16Array;
  readonly op: Uint8Array;
  readonly context: Uint8Array;
  readonly mt: Int8Array;
  /** The columns in the order of {@link COLUMNS}, as unsigned numbers of their width. */
  readonly raw: readonly RawColumn[];

  constructor(capacity: number) {
    this.capacity = capacity;
    this.line = new Float64Array(capacity);
    this.time = new Float64Array(capacity);
    this.pfn = new Float64Array(capacity);
    this.task = new Uint32Array(capacity);
    this.stack = new Uint32Array(capacity);
    this.flags = new Uint32Array(capacity);
    this.count = new Int32Array(capacity);
    this.mapcount = new Int32Array(capacity);
    this.mappingHigh = new Uint32Array(capacity);
    this.mappingLow = new Uint32Array(capacity);
    this.val = new Int32Array(capacity);
    this.ret = new Int32Array(capacity);
    this.cpu = new Uint16Array(capacity);
    this.op = new Uint8Array(capacity);
    this.context = new Uint8Array(capacity);
    this.mt = new Int8Array(capacity);
    this.raw = COLUMNS.map((name) => rawOf(this[name]));
  }
}

type RawColumn = Float64Array | Uint32Array | Uint16Array | Uint8Array;

function rawOf(column: EventBatch[(typeof COLUMNS)[number]]): RawColumn {
  const { buffer, length, BYTES_PER_ELEMENT: width } = column;
  if (width === 8) return new Float64Array(buffer, 0, length);
  if (width === 4) return new Uint32Array(buffer, 0, length);
  return width === 2 ? new Uint16Array(buffer, 0, length) : new Uint8Array(buffer, 0, length);
}

/** All columns, for code that treats them alike. Their order is part of the index's format. */
export const COLUMNS = [
  'line',
  'time',
  'pfn',
  'task',
  'stack',
  'flags',
  'count',
  'mapcount',
  'mappingHigh',
  'mappingLow',
  'val',
  'ret',
  'cpu',
  'op',
  'context',
  'mt',
] as const satisfies readonly (keyof EventBatch)[];

export function moveRow(batch: EventBatch, from: number, to: number): void {
  for (const column of batch.raw) column[to] = column[from] ?? 0;
}

/** Copies the events of `from` that `order` names into `to`, in that order, and sets its length. */
export function gather(from: EventBatch, order: Uint32Array, to: EventBatch): void {
  for (let k = 0; k < from.raw.length; k++) {
    const [source, target] = [from.raw[k], to.raw[k]];
    if (source instanceof Float64Array && target instanceof Float64Array) gather64(source, order, target);
    else if (source instanceof Uint32Array && target instanceof Uint32Array) gather32(source, order, target);
    else if (source instanceof Uint16Array && target instanceof Uint16Array) gather16(source, order, target);
    else if (source instanceof Uint8Array && target instanceof Uint8Array) gather8(source, order, target);
  }
  to.length = order.length;
}

// A loop for each width: one over all of them would be compiled for none.

function gather64(source: Float64Array, order: Uint32Array, target: Float64Array): void {
  for (let i = 0; i < order.length; i++) target[i] = source[order[i] ?? 0] ?? 0;
}

function gather32(source: Uint32Array, order: Uint32Array, target: Uint32Array): void {
  for (let i = 0; i < order.length; i++) target[i] = source[order[i] ?? 0] ?? 0;
}

function gather16(source: Uint16Array, order: Uint32Array, target: Uint16Array): void {
  for (let i = 0; i < order.length; i++) target[i] = source[order[i] ?? 0] ?? 0;
}

function gather8(source: Uint8Array, order: Uint32Array, target: Uint8Array): void {
  for (let i = 0; i < order.length; i++) target[i] = source[order[i] ?? 0] ?? 0;
}
