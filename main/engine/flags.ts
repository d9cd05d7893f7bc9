/**
 * Numbers the model shares with its readers: FOLL_* flags, PG_* bits, and how a page-table entry is packed into a word.
 * FOLL_* values are the kernel's of 5.10 to 6.1 (later kernels renumbered them; experiments use the names).
 */

export const FOLL_WRITE = 0x1;
export const FOLL_GET = 0x4;
export const FOLL_FAST_ONLY = 0x80000;
export const FOLL_LONGTERM = 0x10000;
export const FOLL_PIN = 0x40000;

/** Bits of a page's `flags` word. Positions are the model's own; names are the kernel's. */
export const PG_locked = 1 << 0;
export const PG_dirty = 1 << 1;
export const PG_head = 1 << 2;
export const PG_lru = 1 << 3;
/** The page is on a free list. */
export const PG_buddy = 1 << 4;

/** Names of the flag bits, in bit order, for page states. */
export const FLAG_NAMES: readonly string[] = ['locked', 'dirty', 'head', 'lru', 'buddy'];

/** A page-table entry: object index of the page + 1 in the upper bits, these bits below. 0 is an empty entry. */
export const ENTRY_SHIFT = 4;
export const ENTRY_WRITE = 1 << 0;
export const ENTRY_DIRTY = 1 << 1;

/** Packs an entry that maps the page with object index `page`. */
export function entryFor(page: number, bits: number): number {
  return ((page + 1) << ENTRY_SHIFT) | bits;
}

/** Object index of the page an entry maps, or -1 for an empty entry. */
export function entryPage(entry: number): number {
  return (entry >> ENTRY_SHIFT) - 1;
}
