/** A process: its memory map lock, what it knows of pins, its children by fork. */
import { Fields } from './fields.ts';
import type { MappingModel } from './mapping.ts';
import type { Memory, MemoryWord } from './memory.ts';

export class MmStruct {
  readonly name: string;
  readonly object: number;
  readonly parent: MmStruct | null;
  readonly #fields: Fields;
  readonly #memory: Memory;
  #mappings: readonly MappingModel[] = Object.freeze([]);
  #forked: readonly MmStruct[] = Object.freeze([]);
  readonly #register: (mm: MmStruct) => void;

  constructor(memory: Memory, register: (mm: MmStruct) => void, name: string, parent: MmStruct | null) {
    this.#memory = memory;
    this.#register = register;
    this.name = name;
    this.parent = parent;
    this.object = memory.addObject(name, 'mm');
    this.#fields = new Fields(memory, this.object);
    Object.freeze(this);
    register(this);
  }

  /** Whether it was made here: what only looks like a process is none. */
  static is(value: unknown): value is MmStruct {
    return typeof value === 'object' && value !== null && #fields in value;
  }

  /** While the world is built, or a child: one more mapping. */
  static map(mm: MmStruct, mapping: MappingModel): void {
    mm.#mappings = Object.freeze([...mm.#mappings, mapping]);
  }

  get mappings(): readonly MappingModel[] {
    return this.#mappings;
  }

  /** 1 and one more for each reader; 0 while a writer holds it. */
  get mmap_lock(): MemoryWord {
    return this.#fields.get('mmap_lock', 1);
  }

  /** Set for good by the first FOLL_PIN (5.9 and later). */
  get has_pinned(): MemoryWord {
    return this.#fields.get('has_pinned', 0, 'bool');
  }

  get write_protect_seq(): MemoryWord {
    return this.#fields.get('write_protect_seq', 0, 'seq');
  }

  /** CPUs that are in the middle of an access through this process's page tables: a TLB flush waits for them. */
  get tlb(): MemoryWord {
    return this.#fields.get('tlb', 0);
  }

  /** CPUs of this process in the lockless walk; counted only where there are processes that never forked. */
  get walkers(): MemoryWord {
    return this.#fields.get('walkers', 0);
  }

  /** Lock of the reverse map of this process and all that were forked from it: as mmap_lock, in one word. */
  get anon_vma(): MemoryWord {
    return this.ancestor.#fields.get('anon_vma_lock', 1);
  }

  /** The process that the first fork came from. */
  get ancestor(): MmStruct {
    return this.parent?.ancestor ?? this;
  }

  /** Number of children forked so far. */
  get children(): MemoryWord {
    return this.#fields.get('children', 0);
  }

  /** The `n`-th child, counted from 1; made with its mappings when first asked for. */
  child(n: number): MmStruct {
    let child = this.#forked[n - 1];
    if (child === undefined) {
      const name = n === 1 ? 'child' : `child ${n}`;
      child = new MmStruct(this.#memory, this.#register, this.parent === null ? name : `${this.name}'s ${name}`, this);
      const forked = [...this.#forked];
      forked[n - 1] = child;
      this.#forked = Object.freeze(forked);
      for (const mapping of this.mappings) MmStruct.map(child, mapping.copyFor(child));
    }
    return child;
  }

  /** Children that somebody asked for so far. */
  get knownChildren(): readonly MmStruct[] {
    return this.#forked;
  }
}
