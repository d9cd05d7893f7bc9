/** A sample of the orders in which an experiment passes, as text: people want to see those, too. */
import type { KernelRevision } from '../kernels/index.ts';
import { buildWorld, type Experiment } from '../lab.ts';
import { STEP_STRIDE, StepColumn, stepCount, type Trace } from '../trace.ts';
import { record } from './record.ts';
import type { RunOptions } from './run.ts';
import { passingRuns } from './walks.ts';

const SEED = 1;
/** Runs for each order that is wanted, and steps of one. */
const RUNS_PER_ORDER = 20;
const STEPS = 20_000;

/** An order, with what can be told of it. */
interface Order {
  readonly trace: Trace;
  readonly switches: number;
  readonly finals: ReadonlyMap<string, number>;
}

/** Up to `count` orders, those with the fewest context switches first. */
export function ordersOf(
  experiment: Experiment,
  revision: KernelRevision,
  count: number,
  { nameFinder, scriptName }: Pick<RunOptions, 'nameFinder' | 'scriptName'>,
): string {
  const build = () => buildWorld(experiment, revision, nameFinder);
  const world = build();
  const without = new Set(experiment.options.without ?? []);
  const limits = { seed: SEED, runs: count * RUNS_PER_ORDER, steps: STEPS, total: count * RUNS_PER_ORDER * STEPS };
  const orders = new Map<string, Order>();
  for (const path of passingRuns(world, { ...limits, without }, count)) {
    const { trace } = record(build(), { scriptName }, path, (actor) => world.actors[actor]?.name ?? '', false);
    orders.set(trace.schedule, orderOf(trace));
  }
  const sorted = [...orders.values()].sort(
    (a, b) => a.switches - b.switches || stepCount(a.trace) - stepCount(b.trace),
  );
  const shown = namesThatDiffer(sorted);
  const actors = sorted[0]?.trace.actors.map(({ name }, i) => `${i} ${name}`).join(', ') ?? 'none';
  return [
    `# ${experiment.name}, kernel ${revision.id}: ${sorted.length} orders in which nothing breaks, left to chance (seed ${SEED})`,
    `# Actors: ${actors}`,
    ...sorted.map((order) => lineOf(order, shown)),
    '',
  ].join('\n');
}

function orderOf(trace: Trace): Order {
  const finals = new Map<string, number>();
  let switches = 0;
  for (let n = 0; n < stepCount(trace); n++) {
    const column = (offset: number): number => trace.steps[n * STEP_STRIDE + offset] ?? 0;
    const word = trace.words[column(StepColumn.word)];
    if (word !== undefined) finals.set(word.name, column(StepColumn.after));
    if (n > 0 && column(StepColumn.actor) !== trace.steps[(n - 1) * STEP_STRIDE + StepColumn.actor]) switches++;
  }
  return { trace, switches, finals };
}

/** Words that do not end at the same value in all orders. */
function namesThatDiffer(orders: readonly Order[]): string[] {
  const names = new Set(orders.flatMap(({ finals }) => [...finals.keys()]));
  return [...names].filter((name) => new Set(orders.map(({ finals }) => finals.get(name))).size > 1);
}

function lineOf({ trace, switches, finals }: Order, shown: readonly string[]): string {
  const values = shown.flatMap((name) => (finals.has(name) ? [`${name} = ${finals.get(name)}`] : []));
  return [trace.schedule, `${switches} switches`, ...values].join('  ');
}
