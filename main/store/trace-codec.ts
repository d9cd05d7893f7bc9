/**
 * Traces as bytes. A packed trace is a JSON header (the name tables) and the integer arrays, column by column, so that
 * equal values lie side by side; stored it is deflated. Equal traces pack to equal bytes, whatever order their objects'
 * keys had, so the hash of the packed bytes names the trace. Packing and unpacking is exact.
 *
 *     packed:  'GPT1'  headerBytes  words  steps  effects       (four 32-bit integers)
 *              header  UTF-8 JSON, padded with blanks to a multiple of 4
 *              initial[words]  then 12 columns of steps[steps]  then 3 columns of effects[effects]
 *
 * Integers are little-endian, as on every machine that Electron runs on.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import { EFFECT_STRIDE, STEP_STRIDE, stepCount, type Trace } from '../engine/trace.ts';

const MAGIC = 0x31_54_50_47;
const PROLOGUE_BYTES = 20;
/** A trace that unpacks to more is refused: it is damaged, or made to exhaust the memory. */
const MAX_PACKED_BYTES = 256 * 1024 * 1024;

/** The name tables as bare tuples: the keys of the objects would be half of a short trace. */
const headerShape = z.tuple([
  z.array(z.tuple([z.string(), z.enum(['task', 'irq', 'kthread'])])),
  z.array(
    z.tuple([
      z.string(),
      z.enum(['folio', 'page', 'mapping', 'lock', 'mm', 'cpu', 'file', 'user', 'ghost']),
      z.int(),
      z.int(),
    ]),
  ),
  z.array(z.tuple([z.string(), z.int(), z.string(), z.enum(['int', 'flags', 'page', 'entry', 'bool', 'seq'])])),
  z.array(z.array(z.tuple([z.string(), z.int(), z.int()]))),
  z.array(z.tuple([z.int(), z.enum(['WARN', 'BUG', 'bad-page', 'note', 'call']), z.string()])),
  z.string(),
  z.number(),
]);
type Header = z.infer<typeof headerShape>;

/** A trace as it is stored. */
export interface EncodedTrace {
  /** Deflated bytes, for {@link decodeTrace}. */
  readonly body: Uint8Array;
  /** SHA-256 of the packed bytes: equal for equal traces, whichever zlib deflated them. */
  readonly sha256: Uint8Array;
  readonly steps: number;
  /** Bytes before deflating. */
  readonly packedBytes: number;
}

/** The bytes are no trace: cut off, changed, or written by another version. */
export class TraceCodecError extends Error {
  override readonly name = 'TraceCodecError';
}

/** @throws TraceCodecError where the arrays are no whole steps and effects, or the tables not what their types say. */
export function encodeTrace(trace: Trace): EncodedTrace {
  const packed = packTrace(trace);
  return {
    body: deflateRawSync(packed, { level: 9, memLevel: 9 }),
    sha256: hashOf(packed),
    steps: stepCount(trace),
    packedBytes: packed.length,
  };
}

/**
 * @param sha256 the name it should have; not looked at where it is left out.
 * @throws TraceCodecError where `body` is not what {@link encodeTrace} made.
 */
export function decodeTrace(body: Uint8Array, sha256?: Uint8Array): Trace {
  let packed: Uint8Array;
  try {
    packed = inflateRawSync(body, { maxOutputLength: MAX_PACKED_BYTES });
  } catch (error) {
    throw new TraceCodecError('the compressed bytes of the trace are damaged', { cause: error });
  }
  if (sha256 !== undefined && !hashOf(packed).equals(sha256)) {
    throw new TraceCodecError('the trace is not the one its hash names');
  }
  return unpackTrace(packed);
}

function hashOf(packed: Uint8Array): Buffer {
  return createHash('sha256').update(packed).digest();
}

function packTrace(trace: Trace): Uint8Array {
  const steps = rowCount(trace.steps, STEP_STRIDE, 'steps');
  const effects = rowCount(trace.effects, EFFECT_STRIDE, 'effects');
  const header = Buffer.from(JSON.stringify(checkedHeader(() => headerOf(trace))), 'utf8');
  const headerBytes = Math.ceil(header.length / 4) * 4;
  const integers = trace.initial.length + trace.steps.length + trace.effects.length;
  const packed = new Uint8Array(PROLOGUE_BYTES + headerBytes + 4 * integers);
  new Int32Array(packed.buffer, 0, 5).set([MAGIC, headerBytes, trace.initial.length, steps, effects]);
  packed.fill(0x20, PROLOGUE_BYTES, PROLOGUE_BYTES + headerBytes);
  packed.set(header, PROLOGUE_BYTES);
  const columns = new Int32Array(packed.buffer, PROLOGUE_BYTES + headerBytes, integers);
  columns.set(trace.initial);
  const stepsFrom = trace.initial.length;
  toColumns(trace.steps, STEP_STRIDE, columns.subarray(stepsFrom, stepsFrom + trace.steps.length));
  toColumns(trace.effects, EFFECT_STRIDE, columns.subarray(stepsFrom + trace.steps.length));
  return packed;
}

function unpackTrace(packed: Uint8Array): Trace {
  if (packed.length < PROLOGUE_BYTES) throw new TraceCodecError('the trace is cut off');
  // A copy of its own: zlib gives a Buffer, which may start at any address, as an Int32Array may not; and slice() of a
  // Buffer copies nothing.
  const bytes = new Uint8Array(packed);
  const [magic = 0, headerBytes = 0, words = 0, steps = 0, effects = 0] = new Int32Array(bytes.buffer, 0, 5);
  if (magic !== MAGIC) throw new TraceCodecError('the trace was written in a form that this Gupbook does not know');
  const integers = words + steps * STEP_STRIDE + effects * EFFECT_STRIDE;
  const sound = headerBytes >= 0 && headerBytes % 4 === 0 && words >= 0 && steps >= 0 && effects >= 0;
  if (!sound || PROLOGUE_BYTES + headerBytes + 4 * integers !== bytes.length) {
    throw new TraceCodecError('the trace has not the length it says');
  }
  const header = parseHeader(bytes.subarray(PROLOGUE_BYTES, PROLOGUE_BYTES + headerBytes));
  const columns = new Int32Array(bytes.buffer, PROLOGUE_BYTES + headerBytes, integers);
  const stepsTo = words + steps * STEP_STRIDE;
  return {
    ...tablesOf(header),
    initial: columns.slice(0, words),
    steps: toRows(columns.subarray(words, stepsTo), STEP_STRIDE),
    effects: toRows(columns.subarray(stepsTo), EFFECT_STRIDE),
  };
}

function parseHeader(bytes: Uint8Array): Header {
  return checkedHeader(() => JSON.parse(Buffer.from(bytes).toString('utf8')));
}

function checkedHeader(make: () => unknown): Header {
  try {
    return headerShape.parse(make());
  } catch (error) {
    throw new TraceCodecError('the name tables of the trace are malformed', { cause: error });
  }
}

function headerOf(trace: Trace): Header {
  return [
    trace.actors.map(({ name, kind }) => [name, kind]),
    trace.objects.map(({ name, kind, head, order }) => [name, kind, head, order]),
    trace.words.map(({ name, object, field, format }) => [name, object, field, format]),
    trace.places.map(({ frames }) => frames.map(({ fn, line, column }) => [fn, line, column])),
    trace.events.map(({ step, kind, text }) => [step, kind, text]),
    trace.schedule,
    trace.bias,
  ];
}

function tablesOf(header: Header): Omit<Trace, 'initial' | 'steps' | 'effects'> {
  const [actors, objects, words, places, events, schedule, bias] = header;
  return {
    actors: actors.map(([name, kind]) => ({ name, kind })),
    objects: objects.map(([name, kind, head, order]) => ({ name, kind, head, order })),
    words: words.map(([name, object, field, format]) => ({ name, object, field, format })),
    places: places.map((frames) => ({ frames: frames.map(([fn, line, column]) => ({ fn, line, column })) })),
    events: events.map(([step, kind, text]) => ({ step, kind, text })),
    schedule,
    bias,
  };
}

function rowCount(rows: Int32Array, stride: number, what: string): number {
  const count = rows.length / stride;
  if (!Number.isInteger(count)) {
    throw new TraceCodecError(`${rows.length} integers are no whole number of ${what} of ${stride}`);
  }
  return count;
}

function toColumns(rows: Int32Array, stride: number, columns: Int32Array): void {
  const count = rows.length / stride;
  for (let i = 0; i < rows.length; i++) columns[(i % stride) * count + Math.floor(i / stride)] = rows[i] ?? 0;
}

function toRows(columns: Int32Array, stride: number): Int32Array {
  const count = columns.length / stride;
  const rows = new Int32Array(columns.length);
  for (let i = 0; i < rows.length; i++) rows[i] = columns[(i % stride) * count + Math.floor(i / stride)] ?? 0;
  return rows;
}
