/**
 * Pages and mappings: handles that name the words of the model. A compound page's head carries the folio's counts; its
 * tails have a `_refcount` of their own (which must stay 0) and share one `compound_head` word, so that splitting or
 * freeing a 2 MB page is one step for all tails and not 511.
 */
import { ENTRY_DIRTY, ENTRY_WRITE, entryFor, PG_head } from './flags.ts';
import type { Page, UserAddress, UserMapping, Word } from './interface.ts';
import type { Memory, MemoryWord } from './memory.ts';

/** Words by field name, made when first asked for. */
class Fields {
  private readonly made = new Map<string, MemoryWord>();
  private readonly memory: Memory;
  private readonly object: number;
  constructor(memory: Memory, object: number) {
    this.memory = memory;
    this.object = object;
  }

  get(field: string, initial: number, format: 'int' | 'flags' | 'page' | 'entry' = 'int'): MemoryWord {
    let word = this.made.get(field);
    if (word === undefined) {
      word = this.memory.addWord(this.object, field, initial, format);
      this.made.set(field, word);
    }
    return word;
  }

  has(field: string): boolean {
    return this.made.has(field);
  }
}

/** Counts a page is born with. */
export interface PageStart {
  readonly refcount: number;
  readonly mapcount: number;
}

export class PageModel implements Page {
  readonly name: string;
  readonly index: number;
  readonly head: PageModel;
  readonly order: number;
  /** Index in the world's objects; a page's id in words is this plus 1. */
  readonly object: number;
  /** References nobody in the experiment gives back: keepers. */
  readonly keepers: number;
  private readonly fields: Fields;
  private readonly memory: Memory;
  private readonly start: PageStart;
  private readonly tails = new Map<number, PageModel>();
  private readonly register: (page: PageModel) => void;

  constructor(
    memory: Memory,
    register: (page: PageModel) => void,
    name: string,
    start: PageStart,
    order: number,
    keepers = 0,
    head: PageModel | null = null,
    index = 0,
  ) {
    this.memory = memory;
    this.register = register;
    this.name = name;
    this.index = index;
    this.order = order;
    this.keepers = keepers;
    this.start = start;
    this.object = memory.addObject(
      name,
      head === null ? 'folio' : 'page',
      head?.object ?? -1,
      head === null ? order : -1,
    );
    this.fields = new Fields(memory, this.object);
    this.head = head ?? this;
    register(this);
  }

  get _refcount(): MemoryWord {
    return this.fields.get('_refcount', this.start.refcount);
  }

  get mapcount(): MemoryWord {
    return this.head.fields.get('mapcount', this.head.start.mapcount);
  }

  get pincount(): MemoryWord {
    return this.head.fields.get('pincount', 0);
  }

  get flags(): MemoryWord {
    return this.fields.get('flags', this === this.head && this.order > 0 ? PG_head : 0, 'flags');
  }

  /** A head is no tail: its word reads 0. The tails of one compound share a word that names the head. */
  get compound_head(): MemoryWord {
    if (this === this.head) return this.fields.get('compound_head', 0, 'page');
    return this.head.fields.get('tails.compound_head', this.head.object + 1, 'page');
  }

  /** Number of struct pages in the compound. */
  get npages(): number {
    return 2 ** this.head.order;
  }

  /** The `i`-th struct page of the compound this page heads. */
  subpage(i: number): PageModel {
    if (i === 0) return this;
    let tail = this.tails.get(i);
    if (tail === undefined) {
      const name = `${this.name}[${i}]`;
      tail = new PageModel(this.memory, this.register, name, { refcount: 0, mapcount: 0 }, 0, 0, this, i);
      this.tails.set(i, tail);
    }
    return tail;
  }

  /** Tails whose own `_refcount` was touched so far: all others still hold 0. */
  touchedTails(): readonly PageModel[] {
    return [...this.tails.values()].filter((tail) => tail.fields.has('_refcount'));
  }
}

/** How a mapping's pages are mapped. */
export type MappingLevel = 'pte' | 'pmd';

export class MappingModel implements UserMapping {
  readonly name: string;
  readonly npages: number;
  readonly level: MappingLevel;
  readonly ptl: MemoryWord;
  readonly writable: boolean;
  private readonly pages: readonly PageModel[];
  private readonly entries = new Map<number, MemoryWord>();
  private readonly memory: Memory;
  private readonly object: number;

  /** `pages` is one page per PTE, or the one head of a PMD-mapped compound. */
  constructor(memory: Memory, name: string, level: MappingLevel, pages: readonly PageModel[], writable: boolean) {
    this.memory = memory;
    this.name = name;
    this.level = level;
    this.pages = pages;
    this.writable = writable;
    this.npages = level === 'pmd' ? this.first.npages : pages.length;
    this.object = memory.addObject(`${name} mapping`, 'mapping');
    this.ptl = memory.addWord(this.object, 'ptl', 0, 'bool', `${name}.ptl`);
  }

  private get first(): PageModel {
    const first = this.pages[0];
    if (first === undefined) throw new RangeError(`mapping ${this.name} has no pages`);
    return first;
  }

  private get bits(): number {
    return this.writable ? ENTRY_WRITE | ENTRY_DIRTY : 0;
  }

  private entry(i: number, field: string, initial: number): MemoryWord {
    let word = this.entries.get(i);
    if (word === undefined) {
      word = this.memory.addWord(this.object, field, initial, 'entry', `${this.name}.${field}`);
      this.entries.set(i, word);
    }
    return word;
  }

  /** PMD-mapped: the leaf. PTE-mapped: the entry that points to the page table (1 while it is linked). */
  get pmd(): Word {
    if (this.level === 'pmd') return this.entry(-1, 'pmd', entryFor(this.first.object, this.bits));
    return this.entry(-1, 'pmd', 1);
  }

  pte(i: number): MemoryWord {
    if (this.level !== 'pte')
      throw new RangeError(`${this.name} is mapped by a PMD: it has no PTEs, use ${this.name}.pmd`);
    return this.entry(i, this.npages === 1 ? 'pte' : `pte[${i}]`, entryFor(this.page(i).object, this.bits));
  }

  page(i: number): PageModel {
    if (!Number.isInteger(i) || i < 0 || i >= this.npages) {
      throw new RangeError(`page ${i} is outside of ${this.name}, which has ${this.npages} page(s)`);
    }
    if (this.level === 'pmd') return this.first.subpage(i);
    const page = this.pages[i];
    if (page === undefined) throw new RangeError(`page ${i} is outside of ${this.name}`);
    return page;
  }

  at(i: number): UserAddress {
    this.page(i);
    return { mapping: this, index: i };
  }
}
