/**
 * The scripting interface: everything an experiment sees, and nothing else. These declarations are the documentation
 * shown in the notebook; `gupbook.d.ts` is this file with `export` taken off. Types only, imports nothing.
 */

/** Opaque: one atomic operation, as {@link R}, {@link ADD} ... make it. `yield` it from an actor. */
export interface Step {
  readonly op: number;
}

/**
 * What every actor and every kernel function is: a generator that yields one {@link Step} per atomic operation and is
 * handed the operation's result. Preemption happens at `yield`, never between two of them.
 */
export type Steps<T> = Generator<Step, T, number>;

/** One shared 32-bit word of the model: a counter, a page-table entry, a lock. Only {@link Step}s change it. */
export interface Word {
  readonly index: number;
  readonly name: string;
}

/**
 * A struct page. A tail page of a compound has its counts on the head: `page.head` is the head the page was created
 * under (itself for a single page); the kernel's own look-up, `compound_head()`, is a step.
 */
export interface Page {
  readonly name: string;
  /** Index of the subpage in the compound it was created in; 0 for a head or a single page. */
  readonly index: number;
  /** The head page of the compound it was created in. */
  readonly head: Page;
  /** Usage count, a 32-bit int that wraps. Tail pages must have 0. */
  readonly _refcount: Word;
  /** Number of page-table entries that map the page (0 is unmapped; the kernel stores this minus 1). */
  readonly mapcount: Word;
  /** Exact number of FOLL_PIN pins of a large folio, on kernels that keep one (5.7 and later). */
  readonly pincount: Word;
  /** PG_* bits, see {@link PG_dirty}, {@link PG_buddy} ... */
  readonly flags: Word;
  /** Tail pages: the head's id, or 0 when the page is no tail any more. Shared by all tails of one compound. */
  readonly compound_head: Word;
}

/** A mapping of user memory: what a user address means to get_user_pages*(). */
export interface UserMapping {
  readonly name: string;
  /** Length in 4 KiB pages. */
  readonly npages: number;
  /** The page-table entry that maps a whole huge page, for PMD-mapped memory. */
  readonly pmd: Word;
  /** The `i`-th page-table entry, for PTE-mapped memory. Throws for PMD-mapped memory. */
  pte(i: number): Word;
  /** The struct page that was mapped at page `i` when the experiment began. */
  page(i: number): Page;
  /** The address `i` pages into the mapping, to start a get_user_pages*() call there. */
  at(i: number): UserAddress;
}

/** A position inside a mapping; see {@link UserMapping.at}. */
export interface UserAddress {
  readonly mapping: UserMapping;
  readonly index: number;
}

/** Pages handed out by get_user_pages*() or pin_user_pages*(). `ret` is what the call returned: a count or -errno. */
export interface UserPages extends ReadonlyArray<Page> {
  readonly ret: number;
  /** How they were taken: plain references (FOLL_GET) or pins (FOLL_PIN). */
  readonly how: 'get' | 'pin';
}

/** A block I/O request over some user pages. Its completion gives them back with `bio_release_pages()`. */
export interface Bio {
  readonly name: string;
  readonly pages: UserPages;
}

/** Options of the mm helpers. */
export interface MapOptions {
  /** Name in traces; default: the variable the call is assigned to. */
  readonly name?: string;
  /** References that others already hold on the page, beside the mapping's own (a keeper). Default 0. */
  readonly keepers?: number;
  /** Read-only mapping. Default false. */
  readonly readOnly?: boolean;
  /** Allocation order of a compound page: 9 is a 2 MB THP (default), 18 a 1 GB page. */
  readonly order?: number;
}

/** Builds the memory an experiment starts from. All of it belongs to one process (one mm). */
export interface MemoryBuilder {
  /** One anonymous page, mapped by a PTE. `_refcount` 1, `mapcount` 1. */
  mmapPage(options?: MapOptions): UserMapping;
  /** An anonymous THP mapped by one PMD. `_refcount` of the head 1, `mapcount` 1. Default order 9 (512 subpages). */
  mmapThp(options?: MapOptions): UserMapping;
  /** A THP whose subpages are mapped by PTEs (after a PMD split): one reference and one mapcount per subpage. */
  mmapPteThp(options?: MapOptions): UserMapping;
}

/** The functions of the kernel revision under test. Every atomic operation inside them is a step of its own. */
export interface Kernel {
  /** Id of the revision: `pin-v5`, `5.7-bias`, `7.2` ... */
  readonly id: string;
  /** GUP_PIN_COUNTING_BIAS of the revision: 1024 on every revision, other values through {@link Kernel.with}. */
  readonly GUP_PIN_COUNTING_BIAS: number;
  /** The switches that make this revision what it is (see main/engine/kernels). */
  readonly switches: KernelSwitches;
  /**
   * The same revision with some switches changed: `kernel.with({ biasShift: 8 })`.
   * @throws if a switch does not exist or the value is not one of its values.
   */
  with(changes: Partial<KernelSwitches>): Kernel;

  /** get_page(): one reference on the page's head. Guard of the revision: none, or a VM_BUG_ON for a count near 0. */
  get_page(page: Page): Steps<void>;
  /** try_get_page(): as get_page(), but refused with a WARN when the count is not positive. */
  try_get_page(page: Page): Steps<boolean>;
  /** try_get_compound_head(): `refs` references on the head unless its count is 0 or negative; null when refused. */
  try_get_compound_head(page: Page, refs: number): Steps<Page | null>;
  /** put_page(): gives back one plain reference; frees the page when it was the last. */
  put_page(page: Page): Steps<void>;

  /** get_user_pages_fast(): plain references (FOLL_GET) on `nr` pages from `start`. */
  get_user_pages_fast(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** pin_user_pages_fast(): pins (FOLL_PIN) on `nr` pages from `start`: lockless walk, then the slow path. */
  pin_user_pages_fast(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** The lockless walk alone (FOLL_FAST_ONLY): what it cannot take it does not take. */
  pin_user_pages_fast_only(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** get_user_pages() with the page-table lock held: the slow path. */
  get_user_pages(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** pin_user_pages(): the slow path with FOLL_PIN. */
  pin_user_pages(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;

  /** unpin_user_page() (put_user_page() in the postings): gives back one pin. */
  unpin_user_page(page: Page): Steps<void>;
  /** unpin_user_pages(): one pin for each page of the list, batched per folio where the revision does that. */
  unpin_user_pages(pages: readonly Page[]): Steps<void>;
  /** The name of unpin_user_page() before 5.7. */
  put_user_page(page: Page): Steps<void>;
  /** The name of unpin_user_pages() before 5.7. */
  put_user_pages(pages: readonly Page[]): Steps<void>;
  /** page_maybe_dma_pinned() (page_dma_pinned() in the postings), as a step an actor takes. */
  page_maybe_dma_pinned(page: Page): Steps<boolean>;

  /** bio_release_pages(): the completion gives back what the bio holds, per page or per folio as the revision does. */
  bio_release_pages(bio: Bio): Steps<void>;
  /** munmap() of a whole mapping: clear the entry, flush, then drop the mapping's reference. */
  munmap(mapping: UserMapping): Steps<void>;
}

/** Options of {@link experiment}. */
export interface ExperimentOptions {
  /** Kernels to run under (ids); default: all 15. */
  readonly kernels?: readonly string[];
  /** Expected verdict per kernel id; `'*'` stands for all that are not named. */
  readonly expect?: Readonly<Record<string, 'pass' | 'fail' | 'inconclusive' | 'not-applicable' | 'error'>>;
  /** Architecture: `ipiFlush` true (default) is x86 on bare metal, where a TLB flush waits for CPUs with IRQs off. */
  readonly arch?: {
    readonly ipiFlush?: boolean;
    /** CONFIG_DEBUG_VM: VM_BUG_ON() and VM_WARN_ON() conditions are looked at. Default false, as distributions build. */
    readonly debugVm?: boolean;
  };
  /** Memory model. Only sequential consistency is modelled. */
  readonly memoryModel?: 'sc';
  /** Built-in checks to leave out, by their short names (`I2`); used where an experiment is about the damage itself. */
  readonly without?: readonly string[];
  /** Ends the search early (verdict `inconclusive`): number of states, seconds. */
  readonly budget?: { readonly states?: number; readonly seconds?: number };
}

/** The laboratory: actors, checks and memory of one experiment. */
export interface Lab {
  readonly kernel: Kernel;
  readonly mm: MemoryBuilder;
  /** Adds a task (its own CPU). Inside an actor: starts one that is runnable from then on. */
  task(name: string, body: () => Steps<void>): void;
  /** Adds a completion that runs in interrupt context, concurrently with all other actors. */
  irq(name: string, body: () => Steps<void>): void;
  /** A condition that must hold after every step. */
  always(name: string, condition: () => unknown): void;
  /** A condition that must hold once all actors have finished. */
  finally(name: string, condition: () => unknown): void;
  /** A choice explored exhaustively: 0, 1, ... n-1. Inside an actor: `const i = yield* lab.choose(3)`. */
  choose(n: number): Steps<number>;
  /** A shared word of your own, read and written by steps. */
  word(name: string, initial?: number): Word;
  /** A lock of your own: `yield LK(lock)`, `yield UL(lock)`. */
  lock(name: string): Word;
  /**
   * Divides pages among `n` bios as a block driver would: consecutive runs of equal length (the last may be shorter).
   * The bios own the pages from then on.
   */
  splitBios(pages: UserPages, n: number): readonly Bio[];
}

/** Switches of a kernel revision; every one is explained in main/engine/kernels/switches.ts. */
export interface KernelSwitches {
  /** FOLL_PIN tracking exists at all. */
  readonly follPin: boolean;
  /** GUP_PIN_COUNTING_BIAS = 1 << biasShift. */
  readonly biasShift: number;
  /** What pinning `refs` subpages of a huge page adds to the head's `_refcount` in the fast path. */
  readonly hugePin: 'one-bias' | 'bias-per-page' | 'exact';
  /** Smallest order of a compound page with an exact pincount; 99 where there is none. */
  readonly pincountOrder: number;
  /** How the fast path undoes a huge pin when the re-check fails. */
  readonly hugeUndo: 'page-refs' | 'head-refs' | 'matching';
  /** The PTE walk undoes a pin with what it acquired (true) or with put_page() (false). */
  readonly pteUndoMatches: boolean;
  /** Re-read of compound_head() after the reference was taken. */
  readonly headRecheck: 'no' | 'fail' | 'retry';
  /** The PTE walk re-reads the PMD after the reference was taken. */
  readonly pmdRecheck: boolean;
  /** An order-0 pin in the fast path is +1 and then +(bias - 1), not one addition. */
  readonly pinInTwoAdds: boolean;
  /** The slow path adds the pincount before the references. */
  readonly slowPincountFirst: boolean;
  /** The slow path takes its reference unless the count is 0 (ADDU), not by a plain add. */
  readonly slowGrabUnlessZero: boolean;
  /** The slow path takes the rest of a huge page's range in one further step. */
  readonly slowGrabsRange: boolean;
  /** An undo of several references subtracts all but one first and then puts the last (two operations). */
  readonly undoSplit: boolean;
  /** The same for an unpin. */
  readonly unpinSplit: boolean;
  /** unpin_user_pages() groups consecutive pages of one folio. */
  readonly unpinBatched: boolean;
  /** bio_release_pages() gives back per page or per folio. */
  readonly bioRelease: 'page' | 'folio';
  /** nr_foll_pin_released is updated after the last reference may be gone. */
  readonly vmstatAfterPut: boolean;
  /** put_compound_head() and the batched put warn when the count is below what is put. */
  readonly putGuard: 'none' | 'bug' | 'warn-skip';
  /** The checks at free time include the pincount ("nonzero pincount"). */
  readonly badPagePincount: boolean;
  /** page_maybe_dma_pinned() compares without sign. */
  readonly pinnedUnsigned: boolean;
  /** write_protect_seq is read around the fast path. */
  readonly writeProtectSeq: boolean;
}

/** FOLL_WRITE: the caller will write to the pages. */
export declare const FOLL_WRITE: number;
/** FOLL_GET: take plain references. */
export declare const FOLL_GET: number;
/** FOLL_PIN: take pins. Internal to the kernel: callers use pin_user_pages*(). */
export declare const FOLL_PIN: number;
/** FOLL_LONGTERM: the pin lives until user space ends it. */
export declare const FOLL_LONGTERM: number;

/** PG_head bit of {@link Page.flags}. */
export declare const PG_head: number;
/** PG_dirty bit of {@link Page.flags}. */
export declare const PG_dirty: number;
/** Set in {@link Page.flags} while the page is on a free list. */
export declare const PG_buddy: number;

/** READ_ONCE() of a word. Result: its value. */
export declare function R(word: Word): Step;
/** WRITE_ONCE() of a word. */
export declare function W(word: Word, value: number): Step;
/** atomic_add(): hands nothing back. */
export declare function ADD(word: Word, n: number): Step;
/** atomic_add_return(): yields the new value. */
export declare function ADDR(word: Word, n: number): Step;
/** atomic_add_unless(word, n, 0): yields 1 if it added, 0 if the word was 0. */
export declare function ADDU(word: Word, n: number): Step;
/** atomic_sub_and_test(): yields 1 if the word became 0. */
export declare function SUBT(word: Word, n: number): Step;
/** atomic_cmpxchg(): yields 1 if the word held `from` and now holds `to`. */
export declare function CAS(word: Word, from: number, to: number): Step;
/** xchg(): yields the old value. */
export declare function XCHG(word: Word, value: number): Step;
/** spin_lock(): the actor waits while another holds the lock. */
export declare function LK(lock: Word): Step;
/** spin_trylock(): yields 1 if taken. */
export declare function TRYLK(lock: Word): Step;
/** spin_unlock(). */
export declare function UL(lock: Word): Step;
/** Wait until the word has the value. */
export declare function WAIT(word: Word, value: number): Step;
/** Wait until the word has any other value. */
export declare function WAITNOT(word: Word, value: number): Step;
/** local_irq_save() on this actor's CPU. */
export declare function IRQ_OFF(): Step;
/** local_irq_restore() on this actor's CPU. */
export declare function IRQ_ON(): Step;
/** Wait until no other CPU runs with interrupts off (tlb_remove_table_sync_one(), an IPI broadcast). */
export declare function SYNC(): Step;
/** A scheduling point that touches nothing. */
export declare function NOP(): Step;

/** `_refcount` of the page's head, for checks. For a mapping: of its first page. Actors use `yield R(...)`. */
export declare function page_ref_count(page: Page | UserMapping): number;
/** mapcount of the page, for checks. */
export declare function page_mapcount(page: Page | UserMapping): number;
/** Exact pincount of the page's folio, 0 where the revision keeps none. For checks. */
export declare function page_pincount(page: Page | UserMapping): number;
/** What page_maybe_dma_pinned() would say now. For checks. */
export declare function page_maybe_dma_pinned(page: Page | UserMapping): boolean;
/** Pins that callers were told they hold on the page and have not given back. For checks. */
export declare function pins_held(page: Page | UserMapping): number;
/** Plain references that callers were told they hold on the page and have not given back. For checks. */
export declare function gets_held(page: Page | UserMapping): number;
/** True while the page is on a free list. For checks. */
export declare function page_is_free(page: Page | UserMapping): boolean;
/** Value of a word, for checks. */
export declare function value(word: Word): number;

/** What {@link expect} offers. */
export interface Expectation<T> {
  toBe(expected: T): void;
  toBeAtLeast(bound: number): void;
  toBeAtMost(bound: number): void;
}
/** States what must hold in `lab.always`, `lab.finally` or inside an actor; a broken one is a failure with its schedule. */
export declare function expect<T>(actual: T): Expectation<T>;

/**
 * Declares an experiment. `body` builds a fresh world and adds actors and checks; it is called again whenever a fresh
 * world is needed and must do the same each time.
 */
export declare function experiment(name: string, options: ExperimentOptions, body: (lab: Lab) => void): void;
