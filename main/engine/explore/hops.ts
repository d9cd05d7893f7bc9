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

/** A transition of a shortest path. */
export interface Hop {
  readonly to: number;
  readonly actor: number;
  readonly answer: number;
  readonly chooses: boolean;
  /** Invisible steps of its actor in front of it; and behind it, where they are its last. */
  readonly prefix: number;
  readonly suffix: number;
  /** Findings that it leads to, as bits. */
  readonly findings: number;
  /** Number (in the order in which actors were met) of the actor that takes it, in the state it is taken from. */
  readonly k: number;
  /**
   * By number of the actor before it: its number in the state it leads to, where interchangeable actors are in order
   * again. Null where nobody moved.
   */
  readonly moved: readonly number[] | null;
}

export class Hops implements Taker {
  /** States on shortest paths, the farthest first. */
  readonly states: number[] = [];
  private readonly from = new Map<number, readonly Hop[]>();
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
  private at = 0;
  private found: Hop[] = [];

  constructor(space: Space, frontier: Frontier, findings: readonly Finding[]) {
    this.space = space;
    this.frontier = frontier;
    this.successors = new Successors(space, true);
    this.wanted = new Int32Array(space.set.count);
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

  of(state: number): readonly Hop[] {
    return this.from.get(state) ?? [];
  }

  private visit(id: number): void {
    this.at = id;
    do this.found = [];
    while (!this.successors.expand(id, this));
    if (this.found.length === 0) return;
    this.wanted[id] = this.found.reduce((bits, { findings }) => bits | findings, this.wanted[id] ?? 0);
    this.states.push(id);
    this.from.set(id, this.found);
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
    const actor = this.space.actors[k] ?? -1;
    const moved = this.exchanges();
    this.found.push({ to, actor, answer, chooses: this.isChoice(k), prefix, suffix, findings, k, moved });
  }

  private exchanges(): number[] | null {
    const { moved } = this.successors;
    if (moved === null || moved.size === 0) return null;
    const { actorComponents } = this.space;
    return actorComponents.map((component, k) => {
      const to = moved.get(component);
      return to === undefined ? k : actorComponents.indexOf(to);
    });
  }

  private isChoice(k: number): boolean {
    const { space, successors } = this;
    const node = space.placesIn(successors.state)[k]?.node ?? 0;
    return space.decisions.operation(node).op === Op.CHOOSE;
  }
}
