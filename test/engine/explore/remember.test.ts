/** What is remembered of steps, effects and checks is what deciding them anew would give, in layouts that grow. */
import { expect, test } from 'vitest';
import { visibleIn } from '../../../main/engine/explore/sample.ts';
import { search } from '../../../main/engine/explore/search.ts';
import type { SpaceOptions } from '../../../main/engine/explore/space.ts';
import { buildWorld, type Experiment } from '../../../main/engine/lab.ts';
import { shipped } from '../../scenarios/shipped.ts';
import { kernel } from '../harness.ts';

function counts(experiment: Experiment, id: string, options: SpaceOptions) {
  const build = () => buildWorld(experiment, kernel(id), () => null);
  const budget = { states: 100_000, seconds: 60 };
  const host = { now: () => performance.now(), progress() {} };
  const { states, transitions, depth, broken } = search(build(), visibleIn(build()), budget, host, {
    probe: build,
    ...options,
  });
  return { states, transitions, depth, broken: broken.map(({ check, message, path }) => ({ check, message, path })) };
}

// Their actors make links and pages on the way, which effects then go through.
test.each([
  ['undo-race.lab.ts', '5.11'],
  ['pte-undo.lab.ts', '5.11'],
  ['pte-undo.lab.ts', 'pin-v6'],
])('%s under %s: the same states whether decisions are remembered or not', { timeout: 60_000 }, (file, id) => {
  for (const experiment of shipped(file).experiments) {
    expect(counts(experiment, id, {})).toEqual(counts(experiment, id, { remember: 'never' }));
  }
});
