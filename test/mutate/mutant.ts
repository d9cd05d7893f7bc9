/** A small mistake that can be switched on. */
export interface Mutant {
  readonly id: number;
  /** File in main/engine/mm, or the id of a kernel. */
  readonly file: string;
  /** 1-based; 0 for a switch. */
  readonly line: number;
  readonly mistake: string;
  /** The part of the program that is changed. */
  readonly text: string;
  /** Names it whatever its number and line are, for the list of those that change nothing. */
  readonly key: string;
}
