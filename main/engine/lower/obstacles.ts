/** Counts what keeps histories apart, so that a verdict can say what that cost and where. */
import type { Obstacle } from './live.ts';

/** Values told apart by identity are worth a remark from this many on. */
const MANY = 8;

export class Obstacles {
  /** Nodes that are whole histories, by place and reason. */
  private readonly histories = new Map<string, number>();
  /** Different things a variable held, by place and name. */
  private readonly things = new Map<string, Set<number>>();

  note(reason: Obstacle | null, variables: readonly Obstacle[]): void {
    if (reason !== null) {
      const key = `${reason.what}${at(reason.place)}`;
      this.histories.set(key, (this.histories.get(key) ?? 0) + 1);
    }
    for (const { place, what, identity } of variables) {
      const key = `\`${what}\`${at(place)}`;
      const things = this.things.get(key) ?? new Set();
      this.things.set(key, things.add(identity));
    }
  }

  /** Number of nodes that are whole histories. */
  get count(): number {
    return [...this.histories.values()].reduce((sum, n) => sum + n, 0);
  }

  /** One sentence for each thing that kept histories, the costliest first. */
  notes(): string[] {
    const histories = [...this.histories]
      .sort(([, a], [, b]) => b - a)
      .map(([what, n]) => `${what} keeps history: ${n} place(s) in the code's history are states of their own`);
    const things = [...this.things]
      .filter(([, { size }]) => size > MANY)
      .sort(([, a], [, b]) => b.size - a.size)
      .map(([what, { size }]) => `${what} keeps history: it held ${size} things that cannot be compared by value`);
    return [...histories, ...things];
  }
}

function at(place: string): string {
  if (place === '') return '';
  const [line, column] = place.split(':').slice(-2);
  const file = place.split(':').slice(0, -2).join(':');
  return file === '' ? ` at line ${line}` : ` at ${file}:${line}:${column}`;
}
