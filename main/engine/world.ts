/**
 * One world: the memory an experiment's body built, its actors and its checks, and the record of what actors' code does
 * between two steps (effects). A world is built by calling the body once; the explorer and replay build their own.
 */
import { type Address, Books, type How } from './books.ts';
import { NotApplicable, ScriptMisuse } from './errors.ts';
import { Fields } from './fields.ts';
import { FileModel, type FileTraits } from './file.ts';
import type { KernelSwitches, Steps, UserMapping } from './interface.ts';
import { MappingModel, type MappingStart, type Registry } from './mapping.ts';
import { Memory, type MemoryWord } from './memory.ts';
import { MmStruct } from './mm-struct.ts';
import { type PageBirth, PageModel, PLAIN } from './page.ts';
import { type PageTable, SwapSlot } from './page-table.ts';
import type { ActorKind, EventKind } from './trace.ts';

export type { ReadWord } from './fields.ts';

/** Something an actor's code did between two steps; resolved against the state when the transition is taken. */
export type PendingEffect =
  | { readonly kind: 'add'; readonly word: number; readonly value: number }
  | { readonly kind: 'set'; readonly word: number; readonly value: number }
  | HoldEffect
  | GrabEffect
  | { readonly kind: 'complaint'; readonly check: string; readonly text: string }
  | { readonly kind: 'drop'; readonly how: How; readonly page: PageModel; readonly n: number }
  | { readonly kind: 'detach'; readonly mapping: MappingModel; readonly index: number; readonly n: number }
  | { readonly kind: 'store'; readonly page: PageModel; readonly mm: MmStruct }
  | { readonly kind: 'look'; readonly page: PageModel; readonly mm: MmStruct }
  | { readonly kind: 'unshared'; readonly page: PageModel }
  | { readonly kind: 'forked'; readonly child: MmStruct }
  | { readonly kind: 'walk'; readonly table: PageTable; readonly by: string }
  | { readonly kind: 'freed'; readonly page: PageModel }
  | { readonly kind: 'spawn'; readonly actor: number; readonly body: () => Steps<void> }
  | { readonly kind: 'event'; readonly event: EventKind; readonly text: string };

/** A caller was told that it holds `n` pages from `page` on. */
export interface HoldEffect {
  readonly kind: 'hold';
  readonly how: How;
  readonly page: PageModel;
  readonly n: number;
  /** Through which addresses, null for functions that take a page. (Fields of effects are compared one by one.) */
  readonly mapping: MappingModel | null;
  readonly index: number;
  readonly reliable: boolean;
}

/** GUP decided that a reference is good: the re-check was passed, or the lock is held. */
export interface GrabEffect {
  readonly kind: 'grabbed';
  readonly page: PageModel;
  /** The head that the reference is on. */
  readonly head: PageModel;
  readonly mapping: MappingModel;
  readonly index: number;
  /** The page table the entry was read from, null for a huge page's own entry. */
  readonly table: PageTable | null;
}

/** An actor known by name; tasks of the body first, then those that actors started. */
export interface ActorEntry {
  readonly name: string;
  readonly kind: ActorKind;
  /** The generator function for tasks of the body; null for actors started by others (their spawn carries it). */
  readonly body: (() => Steps<void>) | null;
  /** Word that is 1 while this actor's CPU has interrupts off. */
  readonly irq: MemoryWord;
}

/** A check the author added. */
export interface AuthorCheck {
  readonly name: string;
  readonly condition: () => unknown;
}

export interface Arch {
  readonly ipiFlush: boolean;
  readonly debugVm: boolean;
  /** Freshly faulted pages wait in a per-CPU LRU batch that holds a reference. */
  readonly lruBatch: boolean;
}

export type Phase = 'build' | 'actor' | 'check' | 'idle';

export class World implements Registry {
  readonly memory = new Memory();
  readonly books = new Books(this.memory);
  readonly actors: ActorEntry[] = [];
  readonly always: AuthorCheck[] = [];
  readonly finals: AuthorCheck[] = [];
  /** Heads and single pages, in the order they were made. */
  readonly folios: PageModel[] = [];
  /** Processes, in the order they were made. */
  readonly mms: MmStruct[] = [];
  readonly files: FileModel[] = [];
  private table_: KernelSwitches;
  readonly arch: Arch;
  phase: Phase = 'idle';
  /** Set while a check looks at a state. */
  read: ((word: number) => number) | null = null;
  /** Effects of the code that runs now; taken by the driver after each `next()`. */
  pending: PendingEffect[] = [];
  private readonly pagesByObject = new Map<number, PageModel>();
  private readonly tablesByObject = new Map<number, PageTable>();
  private readonly mappingsByObject = new Map<number, MappingModel>();
  private readonly filesByObject = new Map<number, FileModel>();
  private readonly slotsByObject = new Map<number, SwapSlot>();
  private readonly actorIds = new Map<string, number>();
  private readonly freshPages = new Map<string, PageModel>();
  private readonly slots: SwapSlot[] = [];
  private zoneFields: Fields | null = null;
  /** The body made a second process: a TLB flush of one does not wait for CPUs that run the other. */
  strangers = false;
  /** The process that experiments get without asking. */
  readonly mm: MmStruct;
  private zero: PageModel | null = null;
  private junk: PageModel | null = null;
  private readonly hugeZeros = new Map<number, PageModel>();

  constructor(switches: KernelSwitches, arch: Arch) {
    this.table_ = switches;
    this.arch = arch;
    this.mm = this.newMm('mm');
  }

  /** The switches checks go by. */
  get switches(): KernelSwitches {
    return this.table_;
  }

  /** A body derived a kernel with `kernel.with(...)`: checks go by its table. One world runs one kernel. */
  follow(switches: KernelSwitches): void {
    this.table_ = switches;
  }

  /** GUP_PIN_COUNTING_BIAS. */
  get bias(): number {
    return 2 ** this.switches.biasShift;
  }

  /** Ghost words of pins and gets told to callers, by page. */
  get heldPins(): ReadonlyMap<PageModel, MemoryWord> {
    return this.books.pins;
  }

  get heldGets(): ReadonlyMap<PageModel, MemoryWord> {
    return this.books.gets;
  }

  // --- things -----------------------------------------------------------------------------------------------------

  newMm(name: string): MmStruct {
    return new MmStruct(this.memory, (mm) => this.mms.push(mm), this.memory.uniqueName(name), null);
  }

  private readonly registerPage = (page: PageModel): void => {
    this.pagesByObject.set(page.object, page);
    if (page === page.head || page.index === 0) this.folios.push(page);
  };

  /** A page (order 0) or compound page. */
  newPage(name: string, birth: PageBirth): PageModel {
    return new PageModel(this.memory, this.registerPage, name, birth);
  }

  newMapping(start: MappingStart): MappingModel {
    const register = (table: PageTable): void => this.registerTable(table);
    const mapping = new MappingModel(this.memory, this, register, start);
    this.mappingsByObject.set(mapping.object, mapping);
    MmStruct.map(start.mm, mapping);
    if (start.file !== null) FileModel.map(start.file, mapping);
    return mapping;
  }

  registerTable(table: PageTable): void {
    this.tablesByObject.set(table.object, table);
  }

  newFile(name: string, traits: FileTraits, order: number, pages: readonly (PageModel | null)[]): FileModel {
    const file = new FileModel(this.memory, name, traits, order, pages);
    this.files.push(file);
    this.filesByObject.set(file.object, file);
    return file;
  }

  /** The page a word's value names (an object index), as found in a page-table entry or a compound_head word. */
  pageOf(object: number): PageModel {
    const page = this.pagesByObject.get(object);
    if (page === undefined) throw new ScriptMisuse(`a word holds ${object}, which names no page of this experiment`);
    return page;
  }

  page(object: number): PageModel {
    return this.pageOf(object);
  }

  table(object: number): PageTable {
    const table = this.tablesByObject.get(object);
    if (table === undefined) throw new ScriptMisuse(`a word holds ${object}, which names no page table`);
    return table;
  }

  slotOf(object: number): SwapSlot {
    const slot = this.slotsByObject.get(object);
    if (slot === undefined) throw new ScriptMisuse(`a word holds ${object}, which names no swap slot`);
    return slot;
  }

  /** The mapping (anonymous) or file a page's home names; null for none. */
  homeOf(object: number): MappingModel | FileModel | null {
    return this.mappingsByObject.get(object) ?? this.filesByObject.get(object) ?? null;
  }

  /** Words of the page allocator. */
  private get zone(): Fields {
    this.zoneFields ??= new Fields(this.memory, this.memory.addObject('zone', 'lock'));
    return this.zoneFields;
  }

  /** The page that was freed last for an order: the next allocation gets it. Its id + 1, or 0. */
  freeList(order: number, hugetlb: boolean): MemoryWord {
    const name = `${hugetlb ? 'hugetlb' : 'free_list'}[${order}]`;
    return this.zone.get(name, 0, 'page', `zone.${name}`);
  }

  /** How many never used pages of an order were handed out. */
  freshCount(order: number, hugetlb: boolean): MemoryWord {
    const name = `${hugetlb ? 'fresh_hugetlb' : 'fresh'}[${order}]`;
    return this.zone.get(name, 0, 'int', `zone.${name}`);
  }

  /** The `n`-th never used page of an order. */
  freshPage(order: number, n: number, hugetlb: boolean): PageModel {
    const key = `${order},${n},${hugetlb}`;
    let page = this.freshPages.get(key);
    if (page === undefined) {
      const kind = hugetlb ? 'huge page' : 'folio';
      const name = this.memory.uniqueName(order === 0 ? `page ${n}` : `${kind} ${n} of order ${order}`);
      page = this.newPage(name, { order, free: true, traits: hugetlb ? { ...PLAIN, kind: 'hugetlb' } : PLAIN });
      this.freshPages.set(key, page);
    }
    return page;
  }

  /** How many pages wait in the per-CPU batch of an LRU operation, and which. */
  batchCount(list: 'lru_add' | 'activate' | 'mlock'): MemoryWord {
    return this.zone.get(`${list}.nr`, 0, 'int', `cpu.${list}.nr`);
  }

  /** The batch's local_lock: the CPU that fills it and whoever drains it keep out of each other's way. */
  batchLock(list: 'lru_add' | 'activate' | 'mlock'): MemoryWord {
    return this.zone.get(`${list}.lock`, 0, 'bool', `cpu.${list}.lock`);
  }

  /** While the world is built: a page that waits in the batch of fresh pages from the start. */
  startInBatch(page: PageModel): void {
    const count = this.batchCount('lru_add');
    const nr = this.memory.initial[count.index] ?? 0;
    this.memory.initial[this.batchSlot('lru_add', nr).index] = page.object + 1;
    this.memory.initial[count.index] = nr + 1;
    this.memory.initial[this.books.batch(page).index] = 1;
  }

  batchSlot(list: 'lru_add' | 'activate' | 'mlock', i: number): MemoryWord {
    return this.zone.get(`${list}[${i}]`, 0, 'page', `cpu.${list}[${i}]`);
  }

  /** Number of swap slots in use since the start. */
  get swapNext(): MemoryWord {
    return this.zone.get('swap_next', 0, 'int', 'swap.next');
  }

  swapSlot(n: number): SwapSlot {
    let slot = this.slots[n];
    if (slot === undefined) {
      slot = new SwapSlot(this.memory, this.memory.uniqueName(`swap slot ${n}`));
      this.slots[n] = slot;
      this.slotsByObject.set(slot.object, slot);
    }
    return slot;
  }

  /** The zero page: one reference of its own, mapped without being counted. */
  get zeroPage(): PageModel {
    this.zero ??= this.newPage(this.memory.uniqueName('zero page'), {
      refcount: 1,
      keepers: 1,
      traits: { zone: 'normal', kind: 'zero', buffers: false },
    });
    return this.zero;
  }

  /** What a pointer that was never set points to. */
  get junkPage(): PageModel {
    this.junk ??= this.newPage(this.memory.uniqueName('uninitialised pointer'), { refcount: 1, keepers: 1 });
    return this.junk;
  }

  /** The huge zero page of an order. */
  hugeZeroPage(order: number): PageModel {
    let page = this.hugeZeros.get(order);
    if (page === undefined) {
      page = this.newPage(this.memory.uniqueName('huge zero page'), {
        order,
        refcount: 1,
        keepers: 1,
        traits: { zone: 'normal', kind: 'huge-zero', buffers: false },
      });
      this.hugeZeros.set(order, page);
    }
    return page;
  }

  /** Number of a process among all. */
  mmNumber(mm: MmStruct): number {
    return this.mms.indexOf(mm);
  }

  /** Id of an actor by name, made when first asked for. Ids are stable within a world. */
  actor(name: string, kind: ActorKind, body: (() => Steps<void>) | null): number {
    const known = this.actorIds.get(name);
    if (known !== undefined) return known;
    const cpu = this.memory.addObject(`${name} cpu`, 'cpu');
    const irq = this.memory.addWord(cpu, 'irqs_off', 0, 'bool', `${name}.irqs_off`);
    this.actors.push({ name, kind, body, irq });
    this.actorIds.set(name, this.actors.length - 1);
    return this.actors.length - 1;
  }

  /** A word of the author's own, or a lock. */
  userWord(name: string, initial: number): MemoryWord {
    const unique = this.memory.uniqueName(name);
    return this.memory.addWord(this.memory.addObject(unique, 'user'), 'value', initial, 'int', unique);
  }

  // --- what actors' code does between two steps -------------------------------------------------------------------

  #did(effect: PendingEffect): void {
    if (this.phase !== 'actor') throw new ScriptMisuse('kernel functions run inside of actors only');
    this.pending.push(effect);
  }

  /** The caller was told that it holds `n` references or pins on `page`; no address is known. */
  hold(how: How, page: PageModel, n: number): void {
    this.#did({ kind: 'hold', how, page, n, mapping: null, index: 0, reliable: false });
  }

  /** The same for pages that were found through addresses from `at` on. */
  holdAt(how: How, page: PageModel, n: number, at: Address, reliable: boolean): void {
    this.#did({ kind: 'hold', how, page, n, mapping: at.mapping, index: at.index, reliable });
  }

  /** GUP found its reference good, in the step that decided it. */
  grabbed(page: PageModel, head: PageModel, at: Address, table: PageTable | null): void {
    this.#did({ kind: 'grabbed', page, head, mapping: at.mapping, index: at.index, table });
  }

  /** A check that is judged on the spot is broken for certain. */
  complain(check: string, text: string): void {
    this.#did({ kind: 'complaint', check, text });
  }

  /** The caller gives back `n`; part of the step that subtracts them. */
  drop(how: How, page: PageModel, n: number): void {
    this.#did({ kind: 'drop', how, page, n });
  }

  /** The process itself took the mapping away: who holds its pages has been left with them by its own wish. */
  detach(at: Address, n: number): void {
    this.#did({ kind: 'detach', mapping: at.mapping, index: at.index, n });
  }

  /** Data of `mm` was written to a page. */
  store(page: PageModel, mm: MmStruct): void {
    this.#did({ kind: 'store', page, mm });
  }

  /** `mm` reads a page through a reference of its own. */
  looked(page: PageModel, mm: MmStruct): void {
    this.#did({ kind: 'look', page, mm });
  }

  /** The page is new: what it holds is nobody's. */
  unshared(page: PageModel): void {
    this.#did({ kind: 'unshared', page });
  }

  /** fork() is done: what parent and child both see from now on was written before. */
  forked(child: MmStruct): void {
    this.#did({ kind: 'forked', child });
  }

  /** An entry of a page table was read without a lock. */
  walked(table: PageTable, by: string): void {
    this.#did({ kind: 'walk', table, by });
  }

  /** The page was handed to the free lists: the kernel's checks at free time are due. */
  freed(page: PageModel): void {
    this.#did({ kind: 'freed', page });
  }

  count(name: string, n: number): void {
    this.#did({ kind: 'add', word: this.books.vmstat(name).index, value: n });
  }

  /** A counter of the model's own. */
  ghostAdd(word: MemoryWord, n: number): void {
    this.#did({ kind: 'add', word: word.index, value: n });
  }

  event(event: EventKind, text: string): void {
    this.#did({ kind: 'event', event, text });
  }

  spawn(name: string, kind: ActorKind, body: () => Steps<void>): void {
    this.#did({ kind: 'spawn', actor: this.actor(name, kind, null), body });
  }

  /** Effects recorded since the last call. */
  takePending(): PendingEffect[] {
    if (this.pending.length === 0) return NONE;
    const taken = this.pending;
    this.pending = [];
    return taken;
  }

  /** Value of a word in the state a check looks at. */
  look(word: number): number {
    if (this.read === null) {
      throw new ScriptMisuse(
        'this reads memory and is for lab.always and lab.finally; inside an actor take a step: const v = yield R(word)',
      );
    }
    return this.read(word);
  }

  /** Throws unless the kernel has FOLL_PIN tracking. */
  needPin(fn: string): void {
    if (!this.switches.follPin) throw new NotApplicable(`${fn}() does not exist in this kernel`);
  }
}

const NONE: PendingEffect[] = [];

/** The page model behind a public handle. @throws ScriptMisuse for anything else. */
export function modelOf(page: unknown, what: string): PageModel {
  if (PageModel.is(page)) return page;
  if (MappingModel.is(page)) throw new ScriptMisuse(`${what} wants a page: write ${page.name}.page(0)`);
  throw new ScriptMisuse(`${what} wants a page, got ${describe(page)}`);
}

/** The mapping model behind a public handle. @throws ScriptMisuse for anything else. */
export function mappingOf(mapping: UserMapping | unknown, what: string): MappingModel {
  if (MappingModel.is(mapping)) return mapping;
  throw new ScriptMisuse(`${what} wants a mapping (lab.mm.mmapThp() ...), got ${describe(mapping)}`);
}

/** A value in a few words, for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
  return typeof value === 'function' ? 'a function' : `${typeof value} ${String(value)}`;
}
