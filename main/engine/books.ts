/**
 * The model's own books, which no kernel has: who was told to hold what, through which address, who wrote what, and the
 * vmstat counters. They are ghost words, changed only by effects, so that a state holds them and a trace shows them.
 */
import type { ReadWord } from './fields.ts';
import type { MappingModel } from './mapping.ts';
import type { Memory, MemoryWord } from './memory.ts';
import type { PageModel } from './page.ts';

export type How = 'get' | 'pin';

/** An address: page `index` of a mapping. */
export interface Address {
  readonly mapping: MappingModel;
  readonly index: number;
}

/** Holds on `n` consecutive pages that were taken through addresses from `at` on. */
export interface Link {
  readonly at: Address;
  readonly page: PageModel;
  readonly n: number;
  readonly how: How;
  /** The holder relies on it: memory and process must go on showing the same page (DMA, FOLL_WRITE, FOLL_LONGTERM). */
  readonly reliable: boolean;
  /** How many of them are still held. */
  readonly word: MemoryWord;
}

export class Books {
  readonly pins = new Map<PageModel, MemoryWord>();
  readonly gets = new Map<PageModel, MemoryWord>();
  readonly links: Link[] = [];
  private readonly linksByKey = new Map<string, Link>();
  private readonly vmstats = new Map<string, MemoryWord>();
  readonly writers = new Map<PageModel, MemoryWord>();
  private readonly batches = new Map<PageModel, MemoryWord>();
  private readonly broken = new Map<string, MemoryWord>();
  /** What broke, by the number the ghost word of a check holds. */
  private readonly complaints: string[] = [''];
  private readonly memory: Memory;
  private readonly object: number;

  constructor(memory: Memory) {
    this.memory = memory;
    this.object = memory.addObject('books', 'ghost');
  }

  private ghost(name: string): MemoryWord {
    return this.memory.addWord(this.object, name, 0, 'int', name);
  }

  private inMap<K>(map: Map<K, MemoryWord>, key: K, name: () => string): MemoryWord {
    let word = map.get(key);
    if (word === undefined) {
      word = this.ghost(name());
      map.set(key, word);
    }
    return word;
  }

  /** How many pins (or plain references) callers hold on this page by what they were told. */
  held(how: How, page: PageModel): MemoryWord {
    return how === 'pin'
      ? this.inMap(this.pins, page, () => `pins held on ${page.name}`)
      : this.inMap(this.gets, page, () => `refs held on ${page.name}`);
  }

  /** The link of holds taken through an address. */
  link(at: Address, page: PageModel, n: number, how: How, reliable: boolean): Link {
    const key = `${at.mapping.object},${at.index},${page.object},${n},${how},${reliable}`;
    let link = this.linksByKey.get(key);
    if (link === undefined) {
      const where = n === 1 ? `${at.index}` : `${at.index}+${n}`;
      const what = `${reliable ? 'reliable ' : ''}${how}s of ${page.name} at ${at.mapping.name}[${where}]`;
      link = { at, page, n, how, reliable, word: this.ghost(what) };
      this.linksByKey.set(key, link);
      this.links.push(link);
    }
    return link;
  }

  /** A /proc/vmstat counter, in pages. */
  vmstat(name: string): MemoryWord {
    return this.inMap(this.vmstats, name, () => name);
  }

  peekVmstat(name: string, read: ReadWord): number {
    const word = this.vmstats.get(name);
    return word === undefined ? 0 : read(word.index);
  }

  /** References that per-CPU LRU batches hold on a page. */
  batch(page: PageModel): MemoryWord {
    return this.inMap(this.batches, page, () => `LRU batches of ${page.name}`);
  }

  peekBatch(page: PageModel, read: ReadWord): number {
    const word = this.batches.get(page);
    return word === undefined ? 0 : read(word.index);
  }

  /** Who wrote to a page of private memory since it was last shared by fork: mm number + 1, 0 for nobody. */
  writer(page: PageModel): MemoryWord {
    return this.inMap(this.writers, page, () => `writer of ${page.name}`);
  }

  /** The ghost word of a check that is judged at the moment something happens; 0 while it holds. */
  brokenWord(check: string): MemoryWord {
    return this.inMap(this.broken, check, () => `broken ${check}`);
  }

  /** What a check that is judged on the spot found, null while it holds. */
  complaint(check: string, read: ReadWord): string | null {
    const word = this.broken.get(check);
    const id = word === undefined ? 0 : read(word.index);
    return id === 0 ? null : (this.complaints[id] ?? null);
  }

  complaintId(text: string): number {
    const known = this.complaints.indexOf(text);
    if (known > 0) return known;
    this.complaints.push(text);
    return this.complaints.length - 1;
  }
}
