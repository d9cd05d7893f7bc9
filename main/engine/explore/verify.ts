/**
 * Replays a recorded failure without any script code: every operation is done again on the recorded initial words, and
 * must find and leave what the record says. A verdict whose trace does not replay is not believed.
 */
import type { Failure } from '../result.ts';
import { applyOp, isEnabled, outcome } from '../step.ts';
import { StepColumn as C, EFFECT_STRIDE, Effect, OP_NAMES, Op, STEP_STRIDE, stepCount, type Trace } from '../trace.ts';
import { formatSchedule, parseSchedule } from './schedule.ts';

const LARGEST = 50_000_000;

/** Why a trace does not replay, in one line, or null when it does. */
export function verifyTrace(trace: Trace): string | null {
  const { steps, effects } = trace;
  if (steps.length % STEP_STRIDE !== 0 || effects.length % EFFECT_STRIDE !== 0) return 'the record is cut off';
  if (steps.length > LARGEST || trace.initial.length !== trace.words.length)
    return 'the record does not fit its tables';
  const memory = Int32Array.from(trace.initial);
  const started = trace.actors.map(() => true);
  for (let e = 0; e < effects.length; e += EFFECT_STRIDE) {
    if (effects[e] === Effect.spawn) started[effects[e + 1] ?? -1] = false;
  }
  const done = trace.actors.map(() => false);
  const irqsOff = trace.actors.map(() => false);
  let effect = 0;
  for (let n = 0; n < stepCount(trace); n++) {
    const at = (column: number): number => steps[n * STEP_STRIDE + column] ?? 0;
    const where = `step ${n + 1}`;
    const actor = at(C.actor);
    const op = at(C.op);
    const word = at(C.word);
    if (started[actor] !== true || done[actor] !== false) return `${where}: actor ${actor} cannot run`;
    if (OP_NAMES[op] === undefined) return `${where}: operation ${op} is unknown`;
    if (word >= memory.length || word < -1) return `${where}: word ${word} does not exist`;
    const before = word < 0 ? 0 : (memory[word] ?? 0);
    if (before !== at(C.before)) return `${where}: the word holds ${before}, the record says ${at(C.before)}`;
    if (op === Op.SYNC && irqsOff.some((off, other) => off && other !== actor))
      return `${where}: a CPU still has IRQs off`;
    if (!isEnabled(op, before, at(C.a), at(C.b))) return `${where}: ${OP_NAMES[op]} has to wait`;
    const lock = op === Op.LK || op === Op.TRYLK;
    applyOp(op, before, at(C.a), at(C.b), lock ? at(C.after) - 1 : 0);
    if (lock && op === Op.LK && at(C.after) <= 0) return `${where}: a lock was taken by nobody`;
    if (outcome.after !== at(C.after))
      return `${where}: ${OP_NAMES[op]} leaves ${outcome.after}, the record says ${at(C.after)}`;
    if (op === Op.CHOOSE) {
      if (at(C.result) < 0 || at(C.result) >= at(C.a)) return `${where}: answer ${at(C.result)} of ${at(C.a)}`;
    } else if (outcome.result !== at(C.result)) {
      return `${where}: ${OP_NAMES[op]} returns ${outcome.result}, the record says ${at(C.result)}`;
    }
    if (word >= 0) memory[word] = outcome.after;
    if (op === Op.IRQ_OFF) irqsOff[actor] = true;
    if (op === Op.IRQ_ON) irqsOff[actor] = false;
    if (at(C.effectsFrom) !== effect || at(C.effectsTo) < effect) return `${where}: its effects are out of order`;
    effect = at(C.effectsTo);
    const wrong = applyRecorded(trace, at(C.effectsFrom), effect, memory, started, done);
    if (wrong !== null) return `${where}: ${wrong}`;
  }
  if (effect * EFFECT_STRIDE !== effects.length) return 'effects are left over';
  return sameSchedule(trace);
}

function applyRecorded(
  trace: Trace,
  from: number,
  to: number,
  memory: Int32Array,
  started: boolean[],
  done: boolean[],
): string | null {
  for (let e = from; e < to; e++) {
    const kind = trace.effects[e * EFFECT_STRIDE];
    const x = trace.effects[e * EFFECT_STRIDE + 1] ?? -1;
    const y = trace.effects[e * EFFECT_STRIDE + 2] ?? 0;
    if (kind === Effect.add || kind === Effect.set) {
      if (x < 0 || x >= memory.length) return `an effect names word ${x}`;
      const ghost = trace.objects[trace.words[x]?.object ?? -1]?.kind === 'ghost';
      if (!ghost) return `an effect changes ${trace.words[x]?.name ?? 'a word'}, which only a step may`;
      memory[x] = kind === Effect.add ? ((memory[x] ?? 0) + y) | 0 : y;
    } else if (kind === Effect.spawn) {
      if (started[x] !== false) return `actor ${x} is started twice`;
      started[x] = true;
    } else if (kind === Effect.done) {
      if (done[x] !== false) return `actor ${x} finishes twice`;
      done[x] = true;
    } else return `effect ${String(kind)} is unknown`;
  }
  return null;
}

/** The schedule string and the steps must say the same. */
function sameSchedule(trace: Trace): string | null {
  const choices = Array.from({ length: stepCount(trace) }, (_, n) => ({
    actor: trace.steps[n * STEP_STRIDE + C.actor] ?? 0,
    answer: trace.steps[n * STEP_STRIDE + C.op] === Op.CHOOSE ? (trace.steps[n * STEP_STRIDE + C.result] ?? 0) : 0,
    chooses: trace.steps[n * STEP_STRIDE + C.op] === Op.CHOOSE,
  }));
  try {
    if (formatSchedule(parseSchedule(trace.schedule)) === formatSchedule(choices)) return null;
  } catch {
    return 'the schedule cannot be read';
  }
  return 'the schedule and the steps differ';
}

/** Why a failure is not to be believed, or null. */
export function verifyFailure(failure: Failure): string | null {
  const steps = stepCount(failure.trace);
  if (failure.failingStep < -1 || failure.failingStep >= Math.max(steps, 1)) {
    return `the failing step ${failure.failingStep + 1} is outside of ${steps} steps`;
  }
  return verifyTrace(failure.trace);
}
