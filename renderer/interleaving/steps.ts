/** One step of a trace in words: the operation in the notation of the kernel-facts tables, and what it changed. */
import { MARK_ABA, OP_NAMES, Op, StepColumn, type Trace } from '../../main/engine/trace.ts';
import { stepValue } from '../state/page-state.ts';
import { wordText } from '../state/words.ts';

/** `ADDU buf._refcount, 1024`. */
export function operationText(trace: Trace, step: number): string {
  const op = stepValue(trace, step, StepColumn.op);
  const word = stepValue(trace, step, StepColumn.word);
  const a = stepValue(trace, step, StepColumn.a);
  const b = stepValue(trace, step, StepColumn.b);
  const name = OP_NAMES[op] ?? `op ${op}`;
  const target = word < 0 ? '' : (trace.words[word]?.name ?? `word ${word}`);
  const value = (v: number) => (word < 0 ? String(v) : wordText(trace, word, v));
  switch (op) {
    case Op.W:
    case Op.XCHG:
      return `${name} ${target}, ${value(a)}`;
    case Op.ADD:
    case Op.ADDU:
    case Op.SUBT:
    case Op.ADDR:
      return `${name} ${target}, ${a}`;
    case Op.CAS:
      return `${name} ${target}, ${value(a)} -> ${value(b)}`;
    case Op.WAIT:
      return `${name} ${target} ${b === 0 ? '==' : '!='} ${value(a)}`;
    case Op.CHOOSE:
      return `${name}(${a}) = ${stepValue(trace, step, StepColumn.result)}`;
    case Op.IRQ_OFF:
    case Op.IRQ_ON:
    case Op.SYNC:
    case Op.NOP:
      return name;
    default:
      return target === '' ? name : `${name} ${target}`;
  }
}

/** Operations that may leave their word alone, and how that is said. */
const REFUSED: ReadonlyMap<number, string> = new Map([
  [Op.ADDU, 'refused'],
  [Op.CAS, 'failed'],
  [Op.TRYLK, 'busy'],
]);

/**
 * The right margin: `1 -> 1025` where the word changed, `= 1` for a read, a word for a refused operation. Locks and
 * interrupt flags say nothing: the operation has said it all.
 */
export function effectText(trace: Trace, step: number): string {
  const op = stepValue(trace, step, StepColumn.op);
  const word = stepValue(trace, step, StepColumn.word);
  if (word < 0 || op === Op.LK || op === Op.UL || op === Op.IRQ_OFF || op === Op.IRQ_ON) return '';
  const before = stepValue(trace, step, StepColumn.before);
  const after = stepValue(trace, step, StepColumn.after);
  if (before !== after) return `${wordText(trace, word, before)} -> ${wordText(trace, word, after)}`;
  const refused = REFUSED.get(op);
  if (refused !== undefined && stepValue(trace, step, StepColumn.result) === 0) {
    return `${wordText(trace, word, before)} ${refused}`;
  }
  return `= ${wordText(trace, word, after)}`;
}

/** True where a compare or an add-unless-zero passed although the word had changed in between. */
export function isAba(trace: Trace, step: number): boolean {
  return (stepValue(trace, step, StepColumn.marks) & MARK_ABA) !== 0;
}

export function actorOf(trace: Trace, step: number): number {
  return stepValue(trace, step, StepColumn.actor);
}

/** The function names of a step's call chain, outermost first. */
export function chainOf(trace: Trace, step: number): readonly string[] {
  return (trace.places[stepValue(trace, step, StepColumn.place)]?.frames ?? []).map((frame) => frame.fn);
}

/** The author's own position of a step: the innermost frame that has one; null where none has. */
export function authorPosition(trace: Trace, step: number): { readonly line: number; readonly column: number } | null {
  const frames = trace.places[stepValue(trace, step, StepColumn.place)]?.frames ?? [];
  for (let i = frames.length - 1; i >= 0; i--) {
    const frame = frames[i];
    if (frame !== undefined && frame.line > 0) return { line: frame.line, column: frame.column };
  }
  return null;
}
