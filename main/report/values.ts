/** Values and steps in words: how a number of the model is written for people, and what a step did. */
import {
  ENTRY_DEVMAP,
  ENTRY_DIRTY,
  ENTRY_EXCLUSIVE,
  ENTRY_INVALID,
  ENTRY_MIGRATION,
  ENTRY_PROTNONE,
  ENTRY_SPECIAL,
  ENTRY_SWAP,
  ENTRY_TABLE,
  ENTRY_WRITE,
  entryPage,
  FLAG_NAMES,
} from '../engine/flags.ts';
import { Op, type Trace } from '../engine/trace.ts';
import { plain } from './columns.ts';
import { at, type Step } from './steps.ts';

export function wordName(trace: Trace, word: number): string {
  return plain(at(trace.words, word, 'word').name);
}

/** Name of the object that owns a word. */
export function ownerName(trace: Trace, word: number): string {
  return plain(at(trace.objects, at(trace.words, word, 'word').object, 'object').name);
}

function objectName(trace: Trace, index: number): string {
  const object = trace.objects[index];
  return object === undefined ? `#${index}` : plain(object.name);
}

function flagNames(value: number): string {
  const names = FLAG_NAMES.filter((_, bit) => (value >>> bit) & 1);
  const rest = value & ~((1 << FLAG_NAMES.length) - 1);
  if (rest !== 0) names.push(`0x${(rest >>> 0).toString(16)}`);
  return names.length === 0 ? '0' : names.join('|');
}

/** Bits of an entry that are worth a word, in the order they are said. `w` and `d` are writable and dirty. */
const ENTRY_WORDS: readonly (readonly [number, string])[] = [
  [ENTRY_TABLE, 'table'],
  [ENTRY_SWAP, 'swap'],
  [ENTRY_MIGRATION, 'migration'],
  [ENTRY_INVALID, 'invalid'],
  [ENTRY_PROTNONE, 'protnone'],
  [ENTRY_SPECIAL, 'special'],
  [ENTRY_DEVMAP, 'devmap'],
  [ENTRY_EXCLUSIVE, 'exclusive'],
];

/** A page-table entry: `none`, or what it points to and its bits: `buf wd`, `buf migration`. */
function entry(trace: Trace, value: number): string {
  if (value === 0) return 'none';
  const access = `${value & ENTRY_WRITE ? 'w' : ''}${value & ENTRY_DIRTY ? 'd' : ''}`;
  const all = ENTRY_WORDS.filter(([bit]) => (value & bit) !== 0).map(([, word]) => word);
  // No entry of the model has more than three of them; a record that claims to must not widen the table.
  const words = all.length > 3 ? [...all.slice(0, 2), `+${all.length - 2}`] : all;
  const target = objectName(trace, entryPage(value));
  // What is called a page table is not a `page table table`, which checkpatch takes for a slip.
  return [target, access, ...words.filter((word) => !target.endsWith(word))].filter((word) => word !== '').join(' ');
}

/** A value of a word, in the form its format asks for. */
export function valueText(trace: Trace, word: number, value: number): string {
  switch (at(trace.words, word, 'word').format) {
    case 'flags':
      return flagNames(value);
    case 'page':
      return value === 0 ? 'none' : objectName(trace, value - 1);
    case 'entry':
      return entry(trace, value);
    case 'bool':
      return value === 0 ? 'false' : value === 1 ? 'true' : String(value);
    default:
      return String(value);
  }
}

/** `x += 3`, `x -= 3`. */
function added(name: string, by: number): string {
  return by < 0 ? `${name} -= ${-by}` : `${name} += ${by}`;
}

/** What a step did, in one short phrase; `name` is how its word is called here. */
export function stepPhrase(trace: Trace, step: Step, name: string): string {
  const show = (value: number) => (step.word < 0 ? String(value) : valueText(trace, step.word, value));
  switch (step.op) {
    case Op.R:
      return `reads ${name}: ${show(step.before)}`;
    case Op.W:
      return `${name} = ${show(step.after)}`;
    case Op.ADD:
    case Op.ADDR:
      return added(name, step.a);
    case Op.ADDU:
      return step.result === 1 ? added(name, step.a) : `${name} is 0, not taken`;
    case Op.SUBT:
      return added(name, -step.a);
    case Op.CAS:
      return step.result === 1
        ? `cmpxchg ${name}: ${show(step.a)} -> ${show(step.b)}`
        : `cmpxchg ${name}: not ${show(step.a)}`;
    case Op.XCHG:
      return `xchg ${name} = ${show(step.after)}`;
    case Op.LK:
      return `spin_lock(${name})`;
    case Op.TRYLK:
      return step.result === 1 ? `spin_trylock(${name})` : `spin_trylock(${name}) fails`;
    case Op.UL:
      return `spin_unlock(${name})`;
    case Op.IRQ_OFF:
      return 'local_irq_save()';
    case Op.IRQ_ON:
      return 'local_irq_restore()';
    case Op.WAIT:
      return `waits until ${name} is ${step.b === 1 ? 'not ' : ''}${show(step.a)}`;
    case Op.SYNC:
      return 'waits for CPUs with irqs off';
    case Op.CHOOSE:
      return `choose(${step.a}) = ${step.result}`;
    default:
      return 'scheduling point';
  }
}
