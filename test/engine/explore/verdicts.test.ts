/** Verdicts beside broken checks: deadlock, lost wake-up, livelock, leaks; and budgets that end a search. */
import { describe, expect, test } from 'vitest';
import { pinners } from '../../../bench/explore-models.ts';
import { verifyFailure } from '../../../main/engine/explore/verify.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { ADD, CAS, LK, NOP, R, TRYLK, UL, W, WAIT, WAITNOT } from '../../../main/engine/step.ts';
import { MARK_ABA, STEP_STRIDE, StepColumn } from '../../../main/engine/trace.ts';
import { failure, run } from '../harness.ts';

function crossed(lab: Lab): void {
  const [one, two] = [lab.lock('one'), lab.lock('two')];
  lab.task('A', function* () {
    yield LK(one);
    yield LK(two);
    yield UL(two);
    yield UL(one);
  });
  lab.task('B', function* () {
    yield LK(two);
    yield LK(one);
    yield UL(one);
    yield UL(two);
  });
}

describe('deadlock', () => {
  test('says who waits for what and who holds it', () => {
    const found = failure(run('7.2', crossed), 'deadlock');
    expect(found.message).toBe('nobody can go on: A waits for two, which B holds, B waits for one, which A holds');
    expect(found.trace.schedule).toBe('0.1');
    expect(verifyFailure(found)).toBeNull();
  });

  test('of an actor with itself', () => {
    const result = run('7.2', (lab) => {
      const lock = lab.lock('lock');
      lab.task('A', function* () {
        yield LK(lock);
        yield LK(lock);
      });
    });
    expect(failure(result, 'deadlock').message).toBe('nobody can go on: A waits for lock, which it holds');
  });
});

describe('lost wake-up', () => {
  test('is a deadlock in which what is waited for was there', () => {
    const result = run('7.2', (lab) => {
      const flag = lab.word('flag', 0);
      lab.task('waker', function* () {
        yield W(flag, 1);
        yield W(flag, 0);
      });
      lab.task('sleeper', function* () {
        yield NOP();
        yield WAIT(flag, 1);
      });
    });
    const found = failure(result, 'lost wake-up');
    expect(found.message).toBe(
      'nobody can go on: sleeper waits for flag to be 1; ' +
        'sleeper waits for flag to be 1: so it was since step 1, until step 2 changed it again, and nobody woke sleeper',
    );
    expect(found.kind).toBe('deadlock');
  });

  test('is none where it never was', () => {
    const result = run('7.2', (lab) => {
      const flag = lab.word('flag', 0);
      lab.task('sleeper', function* () {
        yield WAITNOT(flag, 0);
      });
    });
    expect(failure(result, 'deadlock').message).toBe('nobody can go on: sleeper waits for flag not to be 0');
  });
});

describe('livelock', () => {
  test('is an actor that waits by looking for what nobody will do', () => {
    const result = run('7.2', (lab) => {
      const flag = lab.word('flag', 0);
      lab.task('other', function* () {
        yield CAS(flag, 1, 2);
      });
      lab.task('spinner', function* () {
        while ((yield R(flag)) === 0);
      });
    });
    const found = failure(result, 'livelock');
    expect(found.message).toMatch(/^spinner can go on for ever and come to nothing/);
    expect(found.trace.schedule).toBe('0.1');
    expect(verifyFailure(found)).toBeNull();
  });

  test('is none where another actor will do it', () => {
    const result = run('7.2', (lab) => {
      const flag = lab.word('flag', 0);
      lab.task('spinner', function* () {
        while ((yield R(flag)) === 0);
      });
      lab.task('other', function* () {
        yield W(flag, 1);
      });
    });
    expect(result).toMatchObject({ verdict: 'pass', exhaustive: true });
  });

  test('is two actors that step back for each other again and again', () => {
    const result = run('7.2', (lab) => {
      const [one, two] = [lab.lock('one'), lab.lock('two')];
      for (const [name, first, second] of [['A', one, two] as const, ['B', two, one] as const]) {
        lab.task(name, function* () {
          for (;;) {
            yield LK(first);
            if ((yield TRYLK(second)) === 1) break;
            yield UL(first);
          }
          yield UL(second);
          yield UL(first);
        });
      }
    });
    const found = failure(result, 'livelock');
    expect(found.message).toMatch(/^A, B can go on for ever/);
    expect(found.trace.schedule).toBe('0.1.0.1.0.1');
    expect(verifyFailure(found)).toBeNull();
  });

  test('is none in loops that a failed exchange sends back, for somebody else got further', () => {
    const result = run('7.2', (lab) => {
      const word = lab.word('word', 0);
      for (const name of ['A', 'B']) {
        lab.task(name, function* () {
          for (;;) {
            const seen = yield R(word);
            if ((yield CAS(word, seen, seen + 1)) === 1) return;
          }
        });
      }
    });
    expect(result).toMatchObject({ verdict: 'pass', exhaustive: true });
  });
});

describe('a budget', () => {
  const counting = (lab: Lab): void => {
    for (const [n, name] of ['A', 'B', 'C'].entries()) {
      const word = lab.word(name, 0);
      lab.task(name, function* () {
        for (let i = n; i < 60; i++) yield W(word, i);
      });
      lab.always(`${name} is not negative`, () => true);
    }
  };

  test('of states ends a search without a verdict, and says how far it came', () => {
    const result = run('7.2', counting, { states: 10_000 });
    expect(result).toMatchObject({ verdict: 'inconclusive', exhaustive: false, limit: 'states', failures: [] });
    expect(result.states).toBeGreaterThan(10_000);
    expect(result.frontier).toBeGreaterThan(0);
    expect(result.notes.join()).toMatch(/budget \(states\): \d+ states left to look at, \d+ steps deep/);
  });

  test('of memory ends a search without a verdict', () => {
    const result = run('7.2', counting, { options: {}, bytes: 2 ** 20 });
    expect(result).toMatchObject({ verdict: 'inconclusive', limit: 'memory' });
  });
});

describe('a leak', () => {
  test('is found at the end, and shown whole', () => {
    const result = run('7.2', (lab) => {
      const page = lab.mm.mmapPage({ name: 'page' });
      lab.task('leaker', function* () {
        yield ADD(page.page(0)._refcount, 1);
      });
      lab.task('other', function* () {
        yield NOP();
        yield NOP();
      });
    });
    const found = failure(result, 'I2');
    expect(found.message).toBe('page._refcount is 2, but 1 mapping(s), 0 reference(s), 0 pin(s) make 1');
    expect(found.trace.schedule).toBe('0.1x2');
  });
});

describe('a failure', () => {
  test('is said not to need actors without which it is there, too', () => {
    const result = run('7.2', (lab) => {
      const page = lab.mm.mmapPage({ name: 'page' });
      lab.task('leaker', function* () {
        yield ADD(page.page(0)._refcount, 1);
      });
      lab.task('reader', function* () {
        yield* lab.kernel.get_page(page.page(0));
        yield* lab.kernel.put_page(page.page(0));
      });
    });
    expect(result.notes.join()).toMatch(/"I2 .*" breaks without reader, too/);
  });

  test('is said not to need an answer that may be any, and keeps the first of those', () => {
    const result = run('7.2', (lab) => {
      const page = lab.mm.mmapPage({ name: 'page' });
      const word = lab.word('word', 0);
      lab.task('leaker', function* () {
        const any = yield* lab.choose(3);
        yield W(word, any);
        if ((yield* lab.choose(2)) === 1) yield ADD(page.page(0)._refcount, 1);
      });
    });
    expect(failure(result, 'I2').trace.schedule).toBe('0?0.0.0?1.0');
    expect(result.notes.filter((note) => note.includes('answers'))).toEqual([
      expect.stringMatching(/^"I2 .*" breaks whichever of 3 answers leaker is given at step 1$/),
    ]);
  });

  test('marks an exchange that succeeds although the word was changed meanwhile', () => {
    const { trace } = failure(run('7.2', pinners(2, 1, false)), 'expect');
    const marks = Array.from({ length: 9 }, (_, n) => trace.steps[n * STEP_STRIDE + StepColumn.marks]);
    expect(marks).toEqual([0, 0, 0, 0, 0, 0, 0, MARK_ABA, 0]);
  });

  test('is the same on every run', () => {
    const schedules = [1, 2, 3].map(() => run('7.2', pinners(3, 2, false)).failures.map(({ trace }) => trace.schedule));
    expect(schedules[1]).toEqual(schedules[0]);
    expect(schedules[2]).toEqual(schedules[0]);
  });
});
