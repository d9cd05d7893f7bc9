/** Collects what a decoder finds in the lines of a text that are no trace events. */
import { Decoder } from './decode.ts';
import { type DecodedItem, firstLine, type UnreadLine } from './item.ts';

/** Findings that are kept; a log of a week may hold more. */
const MOST_ITEMS = 10_000;

export interface Findings {
  /** In the order of their lines. */
  readonly items: readonly DecodedItem[];
  readonly unread: readonly UnreadLine[];
  /** Counts of all, kept or not. */
  readonly itemCount: number;
  readonly unreadCount: number;
}

export class Collector {
  private readonly items: DecodedItem[] = [];
  private readonly unread: UnreadLine[] = [];
  private readonly decoder = new Decoder({
    item: (item) => {
      if (this.items.length < MOST_ITEMS) this.items.push(item);
    },
    unread: (line) => this.unread.push(line),
  });

  line(text: string, line: number): void {
    // A lone carriage return ends a line of old systems, and overwrites one on a terminal.
    for (const part of text.split('\r')) this.decoder.line(part, line);
  }

  end(): Findings {
    this.decoder.end();
    const { items, unread } = this.decoder.tally;
    this.items.sort((a, b) => firstLine(a) - firstLine(b));
    return { items: this.items, unread: this.unread, itemCount: items, unreadCount: unread };
  }
}
