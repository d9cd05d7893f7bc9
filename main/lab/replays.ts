/** Schedules made by hand: followed once in a realm of their own, beside whatever runs. Nothing of them is stored. */
import type { Outcome, ReplayRequest } from '../../preload/contract.ts';
import { kernelById } from '../engine/kernels/index.ts';
import type { ExperimentResult } from '../engine/result.ts';
import { acceptResult, type VerifyFailure } from './accept-result.ts';
import { lowerScript } from './lower/script.ts';
import { parse } from './notebook-format.ts';
import { DEFAULT_LIMITS, type RealmMessage, type Runner } from './runner.ts';
import { scriptFor } from './script.ts';
import { scriptName } from './script-name.ts';

/** One schedule is short: a script that takes longer than this has lost its way. Seconds. */
const LIMITS = { ...DEFAULT_LIMITS, silence: 20, wall: 60 };
/** No search is made. */
const BUDGET = { states: 1, seconds: 60 };

export interface ReplayParts {
  readonly runner: Runner;
  readonly verify: VerifyFailure;
}

/** What the schedule shows; a problem where it cannot be read, or the script does not come so far. */
export async function replaySchedule(
  { runner, verify }: ReplayParts,
  { path, text, experiment, line, kernel, schedule }: ReplayRequest,
): Promise<Outcome<ExperimentResult>> {
  if (kernelById(kernel) === undefined) return refuse(`There is no kernel "${kernel}".`);
  const script = scriptFor(parse(text), 'all');
  const init = {
    code: lowerScript(script.code),
    name: scriptName(path),
    lines: [[line, line] as const],
    kernels: [kernel],
    only: experiment,
    budget: BUDGET,
    schedule: schedule.replace(/\s+/g, ''),
    watched: true,
  };
  const said: RealmMessage[] = [];
  const end = await runner.start(init, LIMITS, (message) => said.push(message)).ended;
  for (const message of said) {
    if (message.kind === 'result') return { ok: true, value: acceptResult(message.result, verify) };
    if (message.kind === 'fatal') return refuse(`Not possible: ${message.error.message.replace(/^\w*Error: /, '')}.`);
  }
  if (end.kind !== 'done') return refuse(end.message);
  return refuse(`"${experiment}" does not run under ${kernel}.`);
}

function refuse(message: string): Outcome<never> {
  return { ok: false, problem: { message } };
}
