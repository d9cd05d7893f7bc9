/** Interchangeable actors: one state for each of their orders, and traces in the author's own names. */
import { describe, expect, test } from 'vitest';
import { hugePageBios, pinners } from '../../../bench/explore-models.ts';
import type { Space } from '../../../main/engine/explore/space.ts';
import type { Lab, Steps } from '../../../main/engine/interface.ts';
import { value } from '../../../main/engine/observe.ts';
import { ADD, LK, NOP, R, UL, W, WAIT } from '../../../main/engine/step.ts';
import { failure, run } from '../harness.ts';
import { explore } from './explore.ts';

/** Orbits and their edges: TLC with SYMMETRY, and an independent explorer. */
const ORBITS = [
  [2, 1, 235, 557],
  [3, 3, 19_075, 66_825],
  [4, 2, 40_139, 173_718],
  [4, 3, 191_151, 847_932],
] as const;

/** Sizes XL and XXL: tried where GUPBOOK_LONG is set. */
const LARGE = [
  [4, 4, 588_087, 2_638_943],
  [4, 5, 1_414_418, 6_389_218],
] as const;

/** How many states a stored state stands for: orders of its interchangeable actors that can be told apart. */
function orbitOf(space: Space, id: number): number {
  const state = new Int32Array(space.layout.words);
  space.set.get(id, state);
  let orbit = 1;
  for (const group of space.symmetry.twins) {
    const seen = new Map<string, number>();
    for (const [i, actor] of group.entries()) {
      const own = space.components.flatMap(({ kind, id: of }, c) => (kind === 'actor' && of === actor ? [c] : []));
      const place = own.map((component) => space.numberIn(state, 0, component)).join();
      const same = (seen.get(place) ?? 0) + 1;
      seen.set(place, same);
      orbit = (orbit * (i + 1)) / same;
    }
  }
  return orbit;
}

describe('interchangeable actors', () => {
  test.each(ORBITS)('%i pinners of %i rounds have exactly %i orbits', (cpus, rounds, orbits, edges) => {
    const result = run('7.2', pinners(cpus, rounds, true));
    expect(result).toMatchObject({ verdict: 'pass', exhaustive: true, states: orbits, transitions: edges });
    expect(result.notes.join()).toMatch(/pinner 0, pinner 1.* are interchangeable/);
  });

  test.skipIf(process.env.GUPBOOK_LONG === undefined).each(LARGE)(
    '%i pinners of %i rounds have exactly %i orbits (long)',
    { timeout: 600_000 },
    (cpus, rounds, orbits, edges) => {
      const result = run('7.2', pinners(cpus, rounds, true), { states: 1e8, seconds: 600 });
      expect(result).toMatchObject({ verdict: 'pass', exhaustive: true, states: orbits, transitions: edges });
    },
  );

  test.each([
    [2, 1],
    [2, 2],
    [3, 1],
    [3, 2],
  ])('%i pinners of %i rounds: orbits times orders are all states', (cpus, rounds) => {
    const { space } = explore(pinners(cpus, rounds, true));
    let sum = 0;
    for (let id = 0; id < space.set.count; id++) sum += orbitOf(space, id);
    expect(sum).toBe(explore(pinners(cpus, rounds, true), { symmetry: false }).space.set.count);
  });

  test('keep their names in traces', () => {
    for (const cpus of [2, 3, 4]) {
      const [found] = run('7.2', pinners(cpus, 2, false)).failures;
      expect(found?.trace.schedule).toBe(`0x2.${cpus}x5.0x2`);
      expect(found?.trace.actors[0]?.name).toBe('pinner 0');
    }
  });

  test('may take locks and have words of their own', () => {
    const body = (lab: Lab): void => {
      const [lock, sum] = [lab.lock('lock'), lab.word('sum', 0)];
      for (const name of ['A', 'B', 'C']) {
        const own = lab.word(`own ${name}`, 0);
        lab.task(name, function* () {
          yield LK(lock);
          yield W(own, 1);
          yield ADD(sum, yield R(own));
          yield UL(lock);
        });
      }
    };
    const [reduced, whole] = [explore(body), explore(body, { symmetry: false })];
    expect(whole.result.states / reduced.result.states).toBeGreaterThan(3);
    expect(reduced.finals).toEqual(whole.finals);
  });
});

describe('bios that one actor starts', () => {
  test.each([
    [1, 2, 123],
    [1, 3, 433],
    [2, 2, 2_692],
    [2, 3, 21_682],
  ])('%i pinners with %i bios: orbits times orders are all states', (cpus, bios, states) => {
    const { space, result } = explore(hugePageBios(cpus, bios, true), { fuse: false });
    expect(result.broken).toEqual([]);
    let sum = 0;
    for (let id = 0; id < space.set.count; id++) sum += orbitOf(space, id);
    const whole = explore(hugePageBios(cpus, bios, true), { symmetry: false, fuse: false }).space.set.count;
    expect(sum).toBe(whole);
    expect(space.set.count).toBeLessThan(whole);
    if (bios !== 3 || cpus !== 1) expect(whole).toBe(states);
  });

  test('keep their names in traces', () => {
    const [found] = run('7.2', hugePageBios(2, 2, false)).failures;
    expect(found?.failingStep).toBe(10);
    expect(found?.trace.actors.map(({ name }) => name)).toContain('bio 0.1');
    expect(run('7.2', hugePageBios(2, 2, true)).notes.join()).toMatch(/bio 0\.0, bio 0\.1 are interchangeable/);
  });

  test('may be started one after the other, in any order, and by whoever comes first', () => {
    const body = (lab: Lab): void => {
      const [sum, seen] = [lab.word('sum', 0), lab.word('seen', 0)];
      const bio = function* (): Steps<void> {
        yield ADD(sum, 1);
        yield W(seen, yield R(sum));
      };
      lab.task('submit', function* () {
        const first = yield* lab.choose(2);
        lab.irq(first === 0 ? 'A' : 'B', bio);
        yield ADD(sum, 10);
        lab.irq(first === 0 ? 'B' : 'A', bio);
        yield ADD(sum, 10);
      });
    };
    const [reduced, whole] = [explore(body), explore(body, { symmetry: false })];
    expect(reduced.finals).toEqual(whole.finals);
    expect(reduced.result.states).toBeLessThan(whole.result.states);
    expect(run('7.2', body).verdict).toBe('pass');
  });

  test('are told apart where one is started again, or with something else', () => {
    const again =
      (values: readonly number[]) =>
      (lab: Lab): void => {
        const [sum, done] = [lab.word('sum', 0), lab.word('done', 0)];
        lab.task('submit', function* () {
          for (const [i, n] of values.entries()) {
            lab.irq(`bio ${i % 2}`, function* () {
              yield ADD(sum, n);
              yield ADD(done, 1);
            });
            yield NOP();
            if (i % 2 === 1) yield WAIT(done, i + 1);
          }
        });
      };
    for (const values of [
      [1, 1],
      [1, 2],
      [1, 1, 1, 1],
      [1, 1, 2, 1],
      [1, 1, 1, 2],
    ])
      expect(explore(again(values)).finals).toEqual(explore(again(values), { symmetry: false }).finals);
  });
});

describe('actors that are not interchangeable', () => {
  const two = (add: (lab: Lab, name: string, i: number) => void) => (lab: Lab) => {
    for (const [i, name] of ['A', 'B'].entries()) add(lab, name, i);
  };

  test.each([
    [
      'because they do different things',
      two((lab, name, i) => {
        const word = lab.word(`${name}'s`, 0);
        lab.task(name, function* () {
          yield ADD(word, i);
          yield ADD(word, 1);
        });
      }),
    ],
    [
      'because a check tells their words apart',
      two((lab, name) => {
        const word = lab.word(`${name}'s`, 0);
        lab.task(name, function* () {
          yield ADD(word, 1);
          yield ADD(word, 1);
        });
        lab.always(`${name}'s is small`, () => value(word) < 3);
      }),
    ],
    [
      'because they start others',
      two((lab, name) => {
        const word = lab.word('word', 0);
        lab.task(name, function* () {
          lab.irq(`of ${name}`, function* () {
            yield ADD(word, name.length);
          });
          yield ADD(word, 1);
        });
      }),
    ],
  ])('are told apart %s', (_what, body) => {
    expect(explore(body).result.states).toBe(explore(body, { symmetry: false }).result.states);
  });

  test('are told apart where somebody looks who holds a lock', () => {
    const body = (lab: Lab): void => {
      const [lock, seen] = [lab.lock('lock'), lab.word('seen', 0)];
      for (const name of ['A', 'B']) {
        lab.task(name, function* () {
          yield LK(lock);
          yield UL(lock);
        });
      }
      lab.task('watcher', function* () {
        yield W(seen, yield R(lock));
      });
    };
    expect(explore(body).finals).toEqual(explore(body, { symmetry: false }).finals);
    expect(explore(body).finals.size).toBe(3);
  });

  test('is nobody in a livelock, which only one of them may be in', () => {
    const result = run('7.2', (lab) => {
      const turn = lab.word('turn', 0);
      for (const name of ['A', 'B']) {
        lab.task(name, function* () {
          if ((yield ADD(turn, 1)) === 0) while ((yield R(turn)) < 3);
        });
      }
    });
    expect(failure(result, 'livelock').message).toMatch(/^A, B can go on/);
  });
});
