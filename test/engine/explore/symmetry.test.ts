/** Interchangeable actors: one state for each of their orders, and traces in the author's own names. */
import { describe, expect, test } from 'vitest';
import { hugePageBios, pinners } from '../../../bench/explore-models.ts';
import type { Space } from '../../../main/engine/explore/space.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { value } from '../../../main/engine/observe.ts';
import { ADD, LK, R, UL, W } from '../../../main/engine/step.ts';
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
    ['because they start others', hugePageBios(2, 2, true)],
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
