/**
 * Puts the lines of dumps together. Two CPUs may print at once, and without CONFIG_PRINTK_CALLER nothing says whose line is
 * whose: then the first flags are those of the first page, and so on, and the dump says that this was a guess.
 */
import type { LogLine } from './carrier.ts';
import {
  type FlagsLine,
  type HeadLine,
  type PageLine,
  parseFlagsLine,
  parseHeadLine,
  parsePageLine,
  parseRawLine,
  parseReason,
  parseSideLine,
  type RawLine,
  type SideLine,
} from './dump-lines.ts';
import { isOwnerLine } from './owner.ts';

/** A dump, put together. */
export interface Draft {
  first: number;
  last: number;
  page: PageLine;
  head: HeadLine | null;
  flags: FlagsLine | null;
  reason: string | null;
  readonly sides: SideLine[];
  readonly raw: string[];
  readonly rawHead: string[];
  readonly owner: string[];
  mixed: boolean;
}

/** Words of struct page that a dump can hold of one page: two lines of four; of the head twice as many. */
const MOST_WORDS = 8;
const MOST_HEAD_WORDS = 16;
const MOST_OWNER_LINES = 80;
/** Dumps that may be printed at once. */
const MOST_AT_ONCE = 8;
/** A dump whose next line does not come for so long has been cut. */
const PATIENCE = 200;

type Part =
  | { readonly kind: 'head'; readonly head: HeadLine }
  | { readonly kind: 'flags'; readonly flags: FlagsLine }
  | { readonly kind: 'reason'; readonly reason: string }
  | { readonly kind: 'raw'; readonly raw: RawLine }
  | { readonly kind: 'side'; readonly side: SideLine }
  | { readonly kind: 'owner'; readonly text: string }
  | { readonly kind: 'pfn'; readonly pfn: number }
  /** Fields that belong behind those of the head line. */
  | { readonly kind: 'fields'; readonly text: string };

type Placed = Part & { readonly line: number };

/** A page line, and the parts that came before the next one. */
interface Section {
  readonly draft: Draft;
  readonly parts: Placed[];
}

export class DumpReader {
  private sections: Section[] = [];
  private readonly done: (draft: Draft) => void;

  /** `done` gets each dump when it is whole, in the order of their page lines. */
  constructor(done: (draft: Draft) => void) {
    this.done = done;
  }

  /** The dump whose page line was read last, null where it has been handed out. */
  get latest(): Draft | null {
    return this.sections.at(-1)?.draft ?? null;
  }

  /** @returns whether the line is one of a dump. */
  line({ text, line }: LogLine): boolean {
    const page = parsePageLine(text);
    if (page !== null) {
      this.begin(page, line);
      return true;
    }
    const section = this.sections.at(-1);
    if (section === undefined) return false;
    if (line - section.draft.last > PATIENCE) {
      this.end();
      return false;
    }
    const part = partOf(text);
    if (part === null) return false;
    section.parts.push({ ...part, line });
    section.draft.last = line;
    return true;
  }

  /** No further line comes that could belong to the dumps. */
  end(): void {
    const { sections } = this;
    this.sections = [];
    if (isInterleaved(sections)) deal(sections);
    else for (const { draft, parts } of sections) for (const part of parts) give(draft, part);
    for (const { draft } of sections) this.done(draft);
  }

  private begin(page: PageLine, line: number): void {
    const reasons = this.sections.reduce((sum, { parts }) => sum + count(parts, 'reason'), 0);
    if (reasons >= this.sections.length || this.sections.length >= MOST_AT_ONCE) this.end();
    const draft: Draft = {
      first: line,
      last: line,
      page,
      head: null,
      flags: null,
      reason: null,
      sides: [],
      raw: [],
      rawHead: [],
      owner: [],
      mixed: false,
    };
    this.sections.push({ draft, parts: [] });
  }
}

const HEAD_FIELDS = /^(?:[a-z_]{0,16}(?:mapcount|nr_pages_mapped|pincount):-?\d{1,10}(?: |$)){1,4}$/;

function partOf(text: string): Part | null {
  const reason = parseReason(text);
  if (reason !== null) return { kind: 'reason', reason };
  const side = parseSideLine(text);
  if (side !== null) return { kind: 'side', side };
  const head = parseHeadLine(text);
  if (head !== null) return { kind: 'head', head };
  const flags = parseFlagsLine(text);
  if (flags !== null) return { kind: 'flags', flags };
  const raw = parseRawLine(text);
  if (raw !== null) return { kind: 'raw', raw };
  if (isOwnerLine(text)) return { kind: 'owner', text };
  // Mail programs wrap lines: before the page frame number, and between the counts of the head.
  const pfn = /^pfn:0x([0-9a-f]{1,13})$/.exec(text)?.[1];
  if (pfn !== undefined) return { kind: 'pfn', pfn: Number.parseInt(pfn, 16) };
  return HEAD_FIELDS.test(text) ? { kind: 'fields', text } : null;
}

function give(draft: Draft, part: Part): void {
  switch (part.kind) {
    case 'head':
      draft.head ??= part.head;
      break;
    case 'flags':
      draft.flags ??= part.flags;
      break;
    case 'reason':
      draft.reason ??= part.reason;
      break;
    case 'raw': {
      const [words, most] = part.raw.of === 'page' ? [draft.raw, MOST_WORDS] : [draft.rawHead, MOST_HEAD_WORDS];
      words.push(...part.raw.words.slice(0, most - words.length));
      break;
    }
    case 'side':
      draft.sides.push(part.side);
      break;
    case 'owner':
      if (draft.owner.length < MOST_OWNER_LINES) draft.owner.push(part.text);
      break;
    case 'pfn':
      if (draft.page.pfn === null) draft.page = { ...draft.page, pfn: part.pfn };
      break;
    case 'fields':
      if (draft.head !== null) draft.head = withFields(draft.head, part.text);
  }
}

/** The head with the fields that stood in a line of their own. */
function withFields(head: HeadLine, text: string): HeadLine {
  const more = parseHeadLine(`head: order:${head.order} ${text}`);
  if (more === null) return head;
  return {
    pointer: head.pointer,
    order: head.order,
    mapcount: head.mapcount ?? more.mapcount,
    compoundMapcount: head.compoundMapcount ?? more.compoundMapcount,
    entireMapcount: head.entireMapcount ?? more.entireMapcount,
    nrPagesMapped: head.nrPagesMapped ?? more.nrPagesMapped,
    pincount: head.pincount ?? more.pincount,
    oldWord: head.oldWord || more.oldWord,
  };
}

function count(parts: readonly Placed[], kind: Part['kind']): number {
  return parts.filter((part) => part.kind === kind).length;
}

/** Whether some section holds the lines of two dumps. */
function isInterleaved(sections: readonly Section[]): boolean {
  if (sections.length < 2) return false;
  return sections.some(
    ({ parts }) => count(parts, 'flags') > 1 || count(parts, 'head') > 1 || count(parts, 'reason') > 1,
  );
}

/** Deals the lines of interleaved dumps out: as many of a kind as there are pages go one to each, in their order. */
function deal(sections: readonly Section[]): void {
  const drafts = sections.map(({ draft }) => draft);
  const all = sections.flatMap(({ parts }) => parts);
  for (const draft of drafts) draft.mixed = true;
  for (const kind of ['flags', 'reason', 'pfn'] as const) {
    const parts = all.filter((part) => part.kind === kind);
    if (parts.length === drafts.length) {
      parts.forEach((part, i) => {
        dealOne(drafts[i], part);
      });
      continue;
    }
    for (const { draft, parts: own } of sections) for (const part of own) if (part.kind === kind) give(draft, part);
  }
  // Only a large folio has a head line, and its flags say so.
  const heads = all.filter((part) => part.kind === 'head');
  const large = drafts.filter(({ flags }) => flags === null || flags.names.includes('head'));
  if (heads.length === large.length) {
    heads.forEach((part, i) => {
      dealOne(large[i], part);
    });
  }
  // Whose the raw words and the other lines are cannot be told.
}

function dealOne(draft: Draft | undefined, part: Placed): void {
  if (draft !== undefined) give(draft, part);
}
