import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRealmMessage } from '../../main/lab/realm-messages.ts';
import { failed, passed, traceOf } from '../store/samples.ts';
import { holds } from './property.ts';

/** The reason for which a message is refused, or null. */
function refusal(message: unknown): string | null {
  const checked = checkRealmMessage(message);
  return checked.ok ? null : checked.reason;
}

describe('a message of the engine', () => {
  it.each([
    { kind: 'plan', experiments: [{ name: 'two bios', line: 3, kernels: ['pin-v5', '7.2'] }] },
    {
      kind: 'progress',
      progress: { experiment: 'e', kernel: '7.2', states: 1, transitions: 2, frontier: 3, depth: 4 },
    },
    { kind: 'result', result: passed('7.2') },
    { kind: 'result', result: failed('pin-v5') },
    { kind: 'console', text: 'anything\nat all' },
    { kind: 'fatal', error: { message: 'm', line: 1, column: 2, stack: 's' } },
    { kind: 'done' },
  ])('comes through as it is: $kind', (message) => {
    expect(checkRealmMessage(message)).toEqual({ ok: true, message });
  });

  it('keeps typed arrays typed', () => {
    const checked = checkRealmMessage({ kind: 'result', result: failed('pin-v5') });
    expect(checked.ok && checked.message.kind === 'result' && checked.message.result.failures[0]?.trace.steps).toEqual(
      traceOf(12).steps,
    );
  });

  it('loses fields that nobody knows', () => {
    expect(checkRealmMessage({ kind: 'done', more: 1 })).toEqual({ ok: true, message: { kind: 'done' } });
  });

  it('has long texts cut', () => {
    const checked = checkRealmMessage({ kind: 'console', text: 'x'.repeat(10 ** 6) });
    expect(checked.ok && checked.message.kind === 'console' ? checked.message.text.length : 0).toBeLessThan(21_000);
  });
});

describe('what is no message', () => {
  const trace = traceOf(4);
  const steps = (change: (steps: Int32Array) => void) => {
    const changed = trace.steps.slice();
    change(changed);
    return { ...trace, steps: changed };
  };
  const withTrace = (bad: object) => ({ kind: 'result', result: { ...passed('7.2'), sample: bad } });

  it.each([
    ['nothing', null],
    ['a number', 7],
    ['an unknown kind', { kind: 'rm' }],
    ['a name of two lines', { kind: 'result', result: { ...passed('7.2'), experiment: 'a\nFrom b' } }],
    ['a kernel that is no text', { kind: 'result', result: { ...passed('7.2'), kernel: ['7.2'] } }],
    ['a verdict of its own', { kind: 'result', result: { ...passed('7.2'), verdict: 'proven' } }],
    ['an endless time', { kind: 'result', result: { ...passed('7.2'), seconds: Number.POSITIVE_INFINITY } }],
    ['negative states', { kind: 'result', result: { ...passed('7.2'), states: -1 } }],
    ['steps in a plain array', withTrace({ ...trace, steps: [...trace.steps] })],
    ['half a step', withTrace({ ...trace, steps: trace.steps.slice(5) })],
    ['an actor that is not there', withTrace(steps((s) => s.set([2], 0)))],
    ['an operation that is not there', withTrace(steps((s) => s.set([17], 1)))],
    ['a word that is not there', withTrace(steps((s) => s.set([1], 2)))],
    ['a place that is not there', withTrace(steps((s) => s.set([3], 8)))],
    ['effects that are not there', withTrace(steps((s) => s.set([0, 1], 9)))],
    ['an effect on a word that is not there', withTrace({ ...trace, effects: Int32Array.of(1, 5, 0) })],
    ['an effect of no kind', withTrace({ ...trace, effects: Int32Array.of(9, 0, 0) })],
    ['too few words', withTrace({ ...trace, initial: new Int32Array(0) })],
    ['an event after the end', withTrace({ ...trace, events: [{ step: 4, kind: 'note', text: '' }] })],
    ['a head that is not there', withTrace({ ...trace, objects: [{ name: 'p', kind: 'page', head: 1, order: -1 }] })],
    [
      'a failing step that is not there',
      {
        kind: 'result',
        result: { ...failed('7.2'), failures: [{ ...failed('7.2').failures[0], failingStep: 12 }] },
      },
    ],
  ])('%s is refused', (_name, message) => {
    expect(refusal(message)).toEqual(expect.any(String));
  });

  it('says where it is wrong', () => {
    expect(refusal({ kind: 'result', result: { ...passed('7.2'), experiment: 'a\nb' } })).toBe(
      'result.experiment: must be one line of printable text',
    );
  });

  it('never makes the check throw, whatever it is', () => {
    holds(fc.anything({ withTypedArray: true, withNullPrototype: true, withBigInt: true }), (value) => {
      checkRealmMessage(value);
      checkRealmMessage({ kind: 'result', result: value });
      checkRealmMessage(withTrace({ ...trace, steps: value }));
    });
  });
});
