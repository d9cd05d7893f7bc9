/** The words of one object by field name, made when first asked for: what nobody touches costs nothing. */
import type { Memory, MemoryWord } from './memory.ts';
import type { WordFormat } from './trace.ts';

/** Reads a word's value in the state being looked at. */
export type ReadWord = (word: number) => number;

export class Fields {
  readonly object: number;
  private readonly made = new Map<string, MemoryWord>();
  private readonly memory: Memory;

  constructor(memory: Memory, object: number) {
    this.memory = memory;
    this.object = object;
  }

  /** The word of a field. `initial` counts only when the word is made; `label` is its full name in traces. */
  get(field: string, initial: number, format: WordFormat = 'int', label?: string): MemoryWord {
    let word = this.made.get(field);
    if (word === undefined) {
      word = this.memory.addWord(this.object, field, initial, format, label);
      this.made.set(field, word);
    }
    return word;
  }

  /** Adds to the initial value of a word that is made already. */
  raise(field: string, n: number): void {
    const word = this.made.get(field);
    if (word !== undefined) this.memory.initial[word.index] = (this.memory.initial[word.index] ?? 0) + n;
  }

  has(field: string): boolean {
    return this.made.has(field);
  }

  /** Value of a field in a state, without making its word. */
  peek(field: string, initial: number, read: ReadWord): number {
    const word = this.made.get(field);
    return word === undefined ? initial : read(word.index);
  }
}
