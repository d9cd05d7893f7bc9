/**
 * The lines that dump_page() prints, each by itself, in the words of every release since 4.9. They are looked for anywhere
 * in a text: whatever was printed before them belongs to somebody else.
 */

/** `page:ffffea0000248000 refcount:513 mapcount:1 mapping:0 index:0x7fa92a200 pfn:0x9200`. */
export interface PageLine {
  /** Empty since 6.9, which prints none. */
  readonly pointer: string;
  readonly refcount: number;
  readonly mapcount: number;
  readonly mapping: string;
  readonly index: string;
  /** Null before 5.7. */
  readonly pfn: number | null;
  /** Printed in this line until 5.6. */
  readonly compoundMapcount: number | null;
  /** Until 4.20 the word was `count:`. */
  readonly oldWord: boolean;
}

const PAGE =
  /\bpage: ?(?:([^\s:]{1,32}) )?(ref)?count:(-?\d{1,10}) mapcount:(-?\d{1,10}) mapping: {0,24}(\S{1,32}) index:(\S{1,32})(?: pfn:0x([0-9a-f]{1,13})(?![0-9a-f]))?(?: compound_mapcount: ?(-?\d{1,10}))?/;

export function parsePageLine(text: string): PageLine | null {
  const match = PAGE.exec(text);
  if (match === null) return null;
  const [, pointer = '', ref, refcount, mapcount, mapping = '', index = '', pfn, compound] = match;
  return {
    pointer,
    refcount: Number(refcount),
    mapcount: Number(mapcount),
    mapping,
    index,
    pfn: pfn === undefined ? null : Number.parseInt(pfn, 16),
    compoundMapcount: compound === undefined ? null : Number(compound),
    oldWord: ref === undefined,
  };
}

/** Whether a text begins a page line, which may be cut or wrapped. */
export function beginsPageLine(text: string): boolean {
  return /\bpage: ?(?:[^\s:]{1,32} )?(?:ref)?count:/.test(text);
}

/** `head: order:9 mapcount:1 entire_mapcount:1 nr_pages_mapped:0 pincount:512`. Null is "not printed". */
export interface HeadLine {
  readonly pointer: string;
  readonly order: number;
  readonly mapcount: number | null;
  readonly compoundMapcount: number | null;
  readonly entireMapcount: number | null;
  readonly nrPagesMapped: number | null;
  readonly pincount: number | null;
  /** How the pincount was called: `compound_pincount` until 6.1. */
  readonly oldWord: boolean;
}

const HEAD = /\bhead: ?(?:([^\s:]{1,32}) )?order:(\d{1,2})\b((?: [a-z_]{1,32}:-?\d{1,10}){0,8})/;

export function parseHeadLine(text: string): HeadLine | null {
  const match = HEAD.exec(text);
  if (match === null) return null;
  const [, pointer = '', order, rest = ''] = match;
  const field = (name: string): number | null => {
    const value = new RegExp(` ${name}:(-?\\d+)`).exec(rest)?.[1];
    return value === undefined ? null : Number(value);
  };
  const old = field('compound_pincount');
  return {
    pointer,
    order: Number(order),
    mapcount: field('mapcount'),
    compoundMapcount: field('compound_mapcount'),
    entireMapcount: field('entire_mapcount'),
    nrPagesMapped: field('nr_pages_mapped'),
    pincount: old ?? field('pincount'),
    oldWord: old !== null || field('compound_mapcount') !== null,
  };
}

/** `anon flags: 0xb0014(uptodate|lru|head|mappedtodisk|swapbacked|zone=0) CMA`. */
export interface FlagsLine {
  /** `anon`, `ksm`, or empty for all others. */
  readonly kind: string;
  readonly hex: string;
  readonly names: readonly string[];
  /** `node`, `zone` ...: printed with the flags since 5.11. */
  readonly fields: Readonly<Record<string, string>>;
  readonly cma: boolean;
}

const FLAGS = /(?:^|\s|\])(?:(anon|ksm) |page )?flags: (0x[0-9a-f]{1,16})\(([^()]{0,512})\)( CMA)?/;

export function parseFlagsLine(text: string): FlagsLine | null {
  const match = FLAGS.exec(text);
  if (match === null) return null;
  const [, kind = '', hex = '', inside = '', cma] = match;
  const parts = inside.split('|').filter((part) => part !== '');
  const names = parts.filter((part) => !part.includes('='));
  const fields: Record<string, string> = {};
  for (const part of parts) {
    const [name = '', value] = part.split('=');
    if (value !== undefined) fields[name] = value;
  }
  return { kind, hex, names, fields, cma: cma !== undefined };
}

/** Whether a text begins a flags line, which may be cut or wrapped. */
export function beginsFlagsLine(text: string): boolean {
  return /(?:^|\s|\])(?:anon |ksm |page )?flags:(?: 0x[0-9a-f]{1,16}\([^)]{0,512})?$/.test(text);
}

/** `raw: ` and `head: ` lines: words of struct page in hexadecimal. */
export interface RawLine {
  readonly of: 'page' | 'head';
  readonly words: readonly string[];
}

const RAW = /\b(raw|head): ((?:[0-9a-f]{16}|[0-9a-f]{8})(?: (?:[0-9a-f]{16}|[0-9a-f]{8})){0,7})(?![0-9a-z])/;

export function parseRawLine(text: string): RawLine | null {
  const match = RAW.exec(text);
  if (match === null) return null;
  return { of: match[1] === 'raw' ? 'page' : 'head', words: (match[2] ?? '').split(' ') };
}

const REASON = /\bpage dumped because: (.{1,200})$/;

/** Why the page was dumped; null for other lines. */
export function parseReason(text: string): string | null {
  return REASON.exec(text)?.[1]?.trim() ?? null;
}

/** The remaining lines of a dump. */
export type SideLine =
  | { readonly kind: 'file'; readonly aops: string; readonly ino: string; readonly name: string }
  | { readonly kind: 'memcg'; readonly memcg: string }
  | { readonly kind: 'page_type'; readonly type: string }
  | { readonly kind: 'remark'; readonly remark: string };

const FILE = /\baops:(\S{1,128})(?: ino:([0-9a-f]{1,16}))?(?: dentry name(?:\(\?\))?:"(.{0,255})")?/;
const MEMCG = /\b(?:memcg|page->mem_cgroup):([0-9a-f]{4,16}|\S*ptrval\S*)\b/;
const TYPE = /\bpage_type: (\S{1,20}(?:\([^()]{0,64}\))?)/;
const REMARK =
  /\b(page does not match folio|page:\S{1,32} is uninitialized and poisoned|bad because of flags: .{1,200})/;

export function parseSideLine(text: string): SideLine | null {
  const file = FILE.exec(text);
  if (file !== null) return { kind: 'file', aops: file[1] ?? '', ino: file[2] ?? '', name: file[3] ?? '' };
  const type = TYPE.exec(text)?.[1];
  if (type !== undefined) return { kind: 'page_type', type };
  const remark = REMARK.exec(text)?.[1];
  if (remark !== undefined) return { kind: 'remark', remark };
  const memcg = MEMCG.exec(text)?.[1];
  return memcg === undefined ? null : { kind: 'memcg', memcg };
}
