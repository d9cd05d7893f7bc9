/** Decoded texts in short, for tests. */
import type { PageCard, Sign } from '../../../main/recordings/decode/card.ts';
import { decodeText } from '../../../main/recordings/decode/decode.ts';

export function cardsOf(text: string): PageCard[] {
  return decodeText(text).items.flatMap((item) => (item.kind === 'page' ? [item.card] : []));
}

/** The only card of a text. */
export function cardOf(text: string): PageCard {
  const cards = cardsOf(text);
  const [card] = cards;
  if (card === undefined || cards.length !== 1) throw new Error(`${cards.length} cards`);
  return card;
}

export function signsOf({ oddities }: PageCard): Sign[] {
  return oddities.map(({ sign }) => sign);
}

/** A dump in the form of 6.9 and later. */
export function dump({
  refcount,
  mapcount = 1,
  mapping = '0000000000000000',
  pfn = '0x5818',
  head = '',
  flags = 'anon flags: 0x20868(uptodate|lru|owner_2|swapbacked|zone=0)',
  reason = 'gup_test: dump_pages() test',
}: {
  readonly refcount: number;
  readonly mapcount?: number;
  readonly mapping?: string;
  readonly pfn?: string;
  readonly head?: string;
  readonly flags?: string;
  readonly reason?: string;
}): string {
  const page = `page: refcount:${refcount} mapcount:${mapcount} mapping:${mapping} index:0x7f6fa5c00 pfn:${pfn}`;
  return [page, head, flags, `page dumped because: ${reason}`].filter((line) => line !== '').join('\n');
}
