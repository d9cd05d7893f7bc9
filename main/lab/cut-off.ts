/**
 * What is said of experiments whose process was ended: the one that it was ended for, and those that had no turn. The
 * others of the plan can go on in a process of their own.
 */
import {
  type ExperimentResult,
  nothingFound,
  type Progress,
  type ResultPlace,
  type ScriptError,
} from '../engine/result.ts';
import type { RunEnd } from './runner.ts';

/** What a notebook says it will run: experiments in the order of the script, each with its kernels. */
export type Plan = readonly { readonly name: string; readonly line: number; readonly kernels: readonly string[] }[];

/** Seconds below which no further process is started in what is left of the wall limit. */
export const WORTH_STARTING = 1;

/** What ended a run that did not end by itself; null for one that did, or that was stopped. */
export function errorOfEnd({ kind, message, at }: RunEnd): ScriptError | null {
  if (kind === 'done' || kind === 'stopped') return null;
  return { message, line: at?.line ?? 0, column: at?.column ?? 0, stack: '' };
}

/** How the process was ended. */
export interface Ended {
  /** A search took too much memory, and how far it was; null for an end of another kind. */
  readonly tooLarge: Progress | null;
}

/** What ended a process for the sake of one experiment, so that others can go on; null for other ends. */
export function endedForOne({ kind }: RunEnd, last: Progress | null): Ended | null {
  if (kind === 'memory-limit') return { tooLarge: last };
  return kind === 'time-limit' || kind === 'crashed' ? { tooLarge: null } : null;
}

/** What was planned and has no result yet. */
export function missingOf(plan: Plan, results: readonly ResultPlace[]): ResultPlace[] {
  const came = new Set(results.map(({ experiment, kernel }) => `${kernel} ${experiment}`));
  return plan.flatMap(({ name, line, kernels }) =>
    kernels.filter((kernel) => !came.has(`${kernel} ${name}`)).map((kernel) => ({ experiment: name, line, kernel })),
  );
}

/** Results for what was planned and never came: the first was running when the script ended, the others had no turn. */
export function cutOff(plan: Plan, results: readonly ResultPlace[], error: ScriptError): ExperimentResult[] {
  return missingOf(plan, results).map((where, i) =>
    errorResult(where, i === 0 ? error : { ...error, message: `Not run. ${error.message}` }),
  );
}

/** Results for that which its process was ended for. A script that hangs once is not asked under more kernels. */
export function endedAlone(
  plan: Plan,
  results: readonly ResultPlace[],
  { tooLarge }: Ended,
  error: ScriptError,
): ExperimentResult[] {
  if (tooLarge !== null) return [outOfMemory(plan, tooLarge, error)];
  const running = missingOf(plan, results)[0]?.experiment;
  return cutOff(
    plan.filter(({ name }) => name === running),
    results,
    error,
  );
}

/** What there is to say of a search that took too much memory: how far it came. */
function outOfMemory(plan: Plan, progress: Progress, error: ScriptError): ExperimentResult {
  const { experiment, kernel, states, transitions, frontier, depth } = progress;
  const line = plan.find(({ name }) => name === experiment)?.line ?? 0;
  return {
    ...nothingFound({ experiment, line, kernel }),
    verdict: 'inconclusive',
    ...{ states, transitions, frontier, depth },
    limit: 'memory',
    notes: [error.message],
  };
}

/** A result that says no more than what went wrong. */
export function errorResult(where: ResultPlace, error: ScriptError): ExperimentResult {
  return { ...nothingFound(where), error };
}
