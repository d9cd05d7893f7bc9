/** How large a search will be, told before it is made: from its first states, and from probes. */
import { NotApplicable, run as runs } from '../errors.ts';
import type { KernelRevision } from '../kernels/index.ts';
import { buildWorld, type Experiment } from '../lab.ts';
import { Automata } from '../lower/automaton.ts';
import type { ExperimentResult } from '../result.ts';
import type { World } from '../world.ts';
import { Chance } from './chance.ts';
import { type Estimate, estimateStates, probeDepth } from './estimate.ts';
import { Interpreter } from './interpreter.ts';
import { emptyResult, expectedVerdict, type RunOptions } from './run.ts';
import { visibleIn } from './sample.ts';
import { search } from './search.ts';

/** States that are looked at, and seconds that this may take. */
const FIRST = { states: 30_000, seconds: 10 };
/** Probes of the number of orders, and steps of one. */
const PROBES = 400;
const STEPS = 5000;
/** Standard errors on either side of a mean: 95 of 100 intervals hold it. */
const ERRORS = 1.96;

/** An `inconclusive` result, whose remarks tell how large the search will be. */
export function forecast(experiment: Experiment, revision: KernelRevision, options: RunOptions): ExperimentResult {
  runs.number++;
  const base = emptyResult(experiment, revision, expectedVerdict(experiment, revision.id));
  const build = (): World => buildWorld(experiment, revision, options.nameFinder);
  try {
    let levels: number[] = [];
    const { states, depth, limit } = search(build(), visibleIn(build()), FIRST, options.host, {
      without: new Set(experiment.options.without ?? []),
      probe: build,
      onEnd: (_space, frontier) => {
        levels = frontier.sizes();
      },
    });
    const orders = ordersText(estimateOrders(build()));
    if (limit === null)
      return { ...base, states, depth, verdict: 'inconclusive', notes: [`${states} states, ${orders}`] };
    const deepest = probeDepth(build());
    const estimate = estimateStates(levels, deepest);
    const size = estimate === null ? `more than ${states} states` : `about ${range(estimate)} states`;
    return {
      ...base,
      states,
      depth,
      verdict: 'inconclusive',
      notes: [`${size}, about ${deepest} steps deep, ${orders}`],
    };
  } catch (error) {
    if (NotApplicable.is(error)) return { ...base, verdict: 'not-applicable', notes: [error.message] };
    return { ...base, verdict: 'error', error: options.explain(error) };
  }
}

function range({ low, high }: Estimate): string {
  return `${rounded(low)} to ${rounded(high)}`;
}

/** To two digits. */
function rounded(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en-US');
}

/** How many orders of steps there are, as decimal logarithms. */
export interface Orders {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Probes of a tree's size (Knuth, "Estimating the Efficiency of Backtrack Programs", 1975): a run left to chance, in
 * which each step has as many ways as the product of all choices on the way tells, gives the number of ends without bias.
 * The spread is large, and so is the interval. Null where runs do not end.
 */
export function estimateOrders(world: World, seed = 1): Orders | null {
  const interpreter = new Interpreter(new Automata(world));
  const chance = new Chance(seed);
  const logs: number[] = [];
  for (let i = 0; i < PROBES; i++) {
    const log = probe(interpreter, chance);
    if (log === null) return null;
    logs.push(log);
  }
  const most = Math.max(...logs);
  const parts = logs.map((log) => 10 ** (log - most));
  const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length;
  const variance = parts.reduce((sum, part) => sum + (part - mean) ** 2, 0) / (parts.length - 1);
  const error = ERRORS * Math.sqrt(variance / parts.length);
  const log = (part: number): number => most + Math.log10(part);
  // What the largest probe saw is there, at least in its share of the mean.
  return { mean: log(mean), low: log(Math.max(mean - error, 1 / parts.length)), high: log(mean + error) };
}

/** The decimal logarithm of the product of the numbers of choices in one run. */
function probe(interpreter: Interpreter, chance: Chance): number | null {
  let { state } = interpreter.begin();
  let log = 0;
  for (let step = 0; step < STEPS; step++) {
    const choices = [...state.nodes.keys()].flatMap((actor) =>
      Array.from({ length: interpreter.answers(state, actor) }, (_, answer) => ({ actor, answer })),
    );
    const next = chance.among(choices);
    if (next === undefined) return log;
    log += Math.log10(choices.length);
    ({ state } = interpreter.take(state, next.actor, next.answer));
  }
  return null;
}

function ordersText(orders: Orders | null): string {
  if (orders === null) return 'orders without end';
  const { mean, low, high } = orders;
  if (high < 4) return `about ${Math.round(10 ** mean)} orders (${Math.round(10 ** low)} to ${Math.round(10 ** high)})`;
  return `about 10^${mean.toFixed(1)} orders (10^${low.toFixed(1)} to 10^${high.toFixed(1)})`;
}
