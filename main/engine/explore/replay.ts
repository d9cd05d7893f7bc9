/** Replays a schedule that somebody pasted, and says what it shows: the same trace, and which checks it breaks. */
import { BUILTIN_CHECKS } from '../check/builtin.ts';
import { inWorld } from '../context.ts';
import { ExpectationError, NotApplicable, ScheduleError } from '../errors.ts';
import type { KernelRevision } from '../kernels/index.ts';
import { buildWorld, type Experiment } from '../lab.ts';
import type { CheckKind, ExperimentResult, Failure } from '../result.ts';
import { Op } from '../trace.ts';
import type { AuthorCheck, World } from '../world.ts';
import { Machine } from './machine.ts';
import { emptyResult, expectedVerdict, isAsExpected, type RunOptions } from './run.ts';
import { type Choice, parseSchedule } from './schedule.ts';

interface Found {
  readonly check: string;
  readonly kind: CheckKind;
  readonly message: string;
  readonly source: string;
}

/**
 * The result of one schedule: `fail` with the checks that its last step breaks, otherwise `inconclusive` (one schedule
 * proves nothing), with the trace as its sample. A `watched` one was made by hand: it ends at the first step that
 * breaks a check, and where it does not fit, its result is about the steps before that, and a note says why.
 * @throws ScheduleError when the schedule cannot be read, or does not fit and is not watched
 */
export function replayResult(
  experiment: Experiment,
  revision: KernelRevision,
  text: string,
  options: RunOptions,
  watched = false,
): ExperimentResult {
  const begun = options.host.now();
  const expected = expectedVerdict(experiment, revision.id);
  const base = emptyResult(experiment, revision, expected);
  try {
    const choices = parseSchedule(text);
    const world = buildWorld(experiment, revision, options.nameFinder);
    const machine = new Machine(world, options.scriptName, true, options.columns);
    const without = new Set(experiment.options.without ?? []);
    const { found, notes } = watched ? watch(machine, choices, without) : plainly(machine, choices, without);
    const trace = machine.trace();
    const failures: Failure[] = found.map((broken) => ({ ...broken, trace, failingStep: machine.stepCount - 1 }));
    const verdict = failures.length > 0 ? 'fail' : 'inconclusive';
    const seconds = (options.host.now() - begun) / 1000;
    const asExpected = isAsExpected(verdict, expected);
    return {
      ...base,
      verdict,
      asExpected,
      seconds,
      failures,
      sample: trace,
      transitions: machine.stepCount,
      depth: machine.stepCount,
      notes: [...base.notes, ...notes],
    };
  } catch (error) {
    if (error instanceof ScheduleError) throw error;
    if (NotApplicable.is(error)) return { ...base, verdict: 'not-applicable', notes: [error.message] };
    return { ...base, verdict: 'error', error: options.explain(error) };
  }
}

interface Followed {
  readonly found: readonly Found[];
  /** Why the schedule ended before its end. */
  readonly notes: readonly string[];
}

function plainly(machine: Machine, choices: readonly Choice[], without: ReadonlySet<string>): Followed {
  return { found: follow(machine, choices, without), notes: [] };
}

/** Takes the steps until one breaks a check or cannot be taken. */
function watch(machine: Machine, choices: readonly Choice[], without: ReadonlySet<string>): Followed {
  try {
    return { found: follow(machine, choices, without, true), notes: [] };
  } catch (error) {
    if (error instanceof ScheduleError) return { found: [], notes: [error.message] };
    throw error;
  }
}

/** Takes the steps; what the last one breaks, or with `each` the first that breaks something. */
function follow(
  machine: Machine,
  choices: readonly Choice[],
  without: ReadonlySet<string>,
  each = false,
): readonly Found[] {
  for (const [i, { actor, answer, chooses }] of choices.entries()) {
    if (machine.actors[actor] !== undefined && chooses !== (machine.nextOp(actor) === Op.CHOOSE)) {
      throw new ScheduleError(
        `step ${i + 1}: actor ${actor} ${chooses ? 'has nothing to choose here' : 'chooses here: write its answer as ?n'}`,
      );
    }
    try {
      machine.step(actor, answer);
      const found = each ? judge(machine, without) : [];
      if (found.length > 0) return found;
    } catch (error) {
      if (!(error instanceof ExpectationError)) throw error;
      if (!each && i < choices.length - 1)
        throw new ScheduleError(`step ${i + 1}: an expect inside the actor does not hold; nothing can follow`);
      return [{ check: 'expect', kind: 'assert', message: error.message, source: 'the experiment' }];
    }
  }
  return judge(machine, without);
}

function judge(machine: Machine, without: ReadonlySet<string>): Found[] {
  const { world, read, allDone } = machine;
  const found: Found[] = [];
  for (const check of BUILTIN_CHECKS) {
    if (without.has(check.id) || (check.when === 'end' && !allDone)) continue;
    const message = check.test(world, read);
    if (message !== null)
      found.push({ check: `${check.id} ${check.sentence}`, kind: 'builtin', message, source: check.source });
  }
  for (const check of world.always) found.push(...authorCheck(world, machine, check, 'always'));
  if (allDone) for (const check of world.finals) found.push(...authorCheck(world, machine, check, 'finally'));
  const last = machine.stepCount - 1;
  for (let i = 0, event = machine.eventAt(0); event !== undefined; event = machine.eventAt(++i)) {
    if (event.step !== last) continue;
    if (event.kind === 'bad-page')
      found.push({
        check: 'bad page state',
        kind: 'builtin',
        message: event.text,
        source: 'mm/page_alloc.c free_pages_prepare()',
      });
    if (event.kind === 'BUG')
      found.push({ check: 'kernel BUG', kind: 'builtin', message: event.text, source: 'VM_BUG_ON_PAGE()' });
  }
  if (!allDone && machine.actors.every((_, number) => !machine.enabled(number))) {
    found.push({ check: 'deadlock', kind: 'deadlock', message: 'nobody can go on', source: 'every actor waits' });
  }
  return found;
}

function authorCheck(world: World, machine: Machine, check: AuthorCheck, kind: 'always' | 'finally'): Found[] {
  const message = inWorld(world, 'check', machine.read, () => {
    try {
      return check.condition() === false ? 'the condition does not hold' : null;
    } catch (error) {
      if (error instanceof ExpectationError) return error.message;
      throw error;
    }
  });
  return message === null ? [] : [{ check: check.name, kind, message, source: 'the experiment' }];
}
