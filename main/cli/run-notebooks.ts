/** Runs notebooks: divides the work, keeps as many processes busy as are wanted, and puts the results in order. */
import { KERNELS } from '../engine/kernels/index.ts';
import type { ExperimentResult, ScriptError } from '../engine/result.ts';
import { errorResult, type Plan } from '../lab/cut-off.ts';
import type { Pair } from '../lab/runner.ts';
import type { Notebook } from './notebook.ts';
import { inParallel } from './pool.ts';
import { perform, type RunSettings, runUnit, type UnitOutcome } from './run-unit.ts';
import { deal, itemsOf, type Shard, shareOf, type Unit, unitsOf } from './units.ts';

export interface RunRequest extends RunSettings {
  /** Kernels to run; null leaves it to the notebooks. */
  readonly kernels: readonly string[] | null;
  /** Processes at a time, 1 or more. */
  readonly jobs: number;
  readonly shard: Shard | null;
}

/** A notebook that has run. */
export interface NotebookRun {
  readonly notebook: Notebook;
  /** By experiment, in the order of the script, then by kernel, in the order of history. */
  readonly results: readonly ExperimentResult[];
  /** For each result, its number among those of all notebooks, had there been no shares. */
  readonly places: readonly number[];
  readonly console: readonly string[];
  /** What ended the whole script; then `results` tells it too. */
  readonly error: ScriptError | null;
}

/** What a result says of an error that belongs to no experiment. */
export const WHOLE_NOTEBOOK = '(notebook)';

export async function runNotebooks(notebooks: readonly Notebook[], request: RunRequest): Promise<NotebookRun[]> {
  const { shard } = request;
  if (shard !== null) return await runShare(notebooks, request, shard);
  return gather(notebooks, await runAll(notebooks, dividedByKernels(notebooks.length, request), request));
}

/** One unit a notebook, or more where there would be idle processes. */
function dividedByKernels(notebooks: number, { kernels, jobs }: RunRequest): Unit[] {
  const parts = Math.ceil(jobs / Math.max(1, notebooks));
  // A kernel that an experiment does not ask for is passed over there, so that all of them is no more than it asks for.
  const shares = parts === 1 ? [kernels] : deal(kernels ?? KERNELS.map(({ id }) => id), parts);
  return Array.from({ length: notebooks }, (_, notebook) => notebook).flatMap((notebook) =>
    shares.map((share) => ({ notebook, kernels: share, lines: null })),
  );
}

/** Asks every notebook what it will run, so that each item of work is in one share and no other. */
async function runShare(notebooks: readonly Notebook[], request: RunRequest, shard: Shard): Promise<NotebookRun[]> {
  const { jobs, kernels } = request;
  const whole = notebooks.map((_, notebook): Unit => ({ notebook, kernels, lines: null }));
  const plans = await inParallel(whole, jobs, (unit) =>
    perform(at(notebooks, unit.notebook), unit, { ...request, planOnly: true }),
  );
  const items = plans.flatMap(({ notebook, plan }) => (plan === null ? [] : itemsOf(notebook, plan)));
  const mine = shareOf(items, shard);
  const units = notebooks.flatMap((_, notebook) =>
    unitsOf(
      mine.filter((item) => item.notebook === notebook),
      Math.ceil(jobs / notebooks.length),
    ),
  );
  const outcomes = await runAll(notebooks, units, request);
  return gather(notebooks, [...outcomes, ...plans.filter(({ error }) => error !== null)], plans);
}

async function runAll(
  notebooks: readonly Notebook[],
  units: readonly Unit[],
  request: RunRequest,
): Promise<UnitOutcome[]> {
  return await inParallel(units, request.jobs, (unit) => runUnit(at(notebooks, unit.notebook), unit, request));
}

function gather(
  notebooks: readonly Notebook[],
  outcomes: readonly UnitOutcome[],
  plans: readonly UnitOutcome[] = outcomes,
): NotebookRun[] {
  let before = 0;
  return notebooks.map((notebook, index) => {
    const own = outcomes.filter((outcome) => outcome.notebook === index);
    const plan = plans.find((outcome) => outcome.notebook === index)?.plan ?? [];
    const error = own.find((outcome) => outcome.error !== null)?.error ?? null;
    const unplanned = own.find((outcome) => outcome.error !== null && outcome.plan === null)?.error ?? null;
    const results = inOrder(
      plan,
      own.flatMap((outcome) => outcome.results),
    );
    const place = placesIn(plan, before);
    before += plan.reduce((sum, { kernels }) => sum + kernels.length, 0) + 1;
    const where = { experiment: WHOLE_NOTEBOOK, line: unplanned?.line ?? 0, kernel: '*' };
    const all = unplanned === null ? results : [...results, errorResult(where, unplanned)];
    return {
      notebook,
      results: all,
      places: all.map((result) => place(result) ?? before - 1),
      // Each unit runs the script anew and prints the same.
      console: own[0]?.console ?? [],
      error,
    };
  });
}

/** Gives the number of a result, `first` for the first of the plan. */
function placesIn(plan: Plan, first: number): (result: Pair) => number | undefined {
  const all = plan.flatMap(({ name, kernels }) => kernels.map((kernel) => ({ experiment: name, kernel })));
  const keyOf = ({ experiment, kernel }: Pair) => `${kernel} ${experiment}`;
  const numbers = new Map(inOrder(plan, all).map((result, i) => [keyOf(result), first + i]));
  return (result) => numbers.get(keyOf(result));
}

/** By place in the plan, then by kernel. */
function inOrder<T extends Pair>(plan: Plan, results: readonly T[]): T[] {
  const place = new Map(plan.map(({ name }, index) => [name, index]));
  const age = new Map(KERNELS.map(({ id }, index) => [id, index]));
  const placeOf = ({ experiment }: Pair) => place.get(experiment) ?? plan.length;
  const ageOf = ({ kernel }: Pair) => age.get(kernel) ?? KERNELS.length;
  return [...results].sort((a, b) => placeOf(a) - placeOf(b) || ageOf(a) - ageOf(b));
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`there is no element ${index} of ${list.length}`);
  return found;
}
