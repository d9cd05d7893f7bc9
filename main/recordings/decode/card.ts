/** A page as a kernel printed it, and what can be said about it. */
import type { FlagsLine, HeadLine, PageLine } from './dump-lines.ts';
import type { Splat } from './splat.ts';

/** Lines of the input, 1-based, both included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** What dump_page() printed, as it stands there. */
export interface PageDump {
  readonly lines: LineRange;
  readonly page: PageLine;
  readonly head: HeadLine | null;
  readonly flags: FlagsLine | null;
  readonly file: { readonly aops: string; readonly ino: string; readonly name: string } | null;
  readonly memcg: string | null;
  readonly pageType: string | null;
  /** Words of the page's own struct page, and of its head's (from 6.9 on two of them). */
  readonly raw: readonly string[];
  readonly rawHead: readonly string[];
  readonly reason: string | null;
  /** `page does not match folio` and the like. */
  readonly remarks: readonly string[];
  /** Lines of page_owner in the dump. */
  readonly owner: readonly string[];
  /** The report around it, if there is one. */
  readonly splat: Splat | null;
  /** Two dumps were printed at the same time, and which line belongs to which is a guess. */
  readonly mixed: boolean;
}

/** Which releases print in this form. Boundaries are those of the text, not of what the counters mean. */
export interface DumpForm {
  readonly kernels: string;
  /** Whether kernels of that time pin pages. */
  readonly pins: boolean;
}

/** A part of `_refcount` that the dump accounts for. */
export interface CountPart {
  readonly what: string;
  readonly references: number;
}

/** `_refcount` taken apart. */
export interface CountCard {
  readonly refcount: number;
  /** 0 for a small page; null where a folio is large and its order was not printed. */
  readonly order: number | null;
  /** Pins: the pincount of a large folio, else the count by 1024, rounded down. */
  readonly pins: number;
  /** Whether pins are counted apart. Else 1024 references look like a pin. */
  readonly exact: boolean;
  /** References that are no pins. */
  readonly references: number;
  /** What the dump accounts for of them. */
  readonly parts: readonly CountPart[];
  /** What it does not account for; negative where more is known than counted. */
  readonly unexplained: number;
  /** `1026 = 1 pin x 1024 + 2 refs: 1 mapping, 1 unexplained`. */
  readonly sentence: string;
}

/** Names of what can be odd about a page: the keys of patterns.ts. */
export type Sign =
  | 'refcount-negative'
  | 'refcount-underflow-by-bias'
  | 'refcount-overflow'
  | 'put-on-pin'
  | 'maybe-pinned-falsely'
  | 'pincount-negative'
  | 'pincount-above-references'
  | 'freed-while-pinned'
  | 'freed-with-references'
  | 'freed-while-mapped'
  | 'freed-with-flags'
  | 'freed-in-page-cache'
  | 'mapped-without-references'
  | 'zero-page-pinned'
  | 'tail-with-references'
  | 'get-on-free-page'
  | 'put-on-free-page'
  | 'get-refused'
  | 'unpin-beyond-count'
  | 'pinned-not-exclusive'
  | 'pinned-without-buffers'
  | 'read-while-changing'
  | 'head-and-tail-disagree'
  | 'poisoned';

export interface Oddity {
  readonly sign: Sign;
  /** One sentence. */
  readonly text: string;
}

/** An experiment of a shipped notebook that shows the same pattern. */
export interface MatchingExperiment {
  /** File name in scenarios/. */
  readonly file: string;
  readonly experiment: string;
  readonly sign: Sign;
}

export interface PageCard {
  readonly dump: PageDump;
  readonly form: DumpForm;
  readonly count: CountCard;
  readonly oddities: readonly Oddity[];
  readonly experiments: readonly MatchingExperiment[];
}
