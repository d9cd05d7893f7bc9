/**
 * Runs of notebooks: from a request to stored results. One run at a time; it can always be stopped. What the runner
 * sends has been checked in shape; here failing schedules are replayed before a result is stored or shown. Where an
 * experiment had to be ended, a runner of their own runs those after it.
 */
import type { Events, Outcome, RunRequest, RunSummary } from '../../preload/contract.ts';
import type { RealmMessage } from '../../renderer/runner/protocol.ts';
import { kernelById } from '../engine/kernels/index.ts';
import type { ExperimentResult, Progress, ResultPlace, ScriptError } from '../engine/result.ts';
import { acceptResult, type VerifyFailure } from './accept-result.ts';
import { endedAlone, endedForOne, errorOfEnd, missingOf, type Plan, WORTH_STARTING } from './cut-off.ts';
import { lowerScript } from './lower/script.ts';
import { type Notebook, parse } from './notebook-format.ts';
import { DEFAULT_LIMITS, type RunEnd, type RunHandle, type Runner } from './runner.ts';
import { type NotebookScript, scriptFor } from './script.ts';
import { scriptName } from './script-name.ts';
import { ScriptSyntaxError } from './script-syntax-error.ts';

/** Characters of a script's own output that the window is shown per run. */
const MAX_CONSOLE = 200_000;

/** What runs need of the store. */
export interface RunStore {
  startRun(start: Omit<RunRequest, 'path'> & EngineVersion): number;
  addResult(runId: number, result: ExperimentResult): void;
  finishRun(runId: number, end: { state: 'finished' | 'stopped' | 'error'; error: ScriptError | null }): RunSummary;
}
interface EngineVersion {
  readonly engineVersion: string;
}

const DONE: RunEnd = { kind: 'done', message: '', at: null };

type RunChannel = 'run:plan' | 'run:progress' | 'run:console' | 'run:result' | 'run:end';

export interface RunsParts extends EngineVersion {
  readonly runner: Runner;
  readonly store: RunStore;
  readonly verify: VerifyFailure;
  readonly tell: <C extends RunChannel>(channel: C, ...args: Parameters<Events[C]>) => void;
}

/** The run that goes on. */
interface Current {
  readonly runId: number;
  readonly notebookId: number;
  readonly startedAt: number;
  handle: RunHandle | null;
  /** What the script itself said went wrong. */
  error: ScriptError | null;
  console: number;
  stopped: boolean;
  /** What the script said it will run; null until then. */
  plan: Plan | null;
  /** How far the search is that goes on; null between two. */
  progress: Progress | null;
  /** Which results came. */
  readonly came: ResultPlace[];
}

export class Runs {
  readonly #parts: RunsParts;
  #current: Current | null = null;
  #over: Promise<void> = Promise.resolve();

  constructor(parts: RunsParts) {
    this.#parts = parts;
  }

  /** Starts a run. Its events come after the answer; whatever is wrong with the script itself is told by `run:end`. */
  start(request: RunRequest): Outcome<{ readonly runId: number }> {
    if (this.#current !== null) return refuse('A run is going on; stop it before starting another.');
    const unknown = request.kernels?.find((id) => kernelById(id) === undefined);
    if (unknown !== undefined) return refuse(`There is no kernel "${unknown}".`);
    const { notebookId, text, cells, kernels, budget, question } = request;
    const { store, engineVersion } = this.#parts;
    const runId = store.startRun({ notebookId, text, cells, kernels, budget, question, engineVersion });
    const startedAt = Date.now();
    const current: Current = {
      runId,
      notebookId,
      startedAt,
      handle: null,
      error: null,
      console: 0,
      stopped: false,
      plan: null,
      progress: null,
      came: [],
    };
    this.#current = current;
    // After the answer has gone to the window, which learns the run's id from it.
    this.#over = new Promise((resolve) => setImmediate(resolve)).then(() => this.#run(current, request));
    return { ok: true, value: { runId } };
  }

  /** Whether a run is going on. */
  get busy(): boolean {
    return this.#current !== null;
  }

  /** Kills the run. A run that is over already is no problem: the key was pressed a moment too late. */
  stop(runId: number): Outcome<null> {
    if (this.#current?.runId === runId) {
      this.#current.stopped = true;
      this.#current.handle?.stop();
    }
    return { ok: true, value: null };
  }

  /** Stops what is going on; resolves when its end is stored. */
  async close(): Promise<void> {
    if (this.#current !== null) this.stop(this.#current.runId);
    await this.#over;
  }

  async #run(current: Current, request: RunRequest): Promise<void> {
    const script = prepare(request);
    let end: RunEnd = { kind: 'stopped', message: '', at: null };
    if ('message' in script) {
      current.error = script;
      end = DONE;
    } else if (!current.stopped) {
      end = await this.#launch(current, request, script);
      while (this.#keepEnded(current, end))
        end = isComplete(current) ? DONE : await this.#launch(current, request, script);
    }
    this.#finish(current, end);
  }

  /** Keeps what is said of an experiment that its process was ended for. @returns whether others can go on */
  #keepEnded(current: Current, end: RunEnd): boolean {
    const { plan, came, progress, error, stopped } = current;
    const ended = endedForOne(end, progress);
    const cut = errorOfEnd(end);
    if (ended === null || cut === null || plan === null || error !== null || stopped) return false;
    if (secondsLeft(current) < WORTH_STARTING) return false;
    for (const result of endedAlone(plan, came, ended, cut)) this.#keep(current, result);
    return current.error === null;
  }

  /** Starts a process for what has no result yet; resolves when it ended. */
  #launch(current: Current, { path, kernels, budget }: RunRequest, { code, lines }: NotebookScript): Promise<RunEnd> {
    const init = {
      code: lowerScript(code),
      name: scriptName(path),
      lines,
      kernels,
      only: null,
      budget,
      schedule: null,
      skip: current.came.map(({ experiment, kernel }) => ({ experiment, kernel })),
    };
    const limits = { ...DEFAULT_LIMITS, wall: secondsLeft(current) };
    current.progress = null;
    current.handle = this.#parts.runner.start(init, limits, (message) => this.#take(current, message));
    return current.handle.ended;
  }

  #take(current: Current, message: RealmMessage): void {
    const { tell } = this.#parts;
    const { runId } = current;
    switch (message.kind) {
      case 'plan':
        // A script says the same again to each process.
        if (current.plan === null) tell('run:plan', runId, message.experiments);
        current.plan ??= message.experiments;
        break;
      case 'progress':
        current.progress = message.progress;
        tell('run:progress', runId, message.progress);
        break;
      case 'console':
        this.#print(current, message.text);
        break;
      case 'result':
        this.#keep(current, message.result);
        break;
      case 'fatal':
        current.error = message.error;
        break;
      case 'done':
        break;
    }
  }

  #keep(current: Current, result: ExperimentResult): void {
    current.came.push({ experiment: result.experiment, kernel: result.kernel, line: result.line });
    current.progress = null;
    const { store, tell, verify } = this.#parts;
    const accepted = acceptResult(result, verify);
    try {
      store.addResult(current.runId, accepted);
    } catch (thrown) {
      current.error ??= scriptError(`The result could not be stored: ${messageOf(thrown)}`);
      current.handle?.stop();
    }
    tell('run:result', current.runId, accepted);
  }

  #print(current: Current, text: string): void {
    if (current.console > MAX_CONSOLE) return;
    current.console += text.length + 1;
    const shown = current.console <= MAX_CONSOLE ? text : 'The script prints more than is shown.';
    this.#parts.tell('run:console', current.runId, shown);
  }

  #finish(current: Current, end: RunEnd): void {
    this.#current = null;
    const { runId } = current;
    const error = current.error ?? errorOfEnd(end);
    const state = error !== null ? 'error' : end.kind === 'stopped' ? 'stopped' : 'finished';
    try {
      this.#parts.tell('run:end', this.#parts.store.finishRun(runId, { state, error }), error);
    } catch (thrown) {
      // The window must hear of the end even where the disk takes nothing any more.
      const lost = scriptError(`The end of the run could not be stored: ${messageOf(thrown)}`);
      this.#parts.tell('run:end', unstored(current), lost);
    }
  }
}

/** Of the wall time of a whole run. */
function secondsLeft({ startedAt }: Current): number {
  return DEFAULT_LIMITS.wall - (Date.now() - startedAt) / 1000;
}

/** Whether all that the script plans has its result. */
function isComplete({ plan, came }: Current): boolean {
  return plan !== null && missingOf(plan, came).length === 0;
}

/** The script, or the error at its place in the author's file. */
function prepare({ text, cells }: RunRequest): NotebookScript | ScriptError {
  try {
    const notebook = parse(text);
    return scriptFor(notebook, cells === null ? 'all' : placesOf(notebook, cells));
  } catch (thrown) {
    if (thrown instanceof ScriptSyntaxError) return scriptError(thrown.message, thrown.line, thrown.column);
    return scriptError(messageOf(thrown));
  }
}

/** The end of a run that the store did not take. */
function unstored({ runId, notebookId, startedAt }: Current): RunSummary {
  const counts = { pass: 0, fail: 0, inconclusive: 0, 'not-applicable': 0, error: 0 };
  const seconds = (Date.now() - startedAt) / 1000;
  return { runId, notebookId, startedAt, seconds, state: 'error', counts, asExpected: false };
}

/** A request counts code cells alone; the notebook counts all. */
function placesOf(notebook: Notebook, wanted: readonly number[]): number[] {
  const code = [...notebook.cells.keys()].filter((place) => notebook.cells[place]?.kind === 'code');
  return wanted.map((index) => {
    const place = code[index];
    if (place === undefined)
      throw new RangeError(`There is no code cell ${index + 1}; the notebook has ${code.length}.`);
    return place;
  });
}

function scriptError(message: string, line = 0, column = 0): ScriptError {
  return { message, line, column, stack: '' };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function refuse(message: string): Outcome<never> {
  return { ok: false, problem: { message } };
}
