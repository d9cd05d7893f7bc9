/** A schedule made by hand: typed, or made of the one that is shown by letting another actor go first. */
import { type Choice, formatSchedule, parseSchedule } from '../../main/engine/explore/schedule.ts';
import type { ExperimentResult } from '../../main/engine/result.ts';
import { stepCount, type Trace } from '../../main/engine/trace.ts';
import type { Outcome } from '../../preload/contract.ts';
import { type App, say } from './app.ts';
import { settled } from './attempt.ts';
import { fileText } from './document.ts';
import { handMade, type Shown, sayNothingShown, shown } from './stepping.ts';

/** Opens the field for a schedule, with the present one in it. */
export function typeSchedule(app: App): void {
  const now = shown(app.store.get());
  if (now === null) sayNothingShown(app);
  else app.store.dispatch({ type: 'overlay', overlay: { kind: 'schedule', text: now.trace?.schedule ?? '' } });
}

/** Follows a typed schedule and shows it; a sentence where none of it can be shown. */
export async function followTyped(app: App, text: string): Promise<string | null> {
  const now = shown(app.store.get());
  if (now === null) return 'Nothing is chosen that could be replayed.';
  const outcome = await ask(app, now, text);
  if (!outcome.ok) return outcome.problem.message;
  const problem = nothingOf(outcome.value);
  if (problem !== null) return problem;
  const steps = stepsOf(outcome.value);
  show(app, now, outcome.value, outcome.value.failures[0]?.failingStep ?? steps - 1);
  say(app, 'info', sentence(outcome.value));
  return null;
}

/** Lets the next other actor that can go take the step under the cursor; the rest stays in its order. */
export async function changeActor(app: App): Promise<void> {
  const now = shown(app.store.get());
  if (now === null || now.trace === null) sayNothingShown(app);
  else if (now.step < 0) say(app, 'info', 'Step to what is to be changed: ] steps forward.');
  else await letOtherGo(app, now, now.trace, now.step);
}

/** One more step behind the last one, of the first actor that can go. */
export async function oneMore(app: App): Promise<void> {
  const now = shown(app.store.get());
  if (now === null || now.trace === null) sayNothingShown(app);
  else await letOtherGo(app, now, now.trace, stepCount(now.trace));
}

/** The schedule up to the cursor. */
export async function cutHere(app: App): Promise<void> {
  const now = shown(app.store.get());
  if (now === null || now.trace === null) {
    sayNothingShown(app);
    return;
  }
  const problem = await followTyped(app, formatSchedule(parseSchedule(now.trace.schedule).slice(0, now.step + 1)));
  if (problem !== null) say(app, 'problem', problem);
}

/** Back to what the search found. */
export function leaveByHand(app: App): void {
  const { selection } = app.store.get();
  if (handMade(app.store.get()) === null || selection === null) {
    say(app, 'info', 'No schedule made by hand is shown.');
    return;
  }
  app.store.dispatch({ type: 'by-hand', byHand: null });
  app.store.dispatch({ type: 'selected', selection: { ...selection, failure: 0, anchor: undefined } });
  say(app, 'info', 'This is what the search found.');
}

/** Tries the actors behind the one that goes at `at`, in turn, until one can. */
async function letOtherGo(app: App, now: Shown, trace: Trace, at: number): Promise<void> {
  const choices = parseSchedule(trace.schedule);
  const adds = at >= choices.length;
  const present = choices[at]?.actor ?? -1;
  const count = trace.actors.length;
  const refusals: string[] = [];
  for (let i = 1; i < count + (adds ? 1 : 0); i++) {
    const actor = (present + i + count) % count;
    const outcome = await askWithActor(app, now, choices, at, actor);
    if (!outcome.ok) {
      refusals.push(outcome.problem.message);
      continue;
    }
    if (stepsOf(outcome.value) <= at) {
      refusals.push(reasonOf(outcome.value));
      continue;
    }
    show(app, now, outcome.value, at);
    const [was, is] = [trace.actors[present]?.name, trace.actors[actor]?.name ?? actor];
    say(app, 'info', `Step ${at + 1}: ${is}${adds ? '' : ` instead of ${was}`}. ${sentence(outcome.value)}`);
    return;
  }
  const why = refusals.length === 0 ? 'there is no other actor' : [...new Set(refusals)].join('; ');
  say(app, 'info', `Nobody${adds ? '' : ' else'} can go at step ${at + 1}: ${why}.`);
}

/** The actor's next step of the schedule comes here; one that has none left goes once more. */
async function askWithActor(
  app: App,
  now: Shown,
  choices: readonly Choice[],
  at: number,
  actor: number,
): Promise<Outcome<ExperimentResult>> {
  const later = choices.findIndex((choice, index) => index >= at && choice.actor === actor);
  const moved = choices[later] ?? { actor, answer: 0, chooses: false };
  const rest = choices.slice(at).filter((_, index) => index !== later - at);
  const before = choices.slice(0, at);
  const outcome = await ask(app, now, formatSchedule([...before, moved, ...rest]));
  const chooses = outcome.ok && stepsOf(outcome.value) <= at && reasonOf(outcome.value).includes('chooses here');
  return chooses ? ask(app, now, formatSchedule([...before, { ...moved, chooses: true }, ...rest])) : outcome;
}

/** Replays under the text that ran: the lines of the result are those of that text. */
async function ask(app: App, { selection, result }: Shown, schedule: string): Promise<Outcome<ExperimentResult>> {
  const { notebook, cellRuns } = app.store.get();
  const run = cellRuns.get(selection.cellId);
  if (notebook === null || run === undefined) {
    return { ok: false, problem: { message: 'The run is not there any more.' } };
  }
  const { experiment, kernel, line } = result;
  return settled(
    app.bridge.request('run:replay', {
      path: notebook.path,
      text: fileText(run.ran),
      experiment,
      line,
      kernel,
      schedule,
    }),
  );
}

function show(app: App, { selection }: Shown, result: ExperimentResult, step: number): void {
  const run = app.store.get().cellRuns.get(selection.cellId);
  if (run === undefined) return;
  const { cellId, experiment, kernel } = selection;
  app.store.dispatch({ type: 'by-hand', byHand: { cellId, experiment, kernel, runId: run.runId, result } });
  app.store.dispatch({ type: 'selected', selection: { cellId, experiment, kernel, failure: 0, step } });
}

function traceOf(result: ExperimentResult): Trace | null {
  return result.failures[0]?.trace ?? result.sample;
}

function stepsOf(result: ExperimentResult): number {
  const trace = traceOf(result);
  return trace === null ? 0 : stepCount(trace);
}

/** Why a schedule ended early, as the engine says it: `actor 1 ("bio A") has to wait`. */
function reasonOf({ notes, error }: ExperimentResult): string {
  return (error?.message ?? notes.find((note) => note.startsWith('step ')) ?? '').replace(/^step \d+: /, '');
}

/** Why there is nothing to be shown; null where there is. */
function nothingOf(result: ExperimentResult): string | null {
  if (result.verdict === 'error') return `The script fails: ${result.error?.message ?? 'nobody knows why'}`;
  if (traceOf(result) === null) return result.notes[0] ?? 'There is no trace of it.';
  const [note] = result.notes.filter((one) => one.startsWith('step '));
  return stepsOf(result) === 0 && note !== undefined ? `Not possible: ${note}.` : null;
}

/** `Breaks R3 ... at step 7: ...` or how far nothing is broken. */
export function sentence(result: ExperimentResult): string {
  const [failure] = result.failures;
  const steps = stepsOf(result);
  if (failure !== undefined) return `Breaks ${failure.check} at step ${failure.failingStep + 1}: ${failure.message}`;
  const fine = `Breaks nothing in ${steps} step${steps === 1 ? '' : 's'}.`;
  const note = result.notes.find((one) => one.startsWith('step '));
  return note === undefined ? fine : `${fine} It ends there, ${note}.`;
}
