/** Words of /proc/kpageflags, in a line that says so or in what tools/mm/page-types prints. */

/** Names of the bits that are set, in the order of the bits (include/uapi/linux/kernel-page-flags.h and fs/proc/page.c). */
const NAMES: Readonly<Record<number, string>> = {
  0: 'locked',
  1: 'error',
  2: 'referenced',
  3: 'uptodate',
  4: 'dirty',
  5: 'lru',
  6: 'active',
  7: 'slab',
  8: 'writeback',
  9: 'reclaim',
  10: 'buddy',
  11: 'mmap',
  12: 'anonymous',
  13: 'swapcache',
  14: 'swapbacked',
  15: 'compound_head',
  16: 'compound_tail',
  17: 'huge',
  18: 'unevictable',
  19: 'hwpoison',
  20: 'nopage',
  21: 'ksm',
  22: 'thp',
  23: 'offline',
  24: 'zero_page',
  25: 'idle_page',
  26: 'pgtable',
  32: 'reserved',
  33: 'mlocked',
  34: 'mappedtodisk',
  35: 'private',
  36: 'private_2',
  37: 'owner_private',
  38: 'arch',
  39: 'uncached',
  40: 'softdirty',
  41: 'arch_2',
};

export interface KpageFlags {
  readonly line: number;
  readonly word: bigint;
  readonly names: readonly string[];
  /** What the names together say about the page. */
  readonly says: string;
}

const NAMED = /\bkpageflags["']?\s{0,4}[:=]?\s{0,4}["']?(0x[0-9a-f]{1,16})(?![0-9a-z])/i;
/** page-types' summary, `0x0000000000401868	 512	 2  ___UDl...` and its list with -L. */
const PAGE_TYPES = /(?:^|\s)(0x[0-9a-f]{16})\s+\d{1,12}\s+\d{1,9}\s+[_A-Za-z~]{20,64}(?:\s|$)/;

export function parseKpageflags(text: string, line: number): KpageFlags | null {
  const word = (NAMED.exec(text) ?? PAGE_TYPES.exec(text))?.[1];
  return word === undefined ? null : kpageflagsOf(BigInt(word), line);
}

export function kpageflagsOf(word: bigint, line: number): KpageFlags {
  const names: string[] = [];
  for (let bit = 0; bit < 64; bit++) {
    if (((word >> BigInt(bit)) & 1n) === 1n) names.push(NAMES[bit] ?? `bit ${bit}`);
  }
  return { line, word, names, says: meaning(new Set(names)) };
}

function meaning(names: ReadonlySet<string>): string {
  if (names.has('nopage')) return 'no page is there';
  if (names.has('buddy')) return 'free, in the buddy allocator';
  const parts: string[] = [];
  if (names.has('zero_page')) parts.push(names.has('thp') ? 'the huge zero page' : 'the zero page');
  else if (names.has('huge')) parts.push('hugetlb');
  else if (names.has('thp')) parts.push('transparent huge');
  else if (names.has('slab')) parts.push('slab');
  if (names.has('compound_head')) parts.push('head of a compound page');
  if (names.has('compound_tail')) parts.push('tail of a compound page');
  if (names.has('ksm')) parts.push('merged by KSM');
  else if (names.has('anonymous')) parts.push('anonymous');
  if (names.has('mmap')) parts.push('mapped');
  if (names.has('swapcache')) parts.push('in the swap cache');
  if (names.has('hwpoison')) parts.push('poisoned by hardware');
  if (parts.length === 0) parts.push(names.has('lru') ? 'page cache or anonymous, unmapped' : 'nothing in particular');
  return parts.join(', ');
}
