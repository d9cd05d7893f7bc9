/** Runs one unit in a process of its own, and believes no failing schedule that does not replay. */
import { verifyFailure } from '../engine/explore/verify.ts';
import type { ExperimentResult, Progress, ScriptError } from '../engine/result.ts';
import { acceptResult } from '../lab/accept-result.ts';
import {
  cutOff,
  type Ended,
  endedAlone,
  endedForOne,
  errorOfEnd,
  missingOf,
  type Plan,
  WORTH_STARTING,
} from '../lab/cut-off.ts';
import { lowerScript } from '../lab/lower/script.ts';
import type { ExportFormat, Pair, RealmMessage, RunLimits, Runner } from '../lab/runner.ts';
import { scriptName } from '../lab/script-name.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { Notebook } from './notebook.ts';
import type { Unit } from './units.ts';

/** What is asked of every unit. */
export interface RunSettings {
  readonly runner: Runner;
  readonly limits: RunLimits;
  readonly budget: { readonly states: number; readonly seconds: number; readonly bytes?: number };
  /** Only experiments whose name contains this text; null for all. */
  readonly only: string | null;
  readonly onProgress: (notebook: Notebook, progress: Progress) => void;
  /** Ask a second search, which works otherwise, for its verdict too. */
  readonly verify?: boolean;
  /** Tell how large each search will be instead of searching. */
  readonly estimate?: boolean;
  /** Where checkpoints are kept; null for nowhere. */
  readonly checkpoints?: Checkpoints | null;
}

/** What came of a unit. */
export interface UnitOutcome {
  readonly notebook: number;
  /** Null where the script did not get as far. */
  readonly plan: Plan | null;
  /** In the order they came. Experiments that were cut off have verdict `error`. */
  readonly results: readonly ExperimentResult[];
  /** What the script printed. */
  readonly console: readonly string[];
  /** What ended the whole script: a throw at its top level, a limit. Null where it ran to its end. */
  readonly error: ScriptError | null;
  /** True where the script did not end by itself: a limit ended it, or its process died. */
  readonly cut: boolean;
  /** What an ended process was at, where the others of its plan can go on without it; null where none was ended. */
  readonly ended: Ended | null;
  /** What was written down, where that was asked for. */
  readonly exported?: string | null;
}

/**
 * Runs a unit. What had to be ended ends alone: a process of their own runs the others, in what is left of the wall
 * limit. What was planned and never came is told as an `error` of its own.
 */
export async function runUnit(notebook: Notebook, unit: Unit, settings: RunSettings): Promise<UnitOutcome> {
  const begun = performance.now();
  let outcome = await perform(notebook, unit, settings);
  while (outcome.ended !== null && outcome.plan !== null && outcome.error !== null) {
    const wall = settings.limits.wall - (performance.now() - begun) / 1000;
    if (wall < WORTH_STARTING) break;
    const { plan, console, ended, error } = outcome;
    const results = [...outcome.results, ...endedAlone(plan, outcome.results, ended, error)];
    const skip = results.map(({ experiment, kernel }) => ({ experiment, kernel }));
    const limits = { ...settings.limits, wall };
    const isAll = missingOf(plan, results).length === 0;
    const rest = isAll ? null : await perform(notebook, unit, { ...settings, limits, skip });
    outcome = {
      ...outcome,
      error: null,
      cut: false,
      ended: null,
      ...rest,
      plan,
      console,
      results: [...results, ...(rest?.results ?? [])],
    };
  }
  if (outcome.error === null || outcome.plan === null) return outcome;
  return { ...outcome, results: [...outcome.results, ...cutOff(outcome.plan, outcome.results, outcome.error)] };
}

/** What can be asked instead of a search. */
export interface Special {
  /** The plan alone: the process is killed when it is known. */
  readonly planOnly?: boolean;
  /** Write this down; needs one kernel, and the experiment's whole name in `only`. */
  readonly export?: { readonly format: ExportFormat; readonly count: number };
  /** Pass over these. */
  readonly skip?: readonly Pair[];
  /** Replay this schedule; needs one kernel, and the experiment's whole name in `only`. */
  readonly schedule?: string;
}

/** Starts the process, and takes down what it says until it ends. */
export async function perform(notebook: Notebook, unit: Unit, settings: RunSettings & Special): Promise<UnitOutcome> {
  const { script } = notebook;
  if (script === null)
    return {
      notebook: unit.notebook,
      plan: null,
      results: [],
      console: [],
      error: notebook.error,
      cut: false,
      ended: null,
    };
  let plan: Plan | null = null;
  let error: ScriptError | null = null;
  let last: Progress | null = null;
  let text: string | null = null;
  const kept = settings.planOnly === true ? null : (settings.checkpoints?.of(notebook) ?? null);
  const beginning = kept?.begin(unit) ?? null;
  const keep = kept?.taker();
  const results: ExperimentResult[] = [];
  const printed: string[] = [];
  const init = {
    code: lowerScript(script.code),
    name: scriptName(notebook.path),
    lines: unit.lines === null ? script.lines : unit.lines.map((line) => [line, line] as const),
    kernels: unit.kernels,
    only: settings.only,
    budget: settings.budget,
    schedule: settings.schedule ?? null,
    verify: settings.verify === true,
    skip: settings.skip ?? [],
    estimate: settings.estimate === true,
    ...(settings.export !== undefined && { export: settings.export }),
    ...(beginning !== null && { checkpoint: beginning.init }),
  };
  const take = (message: RealmMessage): void => {
    keep?.(message);
    switch (message.kind) {
      case 'plan':
        plan = message.experiments;
        results.push(...earlier(beginning?.results ?? [], plan));
        if (settings.planOnly === true) run.stop();
        break;
      case 'progress':
        last = message.progress;
        settings.onProgress(notebook, message.progress);
        break;
      case 'result':
        last = null;
        results.push(acceptResult(message.result, verifyFailure));
        break;
      case 'console':
        printed.push(message.text);
        break;
      case 'fatal':
        error = message.error;
        break;
      case 'export':
        text = message.text;
        break;
      case 'saved':
      case 'checkpoint':
      case 'done':
        break;
    }
  };
  const run = settings.runner.start(init, settings.limits, take, beginning?.saved);
  const end = await run.ended;
  const cut = errorOfEnd(end);
  return {
    notebook: unit.notebook,
    plan,
    results,
    console: printed,
    error: error ?? cut,
    cut: cut !== null,
    ended: endedForOne(end, last),
    exported: text,
  };
}

/** Results of an earlier run, of what is to be run now. They are believed no more than others. */
function earlier(results: readonly ExperimentResult[], plan: Plan): ExperimentResult[] {
  return results
    .filter(({ experiment, kernel }) => plan.some((one) => one.name === experiment && one.kernels.includes(kernel)))
    .map((result) => acceptResult(result, verifyFailure));
}
