/** The values a component of the state takes, numbered in the order in which they were met: 0 is its first value. */
export class Domain {
  /** Components with these values: more than one where they can change places. */
  readonly components: number[] = [];
  readonly values: number[];
  private readonly numbers: Map<number, number>;

  constructor(first: number) {
    this.values = [first];
    this.numbers = new Map([[first, 0]]);
  }

  get size(): number {
    return this.values.length;
  }

  /** Number of a value, a new one if it was not met before. */
  number(value: number): number {
    let number = this.numbers.get(value);
    if (number === undefined) {
      number = this.values.length;
      this.values.push(value);
      this.numbers.set(value, number);
    }
    return number;
  }

  value(number: number): number {
    const value = this.values[number];
    if (value === undefined) throw new RangeError(`no value ${number} among ${this.size}`);
    return value;
  }
}
