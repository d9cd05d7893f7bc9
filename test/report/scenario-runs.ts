/** Runs the shipped notebooks headless, for reports about what people will really report. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import engineText from 'virtual:gupbook-engine-text';
import type { ExperimentResult } from '../../main/engine/result.ts';
import { headlessRunner } from '../../main/lab/headless-runner.ts';
import { parse } from '../../main/lab/notebook-format.ts';
import { DEFAULT_LIMITS } from '../../main/lab/runner.ts';
import { scriptFor } from '../../main/lab/script.ts';

const FOLDER = fileURLToPath(new URL('../../scenarios/', import.meta.url));

export interface ScenarioRun {
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
  readonly results: readonly ExperimentResult[];
}

export function scenarioNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.lab.ts'))
    .sort();
}

/** Reports of a search that was cut off are reports too. */
const SHORT = { states: 100_000, seconds: 20 };

/** The experiments of a shipped notebook whose names hold `only` (all where it is null) under some kernels. */
export async function runScenario(
  name: string,
  kernels: readonly string[],
  { only = null, budget = SHORT }: { readonly only?: string | null; readonly budget?: typeof SHORT } = {},
): Promise<ScenarioRun> {
  const text = readFileSync(`${FOLDER}${name}`, 'utf8');
  const script = scriptFor(parse(text), 'all');
  const runner = headlessRunner(engineText);
  const results: ExperimentResult[] = [];
  const init = { code: script.code, name, lines: script.lines, kernels, only, budget, schedule: null };
  const run = runner.start(init, DEFAULT_LIMITS, (message) => {
    if (message.kind === 'result') results.push(message.result);
    if (message.kind === 'fatal') throw new Error(`${name}: ${message.error.message}`);
  });
  const end = await run.ended;
  runner.close();
  if (end.kind !== 'done') throw new Error(`${name}: the run ended early (${end.message})`);
  return { name, text, sha256: createHash('sha256').update(text).digest('hex'), results };
}
