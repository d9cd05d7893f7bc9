/** Schedules made by hand: they end at the first step that breaks a check, or where they are not possible. */
import { describe, expect, test } from 'vitest';
import { replayResult } from '../../../main/engine/explore/replay.ts';
import { verifyFailure } from '../../../main/engine/explore/verify.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { value } from '../../../main/engine/observe.ts';
import { LK, UL, W } from '../../../main/engine/step.ts';
import { stepCount } from '../../../main/engine/trace.ts';
import { kernel } from '../harness.ts';

const OPTIONS = {
  budget: { states: 1, seconds: 1 },
  host: { now: () => 0, progress() {} },
  scriptName: 'test',
  nameFinder: () => null,
  explain: (error: unknown) => ({ message: String(error), line: 0, column: 0, stack: '' }),
};

/** A writes 1, 2, 3 under a lock that B wants first. The word must not be 2. */
function body(lab: Lab): void {
  const word = lab.word('word', 0);
  const lock = lab.lock('lock');
  lab.task('A', function* () {
    yield LK(lock);
    for (const n of [1, 2, 3]) yield W(word, n);
    yield UL(lock);
  });
  lab.task('B', function* () {
    yield LK(lock);
    yield UL(lock);
  });
  lab.always('never two', () => value(word) !== 2);
}

function replay(schedule: string, watched: boolean) {
  return replayResult({ name: 'test', options: {}, body, line: 1 }, kernel('7.2'), schedule, OPTIONS, watched);
}

describe('a watched schedule', () => {
  test('ends at the first step that breaks a check, where another goes on past it', () => {
    const watched = replay('0x5.1x2', true);
    expect(watched.verdict).toBe('fail');
    expect(watched.failures.map(({ check, failingStep }) => [check, failingStep])).toEqual([['never two', 2]]);
    expect(watched.failures.map(verifyFailure)).toEqual([null]);
    expect(replay('0x5.1x2', false).verdict).toBe('inconclusive');
  });

  test('ends before a step that cannot be taken, and says why', () => {
    const watched = replay('0x2.1', true);
    expect(watched.verdict).toBe('inconclusive');
    expect(watched.sample === null ? -1 : stepCount(watched.sample)).toBe(2);
    expect(watched.notes).toEqual(['step 3: actor 1 ("B") has to wait']);
    expect(() => replay('0x2.1', false)).toThrow('step 3: actor 1 ("B") has to wait');
  });

  test('that cannot be read is refused', () => {
    expect(() => replay('0x2.what', true)).toThrow('no part of a schedule');
  });
});
