/** struct page from the `raw:` words of a dump: 64 bytes on 64-bit machines, whose first words all releases agree on. */

export interface StructPage {
  readonly isTail: boolean;
  readonly refcount: number;
  /** Mappings: the field's value + 1. */
  readonly mapcount: number;
}

const WORDS = 8;

/** Null for other machines and for words that were cut off. */
export function readStructPage(words: readonly string[]): StructPage | null {
  const first = words.slice(0, WORDS);
  if (first.length < WORDS || first.some((word) => !/^[0-9a-f]{16}$/.test(word))) return null;
  const counters = BigInt(`0x${first[6]}`);
  return {
    // The word holds the head's address, or since 7.2 a mask for it; both with bit 0 set.
    isTail: (BigInt(`0x${first[1]}`) & 1n) === 1n,
    refcount: Number(BigInt.asIntN(32, counters >> 32n)),
    mapcount: Number(BigInt.asIntN(32, counters)) + 1,
  };
}
