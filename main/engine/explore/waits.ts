/** What actors wait for when nobody can go on, and whether that was there before they came to wait for it. */
import { Op, STEP_STRIDE, StepColumn, stepCount, type Trace } from '../trace.ts';

/** An actor that cannot take its next step. */
export interface Waiting {
  /** Its number in the trace. */
  readonly actor: number;
  readonly op: number;
  readonly word: number;
  readonly a: number;
  readonly b: number;
}

/** Who waits for what at the end of a trace: `nobody can go on: A waits for two, which B holds, B waits for ...`. */
export function whoWaits(trace: Trace, waiting: readonly Waiting[]): string {
  return `nobody can go on: ${waiting.map((wait) => whatFor(trace, wait)).join(', ')}`;
}

function whatFor(trace: Trace, { actor, op, word, a, b }: Waiting): string {
  const name = trace.actors[actor]?.name ?? '?';
  if (op === Op.SYNC) return `${name} waits for CPUs with interrupts off`;
  const target = `${name} waits for ${trace.words[word]?.name ?? '?'}`;
  if (op === Op.WAIT) return `${target} ${b === 0 ? 'to be' : 'not to be'} ${a}`;
  const holder = lastToTake(trace, word);
  return holder === null
    ? target
    : `${target}, which ${holder === actor ? 'it' : (trace.actors[holder]?.name ?? '?')} holds`;
}

/** The actor that took a lock last, null where nobody did. */
function lastToTake(trace: Trace, word: number): number | null {
  for (let n = stepCount(trace) - 1; n >= 0; n--) {
    const at = (column: number): number => trace.steps[n * STEP_STRIDE + column] ?? 0;
    const takes = at(StepColumn.op) === Op.LK || (at(StepColumn.op) === Op.TRYLK && at(StepColumn.result) === 1);
    if (takes && at(StepColumn.word) === word) return at(StepColumn.actor);
  }
  return null;
}

/**
 * A lost wake-up: a word had what an actor waits for, and lost it again. One sentence, with steps counted from 1; null
 * where nobody waits for something that was there.
 */
export function lostWakeUp(trace: Trace, waiting: readonly Waiting[]): string | null {
  for (const wait of waiting) {
    if (wait.op !== Op.WAIT) continue;
    const span = lastSpan(trace, wait);
    if (span === null) continue;
    const name = trace.actors[wait.actor]?.name ?? '?';
    const word = trace.words[wait.word]?.name ?? '?';
    const what = wait.b === 0 ? `to be ${wait.a}` : `not to be ${wait.a}`;
    const since = span.from === 0 ? 'from the start' : `since step ${span.from}`;
    return `${name} waits for ${word} ${what}: so it was ${since}, until step ${span.to} changed it again, and nobody woke ${name}`;
  }
  return null;
}

/** The last steps between which a word was as it is waited for: after `from` (0 for the start) and up to `to`. */
function lastSpan(trace: Trace, { word, a, b }: Waiting): { readonly from: number; readonly to: number } | null {
  const isAwaited = (value: number): boolean => (value === a) === (b === 0);
  let from = isAwaited(trace.initial[word] ?? 0) ? 0 : -1;
  let span: { readonly from: number; readonly to: number } | null = null;
  for (let n = 0; n < stepCount(trace); n++) {
    if (trace.steps[n * STEP_STRIDE + StepColumn.word] !== word) continue;
    const after = isAwaited(trace.steps[n * STEP_STRIDE + StepColumn.after] ?? 0);
    if (after && from < 0) from = n + 1;
    if (!after && from >= 0) {
      span = { from, to: n + 1 };
      from = -1;
    }
  }
  return span;
}
