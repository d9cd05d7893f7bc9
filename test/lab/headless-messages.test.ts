import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLine, lineEncoder } from '../../main/lab/headless-lines.ts';
import { createRing, RING_BYTES, ringReader, ringWriter } from '../../main/lab/headless-ring.ts';
import { holds } from './property.ts';

describe('a message as a line', () => {
  const ints = fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })).map((list) => Int32Array.from(list));
  const message = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      ints,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ maxLength: 8 }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;

  test('comes back as it was, integer arrays as integer arrays', () => {
    const encode = lineEncoder();
    holds(message, (sent) => {
      expect(decodeLine(encode(sent))).toEqual(sent);
    });
  });

  test('is one line of printable ASCII', () => {
    const encode = lineEncoder();
    holds(message, (sent) => {
      expect(encode(sent)).toMatch(/^[\x20-\x7e]*$/);
    });
  });
});

describe('the ring', () => {
  test('gives every line in order, however reads and writes alternate', () => {
    const line = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });
    holds(
      fc.array(fc.oneof(line, fc.constant(null))),
      (script) => {
        const ring = createRing();
        const write = ringWriter(ring);
        const read = ringReader(ring);
        let got = '';
        let sent = '';
        for (const step of script) {
          if (step === null) got += read();
          else {
            write(step);
            sent += `${step}\n`;
          }
        }
        expect(got + read()).toBe(sent);
        expect(read()).toBe('');
      },
      100,
    );
  });

  test('goes on where its counters wrap round', () => {
    const ring = createRing();
    new Int32Array(ring).fill(2 ** 31 - 3, 0, 2);
    const write = ringWriter(ring);
    const read = ringReader(ring);
    write('across');
    write('the border');
    expect(read()).toBe('across\nthe border\n');
  });

  test('holds a line that fills it to the last byte', () => {
    const ring = createRing();
    const whole = 'x'.repeat(RING_BYTES - 1);
    ringWriter(ring)(whole);
    expect(ringReader(ring)()).toBe(`${whole}\n`);
  });
});
