/** Where actors are, as values of their components. */

/** Values from here on: a node behind steps that nobody notices. */
const BEHIND = 2 ** 29;

export interface Place {
  readonly node: number;
  /**
   * Invisible steps that lie in front of the node. They count, and are shown, when the actor takes its next transition,
   * so that a shortest schedule has none that it does not need.
   */
  readonly prefix: number;
}

export class Places {
  private readonly behind: Place[] = [];
  private readonly numbers = new Map<string, number>();

  valueOf(place: Place): number {
    if (place.prefix === 0) return place.node;
    const key = `${place.node}:${place.prefix}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.behind.length;
      this.behind.push(place);
      this.numbers.set(key, number);
    }
    return BEHIND + number;
  }

  of(value: number): Place {
    return this.behind[value - BEHIND] ?? { node: value, prefix: 0 };
  }
}
