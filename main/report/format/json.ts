/**
 * `json`: results for programs, in the shape of `gupbook run --json`: one object, every step of the first failure of
 * each result.
 */
import type { ExperimentResult, Failure } from '../../engine/result.ts';
import type { Report } from '../report.ts';
import { allSteps, opName } from '../steps.ts';

/** A failing schedule with all its steps; `n` counts from 1, as every table does. */
export function failureJson(failure: Failure) {
  const { trace } = failure;
  return {
    check: failure.check,
    message: failure.message,
    schedule: trace.schedule,
    failingStep: failure.failingStep + 1,
    steps: allSteps(trace).map((step) => ({
      n: step.n + 1,
      actor: trace.actors[step.actor]?.name ?? '',
      op: opName(step.op),
      word: trace.words[step.word]?.name ?? null,
      before: step.before,
      after: step.after,
    })),
  };
}

/** One result. `file` is the notebook's name; `steps` are the transitions that the search took. */
export function resultJson(file: string, result: ExperimentResult) {
  const failure = result.failures[0];
  return {
    file,
    experiment: result.experiment,
    kernel: result.kernel,
    verdict: result.verdict,
    expected: result.expected,
    asExpected: result.asExpected,
    exhaustive: result.exhaustive,
    executions: result.executions,
    states: result.states,
    steps: result.transitions,
    seconds: result.seconds,
    ...(result.limit === null ? {} : { limit: result.limit }),
    ...(result.error === null ? {} : { error: result.error }),
    ...(failure === undefined
      ? {}
      : {
          failure: failureJson(failure),
          failures: result.failures.map(({ check, message, trace: { schedule } }) => ({ check, message, schedule })),
        }),
  };
}

export function jsonFormat(report: Report): string {
  const { tool, file } = report;
  const object = {
    gupbook: { version: tool.version, engine: tool.engineVersion },
    notebook: { name: file.name, sha256: file.sha256 },
    bounds: report.bounds,
    memoryModel: 'sc',
    notModelled: report.notModelled,
    ranOnKernel: report.ranOnKernel,
    results: report.results.map((result) => resultJson(file.name, result)),
  };
  return `${JSON.stringify(object, null, 2)}\n`;
}
