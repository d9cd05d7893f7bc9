/** `gupbook replay`: one schedule, step by step. The same input gives the same bytes on every machine. */

import { resolve } from 'node:path';
import type { ExperimentResult } from '../engine/result.ts';
import { stepCount, type Trace } from '../engine/trace.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import { errorResult } from '../lab/cut-off.ts';
import { InputError, shown } from '../lab/input-error.ts';
import { DEFAULT_LIMITS } from '../lab/runner.ts';
import { traceText } from '../report/trace-text.ts';
import { type Command, readArguments, usage } from './command.ts';
import type { Io } from './io.ts';
import { type JsonFailure, type JsonStep, jsonFailure, jsonSteps } from './json.ts';
import { nearestIds, oneKernel } from './kernel-option.ts';
import { located, type Notebook, readNotebook } from './notebook.ts';
import { nameOf } from './paths.ts';
import { notebookOfReport, reportsIn } from './replay-mail.ts';
import { DEFAULT_BUDGET } from './run-options.ts';
import { type RunSettings, perform as runUnit } from './run-unit.ts';
import { Status } from './status.ts';
import { VERSION } from './version.ts';

const OPTIONS = {
  experiment: { type: 'string' },
  kernel: { type: 'string' },
  schedule: { type: 'string' },
  notebook: { type: 'string' },
  yes: { type: 'boolean', short: 'y', default: false },
  json: { type: 'string' },
} as const;

const HELP = `Usage: gupbook replay FILE --experiment NAME --kernel ID --schedule STRING
       gupbook replay MAIL [--notebook FILE | --yes]

Replays one schedule of an experiment and prints every step. The text is the same
on every machine, byte for byte, and the same as in the window. A MAIL with a
replay block says itself what to replay. The notebook is then the file of that
name here, or the shipped one with the SHA-256 that the mail names, or the one
that the mail carries, which is shown first and run only when you answer "y".

Options:
  --experiment NAME  the experiment's whole name
  --kernel ID        the kernel to replay under
  --schedule STRING  the schedule, as "run", the window and reports give it: the
                     actor chosen at each step, "0x3" for three steps, "0?1" for a
                     choice; blanks and line ends in it do not count
  --notebook FILE    the notebook that a mail speaks of
  -y, --yes          run what the mail carries without being asked
  --json -           print JSON instead

Exit status: 0 the schedule shows what the experiment expects of the kernel, 1 it
breaks a check and no failure is expected, or the script threw, 2 bad usage or
input, or a schedule that does not fit, 3 it breaks nothing where a failure is
expected.`;

export const replay: Command = {
  name: 'replay',
  summary: 'replay one schedule and print every step',
  help: HELP,
  run: perform,
};

async function perform(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments('replay', argv, OPTIONS);
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw usage('replay', 'name one notebook, or one mail');
  const { experiment, kernel, schedule, notebook, yes, json } = values;
  if (json !== undefined && json !== '-') throw usage('replay', '--json takes - only');
  const asJson = json === '-';
  const none = experiment === undefined && kernel === undefined && schedule === undefined;
  if (none && !path.endsWith('.lab.ts')) return await replayMail(path, { notebook, yes }, asJson, io);
  if (notebook !== undefined) throw usage('replay', '--notebook goes with a mail');
  if (experiment === undefined) throw usage('replay', '--experiment is missing');
  if (kernel === undefined) throw usage('replay', '--kernel is missing');
  if (schedule === undefined) throw usage('replay', '--schedule is missing');
  return await replaySchedule(await open(path, io), { experiment, kernel, schedule }, asJson, io);
}

/** Every schedule of the mail, one after the other. The status is the worst. */
async function replayMail(
  path: string,
  given: { readonly notebook: string | undefined; readonly yes: boolean },
  asJson: boolean,
  io: Io,
): Promise<number> {
  let status: number = Status.asExpected;
  for (const report of await reportsIn(path, io.cwd)) {
    const notebook = runnable(await notebookOfReport(report, given, io));
    for (const wanted of report.replays) {
      const one = await replaySchedule(notebook, wanted, asJson, io);
      if (status !== Status.differs) status = one === Status.asExpected ? status : one;
    }
  }
  return status;
}

async function open(path: string, io: Io): Promise<Notebook> {
  const absolute = resolve(io.cwd, path);
  return runnable(await readNotebook({ path: absolute, file: nameOf(absolute, io.cwd) }));
}

function runnable(notebook: Notebook): Notebook {
  if (notebook.error !== null) throw new InputError(located(notebook.file, notebook.error));
  return notebook;
}

async function replaySchedule(notebook: Notebook, wanted: Wanted, asJson: boolean, io: Io): Promise<number> {
  const { experiment, kernel, schedule } = wanted;
  const asked = { experiment, kernel: oneKernel(kernel), schedule: schedule.replace(/\s+/g, '') };
  const result = await resultOf(notebook, asked, io);
  const trace = result.failures[0]?.trace ?? result.sample;
  io.out(asJson ? `${JSON.stringify(jsonReplay(notebook, result, trace))}\n` : replayText(notebook, result, trace));
  return statusOf(result);
}

interface Wanted {
  readonly experiment: string;
  readonly kernel: string;
  readonly schedule: string;
}

async function resultOf(notebook: Notebook, wanted: Wanted, io: Io): Promise<ExperimentResult> {
  const { experiment, kernel, schedule } = wanted;
  const settings: RunSettings = {
    runner: io.runner(),
    limits: DEFAULT_LIMITS,
    budget: DEFAULT_BUDGET,
    only: experiment,
    onProgress: () => {},
  };
  const outcome = await runUnit(notebook, { notebook: 0, kernels: [kernel], lines: null }, { ...settings, schedule });
  for (const line of outcome.console) io.err(`${notebook.file}: ${line}\n`);
  const [result] = outcome.results;
  if (result !== undefined) return result;
  const [planned] = outcome.plan ?? [];
  if (outcome.error !== null && planned === undefined) throw new InputError(located(notebook.file, outcome.error));
  if (planned === undefined) throw await noExperiment(notebook, experiment, settings);
  if (planned.kernels.length === 0) {
    throw new InputError(`${shown(experiment)} does not run under ${kernel}: its "kernels" option leaves it out`);
  }
  const { error } = outcome;
  if (error !== null && (outcome.cut || error.message.startsWith('the engine failed'))) {
    return errorResult({ experiment, line: planned.line, kernel }, error);
  }
  throw new InputError(
    `the schedule does not fit ${shown(experiment)} under ${kernel}: ${(error?.message ?? '').replace(/^ScheduleError: /, '')}`,
  );
}

async function noExperiment(notebook: Notebook, wanted: string, settings: RunSettings): Promise<InputError> {
  const all = { notebook: 0, kernels: null, lines: null };
  const { plan } = await runUnit(notebook, all, { ...settings, only: null, planOnly: true });
  const names = nearestIds(
    wanted,
    (plan ?? []).map(({ name }) => name),
  );
  const hint = names.length === 0 ? 'it has none' : `the nearest are ${names.map(shown).join(', ')}`;
  return new InputError(`${shown(notebook.file)} has no experiment ${shown(wanted)}: ${hint}`);
}

function replayText(notebook: Notebook, result: ExperimentResult, trace: Trace | null): string {
  const head = [
    `notebook: ${fileName(notebook)}, sha256 ${notebook.sha256}`,
    `experiment: ${result.experiment}`,
    `kernel: ${result.kernel}`,
    `engine: ${ENGINE_VERSION}`,
  ];
  const text = trace === null ? '' : `${traceText(trace)}\n`;
  return `${head.join('\n')}\n${text}${conclusions(notebook, result, trace).join('\n')}\n`;
}

/** What the schedule shows, in words. */
function conclusions(notebook: Notebook, result: ExperimentResult, trace: Trace | null): string[] {
  const { failures, error, notes, verdict } = result;
  if (error !== null) return [`error: ${located(fileName(notebook), error)}`];
  if (verdict === 'not-applicable') return [`not applicable: ${notes[0] ?? 'the kernel lacks the function'}`];
  if (failures.length > 0) return failures.map(({ check, message }) => `breaks ${check}: ${message}`);
  return [`breaks nothing in ${trace === null ? 0 : stepCount(trace)} steps`];
}

/** The file's own name: where it lies says nothing about the schedule. */
function fileName({ path }: Notebook): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

interface JsonReplay {
  readonly gupbook: string;
  readonly engine: string;
  readonly file: string;
  readonly sha256: string;
  readonly experiment: string;
  readonly kernel: string;
  readonly schedule: string;
  readonly failures: readonly JsonFailure[];
  readonly steps: readonly JsonStep[];
}

function jsonReplay(notebook: Notebook, result: ExperimentResult, trace: Trace | null): JsonReplay {
  return {
    gupbook: VERSION,
    engine: ENGINE_VERSION,
    file: fileName(notebook),
    sha256: notebook.sha256,
    experiment: result.experiment,
    kernel: result.kernel,
    schedule: trace?.schedule ?? '',
    failures: result.failures.map(jsonFailure),
    steps: trace === null ? [] : jsonSteps(trace),
  };
}

function statusOf({ verdict, expected }: ExperimentResult): number {
  if (verdict === 'error') return expected === 'error' ? Status.asExpected : Status.differs;
  if (verdict === 'fail') return expected === 'fail' || expected === null ? Status.asExpected : Status.differs;
  return expected === 'fail' ? Status.inconclusive : Status.asExpected;
}
