/** The transitions that lie on shortest paths to where checks break, found from there back to the start. */
import { Op } from '../trace.ts';
import type { Finding } from './findings.ts';
import type { Frontier } from './frontier.ts';
import type { Space } from './space.ts';
import { Successors, type Taker } from './successors.ts';

/** Findings that are looked for in one pass: each has a bit. */
export const MOST_FINDINGS = 30;

/** The number of a place where a path ends with a step, and not in a state. */
export const END = -1;

/** Columns of {@link Hops.data}: a transition of a shortest path. */
export const HopColumn = {
  /** The state it leads to, or {@link END}. */
  to: 0,
  /** Number (in the order in which actors were met) of the actor that takes it, in the state it is taken from. */
  k: 1,
  answer: 2,
  /** 1 where its step is a choice. */
  chooses: 3,
  /** Invisible steps of its actor in front of it; and behind it, where they are its last. */
  prefix: 4,
  suffix: 5,
  /** Findings that it leads to, as bits. */
  findings: 6,
  /** Who moved where: see {@link Hops.moved}. */
  moved: 7,
} as const;
const STRIDE = 8;

export class Hops implements Taker {
  /** States on shortest paths, the farthest first. */
  readonly states: number[] = [];
  /** One row a transition; rows of one state stand together. */
  data = new Int32Array(1 << 10);
  count = 0;
  /** First row of a state, and the one behind its last. */
  readonly first: Int32Array;
  readonly behind: Int32Array;
  private readonly space: Space;
  private readonly frontier: Frontier;
  private readonly successors: Successors;
  /** Findings whose shortest paths lead through a state, as bits. */
  private readonly wanted: Int32Array;
  /** Steps that end a path, by the state they are taken from. */
  private readonly ends = new Map<
    number,
    { readonly actor: number; readonly answer: number; readonly bit: number }[]
  >();
  private readonly exchanges: (readonly number[] | null)[] = [null];
  private readonly exchangeIds = new Map<string, number>();
  private at = 0;

  constructor(space: Space, frontier: Frontier, findings: readonly Finding[]) {
    this.space = space;
    this.frontier = frontier;
    this.successors = new Successors(space, true);
    this.wanted = new Int32Array(space.set.count);
    this.first = new Int32Array(space.set.count);
    this.behind = new Int32Array(space.set.count);
    let farthest = 0;
    for (const [i, finding] of findings.entries()) {
      for (const { end } of finding.ends) {
        farthest = Math.max(farthest, frontier.distanceOf(end.state));
        if (end.actor === null) this.wanted[end.state] = (this.wanted[end.state] ?? 0) | (1 << i);
        else this.ends.set(end.state, [...(this.ends.get(end.state) ?? []), { ...end, actor: end.actor, bit: 1 << i }]);
      }
    }
    for (const id of frontier.backwards(farthest, space.set.count)) this.visit(id);
  }

  column(hop: number, column: number): number {
    return this.data[hop * STRIDE + column] ?? 0;
  }

  /**
   * By number of an actor before a hop: its number in the state it leads to, where interchangeable actors are in order
   * again. Null where nobody moved.
   */
  moved(hop: number): readonly number[] | null {
    return this.exchanges[this.column(hop, HopColumn.moved)] ?? null;
  }

  private visit(id: number): void {
    this.at = id;
    const first = this.count;
    do this.count = first;
    while (!this.successors.expand(id, this));
    if (this.count === first) return;
    let bits = this.wanted[id] ?? 0;
    for (let hop = first; hop < this.count; hop++) bits |= this.column(hop, HopColumn.findings);
    this.wanted[id] = bits;
    this.states.push(id);
    this.first[id] = first;
    this.behind[id] = this.count;
  }

  take({ next, hash, k, leaf, weight }: Successors): void {
    const { space, frontier, at } = this;
    const to = space.set.find(next, 0, hash);
    const leads = to >= 0 && frontier.distanceOf(to) === frontier.distanceOf(at) + weight ? (this.wanted[to] ?? 0) : 0;
    if (leads !== 0) this.note(k, leaf, to, leads);
    if (this.ends.size === 0) return;
    const { answer } = space.leaves.move(leaf);
    const actor = space.actors[k] ?? -1;
    const ended = (this.ends.get(at) ?? []).filter((end) => end.actor === actor && end.answer === answer);
    if (ended.length > 0)
      this.note(
        k,
        leaf,
        END,
        ended.reduce((bits, { bit }) => bits | bit, 0),
      );
  }

  private note(k: number, leaf: number, to: number, findings: number): void {
    const { answer, prefix, suffix } = this.space.leaves.move(leaf);
    const row = this.count++ * STRIDE;
    if (row + STRIDE > this.data.length) {
      const wide = new Int32Array(this.data.length * 2);
      wide.set(this.data);
      this.data = wide;
    }
    const { data } = this;
    data[row + HopColumn.to] = to;
    data[row + HopColumn.k] = k;
    data[row + HopColumn.answer] = answer;
    data[row + HopColumn.chooses] = this.isChoice(k) ? 1 : 0;
    data[row + HopColumn.prefix] = prefix;
    data[row + HopColumn.suffix] = suffix;
    data[row + HopColumn.findings] = findings;
    data[row + HopColumn.moved] = this.exchange();
  }

  private exchange(): number {
    const { moved } = this.successors;
    if (moved === null || moved.size === 0) return 0;
    const { actorComponents } = this.space;
    const numbers = actorComponents.map((component, k) => {
      const to = moved.get(component);
      return to === undefined ? k : actorComponents.indexOf(to);
    });
    const key = numbers.join();
    let id = this.exchangeIds.get(key);
    if (id === undefined) {
      id = this.exchanges.push(numbers) - 1;
      this.exchangeIds.set(key, id);
    }
    return id;
  }

  private isChoice(k: number): boolean {
    const { space, successors } = this;
    const component = space.actorComponents[k] ?? -1;
    const { node } = space.placeOf(space.value(component, space.numberIn(successors.state, 0, component)));
    return space.automata.op[node] === Op.CHOOSE;
  }
}
