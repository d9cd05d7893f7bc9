/** The words of one object as fields of a row. The flags of a page, a word each or bits of one, are one field. */
import { Op, StepColumn, type Trace } from '../../main/engine/trace.ts';
import { stepValue } from './page-state.ts';
import { countDamage, flagNames, wordText } from './words.ts';

export interface FieldView {
  /** The word; for the flags the first of theirs. */
  readonly word: number;
  /** The kernel's field name. */
  readonly name: string;
  /** The word's full name. */
  readonly label: string;
  readonly value: number;
  readonly text: string;
  /** Text of the value before the last step, where that step changed it; null otherwise. */
  readonly was: string | null;
  /** False while the value is the one it had before the first step. */
  readonly moved: boolean;
  readonly damage: 'UNDERFLOW' | 'OVERFLOW' | null;
}

/** Name of the field that holds all flags of a page. */
export const FLAGS = 'flags';

/** What rows are made from. */
export interface Moment {
  readonly trace: Trace;
  readonly words: Int32Array;
  /** Words that the last step changed, with their values before. */
  readonly changed: ReadonlyMap<number, number>;
  /** 0-based step taken last. */
  readonly step: number;
}

export function rowFields(moment: Moment, object: number): readonly FieldView[] {
  const words = wordsOf(moment.trace, object);
  const isFlag = (word: number) => flagWord(moment.trace, word);
  const fields = words.filter((word) => !isFlag(word)).map((word) => fieldOf(moment, word));
  const flags = words.filter(isFlag);
  const [first] = flags;
  if (first === undefined) return fields;
  const now = (word: number) => moment.words[word] ?? 0;
  const then = (word: number) => moment.changed.get(word) ?? now(word);
  const start = (word: number) => moment.trace.initial[word] ?? 0;
  const text = flagsText(moment.trace, flags, now);
  const before = flagsText(moment.trace, flags, then);
  const label = `${moment.trace.objects[object]?.name ?? ''}.${FLAGS}`;
  const moved = text !== flagsText(moment.trace, flags, start);
  const was = before === text ? null : before;
  return [...fields, { word: first, name: FLAGS, label, value: now(first), text, was, moved, damage: null }];
}

function fieldOf({ trace, words, changed, step }: Moment, word: number): FieldView {
  const value = words[word] ?? 0;
  const before = changed.get(word);
  const name = trace.words[word]?.field ?? '';
  return {
    word,
    name,
    label: trace.words[word]?.name ?? '',
    value,
    text: wordText(trace, word, value),
    moved: value !== trace.initial[word],
    was: before === undefined ? null : wordText(trace, word, before),
    damage: name === '_refcount' && value < 0 ? damageOf(trace, word, step) : null,
  };
}

function flagWord(trace: Trace, word: number): boolean {
  const info = trace.words[word];
  return info !== undefined && (info.format === 'flags' || info.field.startsWith('PG_'));
}

/** `locked|dirty`, in the order of the words; a dash where none is set. */
function flagsText(trace: Trace, words: readonly number[], value: (word: number) => number): string {
  const names = words.flatMap((word) => {
    const info = trace.words[word];
    if (info?.format === 'flags') return flagNames(value(word));
    return value(word) === 0 ? [] : [info?.field.replace(/^PG_/, '') ?? ''];
  });
  return names.length === 0 ? '-' : names.join('|');
}

const tables = new WeakMap<Trace, readonly (readonly number[])[]>();

/** Words of an object, in the trace's order. */
function wordsOf(trace: Trace, object: number): readonly number[] {
  let table = tables.get(trace);
  if (table === undefined) {
    const lists: number[][] = trace.objects.map(() => []);
    trace.words.forEach((word, index) => {
      lists[word.object]?.push(index);
    });
    table = lists;
    tables.set(trace, table);
  }
  return table[object] ?? [];
}

/** Why a counter is negative: the last step at or before `step` that took it below zero tells. */
function damageOf(trace: Trace, word: number, step: number): 'UNDERFLOW' | 'OVERFLOW' {
  for (let i = step; i >= 0; i--) {
    if (stepValue(trace, i, StepColumn.word) !== word) continue;
    const before = stepValue(trace, i, StepColumn.before);
    const after = stepValue(trace, i, StepColumn.after);
    if (before < 0 || after >= 0) continue;
    return countDamage(after, before, addedBy(trace, i)) ?? 'UNDERFLOW';
  }
  return 'UNDERFLOW';
}

/** What a step adds to its word, before the 32-bit wrap; 0 for steps that do not add. */
function addedBy(trace: Trace, step: number): number {
  const op = stepValue(trace, step, StepColumn.op);
  const a = stepValue(trace, step, StepColumn.a);
  if (op === Op.ADD || op === Op.ADDR || op === Op.ADDU) return a;
  return op === Op.SUBT ? -a : 0;
}
