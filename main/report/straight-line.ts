/**
 * A failing schedule taken apart: what each actor did, one after the other, without branches. Litmus tests and Promela
 * models are written from this. It claims no more than it can: every actor does what it did in this schedule; where it
 * would see another value, it leaves the path and the model stops following it.
 */
import type { Failure } from '../engine/result.ts';
import { Effect, Op, type Trace } from '../engine/trace.ts';
import { plain } from './columns.ts';
import { Refusal } from './refusal.ts';
import { allFailures, chosenFailures, type FoundFailure, type Report } from './report.ts';
import { allSteps, at, effectsOf, opName, type Step } from './steps.ts';

/** Equal steps of one actor that nothing else came between. */
export interface Run {
  readonly step: Step;
  readonly count: number;
  /** The word's value after the last of them. */
  readonly after: number;
  /** Actors made runnable by the (last) step. */
  readonly spawns: readonly number[];
}

export interface Thread {
  readonly actor: number;
  readonly name: string;
  readonly runs: readonly Run[];
  /** Runnable from the start, or only once another thread spawns it. */
  readonly spawned: boolean;
}

export interface StraightLine {
  /** Words that the threads use, with their values before the first thread starts. */
  readonly words: readonly {
    readonly word: number;
    readonly name: string;
    readonly initial: number;
    readonly final: number;
  }[];
  readonly threads: readonly Thread[];
  /** How many steps happened before a second actor could run; they are in the initial values. */
  readonly setUp: number;
}

/** An identifier for C and Promela, unique among `taken`. */
export function identifier(name: string, taken: Set<string>): string {
  const base =
    plain(name)
      .replace(/[^A-Za-z0-9_]+/g, '_')
      .replace(/^(\d)/, 'n$1')
      .replace(/^_+|_+$/g, '')
      .toLowerCase() || 'x';
  let free = base;
  for (let n = 2; taken.has(free); n++) free = `${base}_${n}`;
  taken.add(free);
  return free;
}

function spawnsOf(trace: Trace, step: Step): number[] {
  return effectsOf(trace, step).flatMap(([kind, x]) => (kind === Effect.spawn ? [x] : []));
}

/** Number of steps at the start that one actor takes before any other can run. */
function setUpLength(trace: Trace, steps: readonly Step[]): number {
  const spawnedBy = new Set(steps.flatMap((step) => spawnsOf(trace, step)));
  const fromStart = new Set(steps.map((step) => step.actor).filter((actor) => !spawnedBy.has(actor)));
  if (fromStart.size !== 1) return 0;
  const first = steps.findIndex((step) => spawnsOf(trace, step).length > 0);
  return first < 0 ? steps.length : first + 1;
}

/** True for steps whose word never changes while the threads run, or that no thread ever looks at. */
function decidesNothing(steps: readonly Step[]): (word: number) => boolean {
  const changed = new Set(steps.filter((step) => step.before !== step.after).map((step) => step.word));
  const looked = new Set(steps.filter((step) => step.op !== Op.ADD && step.op !== Op.W).map((step) => step.word));
  return (word) => !changed.has(word) || !looked.has(word);
}

function sameStep(x: Step, y: Step): boolean {
  return (
    x.actor === y.actor && x.op === y.op && x.word === y.word && x.a === y.a && x.b === y.b && x.result === y.result
  );
}

const COUNTABLE = new Set<number>([Op.ADD, Op.SUBT]);

/** Adjacent equal additions are one run; everything else is a run of its own. */
function runsOf(trace: Trace, steps: readonly Step[]): { actor: number; run: Run }[] {
  const runs: { actor: number; run: Run }[] = [];
  for (const step of steps) {
    const last = runs.at(-1);
    const spawns = spawnsOf(trace, step);
    if (last !== undefined && COUNTABLE.has(step.op) && last.run.spawns.length === 0 && sameStep(last.run.step, step)) {
      last.run = { ...last.run, count: last.run.count + 1, after: step.after, spawns };
    } else {
      runs.push({ actor: step.actor, run: { step, count: 1, after: step.after, spawns } });
    }
  }
  return runs;
}

/** The schedule up to its failing step as straight lines. */
export function straightLine(failure: Pick<Failure, 'trace' | 'failingStep'>): StraightLine {
  const { trace } = failure;
  const all = allSteps(trace).slice(0, failure.failingStep + 1);
  const setUp = setUpLength(trace, all);
  const rest = all.slice(setUp);
  const idle = decidesNothing(rest);
  // Interrupts off and on matter to whoever waits for them, and to nobody else.
  const syncs = rest.some((step) => step.op === Op.SYNC);
  const kept = rest.filter((step) => {
    if (spawnsOf(trace, step).length > 0) return true;
    if (step.op === Op.SYNC || step.op === Op.IRQ_OFF || step.op === Op.IRQ_ON) return syncs;
    return step.word >= 0 && !idle(step.word);
  });
  const acting = [...new Set(kept.map((step) => step.actor))];
  const runs = runsOf(trace, kept);
  const taken = new Set<string>();
  const used = [...new Set(kept.filter((step) => step.word >= 0).map((step) => step.word))];
  const lastValue = (steps: readonly Step[], word: number) =>
    steps.filter((step) => step.word === word).at(-1)?.after ?? trace.initial[word] ?? 0;
  const spawned = new Set(rest.flatMap((step) => spawnsOf(trace, step)));
  return {
    setUp,
    words: used.map((word) => ({
      word,
      name: identifier(at(trace.words, word, 'word').name, taken),
      initial: lastValue(all.slice(0, setUp), word),
      final: lastValue(all, word),
    })),
    threads: acting.map((actor) => ({
      actor,
      name: identifier(at(trace.actors, actor, 'actor').name, taken),
      runs: runs.filter((entry) => entry.actor === actor).map((entry) => entry.run),
      spawned: spawned.has(actor),
    })),
  };
}

/** Name of a step in refusals: `step 12 (CAS on buf._refcount)`. */
export function stepName(trace: Trace, step: Step): string {
  const word = trace.words[step.word];
  return `step ${step.n + 1} (${opName(step.op)}${word === undefined ? '' : ` on ${plain(word.name)}`})`;
}

/**
 * What `make` makes of the first failure that it does not refuse: of the chosen ones, else of all.
 * @throws Refusal with the reason of the first failure where all are refused, or where nothing failed.
 */
export function firstThatFits(report: Report, make: (found: FoundFailure) => string): string {
  const candidates = report.chosen === null ? allFailures(report) : chosenFailures(report);
  let reason: Refusal | null = null;
  for (const found of candidates) {
    try {
      return make(found);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      reason ??= refusal;
    }
  }
  throw reason ?? new Refusal('no, because nothing fails: a pass is not one schedule but all of them');
}
