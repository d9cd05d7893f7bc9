import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STEP_STRIDE, StepColumn, stepCount, type Trace } from '../../main/engine/trace.ts';
import { CHECKPOINT_STEPS, changedWords, PageStates, START } from '../../renderer/state/page-state.ts';
import { run } from '../engine/harness.ts';
import { HELD, REFCOUNT, randomTrace, unpinTwice } from './traces.ts';

const seed = Number(process.env.GUPBOOK_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`GUPBOOK_SEED=${seed}`);

/** The words after `step`, by plain replay from the start. */
function plainly(trace: Trace, step: number): number[] {
  const words = [...trace.initial];
  for (let i = 0; i <= step; i++) {
    const at = (column: number) => trace.steps[i * STEP_STRIDE + column] ?? 0;
    if (at(StepColumn.word) >= 0) words[at(StepColumn.word)] = at(StepColumn.after);
    for (let e = at(StepColumn.effectsFrom); e < at(StepColumn.effectsTo); e++) {
      const [kind, x, y] = trace.effects.subarray(e * 3, e * 3 + 3);
      if (kind === 0) words[x ?? 0] = (words[x ?? 0] ?? 0) + (y ?? 0);
      if (kind === 1) words[x ?? 0] = y ?? 0;
    }
  }
  return words;
}

describe('the state at a step', () => {
  it('is the initial one before the first step', () => {
    const { words, step } = new PageStates(unpinTwice()).at(START);
    expect(step).toBe(START);
    expect(words[REFCOUNT]).toBe(1);
  });

  it('has the written values and the effects of every step up to it', () => {
    const states = new PageStates(unpinTwice());
    expect([0, 1, 2].map((step) => states.at(step).words[REFCOUNT])).toEqual([1025, 1, -1023]);
    expect([0, 1, 2].map((step) => states.at(step).words[HELD])).toEqual([2, 1, 1]);
    expect([...states.at(1).finished]).toEqual([0, 0]);
    expect([...states.at(2).finished]).toEqual([0, 1]);
  });

  it('stays within the trace', () => {
    const states = new PageStates(unpinTwice());
    expect(states.at(99).step).toBe(2);
    expect(states.at(-99).step).toBe(START);
  });

  it('does not depend on the way there: any walk gives what a plain replay gives', () => {
    const length = 3 * CHECKPOINT_STEPS + 17;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1, max: length }), { minLength: 1, maxLength: 12 }),
        fc.nat(),
        (walk, salt) => {
          let state = salt + 1;
          const trace = randomTrace(length, (below) => {
            state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
            return state % below;
          });
          const states = new PageStates(trace);
          for (const step of walk)
            expect([...states.at(step).words]).toEqual(plainly(trace, Math.min(step, length - 1)));
        },
      ),
      { seed, numRuns: 20 },
    );
  });

  it('agrees with what the engine recorded before and after every step', () => {
    const found = run('pin-v5', (lab) => {
      const buf = lab.mm.mmapThp({ name: 'buf' });
      lab.task('submit', function* () {
        const pages = yield* lab.kernel.pin_user_pages_fast(buf, 2, 1);
        for (const page of pages) yield* lab.kernel.unpin_user_page(page);
      });
    });
    const trace = found.failures[0]?.trace;
    if (trace === undefined) throw new Error(`expected a failure, found ${found.verdict}: ${found.error?.stack}`);
    const states = new PageStates(trace);
    for (let step = 0; step < stepCount(trace); step++) {
      const word = trace.steps[step * STEP_STRIDE + StepColumn.word] ?? -1;
      if (word < 0) continue;
      expect(states.at(step - 1).words[word]).toBe(trace.steps[step * STEP_STRIDE + StepColumn.before]);
      expect(states.at(step).words[word]).toBe(trace.steps[step * STEP_STRIDE + StepColumn.after]);
    }
  });
});

describe('the words that a step changed', () => {
  it('are its own and those of its effects, each with the value before', () => {
    const states = new PageStates(unpinTwice());
    expect([...changedWords(states, 1)]).toEqual([
      [REFCOUNT, 1025],
      [HELD, 2],
    ]);
  });

  it('are none before the first step and beyond the last', () => {
    const states = new PageStates(unpinTwice());
    expect(changedWords(states, START).size).toBe(0);
    expect(changedWords(states, 3).size).toBe(0);
  });
});
