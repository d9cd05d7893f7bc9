/** Runs experiments in this process, as the runner's realm would: for tests of the engine alone. */
import { runExperiment } from '../../main/engine/explore/run.ts';
import type { SearchOptions } from '../../main/engine/explore/search.ts';
import type { ExperimentOptions, Lab } from '../../main/engine/interface.ts';
import { type KernelRevision, kernelById } from '../../main/engine/kernels/index.ts';
import type { ExperimentResult, Failure } from '../../main/engine/result.ts';
import { explainError } from '../../main/engine/script.ts';
import { STEP_STRIDE, StepColumn, stepCount, type Trace } from '../../main/engine/trace.ts';

export function kernel(id: string): KernelRevision {
  const found = kernelById(id);
  if (found === undefined) throw new Error(`no kernel ${id}`);
  return found;
}

export interface RunSettings {
  readonly states?: number;
  readonly seconds?: number;
  readonly bytes?: number;
  readonly search?: SearchOptions;
  readonly verify?: boolean;
  readonly options?: ExperimentOptions;
}

/** Runs a body under a kernel. */
export function run(id: string, body: (lab: Lab) => void, settings: RunSettings = {}): ExperimentResult {
  const experiment = { name: 'test', options: settings.options ?? {}, body, line: 1 };
  return runExperiment(experiment, kernel(id), {
    budget: { states: settings.states ?? 1_000_000, seconds: settings.seconds ?? 60, bytes: settings.bytes ?? 2 ** 31 },
    host: { now: () => performance.now(), progress() {} },
    scriptName: 'harness.ts',
    nameFinder: () => null,
    explain: (error) => explainError(error, 'harness.ts'),
    ...(settings.search && { search: settings.search }),
    verify: settings.verify ?? false,
  });
}

/** The failure of a check whose name begins so. */
export function failure(result: ExperimentResult, check: string): Failure {
  const found = result.failures.find((candidate) => candidate.check.startsWith(check));
  if (found === undefined)
    throw new Error(`no broken check "${check}": ${result.verdict} ${result.error?.message ?? ''}`);
  return found;
}

/** Value of a word, by name, after all steps of a trace. */
export function finalValue(trace: Trace, name: string): number {
  const word = trace.words.findIndex((candidate) => candidate.name === name);
  if (word < 0) throw new Error(`no word ${name}`);
  let value = trace.initial[word] ?? 0;
  for (let n = 0; n < stepCount(trace); n++) {
    if (trace.steps[n * STEP_STRIDE + StepColumn.word] === word)
      value = trace.steps[n * STEP_STRIDE + StepColumn.after] ?? 0;
  }
  return value;
}
