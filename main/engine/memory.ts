/**
 * The words of the model. A world's memory is a table of 32-bit integers with names; what they mean (a counter, a
 * page-table entry, a lock) is in {@link WordInfo}. Words are made when first asked for, so a 1 GB page costs nothing
 * until its tails are touched. All arithmetic wraps as the kernel's int does (-fno-strict-overflow).
 */
import type { Word } from './interface.ts';
import type { ObjectInfo, ObjectKind, WordFormat, WordInfo } from './trace.ts';

/** A word's handle: compared by identity, cheap to pass. A step accepts the world's own handles and no look-alikes. */
export class MemoryWord implements Word {
  readonly index: number;
  readonly name: string;
  constructor(index: number, name: string) {
    this.index = index;
    this.name = name;
    Object.freeze(this);
  }
}

export class Memory {
  readonly objects: ObjectInfo[] = [];
  readonly words: WordInfo[] = [];
  readonly handles: MemoryWord[] = [];
  readonly initial: number[] = [];
  private readonly names = new Set<string>();

  /** A name not used yet: `page`, `page#2`, `page#3` ... */
  uniqueName(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.names.has(name); n++) name = `${wanted}#${n}`;
    this.names.add(name);
    return name;
  }

  addObject(name: string, kind: ObjectKind, head = -1, order = -1): number {
    this.objects.push({ name, kind, head, order });
    return this.objects.length - 1;
  }

  /** A new word of an object. `initial` is its value before the first step, as an int. */
  addWord(object: number, field: string, initial: number, format: WordFormat = 'int', label?: string): MemoryWord {
    const owner = this.objects[object];
    if (owner === undefined) throw new RangeError(`no object ${object} in this world`);
    const name = label ?? `${owner.name}.${field}`;
    const index = this.words.length;
    const word = new MemoryWord(index, name);
    // Stores and no calls: a stack that overflows here cannot leave one table longer than the others.
    this.handles[index] = word;
    this.initial[index] = initial | 0;
    this.words[index] = { name, object, field, format };
    return word;
  }
}
