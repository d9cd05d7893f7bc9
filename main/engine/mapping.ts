/**
 * A mapping (vma) of a process: blocks of pages, each behind one upper entry (a PMD; a PUD for 1 GB pages) which is
 * empty, maps a huge page, or links a page table. Fork gives the child copies with entries of their own.
 */
import { Fields, type ReadWord } from './fields.ts';
import type { FileModel } from './file.ts';
import { ENTRY_TABLE, entryFor, entryPage, entryPresent } from './flags.ts';
import type { UserAddress, UserMapping } from './interface.ts';
import type { Memory, MemoryWord } from './memory.ts';
import { MmStruct } from './mm-struct.ts';
import type { PageModel } from './page.ts';
import { PageTable } from './page-table.ts';

/** What the upper entry of a block maps: a PTE table, or a huge page by a PMD, a PUD or a huge page directory. */
export type MappingLevel = 'pte' | 'pmd' | 'pud' | 'hugepd';

export type MappingKind = 'anon' | 'file' | 'hugetlb' | 'pfn' | 'devmap';

/** What a mapping is made of. */
export interface MappingStart {
  readonly name: string;
  readonly mm: MmStruct;
  readonly kind: MappingKind;
  readonly level: MappingLevel;
  /** Pages under one upper entry are 2 ** order. */
  readonly order: number;
  readonly npages: number;
  /** VM_WRITE. */
  readonly writable: boolean;
  /** VM_SHARED. */
  readonly shared: boolean;
  readonly file: FileModel | null;
  /** File page that page 0 of the mapping shows. */
  readonly from: number;
  /** Page at index i at the start (for a huge block: the head), null for none. */
  readonly pageAt: (i: number) => PageModel | null;
  /** Bits of the entry for page i. */
  readonly bits: (i: number) => number;
  /** Whether page tables exist although nothing is mapped. */
  readonly tables: boolean;
  /** Pages from here on are no part of the mapping any more: a hole. */
  readonly limit?: number;
  /** Huge pages appear on a fault where they fit. */
  readonly thp: boolean;
  /** A table of PMD leaves shared with another process's mapping (hugetlb). */
  readonly sharedTable?: PageTable;
  /** A mapping of the same process that lies under the same upper entry. */
  readonly under?: MappingModel;
}

/** Finds what an entry points to, by object index. */
export interface Registry {
  page(object: number): PageModel;
  table(object: number): PageTable;
}

export class MappingModel implements UserMapping {
  readonly start: MappingStart;
  readonly name: string;
  readonly mm: MmStruct;
  readonly npages: number;
  readonly object: number;
  /** The mapping this is a copy of by fork, itself for one that the body made: pages belong to it (anon_vma). */
  readonly root: MappingModel;
  readonly #memory: Memory;
  readonly #registry: Registry;
  readonly #onTable: (table: PageTable) => void;
  readonly #fields: Fields;
  readonly #tables = new Map<number, PageTable>();
  readonly #copies = new Map<MmStruct, MappingModel>();
  readonly #empty: boolean;

  constructor(
    memory: Memory,
    registry: Registry,
    onTable: (table: PageTable) => void,
    start: MappingStart,
    root: MappingModel | null = null,
  ) {
    this.#memory = memory;
    this.#registry = registry;
    this.#onTable = onTable;
    this.start = Object.freeze({ ...start });
    Object.freeze(start.pageAt);
    Object.freeze(start.bits);
    this.name = start.name;
    this.mm = start.mm;
    this.npages = start.npages;
    this.#empty = root !== null;
    this.object = memory.addObject(`${start.name} mapping`, 'mapping');
    this.#fields = new Fields(memory, this.object);
    this.root = root ?? this;
    Object.freeze(this);
  }

  /** Whether it was made here: what only looks like a mapping is none. */
  static is(value: unknown): value is MappingModel {
    return typeof value === 'object' && value !== null && #fields in value;
  }

  /** 1 while the mapping exists. */
  get vma(): MemoryWord {
    return this.#fields.get('vma', this.#empty ? 0 : 1, 'bool');
  }

  /** Lock of the upper entries. */
  get pmd_lock(): MemoryWord {
    return this.#fields.get('pmd_lock', 0, 'bool');
  }

  /** First page that is no part of the mapping. */
  get limit(): number {
    return this.start.limit ?? this.npages;
  }

  get blockPages(): number {
    return 2 ** this.start.order;
  }

  get blocks(): number {
    return Math.ceil(this.npages / this.blockPages);
  }

  /** Whether anonymous pages belong here: private, so that writes are nobody else's business. */
  get anonymous(): boolean {
    return this.start.kind === 'anon' || (this.start.kind === 'hugetlb' && !this.start.shared);
  }

  /** Whether a write must go to a copy (is_cow_mapping()). */
  get cow(): boolean {
    return !this.start.shared && this.start.kind !== 'pfn' && this.start.kind !== 'devmap';
  }

  /** Name of the upper entries. */
  get #upperName(): string {
    if (this.start.sharedTable !== undefined || this.start.level === 'pud') return 'pud';
    return this.start.level === 'hugepd' ? 'hugepd' : 'pmd';
  }

  #upperField(block: number): string {
    const single = this.blocks === 1 || this.start.sharedTable !== undefined;
    return single ? this.#upperName : `${this.#upperName}[${block}]`;
  }

  #upperInitial(block: number): number {
    if (this.#empty) return 0;
    const { level, pageAt, bits, tables, sharedTable } = this.start;
    const first = block * this.blockPages;
    if (sharedTable !== undefined) return entryFor(sharedTable.object, ENTRY_TABLE);
    if (level !== 'pte') {
      const head = pageAt(first);
      return head === null ? 0 : entryFor(head.object, bits(first));
    }
    return tables ? entryFor(this.table(block).object, ENTRY_TABLE) : 0;
  }

  /** The upper entry of a block. */
  upper(block: number): MemoryWord {
    if (this.start.under !== undefined) return this.start.under.upper(block);
    const name = this.#upperField(block);
    const initial = this.#fields.has(name) ? 0 : this.#upperInitial(block);
    return this.#fields.get(name, initial, 'entry', `${this.name}.${name}`);
  }

  #peekUpper(block: number, read: ReadWord): number {
    if (this.start.under !== undefined) return this.start.under.#peekUpper(block, read);
    return this.#fields.has(this.#upperField(block)) ? read(this.upper(block).index) : this.#upperInitial(block);
  }

  /** The page-table entry that maps a whole huge page, or links the page table, of the first block. */
  get pmd(): MemoryWord {
    return this.upper(0);
  }

  /** The page table of a block: linked, or put by for the day the huge page is split. */
  table(block: number): PageTable {
    const { sharedTable } = this.start;
    if (sharedTable !== undefined) return sharedTable;
    let table = this.#tables.get(block);
    if (table === undefined) {
      const first = block * this.blockPages;
      const name = `${this.name} page table${this.blocks === 1 ? '' : ` ${block}`}`;
      table = new PageTable(
        this.#memory,
        name,
        (i) => `${this.name}.${this.npages === 1 ? 'pte' : `pte[${first + i}]`}`,
        (i) => this.#pteInitial(first + i),
      );
      this.#tables.set(block, table);
      this.#onTable(table);
    }
    return table;
  }

  #pteInitial(i: number): number {
    if (this.#empty || this.start.level !== 'pte') return 0;
    const page = this.start.pageAt(i);
    return page === null ? this.start.bits(i) : entryFor(page.object, this.start.bits(i));
  }

  blockOf(i: number): number {
    return Math.floor(i / this.blockPages);
  }

  /** Index of a page within its block. */
  within(i: number): number {
    return i % this.blockPages;
  }

  pte(i: number): MemoryWord {
    this.#check(i);
    return this.table(this.blockOf(i)).entry(this.within(i));
  }

  #check(i: number): void {
    if (!Number.isInteger(i) || i < 0 || i >= this.npages) {
      throw new RangeError(`page ${i} is outside of ${this.name}, which has ${this.npages} page(s)`);
    }
  }

  page(i: number): PageModel {
    this.#check(i);
    const { level, sharedTable } = this.start;
    const huge = level !== 'pte' || sharedTable !== undefined;
    const first = this.blockOf(i) * this.blockPages;
    const page = this.start.pageAt(huge ? first : i);
    if (page === null)
      throw new RangeError(`nothing was mapped at page ${i} of ${this.name} when the experiment began`);
    return huge ? page.subpage(i - first) : page;
  }

  at(i: number): UserAddress {
    this.#check(i);
    return { mapping: this, index: i };
  }

  /** The page an address shows in a state, null where nothing present is mapped. `linked` looks past what was unlinked. */
  shows(i: number, read: ReadWord): PageModel | null {
    const block = this.blockOf(i);
    const upper = this.#peekUpper(block, read);
    if (!entryPresent(upper)) return null;
    if ((upper & ENTRY_TABLE) === 0) return this.#registry.page(entryPage(upper)).subpage(this.within(i));
    const { sharedTable } = this.start;
    const table = this.#registry.table(entryPage(upper));
    const entry = sharedTable === undefined ? table.peek(this.within(i), read) : table.peek(block, read);
    if (!entryPresent(entry)) return null;
    const page = entryPage(entry);
    if (page < 0) return null;
    return sharedTable === undefined ? this.#registry.page(page) : this.#registry.page(page).subpage(this.within(i));
  }

  /** The entry of an address in a state, 0 for none; of a huge page its upper entry. */
  entryNow(i: number, read: ReadWord): number {
    const upper = this.#peekUpper(this.blockOf(i), read);
    if ((upper & ENTRY_TABLE) === 0 || this.start.sharedTable !== undefined) return upper;
    return this.#registry.table(entryPage(upper)).peek(this.within(i), read);
  }

  /** The head a block maps as a whole in a state, null where it does not. */
  showsWhole(block: number, read: ReadWord): PageModel | null {
    const upper = this.#peekUpper(block, read);
    if (!entryPresent(upper) || (upper & ENTRY_TABLE) !== 0) return null;
    return this.#registry.page(entryPage(upper));
  }

  /** Whether a table is linked here in a state. */
  links(table: PageTable, read: ReadWord): boolean {
    for (let block = 0; block < this.blocks; block++) {
      const upper = this.#peekUpper(block, read);
      if ((upper & ENTRY_TABLE) !== 0 && entryPage(upper) === table.object) return true;
    }
    return false;
  }

  /** The child's copy of this mapping; empty until fork fills it. */
  copyFor(child: MmStruct): MappingModel {
    if (!MmStruct.is(child)) throw new TypeError('a copy is for a process');
    let copy = this.#copies.get(child);
    if (copy === undefined) {
      const start: MappingStart = { ...this.start, name: `${child.name}.${this.root.name}`, mm: child };
      copy = new MappingModel(this.#memory, this.#registry, this.#onTable, start, this.root);
      this.#copies.set(child, copy);
    }
    return copy;
  }
}
