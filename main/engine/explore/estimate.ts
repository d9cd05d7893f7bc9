/**
 * How many states there will be. Sizes of levels (states at one distance) rise and fall like a number of choices does:
 * their logarithm is close to a mix of an entropy and a parabola over the whole depth. The depth comes from probes, runs
 * left to chance; the rest is fitted to the levels seen so far.
 */
import { Automata } from '../lower/automaton.ts';
import type { World } from '../world.ts';
import { Chance } from './chance.ts';
import { Interpreter } from './interpreter.ts';
import { anybody, byPriority, type Scheduler } from './schedulers.ts';

export interface Estimate {
  readonly low: number;
  readonly high: number;
}

/** Runs of each kind, and steps of all of them together, that a depth is measured with. */
const PROBES = 60;
const STEPS = 60_000;
/** The depth is known to about so much of what probes say; measured on the models of bench/explore-models.ts. */
const SHALLOWEST = 0.88;
const DEEPEST = 1.02;
/** Levels that must be there before anything is said. */
const FEWEST = 8;

/** About how deep a space is, in steps: the middle of what three ways to run come to at most. */
export function probeDepth(world: World): number {
  const interpreter = new Interpreter(new Automata(world));
  const chance = new Chance(1);
  const kinds: ((steps: number) => Scheduler)[] = [
    () => anybody(chance),
    (steps) => byPriority(chance, steps, 1),
    (steps) => byPriority(chance, steps, 3),
  ];
  const longest = kinds.map((make) => {
    let most = 1;
    let left = STEPS / kinds.length;
    for (let i = 0; i < PROBES && left > 0; i++) {
      const steps = lengthOf(interpreter, make(most), chance, left);
      most = Math.max(most, steps);
      left -= steps;
    }
    return most;
  });
  return longest.sort((a, b) => a - b)[1] ?? 1;
}

function lengthOf(interpreter: Interpreter, scheduler: Scheduler, chance: Chance, most: number): number {
  let { state } = interpreter.begin();
  for (let step = 0; ; step++) {
    const enabled = [...state.nodes.keys()].filter((actor) => interpreter.answers(state, actor) > 0);
    if (enabled.length === 0 || step >= most) return step;
    const actor = scheduler.choose(enabled, step);
    ({ state } = interpreter.take(state, actor, chance.below(interpreter.answers(state, actor))));
  }
}

/** States in all, from the sizes of complete levels and a depth; null where it is too early to say. */
export function estimateStates(levels: readonly number[], depth: number): Estimate | null {
  if (levels.length < FEWEST) return null;
  const done = levels.reduce((sum, size) => sum + size, 0);
  const [low, high] = [SHALLOWEST, DEEPEST].map((part) => done + remaining(levels, depth * part));
  return { low: Math.round(low ?? done), high: Math.round(high ?? done) };
}

function remaining(levels: readonly number[], depth: number): number {
  const seen = levels.length;
  const end = Math.max(depth + 1, seen + 1);
  const left = Math.ceil(end - seen);
  const from = seen - Math.min(seen, Math.max(6, seen >> 1));
  const points = levels
    .slice(from)
    .map((size, i) => ({ at: (from + i + 1) / (end + 1), log: Math.log(Math.max(1, size)) }));
  const [a, b] = fit(points.map(({ at, log }) => [entropy(at), at * (1 - at), log]));
  const curve = (level: number): number => {
    const at = level / (end + 1);
    return at >= 1 ? 0 : a * entropy(at) + b * at * (1 - at);
  };
  // The curve is moved so that it goes through the last level, and comes back to itself at the end.
  const off = Math.log(Math.max(1, levels[seen - 1] ?? 1)) - curve(seen);
  let sum = 0;
  for (let k = 1; k <= left; k++) {
    const log = curve(seen + k) + off * (1 - k / left);
    if (log > 0) sum += Math.exp(Math.min(log, 60));
  }
  return sum;
}

function entropy(at: number): number {
  return at <= 0 || at >= 1 ? 0 : -at * Math.log(at) - (1 - at) * Math.log(1 - at);
}

/** Least squares for z = a x + b y. */
function fit(rows: readonly (readonly number[])[]): readonly [number, number] {
  let [xx, xy, yy, xz, yz] = [0, 0, 0, 0, 0];
  for (const [x = 0, y = 0, z = 0] of rows) {
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xz += x * z;
    yz += y * z;
  }
  const determinant = xx * yy - xy * xy;
  if (Math.abs(determinant) < 1e-12) return [xx === 0 ? 0 : xz / xx, 0];
  return [(xz * yy - yz * xy) / determinant, (xx * yz - xy * xz) / determinant];
}
