/** A file and its page cache: slots that hold pages, and what is on disk. */
import { Fields } from './fields.ts';
import type { MappingModel } from './mapping.ts';
import type { Memory, MemoryWord } from './memory.ts';
import type { PageModel } from './page.ts';

/** What a filesystem asks of the memory manager. */
export interface FileTraits {
  /** `ext4`: page_mkwrite() and buffers. `shmem`: swap-backed, no writeback. `hugetlbfs`: huge pages, never written. */
  readonly fs: 'ext4' | 'shmem' | 'hugetlbfs';
}

export class FileModel {
  readonly name: string;
  readonly object: number;
  readonly npages: number;
  readonly traits: FileTraits;
  /** Pages per slot: one folio of the page cache fills one slot. */
  readonly order: number;
  readonly #pages: readonly (PageModel | null)[];
  readonly #fields: Fields;
  #mappings: readonly MappingModel[] = Object.freeze([]);

  /** `pages` has one head for each slot, null where nothing is cached. */
  constructor(memory: Memory, name: string, traits: FileTraits, order: number, pages: readonly (PageModel | null)[]) {
    this.name = name;
    this.traits = Object.freeze({ ...traits });
    this.order = order;
    this.#pages = pages;
    this.npages = pages.length * 2 ** order;
    this.object = memory.addObject(name, 'file');
    this.#fields = new Fields(memory, this.object);
    Object.freeze(this);
  }

  /** Whether it was made here: what only looks like a file is none. */
  static is(value: unknown): value is FileModel {
    return typeof value === 'object' && value !== null && #fields in value;
  }

  /** While the world is built: one more mapping of the file. */
  static map(file: FileModel, mapping: MappingModel): void {
    file.#mappings = Object.freeze([...file.#mappings, mapping]);
  }

  /** Mappings of the file that the experiment's body made; copies by fork hang on them. */
  get mappings(): readonly MappingModel[] {
    return this.#mappings;
  }

  /** Lock of the page cache (the i_pages lock). */
  get i_pages(): MemoryWord {
    return this.#fields.get('i_pages', 0, 'bool');
  }

  #key(index: number): number {
    return index >> this.order;
  }

  /** The page-cache slot of a page index: the head's id + 1, or 0. */
  slot(index: number): MemoryWord {
    const key = this.#key(index);
    const page = this.#pages[key] ?? null;
    return this.#fields.get(`slot[${key}]`, page === null ? 0 : page.object + 1, 'page');
  }

  /** The head that was cached for a page index at the start, or null. */
  cached(index: number): PageModel | null {
    return this.#pages[this.#key(index)] ?? null;
  }

  /** Value of a slot in a state, without making its word. */
  peekSlot(index: number, read: (word: number) => number): number {
    const key = this.#key(index);
    const page = this.#pages[key] ?? null;
    return this.#fields.peek(`slot[${key}]`, page === null ? 0 : page.object + 1, read);
  }

  get slots(): number {
    return this.#pages.length;
  }

  /** What is on disk for a page index. */
  disk(index: number): MemoryWord {
    return this.#fields.get(`disk[${index}]`, 0);
  }

  peekDisk(index: number, read: (word: number) => number): number {
    return this.#fields.peek(`disk[${index}]`, 0, read);
  }

  /** Size in pages: truncate() makes it smaller before it takes pages away. */
  get size(): MemoryWord {
    return this.#fields.get('size', this.npages);
  }
}
