/** Runs a script's text in this process, prepared and evaluated as a runner does it. */
import vm from 'node:vm';
import { globalsFor, nameFinderFor, Registry } from '../../../main/engine/experiment.ts';
import { runExperiment } from '../../../main/engine/explore/run.ts';
import { Columns, LIVE_GLOBAL } from '../../../main/engine/lower/columns.ts';
import { live } from '../../../main/engine/lower/live.ts';
import type { ExperimentResult } from '../../../main/engine/result.ts';
import { explainError } from '../../../main/engine/script.ts';
import { lowerScript } from '../../../main/lab/lower/script.ts';
import { kernel } from '../harness.ts';

const NAME = 'author.lab.ts';
const STRICT = '"use strict";';

/** Results of the script's experiments under one kernel. */
export function runScript(source: string, id = '7.2'): ExperimentResult[] {
  const code = lowerScript(source);
  const script = { name: NAME, code };
  const registry = new Registry(script);
  const globals = { ...globalsFor(registry), [LIVE_GLOBAL]: live };
  const run: unknown = vm.compileFunction(`${STRICT}${code}\n`, Object.keys(globals), {
    filename: NAME,
    columnOffset: -STRICT.length,
  });
  if (typeof run !== 'function') throw new TypeError('not compiled');
  run(...Object.values(globals));
  registry.close();
  const columns = new Columns(code);
  return registry.experiments.map((experiment) =>
    runExperiment(experiment, kernel(id), {
      budget: { states: 200_000, seconds: 60 },
      host: { now: () => performance.now(), progress() {} },
      scriptName: NAME,
      columns,
      nameFinder: nameFinderFor(script),
      explain: (error) => explainError(error, NAME, columns),
    }),
  );
}

/** The one experiment of a script. */
export function runOne(body: string): ExperimentResult {
  const [result] = runScript(`experiment('test', {}, (lab) => {\n${body}\n});`);
  if (result === undefined) throw new Error('no experiment');
  return result;
}
