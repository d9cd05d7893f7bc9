/**
 * Numbers the model shares with its readers: FOLL_* flags, PG_* bits, and how a page-table entry is packed into a word.
 * FOLL_* values are the kernel's of 5.10 to 6.1 (later kernels renumbered them; experiments use the names).
 */

export const FOLL_WRITE = 0x1;
export const FOLL_TOUCH = 0x2;
export const FOLL_GET = 0x4;
/** Break into a mapping without VM_WRITE, as ptrace does. */
export const FOLL_FORCE = 0x10;
/** Set by the slow path of 4.9 to 5.19: a forced write went through COW already. */
export const FOLL_COW = 0x4000;
export const FOLL_LONGTERM = 0x10000;
export const FOLL_PIN = 0x40000;
export const FOLL_FAST_ONLY = 0x80000;
/** What callers may pass; anything else is refused with a WARN and -EINVAL. */
export const FOLL_CALLER = FOLL_WRITE | FOLL_TOUCH | FOLL_FORCE | FOLL_LONGTERM | FOLL_FAST_ONLY | FOLL_GET | FOLL_PIN;

/** Why a fault happens, as the fault handler is told. */
export const FAULT_FLAG_WRITE = 0x1;
export const FAULT_FLAG_UNSHARE = 0x2;
/** An access that started with a fault before: the entry is there, its permission is not. */
export const FAULT_FLAG_REMOTE = 0x4;

/**
 * Bits of a page's `flags` word. Positions are the model's own; names are the kernel's. Flags that change on their own
 * while others race (locked, dirty, writeback, anon_exclusive ...) are words of their own: see Page in the interface.
 */
export const PG_locked = 1 << 0;
export const PG_dirty = 1 << 1;
export const PG_head = 1 << 2;
export const PG_lru = 1 << 3;
/** The page is on a free list. */
export const PG_buddy = 1 << 4;
/** With PG_buddy: the whole block is free as one, tails included. */
export const PG_block = 1 << 5;

/** Names of the flag bits, in bit order, for page states. */
export const FLAG_NAMES: readonly string[] = ['locked', 'dirty', 'head', 'lru', 'buddy', 'block'];

/** A page-table entry: object index of what it points to + 1 in the upper bits, these bits below. 0 is an empty entry. */
export const ENTRY_SHIFT = 10;
export const ENTRY_WRITE = 1 << 0;
export const ENTRY_DIRTY = 1 << 1;
/** Points to a page table, not to a page. */
export const ENTRY_TABLE = 1 << 2;
/** A swap entry: points to a swap slot. */
export const ENTRY_SWAP = 1 << 3;
/** A migration entry: its page is on the move or being split. */
export const ENTRY_MIGRATION = 1 << 4;
/** Present, but every access faults (NUMA hinting). */
export const ENTRY_PROTNONE = 1 << 5;
/** No page of the mapping's own: the zero page, or a PFN without struct page. */
export const ENTRY_SPECIAL = 1 << 6;
export const ENTRY_DEVMAP = 1 << 7;
/** In swap and migration entries: the page was exclusive to its process. */
export const ENTRY_EXCLUSIVE = 1 << 8;
/** pmdp_invalidate(): a leaf that is being changed; not present, not empty. */
export const ENTRY_INVALID = 1 << 9;

/** Both bits: the page went bad, and every access ends in a SIGBUS. */
export const ENTRY_HWPOISON = ENTRY_SWAP | ENTRY_MIGRATION;

/** Whether an entry stands for a page that went bad. */
export function entryPoisoned(entry: number): boolean {
  return (entry & ENTRY_HWPOISON) === ENTRY_HWPOISON;
}

/** Packs an entry that points to the object `target`. */
export function entryFor(target: number, bits: number): number {
  return ((target + 1) << ENTRY_SHIFT) | bits;
}

/** Object index of what an entry points to, or -1 for an empty entry. */
export function entryPage(entry: number): number {
  return (entry >> ENTRY_SHIFT) - 1;
}

/** Whether an entry maps something that the CPU can reach (a NUMA hint counts as present). */
export function entryPresent(entry: number): boolean {
  return entry !== 0 && (entry & (ENTRY_SWAP | ENTRY_MIGRATION | ENTRY_INVALID)) === 0;
}

/** An entry with its bits changed. */
export function entryWith(entry: number, set: number, clear: number): number {
  return (entry & ~clear) | set;
}

/** Where a page belongs (page->mapping and page->index in one word): the object's index + 1, and a page index. */
const HOME_SHIFT = 14;

export function homeFor(object: number, index: number): number {
  return ((object + 1) << HOME_SHIFT) | index;
}

/** Object of a home, -1 for none. */
export function homeObject(home: number): number {
  return (home >> HOME_SHIFT) - 1;
}

export function homeIndex(home: number): number {
  return home & ((1 << HOME_SHIFT) - 1);
}
