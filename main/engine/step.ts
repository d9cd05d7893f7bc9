/**
 * The atomic operations an actor can take, and what each does to the one word it touches. A step is made by a function
 * below, yielded, and consumed at once by whoever drives the generator; so one object per realm is enough, and making
 * a step allocates nothing. Scripts never see that object: what they are given and yield is {@link STEP}, which says
 * nothing and cannot be changed.
 */
import { ScriptMisuse } from './errors.ts';
import type { Step, Steps, Word } from './interface.ts';
import { Op, type OpCode } from './trace.ts';

/** The step just made. Valid until the next one is made. */
class Operation {
  op: OpCode = Op.NOP;
  /** Index of the word, -1 for none. For IRQ and SYNC the driver fills in the CPU. */
  word = -1;
  a = 0;
  b = 0;
}

/** The one operation object of the realm. */
export const operation = new Operation();

/** What every maker of a step gives: a yielded value that is not this is no step. */
export const STEP: Step = Object.freeze({ op: 0 });

/**
 * What the actor that runs now was handed and did since, so that no step is made and kept back, and no kernel function
 * is told a result that its step did not have (calls/guarded.ts).
 */
export const turn = { result: 0, made: 0 };

/** Handles of the world in use by index, null outside of any: a step touches a word that this world made. */
export const issued: { words: readonly Word[] | null } = { words: null };

/** Called for every step made while a trace is being recorded, to note the call chain; null otherwise. */
export const placeHook: { note: (() => void) | null } = { note: null };

function make(op: OpCode, word: number, x: number, y: number): Step {
  // First, because turning what a script passed into a number may run its code.
  const a = x | 0;
  const b = y | 0;
  operation.op = op;
  operation.word = word;
  operation.a = a;
  operation.b = b;
  turn.made++;
  if (placeHook.note !== null) placeHook.note();
  return STEP;
}

function indexOf(word: Word): number {
  const index: unknown = word?.index;
  if (typeof index !== 'number') throw new TypeError('this step needs a word, such as page._refcount or lab.word(...)');
  if (issued.words !== null && issued.words[index] !== word) {
    throw new ScriptMisuse(
      'this step needs a word of this world: words are made by the body, anew each time it is called',
    );
  }
  return index;
}

export const R = (word: Word): Step => make(Op.R, indexOf(word), 0, 0);
export const W = (word: Word, value: number): Step => make(Op.W, indexOf(word), value, 0);
export const ADD = (word: Word, n: number): Step => make(Op.ADD, indexOf(word), n, 0);
export const ADDR = (word: Word, n: number): Step => make(Op.ADDR, indexOf(word), n, 0);
export const ADDU = (word: Word, n: number): Step => make(Op.ADDU, indexOf(word), n, 0);
export const SUBT = (word: Word, n: number): Step => make(Op.SUBT, indexOf(word), n, 0);
export const CAS = (word: Word, from: number, to: number): Step => make(Op.CAS, indexOf(word), from, to);
export const XCHG = (word: Word, value: number): Step => make(Op.XCHG, indexOf(word), value, 0);
export const LK = (lock: Word): Step => make(Op.LK, indexOf(lock), 0, 0);
export const TRYLK = (lock: Word): Step => make(Op.TRYLK, indexOf(lock), 0, 0);
export const UL = (lock: Word): Step => make(Op.UL, indexOf(lock), 0, 0);
export const WAIT = (word: Word, value: number): Step => make(Op.WAIT, indexOf(word), value, 0);
export const WAITNOT = (word: Word, value: number): Step => make(Op.WAIT, indexOf(word), value, 1);
export const IRQ_OFF = (): Step => make(Op.IRQ_OFF, -1, 0, 0);
export const IRQ_ON = (): Step => make(Op.IRQ_ON, -1, 0, 0);
export const SYNC = (): Step => make(Op.SYNC, -1, 0, 0);
export const NOP = (): Step => make(Op.NOP, -1, 0, 0);
export const CHOOSE = (n: number): Step => make(Op.CHOOSE, -1, n, 0);

/** `const i = yield* choose(3)`. @throws RangeError unless n is an integer of 1 to 1,000. */
export function* choose(n: number): Steps<number> {
  if (!Number.isInteger(n) || n < 1 || n > 1000)
    throw new RangeError(`lab.choose(${n}): give a whole number of 1 to 1000`);
  return yield CHOOSE(n);
}

/** What {@link applyOp} leaves behind: the word's new value and what the actor is handed. */
export const outcome = { after: 0, result: 0 };

/**
 * Does one operation to a word that holds `before`, for an actor with the id `self` (used by locks).
 * Leaves {@link outcome}. The caller has made sure that the operation is enabled ({@link isEnabled}).
 */
export function applyOp(op: number, before: number, a: number, b: number, self: number): void {
  switch (op) {
    case Op.R:
    case Op.WAIT:
      outcome.after = before;
      outcome.result = before;
      return;
    case Op.W:
      outcome.after = a;
      outcome.result = 0;
      return;
    case Op.ADD:
      // The kernel's void add hands nothing back; a constant result keeps histories equal.
      outcome.after = (before + a) | 0;
      outcome.result = 0;
      return;
    case Op.ADDR:
      outcome.after = (before + a) | 0;
      outcome.result = outcome.after;
      return;
    case Op.ADDU:
      outcome.after = before === 0 ? 0 : (before + a) | 0;
      outcome.result = before === 0 ? 0 : 1;
      return;
    case Op.SUBT:
      outcome.after = (before - a) | 0;
      outcome.result = outcome.after === 0 ? 1 : 0;
      return;
    case Op.CAS:
      outcome.after = before === a ? b : before;
      outcome.result = before === a ? 1 : 0;
      return;
    case Op.XCHG:
      outcome.after = a;
      outcome.result = before;
      return;
    case Op.LK:
      outcome.after = self + 1;
      outcome.result = 0;
      return;
    case Op.TRYLK:
      outcome.after = before === 0 ? self + 1 : before;
      outcome.result = before === 0 ? 1 : 0;
      return;
    case Op.UL:
      outcome.after = 0;
      outcome.result = 0;
      return;
    case Op.IRQ_OFF:
      outcome.after = 1;
      outcome.result = 0;
      return;
    case Op.IRQ_ON:
      outcome.after = 0;
      outcome.result = 0;
      return;
    default:
      outcome.after = before;
      outcome.result = 0;
  }
}

/** Whether an operation may happen now. SYNC depends on other CPUs and is decided by the caller. */
export function isEnabled(op: number, before: number, a: number, b: number): boolean {
  if (op === Op.LK) return before === 0;
  if (op === Op.WAIT) return (before === a) === (b === 0);
  return true;
}

const WRITES = new Set<number>([
  Op.W,
  Op.ADD,
  Op.ADDR,
  Op.ADDU,
  Op.SUBT,
  Op.CAS,
  Op.XCHG,
  Op.LK,
  Op.TRYLK,
  Op.UL,
  Op.IRQ_OFF,
  Op.IRQ_ON,
]);

/** Whether the operation can change its word. */
export function mayWrite(op: number): boolean {
  return WRITES.has(op);
}
