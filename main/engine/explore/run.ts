/** Runs one experiment under one kernel: a sample run, the search, and a trace for every broken check. */
import { NotApplicable, run as runs } from '../errors.ts';
import type { KernelRevision } from '../kernels/index.ts';
import { buildWorld, type Experiment, type NameFinder } from '../lab.ts';
import type { Columns } from '../lower/columns.ts';
import {
  type ExperimentResult,
  type Failure,
  type LimitKind,
  nothingFound,
  type ScriptError,
  type Verdict,
} from '../result.ts';
import { STEP_STRIDE, type Trace } from '../trace.ts';
import type { World } from '../world.ts';
import type { Looks } from './alike.ts';
import type { CheckpointOptions } from './checkpoint/keeper.ts';
import type { Broken, SearchResult } from './findings.ts';
import type { Visible } from './fusion.ts';
import { record } from './record.ts';
import { requireSameBody } from './same-body.ts';
import { sampleOf, visibleIn } from './sample.ts';
import { type SearchBudget, type SearchHost, type SearchOptions, search } from './search.ts';
import { secondOpinion } from './second-opinion.ts';
import { choiceNotes, spareActors } from './spare.ts';
import { lostWakeUp, whoWaits } from './waits.ts';
import { type WalkResult, walk } from './walks.ts';

/** What a run needs from its surroundings. */
export interface RunOptions {
  readonly budget: SearchBudget;
  readonly host: SearchHost;
  /** Name the script was compiled under, to tell its frames from the engine's. */
  readonly scriptName: string;
  /** Leads positions of the script as it runs to the author's file, where the two differ. */
  readonly columns?: Columns;
  readonly nameFinder: NameFinder;
  readonly search?: SearchOptions;
  /** Notes what is read of the revision, see alike.ts. */
  readonly looks?: Looks;
  /** Keep checkpoints of the search, and go on from one. */
  readonly checkpoint?: CheckpointOptions;
  /** Ask the second search, too: see second-opinion.ts. */
  readonly verify?: boolean;
  /** Turns what a script threw into a message with the author's position. */
  readonly explain: (error: unknown) => ScriptError;
}

/** Verdict expected for a kernel: its own entry, else `*`, else none. */
export function expectedVerdict(experiment: Experiment, kernel: string): { verdict: Verdict | null; byStar: boolean } {
  const expect = experiment.options.expect ?? {};
  const own = expect[kernel];
  if (own !== undefined) return { verdict: own, byStar: false };
  const star = expect['*'];
  return { verdict: star ?? null, byStar: star !== undefined };
}

/** Whether a verdict is what was expected. A `*` does not speak of kernels that lack the function. */
export function isAsExpected(verdict: Verdict, expected: { verdict: Verdict | null; byStar: boolean }): boolean {
  if (expected.verdict === null) return verdict !== 'error';
  return verdict === expected.verdict || (expected.byStar && verdict === 'not-applicable');
}

/** A result with nothing found yet. */
export function emptyResult(
  experiment: Experiment,
  revision: KernelRevision,
  expected: ReturnType<typeof expectedVerdict>,
): ExperimentResult {
  const where = { experiment: experiment.name, line: experiment.line, kernel: revision.id };
  return { ...nothingFound(where), expected: expected.verdict };
}

export function runExperiment(experiment: Experiment, revision: KernelRevision, options: RunOptions): ExperimentResult {
  const begun = options.host.now();
  runs.number++;
  const expected = expectedVerdict(experiment, revision.id);
  const finish = (verdict: Verdict, found: Partial<ExperimentResult>): ExperimentResult => ({
    ...emptyResult(experiment, revision, expected),
    verdict,
    asExpected: isAsExpected(verdict, expected),
    seconds: (options.host.now() - begun) / 1000,
    ...found,
  });
  const watched = options.looks?.watch(revision) ?? revision;
  const build = (): World => buildWorld(experiment, watched, options.nameFinder);
  try {
    const [one, other] = [build(), build()];
    requireSameBody(one, other, experiment.name);
    const visible = visibleIn(one);
    const without = new Set(experiment.options.without ?? []);
    const found = search(other, visible, budgetFor(experiment, options.budget), options.host, {
      without,
      probe: build,
      ...(options.checkpoint !== undefined && { checkpoint: options.checkpoint }),
      ...options.search,
    });
    const walks = found.limit === null || found.broken.length > 0 ? null : walkAfter(build(), without, options.host);
    const broken = walks === null ? found.broken : walks.broken;
    const searched = walks === null ? found.world : walks.world;
    const failures = broken.map((one) =>
      failureOf(one, { world: searched, kin: walks === null ? found.kin : [] }, build(), options),
    );
    failures.sort((x, y) => x.trace.steps.length - y.trace.steps.length);
    const verdict = verdictOf(found, failures);
    const second = options.verify === true ? secondOpinion(build(), found, without) : null;
    if (second?.agrees === false) throw new Error(second.note);
    return finish(verdict, {
      ...counts(found),
      failures,
      limit: found.limit,
      sample: verdict === 'pass' ? sampleOf(build(), options) : null,
      notes: [
        ...notesOf(found),
        ...spareNotes(found, failures, without, visible, options),
        ...broken.slice(0, 1).flatMap((one) => choiceNotes(searched, one, without)),
        ...(walks === null ? [] : [walks.note]),
        ...(second === null ? [] : [second.note]),
      ],
    });
  } catch (error) {
    if (NotApplicable.is(error)) return finish('not-applicable', { notes: [error.message] });
    const explained = options.explain(error);
    // What belongs to no line of the script belongs to the experiment.
    const at = explained.line === 0 ? { line: experiment.line, column: 1 } : {};
    return finish('error', { error: { ...explained, ...at } });
  }
}

/** A failure that shows only in the end is shown with all actors; a remark says which of them it does not need. */
function spareNotes(
  found: SearchResult,
  failures: readonly Failure[],
  without: ReadonlySet<string>,
  visible: Visible,
  { host }: RunOptions,
): string[] {
  const [first] = failures;
  if (first === undefined || stepsTaken(first.trace) < first.trace.actors.length) return [];
  const spare = spareActors(found, first.check, without, () => host.now(), visible);
  return spare.length === 0 ? [] : [`"${first.check}" breaks without ${spare.join(', ')}, too`];
}

/** Number of actors that take a step. */
function stepsTaken({ steps }: Trace): number {
  const actors = new Set<number>();
  for (let i = 0; i < steps.length; i += STEP_STRIDE) actors.add(steps[i] ?? 0);
  return actors.size;
}

/** Runs left to chance, where a budget ended the search before anything broke. */
const WALKS = { seed: 1, runs: 900, steps: 20_000, total: 300_000 };
/** Milliseconds after which no further run begins. */
const PATIENCE = 10_000;

function walkAfter(
  world: World,
  without: ReadonlySet<string>,
  host: SearchHost,
): WalkResult & { readonly world: World } {
  const begun = host.now();
  return { ...walk(world, { ...WALKS, without, isLate: () => host.now() - begun > PATIENCE }), world };
}

function verdictOf(found: SearchResult, failures: readonly Failure[]): Verdict {
  if (failures.length > 0) return 'fail';
  return found.exhaustive ? 'pass' : 'inconclusive';
}

function counts(found: SearchResult): Partial<ExperimentResult> {
  const { exhaustive, executions, states, transitions, depth, frontier } = found;
  return { exhaustive, executions, states, transitions, depth, frontier };
}

function notesOf(found: SearchResult): string[] {
  const limit: LimitKind | null = found.limit;
  return limit === null
    ? [...found.notes]
    : [
        ...found.notes,
        `search ended by its budget (${limit}): ${found.frontier} states left to look at, ${found.depth} steps deep`,
      ];
}

function budgetFor(experiment: Experiment, budget: SearchBudget): SearchBudget {
  const own = experiment.options.budget ?? {};
  return { ...budget, states: own.states ?? budget.states, seconds: own.seconds ?? budget.seconds };
}

function failureOf(
  broken: Broken,
  { world, kin }: Pick<SearchResult, 'world' | 'kin'>,
  fresh: World,
  options: RunOptions,
): Failure {
  const { check, kind, message, source } = broken;
  const { trace, waiting } = record(fresh, options, broken.path, (actor) => world.actors[actor]?.name ?? '', true, kin);
  const failingStep = trace.steps.length / STEP_STRIDE - 1;
  if (check !== 'deadlock') return { check, kind, message, source, trace, failingStep };
  const lost = lostWakeUp(trace, waiting);
  const waits = whoWaits(trace, waiting);
  const found = lost === null ? { check, message: waits } : { check: 'lost wake-up', message: `${waits}; ${lost}` };
  return { ...found, kind, source, trace, failingStep };
}
