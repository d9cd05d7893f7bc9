/** Numbers that look random and are the same for the same seed. */

/** xorshift32, from a seed that may be any integer. */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) | 1;
    for (let i = 0; i < 8; i++) this.next();
  }

  /** An integer of 0 to 2^32 - 1. */
  next(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return x >>> 0;
  }

  /** An integer of 0 to n - 1. */
  below(n: number): number {
    return Math.floor((this.next() / 2 ** 32) * n);
  }

  /** One of these. */
  among<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }
}
