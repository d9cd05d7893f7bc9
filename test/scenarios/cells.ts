/** Cells of the matrix: an experiment under a kernel, as it is or with some switches the other way round. */
import { runExperiment } from '../../main/engine/explore/run.ts';
import type { KernelSwitches } from '../../main/engine/interface.ts';
import { KERNELS, type KernelRevision } from '../../main/engine/kernels/index.ts';
import type { Experiment } from '../../main/engine/lab.ts';
import type { ExperimentResult } from '../../main/engine/result.ts';
import { explainError } from '../../main/engine/script.ts';

export type Changes = Partial<KernelSwitches>;

/** The kernels an experiment runs under, in the order of history. */
export function kernelsOf({ options }: Experiment): KernelRevision[] {
  return KERNELS.filter(({ id }) => options.kernels === undefined || options.kernels.includes(id));
}

/** States in which a failure mostly shows, where the whole space is much larger. */
const FEW = 20_000;

/** As {@link runCell}, for one that is to fail: a failure is one wherever the search ends. */
export function runToFail(experiment: Experiment, kernel: KernelRevision, changes: Changes): ExperimentResult {
  const soon = runCell(experiment, kernel, changes, FEW);
  return soon.verdict === 'inconclusive' ? runCell(experiment, kernel, changes) : soon;
}

/** Runs an experiment under a kernel some of whose switches are changed. */
export function runCell(
  experiment: Experiment,
  kernel: KernelRevision,
  changes: Changes = {},
  states = 2_000_000,
): ExperimentResult {
  const changed = { ...kernel, switches: { ...kernel.switches, ...changes } };
  return runExperiment(experiment, changed, {
    budget: { states, seconds: 120, bytes: 2 ** 31 },
    host: { now: () => performance.now(), progress() {} },
    scriptName: 'shipped.lab.ts',
    nameFinder: () => null,
    explain: (error) => explainError(error, 'shipped.lab.ts'),
  });
}

/** Verdict and why, for messages. */
export function explained({ verdict, failures, error }: ExperimentResult): string {
  const why = error?.message ?? failures.map(({ check, message }) => `${check}: ${message}`).join(' | ');
  return `${verdict} ${why}`.trim();
}
