/** What can be found in a text. */
import type { PageCard } from './card.ts';
import type { GupTestLine } from './gup-test.ts';
import type { KpageFlags } from './kpageflags.ts';
import type { OwnerRecord } from './owner.ts';
import type { Splat } from './splat.ts';
import type { PinCounters } from './vmstat.ts';

export type DecodedItem =
  | { readonly kind: 'page'; readonly card: PageCard }
  /** A report about references without a dump of a page. */
  | { readonly kind: 'splat'; readonly line: number; readonly splat: Splat }
  | { readonly kind: 'suppressed'; readonly line: number; readonly reports: number }
  | { readonly kind: 'owner'; readonly record: OwnerRecord }
  | { readonly kind: 'vmstat'; readonly counters: PinCounters }
  | { readonly kind: 'gup_test'; readonly line: number; readonly said: GupTestLine }
  | { readonly kind: 'kpageflags'; readonly flags: KpageFlags };

/** A line that looks like one of ours and could not be read. */
export interface UnreadLine {
  readonly line: number;
  readonly text: string;
}

/** Line that an item begins in. */
export function firstLine(item: DecodedItem): number {
  switch (item.kind) {
    case 'page':
      return item.card.dump.splat?.line ?? item.card.dump.lines.first;
    case 'owner':
      return item.record.line;
    case 'vmstat':
      return item.counters.line;
    case 'kpageflags':
      return item.flags.line;
    default:
      return item.line;
  }
}
