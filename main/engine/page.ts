/**
 * Pages: handles that name the words of the model. A compound page's head carries the folio's counts; its tails have a
 * `_refcount` of their own (which must stay 0) and share one `compound_head` word, so that splitting or freeing a 2 MB
 * page is one step for all tails and not 511.
 */
import { Fields, type ReadWord } from './fields.ts';
import { PG_buddy, PG_head } from './flags.ts';
import type { Page } from './interface.ts';
import type { Memory, MemoryWord } from './memory.ts';

/** What a page is for ever, whatever happens to its counts. */
export interface PageTraits {
  /** Where its memory lies: `movable` and `cma` pages must not be pinned for long. */
  readonly zone: 'normal' | 'movable' | 'cma';
  /** `device`: ZONE_DEVICE (fs-dax), 1 means idle there. The zero pages belong to nobody. */
  readonly kind: 'ram' | 'hugetlb' | 'zero' | 'huge-zero' | 'device';
  /** secretmem and the like are never handed out; a filesystem's page needs buffers when it is dirtied. */
  readonly buffers: boolean;
}

export const PLAIN: PageTraits = { zone: 'normal', kind: 'ram', buffers: false };

/** Flags that are words of their own, by the kernel's name. */
export type FlagName =
  | 'PG_locked'
  | 'PG_dirty'
  | 'PG_writeback'
  | 'PG_private'
  | 'PG_swapcache'
  | 'PG_swapbacked'
  | 'PG_anon_exclusive'
  | 'PG_lru'
  | 'PG_referenced'
  | 'PG_active'
  | 'PG_mlocked'
  | 'PG_hwpoison';

/** Counts and flags a page is born with; what is not named is 0. */
export interface PageBirth {
  readonly order?: number;
  readonly refcount?: number;
  /** Mapped by so many PTEs (each subpage of a compound). */
  readonly mapcount?: number;
  /** Mapped as a whole by so many PMDs or PUDs. */
  readonly entire?: number;
  /** References nobody in the experiment gives back. */
  readonly keepers?: number;
  /** page->mapping and page->index. */
  readonly home?: number;
  readonly flags?: readonly FlagName[];
  readonly free?: boolean;
  readonly traits?: PageTraits;
  readonly data?: number;
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
  readonly traits: PageTraits;
  readonly #fields: Fields;
  readonly #memory: Memory;
  readonly #birth: PageBirth;
  readonly #tails = new Map<number, PageModel>();
  #startRefs = 0;
  #startMaps = 0;
  readonly #register: (page: PageModel) => void;

  constructor(
    memory: Memory,
    register: (page: PageModel) => void,
    name: string,
    birth: PageBirth,
    head: PageModel | null = null,
    index = 0,
  ) {
    this.#memory = memory;
    this.#register = register;
    this.name = name;
    this.index = index;
    this.#birth = birth;
    this.traits = Object.freeze({ ...(birth.traits ?? PLAIN) });
    this.order = head === null ? (birth.order ?? 0) : 0;
    this.keepers = birth.keepers ?? 0;
    const kind = head === null ? 'folio' : 'page';
    this.object = memory.addObject(name, kind, head?.object ?? -1, head === null ? this.order : -1);
    this.#fields = new Fields(memory, this.object);
    this.head = head ?? this;
    Object.freeze(this);
    register(this);
  }

  /** Whether it was made here: what only looks like a page is none. */
  static is(value: unknown): value is PageModel {
    return typeof value === 'object' && value !== null && #fields in value;
  }

  /** While the world is built: one more page-table entry that maps this page from the start. */
  static mapOnce(page: PageModel): void {
    page.#startMaps++;
    page.#fields.raise('mapcount', 1);
    page.head.#startRefs++;
    page.head.#fields.raise('_refcount', 1);
  }

  #start(field: string): number {
    switch (field) {
      case '_refcount':
        return (this.#birth.refcount ?? 0) + this.#startRefs;
      case 'mapcount':
        return (this.#birth.mapcount ?? 0) + this.#startMaps;
      case 'entire_mapcount':
        return this.#birth.entire ?? 0;
      case 'mapping':
        return this.#birth.home ?? 0;
      case 'data':
        return this.#birth.data ?? 0;
      case 'flags':
        return (this.order > 0 ? PG_head : 0) | (this.#birth.free === true ? PG_buddy : 0);
      default:
        return this.#birth.flags?.some((flag) => flag === field) ? 1 : 0;
    }
  }

  get _refcount(): MemoryWord {
    return this.#fields.get('_refcount', this.#start('_refcount'));
  }

  get mapcount(): MemoryWord {
    return this.#fields.get('mapcount', this.#start('mapcount'));
  }

  get entire_mapcount(): MemoryWord {
    return this.head.#fields.get('entire_mapcount', this.head.#start('entire_mapcount'));
  }

  get pincount(): MemoryWord {
    return this.head.#fields.get('pincount', 0);
  }

  get flags(): MemoryWord {
    return this.#fields.get('flags', this.#start('flags'), 'flags');
  }

  /** A head is no tail: its word reads 0. The tails of one compound share a word that names the head. */
  get compound_head(): MemoryWord {
    if (this === this.head) return this.#fields.get('compound_head', 0, 'page');
    const free = this.head.#birth.free === true;
    return this.head.#fields.get('tails.compound_head', free ? 0 : this.head.object + 1, 'page');
  }

  get mapping(): MemoryWord {
    return this.#fields.get('mapping', this.#start('mapping'));
  }

  get data(): MemoryWord {
    return this.#fields.get('data', this.#start('data'));
  }

  /** The swap slot of a page in the swap cache: its id + 1, 0 for none. */
  get swap(): MemoryWord {
    return this.#fields.get('swap', 0, 'page');
  }

  /** A flag that is a word of its own. */
  flag(name: FlagName): MemoryWord {
    return this.#fields.get(name, this.#start(name), 'bool');
  }

  get locked(): MemoryWord {
    return this.flag('PG_locked');
  }

  get dirty(): MemoryWord {
    return this.flag('PG_dirty');
  }

  get writeback(): MemoryWord {
    return this.flag('PG_writeback');
  }

  get anon_exclusive(): MemoryWord {
    return this.flag('PG_anon_exclusive');
  }

  /** Value of a field in a state, without making its word. */
  peek(field: string, read: ReadWord): number {
    return this.#fields.peek(field, this.#start(field), read);
  }

  /** Number of struct pages in the compound. */
  get npages(): number {
    return 2 ** this.head.order;
  }

  /** The `i`-th struct page of the compound this page heads. */
  subpage(i: number): PageModel {
    if (i === 0) return this;
    let tail = this.#tails.get(i);
    if (tail === undefined) {
      const { mapcount, data, entire } = this.#birth;
      // Mapped as a whole: the head's flag stands for all.
      const flags =
        entire === undefined ? this.#birth.flags : this.#birth.flags?.filter((flag) => flag !== 'PG_anon_exclusive');
      const birth: PageBirth = {
        traits: this.traits,
        ...(mapcount === undefined ? {} : { mapcount }),
        ...(flags === undefined ? {} : { flags }),
        ...(data === undefined ? {} : { data }),
      };
      tail = new PageModel(this.#memory, this.#register, `${this.name}[${i}]`, birth, this, i);
      this.#tails.set(i, tail);
    }
    return tail;
  }

  /** Tails that somebody asked for so far: all others are as they were born. */
  get knownTails(): IterableIterator<PageModel> {
    return this.#tails.values();
  }

  /** Sum of a field over all subpages of a compound, in a state. */
  sum(field: string, read: ReadWord): number {
    let sum = this.peek(field, read);
    for (const tail of this.#tails.values()) sum += tail.peek(field, read);
    return sum + (this.npages - 1 - this.#tails.size) * this.#start(field);
  }
}
