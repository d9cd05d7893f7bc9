/**
 * One page_ref trace event, as TP_printk() of include/trace/events/page_ref.h prints it since 4.10:
 * `page_ref_mod: pfn=0x5e00 flags=uptodate|lru count=257 mapcount=1 mapping=ffff888000b7a821 mt=1 val=256`.
 */

/** What was done to `_refcount`; names are the tracepoints' without their prefix. */
export type RefOp = 'set' | 'mod' | 'mod_and_test' | 'mod_and_return' | 'mod_unless' | 'freeze' | 'unfreeze';

const OPS: readonly RefOp[] = ['set', 'mod', 'mod_and_test', 'mod_and_return', 'mod_unless', 'freeze', 'unfreeze'];

export interface PageRef {
  readonly op: RefOp;
  readonly pfn: number;
  /** Names of the page's own flags, as printed: `uptodate|lru`, `none`, a hexadecimal number in 2016's kernels. */
  readonly flags: string;
  /** Re-read after the operation: a hint where other CPUs work on the page. */
  readonly count: number;
  /** Up to 6.9 1 is mapped once; later the raw field, where 0 is mapped once. */
  readonly mapcount: number;
  readonly mapping: string;
  readonly mt: number;
  /** Signed delta; for set, freeze and unfreeze the value. */
  readonly val: number;
  /** test: 1 if it became 0; return: the new value; unless: 1 if added; freeze: 1 if frozen. Null where not printed. */
  readonly ret: number | null;
}

const PREFIX = 'page_ref_';

/** Where the event's name begins in a line, or -1. */
export function findPageRef(line: string): number {
  return line.indexOf(PREFIX);
}

/** Reads an event from its name on. Null for a line that is cut short, or is none. */
export function parsePageRef(line: string, at: number): PageRef | null {
  const colon = line.indexOf(':', at);
  if (colon < 0) return null;
  const op = opOf(line.slice(at + PREFIX.length, colon));
  if (op === null) return null;
  const cursor = { text: line, at: colon + 1 };
  const pfn = Number(take(cursor, 'pfn='));
  const flags = take(cursor, 'flags=');
  const count = whole(take(cursor, 'count='));
  const mapcount = whole(take(cursor, 'mapcount='));
  const mapping = take(cursor, 'mapping=');
  const mt = whole(take(cursor, 'mt='));
  const val = whole(take(cursor, 'val='));
  const ret = hasRet(op) ? whole(take(cursor, 'ret=')) : null;
  if (!Number.isSafeInteger(pfn) || flags === null || mapping === null) return null;
  if (count === null || mapcount === null || mt === null || val === null) return null;
  if (hasRet(op) && ret === null) return null;
  return { op, pfn, flags, count, mapcount, mapping, mt, val, ret };
}

function opOf(name: string): RefOp | null {
  return OPS.find((op) => op === name) ?? null;
}

function hasRet(op: RefOp): boolean {
  return op === 'mod_and_test' || op === 'mod_and_return' || op === 'mod_unless' || op === 'freeze';
}

interface Cursor {
  readonly text: string;
  at: number;
}

/** The text behind `key` up to the next blank; null where it is missing. The fields come in one order. */
function take(cursor: Cursor, key: string): string | null {
  const start = cursor.text.indexOf(key, cursor.at);
  if (start < 0) return null;
  const from = start + key.length;
  const blank = cursor.text.indexOf(' ', from);
  const to = blank < 0 ? cursor.text.length : blank;
  cursor.at = to;
  return cursor.text.slice(from, to);
}

function whole(text: string | null): number | null {
  if (text === null || !/^-?\d+$/.test(text)) return null;
  return Number(text);
}

/** Whether a flag's name is among those printed. */
export function hasFlag(flags: string, name: string): boolean {
  return `|${flags}|`.includes(`|${name}|`);
}
