/**
 * The engine's end of a runner: evaluates one script with the scripting interface in scope, then runs its experiments
 * under its kernels and sends every result. Runs in a worker (Electron) or in a bare context (headless); both hand it
 * the same {@link RealmHost}.
 */

import { BUILTIN_CHECKS } from '../../main/engine/check/builtin.ts';
import * as errors from '../../main/engine/errors.ts';
import { globalsFor, nameFinderFor, Registry } from '../../main/engine/experiment.ts';
import { AlikeKernels } from '../../main/engine/explore/alike.ts';
import { exportOf } from '../../main/engine/explore/exports.ts';
import { forecast } from '../../main/engine/explore/forecast.ts';
import { replayResult } from '../../main/engine/explore/replay.ts';
import type { RunOptions } from '../../main/engine/explore/run.ts';
import { KERNELS, type KernelRevision, kernelById } from '../../main/engine/kernels/index.ts';
import type { Experiment } from '../../main/engine/lab.ts';
import { Columns } from '../../main/engine/lower/columns.ts';
import { live } from '../../main/engine/lower/live.ts';
import type { ScriptError } from '../../main/engine/result.ts';
import { explainError } from '../../main/engine/script.ts';
import { lockLanguage } from './lockdown.ts';
import type { RealmHost, RunInit, StartRealm } from './protocol.ts';
import { Checkpoints } from './realm-checkpoints.ts';
import { sealed } from './sealed.ts';

/** Kernels an experiment runs under: those asked for, among its own or all. */
function kernelsFor(experiment: Experiment, asked: readonly string[] | null): KernelRevision[] {
  const own = experiment.options.kernels;
  const ids = asked ?? own ?? KERNELS.map((kernel) => kernel.id);
  return ids
    .filter((id) => asked === null || own === undefined || own.includes(id))
    .flatMap((id) => kernelById(id) ?? []);
}

function chosen(experiment: Experiment, init: RunInit): boolean {
  const { lines, only } = init;
  if (lines !== null && !lines.some(([from, to]) => experiment.line >= from && experiment.line <= to)) return false;
  if (only === null) return true;
  return init.schedule === null && init.export === undefined
    ? experiment.name.includes(only)
    : experiment.name === only;
}

/** @throws ScriptMisuse where the experiment is too large or cannot run under the kernel */
function exported(
  experiment: Experiment,
  kernel: KernelRevision,
  { format, count }: NonNullable<RunInit['export']>,
  options: RunOptions,
): string {
  errors.run.number++;
  try {
    return exportOf(experiment, kernel, format, options, count);
  } catch (error) {
    if (error instanceof RangeError || errors.NotApplicable.is(error)) throw new errors.ScriptMisuse(error.message);
    throw error;
  }
}

function isSkipped({ skip = [] }: RunInit, experiment: string, kernel: string): boolean {
  return skip.some((one) => one.experiment === experiment && one.kernel === kernel);
}

/** A verdict is about the checks that were made: whoever reads it is told which of ours its script left out. */
function leftOut({ options }: Experiment): string[] {
  const ids = BUILTIN_CHECKS.map(({ id }) => id).filter((id) => options.without?.includes(id) === true);
  return ids.length === 0 ? [] : [`the experiment left out ${ids.join(', ')} (its option "without")`];
}

function runScript(host: RealmHost, init: RunInit): void {
  const script = { name: init.name, code: init.code };
  const columns = new Columns(init.code, host.shift ?? 0);
  const explain = (error: unknown): ScriptError => explainError(error, init.name, columns);
  const registry = new Registry(script);
  const globals = globalsFor(registry);
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, enumerable: true, configurable: false, writable: false });
  }
  lockLanguage(globalThis, [...Object.values(globals), ...sealed()]);
  try {
    host.evaluate(init.code, init.name, live);
  } catch (error) {
    host.send({ kind: 'fatal', error: explain(error) });
    return;
  }
  registry.close();
  const plan = registry.experiments
    .filter((experiment) => chosen(experiment, init))
    .map((experiment) => ({ experiment, kernels: kernelsFor(experiment, init.kernels) }));
  host.send({
    kind: 'plan',
    experiments: plan.map(({ experiment, kernels }) => ({
      name: experiment.name,
      line: experiment.line,
      kernels: kernels.map((kernel) => kernel.id),
    })),
  });
  const checkpoints = new Checkpoints(host, init.checkpoint);
  for (const { experiment, kernels } of plan) {
    const alike = new AlikeKernels(experiment);
    for (const kernel of kernels) {
      const checkpoint = checkpoints.of(experiment, kernel.id);
      if (checkpoint === 'done' || isSkipped(init, experiment.name, kernel.id)) continue;
      const options: RunOptions = {
        budget: init.budget,
        host: {
          now: () => host.now(),
          progress: (states, transitions, frontier, depth, more) =>
            host.send({
              kind: 'progress',
              progress: {
                experiment: experiment.name,
                kernel: kernel.id,
                states,
                transitions,
                frontier,
                depth,
                ...more,
              },
            }),
        },
        scriptName: init.name,
        columns,
        verify: init.verify === true,
        ...(checkpoint !== null && { checkpoint }),
        nameFinder: nameFinderFor(script),
        explain,
      };
      if (init.estimate === true) {
        host.send({ kind: 'result', result: forecast(experiment, kernel, options) });
        continue;
      }
      if (init.export !== undefined) {
        host.send({ kind: 'export', text: exported(experiment, kernel, init.export, options) });
        continue;
      }
      const result =
        init.schedule === null
          ? alike.run(kernel, options)
          : replayResult(experiment, kernel, init.schedule, options, init.watched === true);
      host.send({ kind: 'result', result: { ...result, notes: [...result.notes, ...leftOut(experiment)] } });
    }
  }
  host.send({ kind: 'done' });
}

/** Starts a realm: the host gets what runs one script, once. */
export const start: StartRealm = (host) => (init) => {
  try {
    runScript(host, init);
  } catch (error) {
    const known = error instanceof errors.ScriptMisuse || error instanceof errors.ScheduleError;
    const problem = explainError(error, init.name);
    host.send({
      kind: 'fatal',
      error: known ? problem : { ...problem, message: `the engine failed: ${problem.message}` },
    });
  }
};

Object.defineProperty(globalThis, '__gupbook', { value: start, configurable: true });
