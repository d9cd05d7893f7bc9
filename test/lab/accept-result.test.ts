import { describe, expect, it } from 'vitest';
import type { ExperimentResult } from '../../main/engine/result.ts';
import { acceptResult } from '../../main/lab/accept-result.ts';
import { failed, passed } from '../store/samples.ts';

const believes = () => null;
const doubts = () => 'step 3: the word holds 1, the record says 2';

describe('a failing result', () => {
  it('is believed when its schedule replays', () => {
    const result = failed('pin-v5');
    expect(acceptResult(result, believes)).toBe(result);
  });

  it('becomes an error when it does not, at the line of its experiment', () => {
    expect(acceptResult(failed('pin-v5'), doubts)).toMatchObject({
      verdict: 'error',
      asExpected: false,
      failures: [],
      error: { message: expect.stringContaining('does not replay: step 3'), line: 3 },
    });
  });

  it('becomes an error when the replay itself breaks on it', () => {
    const breaks = () => {
      throw new RangeError('offset');
    };
    expect(acceptResult(failed('pin-v5'), breaks).error?.message).toContain('offset');
  });

  it('has every failure replayed', () => {
    const result = failed('pin-v5');
    const [failure] = result.failures;
    if (failure === undefined) throw new Error('no failure');
    const second = { ...failure, check: 'second' };
    const verify = (given: { check: string }) => (given.check === 'second' ? 'no' : null);
    expect(acceptResult({ ...result, failures: [failure, second] }, verify).error?.message).toContain('"second"');
  });
});

describe('a result that contradicts itself is an error', () => {
  it.each<[string, ExperimentResult]>([
    ['it fails without a schedule', { ...failed('7.2'), failures: [] }],
    ['it passes with a failing schedule', { ...failed('7.2'), verdict: 'pass' }],
    ['it passes without having seen every state', { ...passed('7.2'), exhaustive: false }],
    ['it is an error without an error', { ...passed('7.2'), verdict: 'error' }],
  ])('%s', (_name, result) => {
    expect(acceptResult(result, believes)).toMatchObject({ verdict: 'error', failures: [], sample: null });
  });

  it('but every other verdict is left alone', () => {
    const cut: ExperimentResult = { ...passed('7.2'), verdict: 'inconclusive', exhaustive: false, limit: 'states' };
    expect(acceptResult(cut, doubts)).toBe(cut);
    expect(acceptResult(passed('7.2'), doubts)).toEqual(passed('7.2'));
  });
});
