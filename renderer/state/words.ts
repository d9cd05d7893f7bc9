/** How single words of the model are written down: values, counts as pins and references, damage in one word. */
import * as flags from '../../main/engine/flags.ts';
import type { Trace } from '../../main/engine/trace.ts';

const INT_MAX = 0x7fff_ffff;

/** A word's value as people read it: pages and entries by name, flags in hex and by name, the rest decimal. */
export function wordText(trace: Trace, word: number, value: number): string {
  const info = trace.words[word];
  if (info?.field === 'mapping') return homeText(trace, value);
  switch (info?.format) {
    case 'page':
      return value === 0 ? 'none' : objectName(trace, value - 1);
    case 'entry':
      return value === 0 ? 'none' : entryText(trace, value);
    case 'flags':
      return `${hex(value)}(${flagNames(value).join('|')})`;
    case 'bool':
      return value === 0 ? 'no' : 'yes';
    default:
      return String(value);
  }
}

function objectName(trace: Trace, object: number): string {
  return trace.objects[object]?.name ?? `object ${object}`;
}

/** `file+3`: what a page belongs to (page->mapping), and its place there (page->index). */
function homeText(trace: Trace, home: number): string {
  const object = flags.homeObject(home);
  return object < 0 ? 'none' : `${objectName(trace, object)}+${flags.homeIndex(home)}`;
}

/** Bits of a page-table entry, in the order in which they are said. */
const ENTRY_BITS: readonly (readonly [number, string])[] = [
  [flags.ENTRY_TABLE, 'table'],
  [flags.ENTRY_SWAP, 'swap'],
  [flags.ENTRY_MIGRATION, 'migration'],
  [flags.ENTRY_INVALID, 'invalid'],
  [flags.ENTRY_SPECIAL, 'special'],
  [flags.ENTRY_DEVMAP, 'devmap'],
  [flags.ENTRY_PROTNONE, 'protnone'],
  [flags.ENTRY_EXCLUSIVE, 'exclusive'],
  [flags.ENTRY_WRITE, 'write'],
  [flags.ENTRY_DIRTY, 'dirty'],
];

/** `buf write dirty`: what a page-table entry points to, and its bits. */
function entryText(trace: Trace, entry: number): string {
  const target = flags.entryPage(entry);
  const bits = ENTRY_BITS.flatMap(([bit, name]) => ((entry & bit) !== 0 ? [name] : []));
  return [...(target < 0 ? [] : [objectName(trace, target)]), ...bits].join(' ');
}

/** Names of the PG_* bits that are set, as `%pGp` prints them. */
export function flagNames(bits: number): readonly string[] {
  return flags.FLAG_NAMES.filter((_, bit) => (bits & (1 << bit)) !== 0);
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** A `_refcount` taken apart as GUP_PIN_COUNTING_BIAS does: floor division, so that the parts always add up. */
export function splitCount(count: number, bias: number): { readonly pins: number; readonly refs: number } {
  if (bias <= 1) return { pins: 0, refs: count };
  const pins = Math.floor(count / bias);
  return { pins, refs: count - pins * bias };
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/**
 * `1025 = 1 pin x 1024 + 1 ref`. A large folio with an exact pincount counts a pin as one reference:
 * `513 = 512 pins + 1 ref`. A kernel without pins has references only.
 */
export function decodeCount(count: number, bias: number, pincount: number | null): string {
  if (pincount !== null) {
    if (pincount === 0) return `${count} = ${plural(count, 'ref')}`;
    return `${count} = ${plural(pincount, 'pin')} + ${plural(count - pincount, 'ref')}`;
  }
  const { pins, refs } = splitCount(count, bias);
  if (pins === 0) return `${count} = ${plural(refs, 'ref')}`;
  return `${count} = ${plural(pins, 'pin')} x ${bias} + ${plural(refs, 'ref')}`;
}

/** What is wrong with a counter that should never be negative, given the addition that made it so; null if nothing. */
export function countDamage(value: number, before: number, added: number): 'UNDERFLOW' | 'OVERFLOW' | null {
  if (value >= 0) return null;
  return before + added > INT_MAX ? 'OVERFLOW' : 'UNDERFLOW';
}
