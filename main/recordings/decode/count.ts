/** `_refcount` as pins and references, and what the dump accounts for of the references. */
import type { CountCard, CountPart, DumpForm, PageDump } from './card.ts';

/** GUP_PIN_COUNTING_BIAS of all released kernels. */
export const BIAS = 1024;

export function countOf(dump: PageDump, form: DumpForm): CountCard {
  const { refcount } = dump.page;
  const order = orderOf(dump);
  const pincount = dump.head?.pincount ?? null;
  const exact = pincount !== null;
  // A large folio whose pincount was not printed: whatever is pinned is among the references.
  const biased = form.pins && order === 0;
  const pins = exact ? pincount : biased ? Math.floor(refcount / BIAS) : 0;
  const references = refcount - pins * (exact ? 1 : BIAS);
  const parts = partsOf(dump, order);
  const unexplained = references - parts.reduce((sum, part) => sum + part.references, 0);
  const card = { refcount, order, pins, exact, references, parts, unexplained };
  return { ...card, sentence: sentenceOf(card) };
}

function orderOf({ head, flags, page }: PageDump): number | null {
  if (head !== null) return head.order;
  const large = flags?.names.includes('head') === true || page.compoundMapcount !== null;
  return large ? null : 0;
}

function partsOf(dump: PageDump, order: number | null): CountPart[] {
  const parts: CountPart[] = [];
  const add = (references: number, what: string): void => {
    if (references > 0) parts.push({ what, references });
  };
  const flags = dump.flags?.names ?? [];
  add(mappingsOf(dump, order), 'mapping');
  if (isFile(dump)) {
    // A page cache folio has a reference for each of its pages; a hugetlb folio has one.
    const hugetlb = dump.pageType?.includes('hugetlb') === true;
    add(order === null || hugetlb ? 1 : 2 ** order, 'page cache');
    add(flags.includes('private') || flags.includes('private_2') ? 1 : 0, 'private data');
  } else if (isAnon(dump) && flags.includes('swapcache')) {
    add(order === null ? 1 : 2 ** order, 'swap cache');
  }
  // A page that is not on an LRU list yet waits in a CPU's batch, which holds a reference.
  const waits = isAnon(dump) && flags.includes('swapbacked') && !flags.includes('lru') && dump.pageType === null;
  if (waits && order === 0) add(1, 'LRU batch');
  return parts;
}

/** Page-table entries that map the page or its folio, as far as the dump says. */
function mappingsOf({ page, head }: PageDump, order: number | null): number {
  if (order === 0) return page.mapcount;
  if (head?.mapcount != null) return head.mapcount;
  if (head?.entireMapcount != null) return head.entireMapcount + (Math.max(0, head.nrPagesMapped ?? 0) % 0x800000);
  // page_mapcount() of these releases counts the folio's own mapping in.
  return head?.compoundMapcount ?? page.compoundMapcount ?? page.mapcount;
}

/** Whether the page is anonymous. `mapping:` itself is printed as none then. */
export function isAnon({ flags }: PageDump): boolean {
  return flags !== null && (flags.kind === 'anon' || flags.kind === 'ksm');
}

/** Whether the page is in a file's page cache. */
export function isFile(dump: PageDump): boolean {
  return dump.file !== null || (!isAnon(dump) && hasMapping(dump));
}

/** Whether a `mapping:` was printed that points somewhere. Values with low bits set are no address_space. */
export function hasMapping({ page: { mapping } }: PageDump): boolean {
  if (!/^(?:0x)?[0-9a-f]{1,16}$/.test(mapping)) return false;
  const value = BigInt(mapping.startsWith('0x') ? mapping : `0x${mapping}`);
  return value > 0xffffn && (value & 3n) === 0n;
}

function sentenceOf({ refcount, pins, exact, references, parts, unexplained }: Omit<CountCard, 'sentence'>): string {
  const split = [`${refcount} =`];
  if (pins !== 0) split.push(exact ? `${counted(pins, 'pin')} +` : `${counted(pins, 'pin')} x ${BIAS} +`);
  split.push(counted(references, 'ref'));
  const known = parts.map(({ what, references: n }) => (n === 1 ? `1 ${what}` : `${n} ${plural(what)}`));
  if (unexplained !== 0) known.push(unexplained > 0 ? `${unexplained} unexplained` : `${-unexplained} too few`);
  return known.length === 0 ? split.join(' ') : `${split.join(' ')}: ${known.join(', ')}`;
}

function counted(n: number, noun: string): string {
  return `${n} ${noun}${Math.abs(n) === 1 ? '' : 's'}`;
}

function plural(what: string): string {
  return what === 'mapping' ? 'mappings' : what;
}
