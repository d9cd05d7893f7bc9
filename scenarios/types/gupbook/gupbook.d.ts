/**
 * The scripting interface: everything an experiment sees, and nothing else. These declarations are the documentation
 * shown in the notebook; `gupbook.d.ts` is this file with `export` taken off. Types only, imports nothing.
 */

/** Opaque: one atomic operation, as {@link R}, {@link ADD} ... make it. `yield` it from an actor. */
interface Step {
  readonly op: number;
}

/**
 * What every actor and every kernel function is: a generator that yields one {@link Step} per atomic operation and is
 * handed the operation's result. Preemption happens at `yield`, never between two of them.
 */
type Steps<T> = Generator<Step, T, number>;

/** One shared 32-bit word of the model: a counter, a page-table entry, a lock. Only {@link Step}s change it. */
interface Word {
  readonly index: number;
  readonly name: string;
}

/**
 * A struct page. A tail page of a compound has its counts on the head: `page.head` is the head the page was created
 * under (itself for a single page); the kernel's own look-up, `compound_head()`, is a step.
 */
interface Page {
  readonly name: string;
  /** Index of the subpage in the compound it was created in; 0 for a head or a single page. */
  readonly index: number;
  /** The head page of the compound it was created in. */
  readonly head: Page;
  /** Usage count, a 32-bit int that wraps. Tail pages must have 0. */
  readonly _refcount: Word;
  /** Number of PTEs that map this very page (0 is unmapped; the kernel stores this minus 1). */
  readonly mapcount: Word;
  /** Number of PMDs or PUDs that map the whole compound (on the head). */
  readonly entire_mapcount: Word;
  /** Exact number of FOLL_PIN pins of a large folio, on kernels that keep one (5.7 and later). */
  readonly pincount: Word;
  /** PG_head, and whether the page is free: see {@link PG_head}, {@link PG_buddy}. */
  readonly flags: Word;
  /** PG_locked: the folio lock (of the head). */
  readonly locked: Word;
  /** PG_dirty (of the head). */
  readonly dirty: Word;
  /** PG_writeback (of the head). */
  readonly writeback: Word;
  /** PG_anon_exclusive: of the subpage for pages mapped by PTEs, of the head for those mapped by a PMD. */
  readonly anon_exclusive: Word;
  /** What the page holds: a number that whoever writes to it chooses. 0 is a page of zeroes. */
  readonly data: Word;
  /** Tail pages: the head's id, or 0 when the page is no tail any more. Shared by all tails of one compound. */
  readonly compound_head: Word;
}

/** A mapping of user memory: what a user address means to get_user_pages*(). */
interface UserMapping {
  readonly name: string;
  /** Length in 4 KiB pages. */
  readonly npages: number;
  /** The upper entry of the first block: maps a whole huge page, links the page table, or is empty. */
  readonly pmd: Word;
  /** The `i`-th page-table entry. For PMD-mapped memory: of the table that a split of the PMD would link. */
  pte(i: number): Word;
  /** The struct page that was mapped at page `i` when the experiment began. */
  page(i: number): Page;
  /** The address `i` pages into the mapping, to start a get_user_pages*() call there. */
  at(i: number): UserAddress;
}

/** A position inside a mapping; see {@link UserMapping.at}. */
interface UserAddress {
  readonly mapping: UserMapping;
  readonly index: number;
}

/** Pages handed out by get_user_pages*() or pin_user_pages*(). `ret` is what the call returned: a count or -errno. */
interface UserPages extends ReadonlyArray<Page> {
  readonly ret: number;
  /** How they were taken: plain references (FOLL_GET) or pins (FOLL_PIN). */
  readonly how: 'get' | 'pin';
}

/** A block I/O request over some user pages. Its completion gives them back with `bio_release_pages()`. */
interface Bio {
  readonly name: string;
  readonly pages: UserPages;
}

/** A process: the memory map, its lock, and what it knows of pins. */
interface Process {
  readonly name: string;
  /** mmap_lock: 1 and one more for each reader, 0 while a writer holds it. */
  readonly mmap_lock: Word;
  /** Set for good by the first pin (5.9 and later). */
  readonly has_pinned: Word;
  /** Odd while fork copies page tables (5.11 and later). */
  readonly write_protect_seq: Word;
  /** This process's copy of a mapping, for one that fork() made. */
  mapping(of: UserMapping): UserMapping;
}

/** A file and its page cache. */
interface MemoryFile {
  readonly name: string;
  /** Length in 4 KiB pages. */
  readonly npages: number;
  /** The page-cache slot of a page: the head's id, or 0. */
  slot(index: number): Word;
  /** What is on disk for a page. */
  disk(index: number): Word;
  /** The folio that was cached for a page when the experiment began, or null. */
  cached(index: number): Page | null;
}

/** Options of all mm helpers. */
interface MapOptions {
  /** Name in traces; default: the variable the call is assigned to. */
  readonly name?: string;
  /** References that others already hold on the page, beside the mapping's own (a keeper). Default 0. */
  readonly keepers?: number;
  /** Read-only mapping. Default false. */
  readonly readOnly?: boolean;
  /** Pages of one huge page, as a power of two: 9 is a 2 MB THP (default), 18 a 1 GB page. Small orders search faster. */
  readonly order?: number;
  /** For {@link MemoryBuilder.mmapPteThp}: pages under one PMD, where the folio is smaller. Default `order`. */
  readonly pmdOrder?: number;
  /** Number of huge pages, one after the other. Default 1. */
  readonly count?: number;
  /** Where the memory lies: FOLL_LONGTERM keeps out of `cma` and (5.14 and later) `movable`. Default `normal`. */
  readonly zone?: 'normal' | 'movable' | 'cma';
  /** madvise(MADV_FREE) was called: clean, and reclaim may drop it. Default false. */
  readonly lazyfree?: boolean;
  /** Pages from this index on were unmapped again: a hole at the end. For `mmapPages()` and `mmapUntouched()`. */
  readonly hole?: number;
  /** With `arch.lruBatch`: the pages still wait in the batch. Default false. */
  readonly inLruBatch?: boolean;
  /** Entries carry a NUMA hint: every access faults. Default false. */
  readonly protnone?: boolean;
  /** For {@link MemoryBuilder.mmapUntouched}: the first touch brings a huge page where one fits. Default false. */
  readonly thp?: boolean;
}

/** Options of {@link MemoryBuilder.mmapHugetlb}. */
interface HugetlbOptions extends MapOptions {
  /** MAP_SHARED, with a table of PMDs that other processes can share. Default false. */
  readonly shared?: boolean;
  /** Shares page and table of a mapping made with `shared`; of the same process: what it will map there later. */
  readonly sharedWith?: UserMapping;
  /** Mapped by contiguous PTEs (arm64). Default false. */
  readonly contPte?: boolean;
  /** Mapped by a huge page directory (powerpc). Not on 7.2. Default false. */
  readonly hugepd?: boolean;
}

/** Options of {@link MemoryBuilder.file}. */
interface FileOptions {
  readonly name?: string;
  /** Length in 4 KiB pages. Default 1. */
  readonly pages?: number;
  /** Order of the folios in the page cache. Default 0. */
  readonly order?: number;
  /** `ext4` needs buffers and page_mkwrite(), `shmem` needs neither. Default ext4. */
  readonly fs?: 'ext4' | 'shmem';
  /** Whether the pages are in the page cache already. Default true. */
  readonly cached?: boolean;
  readonly zone?: 'normal' | 'movable' | 'cma';
}

/** Options of {@link MemoryBuilder.mmapFile}. */
interface FileMapOptions extends MapOptions {
  /** MAP_SHARED (default) or MAP_PRIVATE. */
  readonly shared?: boolean;
  /** First page of the file that is mapped, and how many. Default: all. */
  readonly from?: number;
  readonly pages?: number;
  /** Whether the entries exist already. Default true. */
  readonly populate?: boolean;
  /** The entries are write-protected until the first write (after writeback). Default false. */
  readonly clean?: boolean;
}

/** Options of {@link MemoryBuilder.mmapDax}. */
interface DaxOptions extends MapOptions {
  readonly pages?: number;
  /** One huge entry of the given order instead of pages. */
  readonly huge?: boolean;
}

/** Builds the memory an experiment starts from, for one process (one mm). */
interface MemoryBuilder extends Process {
  /** One anonymous page, mapped by a PTE. `_refcount` 1, `mapcount` 1. */
  mmapPage(options?: MapOptions): UserMapping;
  /** Several of them under one page table. */
  mmapPages(npages: number, options?: MapOptions): UserMapping;
  /** An anonymous THP mapped by one PMD. `_refcount` of the head 1, `entire_mapcount` 1. Default order 9 (512 subpages). */
  mmapThp(options?: MapOptions): UserMapping;
  /** A THP whose subpages are mapped by PTEs (after a PMD split): one reference and one mapcount per subpage. */
  mmapPteThp(options?: MapOptions): UserMapping;
  /** Anonymous memory that nobody touched yet: the first access, or GUP, brings pages. */
  mmapUntouched(npages: number, options?: MapOptions): UserMapping;
  /** Anonymous memory that was only read: the zero page everywhere. */
  mmapZeroPage(npages?: number, options?: MapOptions): UserMapping;
  /** The huge zero page. */
  mmapHugeZeroPage(options?: MapOptions): UserMapping;
  /** A hugetlb page: 2 MB by a PMD (order 9, default), 1 GB by a PUD (order 18). */
  mmapHugetlb(options?: HugetlbOptions): UserMapping;
  /** A file on disk with its page cache. */
  file(options?: FileOptions): MemoryFile;
  /** A mapping of a file. */
  mmapFile(file: MemoryFile, options?: FileMapOptions): UserMapping;
  /** Pages of a persistent-memory file (fs-dax, ZONE_DEVICE). */
  mmapDax(options?: DaxOptions): UserMapping;
  /** Bare PFNs without struct page (VM_MIXEDMAP). */
  mmapPfn(npages?: number, options?: MapOptions): UserMapping;
  /** Another process, with memory of its own. */
  process(name?: string): MemoryBuilder;
}

/** The functions of the kernel revision under test. Every atomic operation inside them is a step of its own. */
interface Kernel {
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
  /** The lockless walk alone (FOLL_FAST_ONLY): what it cannot take it does not take. */
  get_user_pages_fast_only(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** pin_user_pages_fast(): pins (FOLL_PIN) on `nr` pages from `start`: lockless walk, then the slow path. */
  pin_user_pages_fast(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** The lockless walk alone (FOLL_FAST_ONLY): what it cannot take it does not take. */
  pin_user_pages_fast_only(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** get_user_pages(): the slow path, with mmap_lock and the page-table lock; faults pages in. */
  get_user_pages(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** get_user_pages_unlocked(): the same; takes mmap_lock itself, as all of these do here. */
  get_user_pages_unlocked(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** get_user_pages_remote(): the same on another process's memory. */
  get_user_pages_remote(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** pin_user_pages(): the slow path with FOLL_PIN. */
  pin_user_pages(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** pin_user_pages_unlocked(). */
  pin_user_pages_unlocked(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** pin_user_pages_remote(). */
  pin_user_pages_remote(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages>;
  /** follow_page(): one page, with a reference only for FOLL_GET or FOLL_PIN. No fault. */
  follow_page(start: UserMapping | UserAddress, gup_flags: number): Steps<Page | null>;

  /** unpin_user_page() (put_user_page() in the postings): gives back one pin. */
  unpin_user_page(page: Page): Steps<void>;
  /**
   * unpin_user_pages(): one pin for each page of the list, batched per folio where the revision does that. A negative
   * number stands for a caller that passes an error as the count.
   */
  unpin_user_pages(pages: readonly Page[] | number): Steps<void>;
  /** unpin_user_pages_dirty_lock(): the same, and pages that are not dirty are made so under their lock. */
  unpin_user_pages_dirty_lock(pages: readonly Page[], make_dirty: boolean): Steps<void>;
  /** unpin_user_page_range_dirty_lock(): physically consecutive pages from `page` on. */
  unpin_user_page_range_dirty_lock(page: Page, npages: number, make_dirty: boolean): Steps<void>;
  /** unpin_user_folio(): `npages` pins of a folio at once. */
  unpin_user_folio(page: Page, npages: number): Steps<void>;
  /** folio_add_pin(): one more pin on a folio that is pinned. */
  folio_add_pin(page: Page): Steps<void>;
  /** The name of unpin_user_page() before 5.7. */
  put_user_page(page: Page): Steps<void>;
  /** The name of unpin_user_pages() before 5.7. */
  put_user_pages(pages: readonly Page[]): Steps<void>;
  /** The name of unpin_user_pages_dirty_lock() before 5.7. */
  put_user_pages_dirty_lock(pages: readonly Page[], make_dirty: boolean): Steps<void>;
  /** page_maybe_dma_pinned() (page_dma_pinned() in the postings), as a step an actor takes. */
  page_maybe_dma_pinned(page: Page): Steps<boolean>;

  /** bio_release_pages(): the completion gives back what the bio holds, per page or per folio as the revision does. */
  bio_release_pages(bio: Bio): Steps<void>;

  /** A load of user space: the page walk, faults and all. Returns what is there, or -14 (-EFAULT) for a SIGSEGV. */
  user_read(at: UserMapping | UserAddress): Steps<number>;
  /** A store of user space. Returns `value`, or -14 (-EFAULT) for a SIGSEGV. */
  user_write(at: UserMapping | UserAddress, value: number): Steps<number>;
  /** A device, or the kernel for a holder, writes to page `index` of pages that are held. It asks no page table. */
  dma_write(pages: UserPages, index: number, value: number): Steps<void>;
  /** The same for reading. */
  dma_read(pages: UserPages, index: number): Steps<number>;

  /** munmap() of a whole mapping: clear the entries, flush, drop the references, free the page tables. */
  munmap(mapping: UserMapping): Steps<void>;
  /** madvise(MADV_DONTNEED): the pages go, the mapping stays. Default: all pages from `start` on. */
  madvise_dontneed(start: UserMapping | UserAddress, nr?: number): Steps<void>;
  /** exit_mmap(): all mappings of a process. */
  exit_mmap(process: Process): Steps<void>;
  /** fork(): of a mapping's process, giving the child's copy of that mapping; or of a process, giving the child. */
  fork(of: UserMapping): Steps<UserMapping>;
  fork(of: Process): Steps<Process>;
  /** mlock() of one page: since 5.18 it waits in a per-CPU batch, which holds a reference. */
  mlock(page: Page): Steps<void>;
  /** lru_add_drain_all(): the per-CPU batches of the LRU give back their references. */
  lru_add_drain(): Steps<void>;
  /** __split_huge_pmd(): the huge page at an address is mapped by PTEs from then on; the page stays whole. */
  split_huge_pmd(at: UserMapping | UserAddress): Steps<void>;
  /** split_huge_page(): 0, or -errno where a reference beyond the mappings keeps the page whole. */
  split_huge_page(page: Page): Steps<number>;
  /** Reclaim of one page (a huge one is split first): shrink_folio_list(). True: it was freed. */
  shrink_folio(page: Page): Steps<boolean>;
  /** madvise(MADV_FREE): reclaim may drop the pages unless they are written to again. */
  madvise_free(start: UserMapping | UserAddress, nr?: number): Steps<void>;
  /** /proc/PID/clear_refs (soft dirty): entries are write-protected. */
  clear_refs(mapping: UserMapping): Steps<void>;
  /** NUMA balancing: entries get a hint that makes every access fault. */
  change_prot_numa(mapping: UserMapping): Steps<void>;
  /** KSM: if both addresses hold the same, both show one page afterwards. True: merged. */
  ksm_merge(one: UserMapping | UserAddress, two: UserMapping | UserAddress): Steps<boolean>;
  /** khugepaged: the small pages of a block become one huge page. True: done. */
  collapse_huge_page(at: UserMapping | UserAddress): Steps<boolean>;
  /** memory_failure(): 0 when the page is out of use, -16 (-EBUSY) when somebody still has it. */
  memory_failure(page: Page): Steps<number>;
  /** migrate_pages() of the folio a page belongs to. True: it moved. */
  migrate_pages(page: Page): Steps<boolean>;

  /**
   * Direct I/O that reads into memory: takes `nr` pages, marks them dirty, and gives the bios that a device completes
   * later with {@link Kernel.bio_endio}. Fewer pages than asked for mean that the rest gave -EFAULT.
   */
  dio_read(start: UserMapping | UserAddress, nr: number, max_vecs?: number): Steps<readonly Bio[]>;
  /** Direct I/O that writes memory out. */
  dio_write(start: UserMapping | UserAddress, nr: number, max_vecs?: number): Steps<readonly Bio[]>;
  /** The completion of a bio: a read makes sure that its pages are dirty; all pages are given back. */
  bio_endio(bio: Bio): Steps<void>;
  /** RDMA memory registration: pages under DMA until {@link Kernel.ib_umem_release}. References before FOLL_PIN. */
  ib_umem_get(start: UserMapping | UserAddress, nr: number, writable?: boolean): Steps<UserPages>;
  ib_umem_release(pages: UserPages, dirty?: boolean): Steps<void>;
  /** io_uring's registered buffer: `ret` is 0, or -errno and nothing is held. Default: all pages from `start` on. */
  io_uring_register(start: UserMapping | UserAddress, nr?: number): Steps<UserPages>;
  io_uring_unregister(pages: UserPages): Steps<void>;
  /** process_vm_readv() of `nr` pages: what the first one holds, or -errno. */
  process_vm_readv(start: UserMapping | UserAddress, nr?: number): Steps<number>;
  /** process_vm_writev(): writes to the first of `nr` pages. */
  process_vm_writev(start: UserMapping | UserAddress, value: number, nr?: number): Steps<number>;
  /** A read of /proc/PID/mem: one page, with FOLL_FORCE. */
  proc_mem_read(at: UserMapping | UserAddress): Steps<number>;
  /** A write to /proc/PID/mem: even where the mapping is read-only. */
  proc_mem_write(at: UserMapping | UserAddress, value: number): Steps<number>;
  /** vmsplice(): a pipe that has references on the pages as they are. */
  vmsplice(start: UserMapping | UserAddress, nr?: number): Steps<UserPages>;
  /** A read of that pipe: what the first page holds by now; the references go. */
  pipe_read(pages: UserPages): Steps<number>;

  /** find_get_page(): the lockless look-up of the page cache; a reference for the caller. */
  find_get_page(file: MemoryFile, index: number): Steps<Page | null>;
  /** Writeback of one page of a file: write-protect, write, clean. */
  writeback(file: MemoryFile, index: number): Steps<void>;
  /** fsync(): writeback of all pages. */
  fsync(file: MemoryFile): Steps<void>;
  /** truncate(): the file has `npages` pages from now on; what lies behind is taken out of cache and page tables. */
  truncate(file: MemoryFile, npages: number): Steps<void>;
  /** drop_caches: the page leaves the cache if it is clean and nobody has it. True: it did. */
  invalidate_page(file: MemoryFile, index: number): Steps<boolean>;
  /** read(2) of one page through the page cache. */
  read(file: MemoryFile, index: number): Steps<number>;
  /** write(2) of one page through the page cache. */
  write(file: MemoryFile, index: number, value: number): Steps<void>;
}

/** Options of {@link experiment}. */
interface ExperimentOptions {
  /** Kernels to run under (ids); default: all 15. */
  readonly kernels?: readonly string[];
  /** Expected verdict per kernel id; `'*'` stands for all that are not named. */
  readonly expect?: Readonly<Record<string, 'pass' | 'fail' | 'inconclusive' | 'not-applicable' | 'error'>>;
  /** Architecture: `ipiFlush` true (default) is x86 on bare metal, where a TLB flush waits for CPUs with IRQs off. */
  readonly arch?: {
    readonly ipiFlush?: boolean;
    /** CONFIG_DEBUG_VM: VM_BUG_ON() and VM_WARN_ON() conditions are looked at. Default false, as distributions build. */
    readonly debugVm?: boolean;
    /** Freshly faulted pages wait in a per-CPU batch of the LRU, which holds a reference. Default false. */
    readonly lruBatch?: boolean;
  };
  /** Memory model. Only sequential consistency is modelled. */
  readonly memoryModel?: 'sc';
  /** Built-in checks to leave out, by their short names (`I2`); used where an experiment is about the damage itself. */
  readonly without?: readonly string[];
  /** Ends the search early (verdict `inconclusive`): number of states, seconds. */
  readonly budget?: { readonly states?: number; readonly seconds?: number };
  /**
   * Row of the library's matrix that the experiment reproduces: number of a known bug, and its variant where it has some
   * (`S10`, `S08 THP`). See scenarios/README.md.
   */
  readonly bug?: string;
  /** What mends it, as switches of the kernel. A test switches it on where the experiment fails, and off again after. */
  readonly fix?: Fix | readonly Fix[];
}

/** What mends a known bug: see {@link ExperimentOptions.fix}. */
interface Fix {
  /** Kernels this entry is about (ids); default: all that no other entry names. */
  readonly kernels?: readonly string[];
  /** A kernel that fails passes with these. */
  readonly on?: Partial<KernelSwitches>;
  /** A later kernel that passes fails again with these. */
  readonly off?: Partial<KernelSwitches>;
  /** Why nothing can be switched, in a sentence: nobody fixed it yet, say. */
  readonly none?: string;
}

/** The laboratory: actors, checks and memory of one experiment. */
interface Lab {
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

/** Switches of a kernel revision: what makes it differ. `kernel.with({ ... })` changes some of them. */
interface KernelSwitches {
  // --- acquire and release ---
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
  /** Re-read of compound_head() after the reference was taken (c24d37322548). */
  readonly headRecheck: 'no' | 'fail' | 'retry';
  /** The PTE walk re-reads the PMD after the reference was taken (70cbc3cc78a9). */
  readonly pmdRecheck: boolean;
  /** An order-0 pin in the fast path is +1 and then +(bias - 1), not one addition. */
  readonly pinInTwoAdds: boolean;
  /** The slow path adds the pincount before the references. */
  readonly slowPincountFirst: boolean;
  /** The slow path takes its reference unless the count is 0 (ADDU), not by a plain add. */
  readonly slowGrabUnlessZero: boolean;
  /** The slow path takes the rest of a huge page's range in one further step (57edfcfd3419). */
  readonly slowGrabsRange: boolean;
  /** The slow path takes hugetlb pages one by one, or all that are wanted of one huge page at once. */
  readonly hugetlbGrab: 'page' | 'folio';
  /** An undo of several references subtracts all but one first and then puts the last (two operations). */
  readonly undoSplit: boolean;
  /** The same for an unpin. */
  readonly unpinSplit: boolean;
  /** unpin_user_pages() groups consecutive pages of one folio. */
  readonly unpinBatched: boolean;
  /** bio_release_pages() gives back per page or per folio. */
  readonly bioRelease: 'page' | 'folio';
  /** nr_foll_pin_released is updated after the last reference may be gone (until 4509b42c3896). */
  readonly vmstatAfterPut: boolean;
  /** put_compound_head() and the batched put warn when the count is below what is put. */
  readonly putGuard: 'none' | 'bug' | 'warn-skip';
  /** The checks at free time include the pincount ("nonzero pincount"). */
  readonly badPagePincount: boolean;
  /** page_maybe_dma_pinned() compares without sign. */
  readonly pinnedUnsigned: boolean;
  /** A reference is refused when the count is negative, or not positive (8fde12ca79af, 5.1). */
  readonly overflowCheck: boolean;
  /** FOLL_PIN counts the zero page like any other (until c8070b787519). */
  readonly zeroPagePinned: boolean;

  // --- what GUP takes ---
  /** The fast path takes the huge zero page (its PMD is special since 7.x). */
  readonly hugeZeroFast: boolean;
  /** GUP treats ZONE_DEVICE entries as a case of their own. */
  readonly devmapGup: boolean;
  /** A ZONE_DEVICE page that is idle has the count 1, not 0. */
  readonly devmapOneBased: boolean;
  /** A pin of a bare PFN is skipped, and its pages[] entry never filled in (until 5.17). */
  readonly pfnPinSkipped: boolean;
  /** Huge page directories (powerpc) are walked. */
  readonly hugepd: boolean;
  /** follow_page_mask() of a huge address with FOLL_GET: BUG_ON(), WARN_ON_ONCE() and NULL, or WARN and the page. */
  readonly hugeAddr: 'bug' | 'warn-null' | 'warn';
  /** Where FOLL_LONGTERM must not pin: CMA only, or also ZONE_MOVABLE (d1e153fea2a8). */
  readonly longtermZones: 'cma' | 'zone';
  /** The fast path looks at the zone for FOLL_LONGTERM: before or after it takes the reference. */
  readonly longtermFastTest: 'no' | 'before' | 'after';
  /** The slow path's grab refuses wrong zones instead of leaving them to migration (54d516b1d62f, 57edfcfd3419). */
  readonly slowGrabTestsLongterm: 'no' | 'range' | 'all';
  /** Before a long pin migrates a page: drains the LRU batches when the count says so, not by PG_lru (98c6d259319e). */
  readonly longtermDrainsByRefs: boolean;
  /** Long pins for writing of file mappings are refused, shmem and hugetlb apart (8ac268436e6d, a6e79df92e4a). */
  readonly longtermFileRefused: boolean;
  /** What a forced write goes by after copy on write: nothing (Dirty COW), FOLL_COW, or PageAnonExclusive. */
  readonly forcedWrite: 'drop-write' | 'foll-cow' | 'exclusive';
  /** A page-cache look-up reads the slot again once it has its reference. All kernels do; here to be taken away. */
  readonly pageCacheRecheck: boolean;

  // --- fork and copy on write ---
  /** write_protect_seq is read around the fast path and raised by fork (57efa1fe5957). */
  readonly writeProtectSeq: boolean;
  /** Fork copies pages that may be pinned: by their count alone (008cfe4418b3), or if they are exclusive. */
  readonly forkCopiesPinned: 'no' | 'count' | 'exclusive';
  /** So does fork with hugetlb pages (4eae4efa2c29). */
  readonly forkCopiesHugetlb: boolean;
  /** When a private page is written in place: mapped once, one reference (09854ba94c6a), or exclusive (5.19). */
  readonly cowReuse: 'mapcount' | 'count' | 'exclusive';
  /** The count rule takes the page out of the swap cache first (53a05ad9f21d). */
  readonly cowFreesSwap: boolean;
  /** The same question for a PMD-mapped huge page. */
  readonly cowReuseThp: 'mapcount' | 'count' | 'exclusive';
  /** GUP of private memory asks for a page of one's own even to read (17839856fd58, in 5.8 only). */
  readonly breakCowOnRead: boolean;
  /** PageAnonExclusive is kept: who wants to share a page must first find it not pinned (6c287605fd56). */
  readonly anonExclusive: boolean;
  /** A read-only pin of a page that is not exclusive unshares it first: private pages, or files' pages too. */
  readonly unshare: 'no' | 'anon' | 'all';
  /** That question is put to the head of a hugetlb page (5805192c7b72). */
  readonly unshareLooksAtHead: boolean;

  // --- reclaim, migration, huge pages ---
  /** Reclaim leaves pages alone that may be pinned: before the swap cache (feb889fb40fa), and after unmapping. */
  readonly reclaimSkipsPinned: 'no' | 'swap' | 'both';
  /** MADV_FREE's reclaim looks at the count before it trusts a clean page (6c8e2a256915). */
  readonly lazyfreeChecksRefs: boolean;
  /** clear_refs (soft dirty) leaves pages alone that may be pinned (9348b73c2e1b). */
  readonly clearRefsSkipsPinned: boolean;
  /** khugepaged waits for lockless walkers once it has taken the page table away (2ba99c5e0881). */
  readonly collapseSync: boolean;
  /** huge_pmd_unshare() waits for lockless walkers before the table gets another owner (1013af4f585f). */
  readonly hugePmdUnshareSync: boolean;
  /** Splitting a PMD is serialised with mapcount's readers by the page lock (c444eb564fb1, from 5.8 to 5.17). */
  readonly splitPmdLocksPage: boolean;
  /** The head of a split page gets its count back by a store-release, not by an add from 0. */
  readonly splitUnfreezesHead: boolean;
  /** mlock() has a per-CPU batch of its own that holds references (2fbb0c10d1e8). */
  readonly mlockBatch: boolean;
  /** Unmapping gives back the references of consecutive pages of one folio at once (10ebac4f95e7). */
  readonly zapBatches: boolean;
  /** fork() copies the entries of consecutive pages of one large folio at once, and takes their references so (6.9). */
  readonly forkBatches: boolean;
  /** A fault on anonymous memory adds the references of further pages of the folio, even if there are none (6.8). */
  readonly faultAddsRange: boolean;
  /** The first write to the huge zero page splits the PMD, or brings a whole huge page (6.13). */
  readonly hugeZeroWrite: 'split' | 'huge';
  /** munmap() drains the per-CPU LRU batches. */
  readonly munmapDrainsLru: boolean;
  /** A split that leaves migration entries gives back one reference for all, not one for each subpage (6.8). */
  readonly splitFreezePutsOnce: boolean;
  /** A hugetlb page comes out of its pool by page_ref_unfreeze(), not by set_page_refcounted(). */
  readonly hugetlbUnfreezes: boolean;
  /** A drained LRU batch frees a page by freezing its last reference. */
  readonly lruFreesByFreeze: boolean;

  // --- users ---
  /** Block direct I/O takes plain references or pins (1ccf164ec866). */
  readonly dioAcquires: 'get' | 'pin';
  /** A bio merges consecutive pages of separate extractions into one segment. */
  readonly bioMerges: boolean;
  /** RDMA registration takes its pins by the fast path. */
  readonly rdmaPinsFast: boolean;
  /** io_uring pins registered buffers by the fast path (1943f96b3816). */
  readonly uringPinsFast: boolean;
  /** io_uring itself refuses buffers in files, after it pinned them (until 6.5, when GUP refuses). */
  readonly uringRefusesFiles: boolean;
  /** io_uring keeps one pin per large folio of a registered buffer: never, if the buffer is one folio, always. */
  readonly uringCoalesces: 'no' | 'single' | 'all';
  /** io_uring gives back the head of a folio where it pinned a tail (a8edbb424b13 to 5afb4bf9fc62). */
  readonly uringUnpinsHead: boolean;
}

/** FOLL_WRITE: the caller will write to the pages. */
declare const FOLL_WRITE: number;
/** FOLL_GET: take plain references. */
declare const FOLL_GET: number;
/** FOLL_PIN: take pins. Internal to the kernel: callers use pin_user_pages*(). */
declare const FOLL_PIN: number;
/** FOLL_LONGTERM: the pin lives until user space ends it. */
declare const FOLL_LONGTERM: number;
/** FOLL_FORCE: write even where the mapping is read-only, as ptrace does. */
declare const FOLL_FORCE: number;

/** PG_head bit of {@link Page.flags}. */
declare const PG_head: number;
/** The kernel's PG_dirty, for dumps. In the model it is a word of its own: {@link Page.dirty}. */
declare const PG_dirty: number;
/** Set in {@link Page.flags} while the page is on a free list. */
declare const PG_buddy: number;

/** READ_ONCE() of a word. Result: its value. */
declare function R(word: Word): Step;
/** WRITE_ONCE() of a word. */
declare function W(word: Word, value: number): Step;
/** atomic_add(): hands nothing back. */
declare function ADD(word: Word, n: number): Step;
/** atomic_add_return(): yields the new value. */
declare function ADDR(word: Word, n: number): Step;
/** atomic_add_unless(word, n, 0): yields 1 if it added, 0 if the word was 0. */
declare function ADDU(word: Word, n: number): Step;
/** atomic_sub_and_test(): yields 1 if the word became 0. */
declare function SUBT(word: Word, n: number): Step;
/** atomic_cmpxchg(): yields 1 if the word held `from` and now holds `to`. */
declare function CAS(word: Word, from: number, to: number): Step;
/** xchg(): yields the old value. */
declare function XCHG(word: Word, value: number): Step;
/** spin_lock(): the actor waits while another holds the lock. */
declare function LK(lock: Word): Step;
/** spin_trylock(): yields 1 if taken. */
declare function TRYLK(lock: Word): Step;
/** spin_unlock(). */
declare function UL(lock: Word): Step;
/** Wait until the word has the value. */
declare function WAIT(word: Word, value: number): Step;
/** Wait until the word has any other value. */
declare function WAITNOT(word: Word, value: number): Step;
/** local_irq_save() on this actor's CPU. */
declare function IRQ_OFF(): Step;
/** local_irq_restore() on this actor's CPU. */
declare function IRQ_ON(): Step;
/** Wait until no other CPU runs with interrupts off (tlb_remove_table_sync_one(), an IPI broadcast). */
declare function SYNC(): Step;
/** A scheduling point that touches nothing. */
declare function NOP(): Step;

/** `_refcount` of the page's head, for checks. For a mapping: of its first page. Actors use `yield R(...)`. */
declare function page_ref_count(page: Page | UserMapping): number;
/** page_mapcount(): how often this page is mapped, by PTEs and as part of a huge page. For checks. */
declare function page_mapcount(page: Page | UserMapping): number;
/** folio_mapcount(): all mappings of the folio. For checks. */
declare function folio_mapcount(page: Page | UserMapping): number;
/** Exact pincount of the page's folio, 0 where the revision keeps none. For checks. */
declare function page_pincount(page: Page | UserMapping): number;
/** What page_maybe_dma_pinned() would say now. For checks. */
declare function page_maybe_dma_pinned(page: Page | UserMapping): boolean;
/** Pins that callers were told they hold on the page and have not given back. For checks. */
declare function pins_held(page: Page | UserMapping): number;
/** Plain references that callers were told they hold on the page and have not given back. For checks. */
declare function gets_held(page: Page | UserMapping): number;
/** True while the page is on a free list. For checks. */
declare function page_is_free(page: Page | UserMapping): boolean;
/** The page a process sees at an address, null where nothing is mapped. For checks. */
declare function page_mapped(at: UserMapping | UserAddress): Page | null;
/** What is in memory at an address, 0 where nothing is mapped. For checks. */
declare function user_data(at: UserMapping | UserAddress): number;
/** What a file has on disk for a page. For checks. */
declare function file_data(file: MemoryFile, index: number): number;
/** A counter of /proc/vmstat: nr_foll_pin_acquired, nr_foll_pin_released ... For checks. */
declare function vmstat(name: string): number;
/** Value of a word, for checks. */
declare function value(word: Word): number;

/** What {@link expect} offers. */
interface Expectation<T> {
  toBe(expected: T): void;
  toBeAtLeast(bound: number): void;
  toBeAtMost(bound: number): void;
}
/** States what must hold in `lab.always`, `lab.finally` or inside an actor; a broken one is a failure with its schedule. */
declare function expect<T>(actual: T): Expectation<T>;

/**
 * Declares an experiment. `body` builds a fresh world and adds actors and checks; it is called again whenever a fresh
 * world is needed and must do the same each time.
 */
declare function experiment(name: string, options: ExperimentOptions, body: (lab: Lab) => void): void;
