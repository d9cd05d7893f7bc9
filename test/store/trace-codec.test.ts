import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Trace } from '../../main/engine/trace.ts';
import { decodeTrace, encodeTrace, TraceCodecError } from '../../main/store/trace-codec.ts';
import { anyTrace } from './arbitraries.ts';

const empty: Trace = {
  actors: [],
  objects: [],
  words: [],
  initial: new Int32Array(0),
  steps: new Int32Array(0),
  effects: new Int32Array(0),
  places: [],
  events: [],
  schedule: '',
  bias: 1024,
};

describe('the trace codec', () => {
  it('gives back exactly what it was given', () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        expect(decodeTrace(encodeTrace(trace).body)).toStrictEqual(trace);
      }),
    );
  });

  it('gives back the empty trace', () => {
    expect(decodeTrace(encodeTrace(empty).body)).toStrictEqual(empty);
  });

  it('names a trace by its content, not by the order in which its objects were written', () => {
    fc.assert(
      fc.property(anyTrace, (trace) => {
        const reversed = JSON.parse(JSON.stringify(trace), (_key, value: unknown) => reverseKeys(value));
        const same: Trace = { ...reversed, initial: trace.initial, steps: trace.steps, effects: trace.effects };
        expect(encodeTrace(same).sha256).toStrictEqual(encodeTrace(trace).sha256);
      }),
    );
  });

  it('names different traces differently', () => {
    const hash = (trace: Trace) => Buffer.from(encodeTrace(trace).sha256).toString('hex');
    const variants: Trace[] = [
      empty,
      { ...empty, schedule: '0' },
      { ...empty, bias: 256 },
      { ...empty, initial: Int32Array.of(0) },
      { ...empty, steps: new Int32Array(12) },
      { ...empty, effects: new Int32Array(12) },
      { ...empty, places: [{ frames: [] }] },
    ];
    expect(new Set(variants.map(hash)).size).toBe(variants.length);
  });

  it('refuses a trace that has not the name it should have', () => {
    const { body, sha256 } = encodeTrace(empty);
    expect(decodeTrace(body, sha256)).toStrictEqual(empty);
    expect(() => decodeTrace(body, encodeTrace({ ...empty, schedule: '0' }).sha256)).toThrow(
      /not the one its hash names/,
    );
  });

  it('keeps the arrays of a view into a larger buffer', () => {
    const backing = Int32Array.from({ length: 20 }, (_, i) => i);
    const trace = { ...empty, initial: backing.subarray(3, 7) };
    expect([...decodeTrace(encodeTrace(trace).body).initial]).toStrictEqual([3, 4, 5, 6]);
  });

  it('refuses arrays that are no whole steps', () => {
    expect(() => encodeTrace({ ...empty, steps: new Int32Array(13) })).toThrow(/13 integers .* steps of 12/);
    expect(() => encodeTrace({ ...empty, effects: new Int32Array(1) })).toThrow(TraceCodecError);
  });

  it('refuses damaged bytes with its own error, whatever was changed', () => {
    fc.assert(
      fc.property(anyTrace, fc.nat(), fc.integer({ min: 1, max: 255 }), (trace, at, flip) => {
        const packed = inflateRawSync(encodeTrace(trace).body);
        const index = at % packed.length;
        packed[index] = (packed[index] ?? 0) ^ flip;
        expectTraceOrCodecError(deflateRawSync(packed));
      }),
    );
  });

  it('refuses cut, lengthened and random bytes', () => {
    const packed = inflateRawSync(encodeTrace({ ...empty, steps: new Int32Array(24) }).body);
    for (let length = 0; length < packed.length; length++) {
      expect(() => decodeTrace(deflateRawSync(packed.subarray(0, length)))).toThrow(TraceCodecError);
    }
    expect(() => decodeTrace(deflateRawSync(Buffer.concat([packed, Buffer.alloc(4)])))).toThrow(TraceCodecError);
    fc.assert(fc.property(fc.uint8Array(), (bytes) => expectTraceOrCodecError(bytes)));
  });

  it('refuses bytes that inflate without end', () => {
    const bomb = deflateRawSync(Buffer.alloc(257 * 1024 * 1024));
    expect(() => decodeTrace(bomb)).toThrow(/damaged/);
  });
});

function expectTraceOrCodecError(body: Uint8Array): void {
  try {
    decodeTrace(body);
  } catch (error) {
    expect(error).toBeInstanceOf(TraceCodecError);
  }
}

function reverseKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse());
}
