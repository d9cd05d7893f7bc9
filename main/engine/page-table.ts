/** Page tables and swap slots: what page-table entries point to besides pages. */
import { Fields } from './fields.ts';
import type { Memory, MemoryWord } from './memory.ts';

/** A table of entries, linked by the entry above it. Its entries are PTEs, or PMD leaves in a shared hugetlb table. */
export class PageTable {
  readonly name: string;
  readonly object: number;
  readonly #fields: Fields;
  #startUsers = 1;
  readonly #entryName: (i: number) => string;
  readonly #initial: (i: number) => number;

  /** `entryName` gives an entry's full name in traces, `initial` its value before the first step. */
  constructor(memory: Memory, name: string, entryName: (i: number) => string, initial: (i: number) => number) {
    this.name = name;
    this.object = memory.addObject(name, 'mapping');
    this.#fields = new Fields(memory, this.object);
    this.#entryName = entryName;
    this.#initial = initial;
    Object.freeze(this);
  }

  /** While the world is built: one more process links the table at the start. */
  static share(table: PageTable): void {
    table.#startUsers++;
  }

  /** Lock of the entries. */
  get ptl(): MemoryWord {
    return this.#fields.get('ptl', 0, 'bool');
  }

  /** 1 once the table's own page was given back: whoever reads an entry after that reads foreign memory. */
  get freed(): MemoryWord {
    return this.#fields.get('freed', 0, 'bool');
  }

  peekFreed(read: (word: number) => number): number {
    return this.#fields.peek('freed', 0, read);
  }

  /** Processes that link this table, for a shared hugetlb table. */
  get users(): MemoryWord {
    return this.#fields.get('users', this.#startUsers);
  }

  entry(i: number): MemoryWord {
    return this.#fields.get(`[${i}]`, this.#initial(i), 'entry', this.#entryName(i));
  }

  /** Value of an entry in a state, without making its word. */
  peek(i: number, read: (word: number) => number): number {
    return this.#fields.peek(`[${i}]`, this.#initial(i), read);
  }
}

/** One page-sized place in a swap area, with its swap-cache slot. */
export class SwapSlot {
  readonly name: string;
  readonly object: number;
  readonly #fields: Fields;

  constructor(memory: Memory, name: string) {
    this.name = name;
    this.object = memory.addObject(name, 'file');
    this.#fields = new Fields(memory, this.object);
  }

  /** swap_map: page-table entries that point here, and one for the swap cache. */
  get count(): MemoryWord {
    return this.#fields.get('swap_map', 0);
  }

  /** The page in the swap cache, as its id + 1; 0 for none. */
  get cache(): MemoryWord {
    return this.#fields.get('swap_cache', 0, 'page');
  }

  get data(): MemoryWord {
    return this.#fields.get('data', 0);
  }
}
