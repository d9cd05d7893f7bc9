/**
 * Livelock: states that actors can go around in for ever, although each of them that could go on does so, and nobody
 * comes to an end. A loop that another actor would end, if only it took its turn, is none.
 */
import { Op } from '../trace.ts';
import type { End, PathStep } from './findings.ts';
import type { Frontier } from './frontier.ts';
import { components, type Loops } from './loops.ts';
import type { Space } from './space.ts';
import { Successors, type Taker } from './successors.ts';

export interface Livelock {
  /** States of the loop that are nearest to the start. */
  readonly ends: readonly End[];
  readonly distance: number;
  /** Names of the actors that go around. */
  readonly actors: readonly string[];
  /** Steps from a state of the loop around and back to it, in which each of these actors takes part. */
  readonly around: (state: number) => readonly PathStep[];
}

/** A step from one state to another. */
interface Edge extends PathStep {
  readonly to: number;
  readonly k: number;
  /** Invisible steps in front of it. */
  readonly prefix: number;
}

/** Most (state, set of actors) pairs that are looked at for a way around. */
const MOST = 200_000;

/** Finds a livelock among all states of a search that has come to its end. */
export function findLivelock(space: Space, frontier: Frontier, loops: Loops): Livelock | null {
  return new Finder(space, frontier, loops).run();
}

class Finder implements Taker {
  private readonly space: Space;
  private readonly frontier: Frontier;
  private readonly loops: Loops;
  private readonly successors: Successors;
  private edges: Edge[] = [];

  constructor(space: Space, frontier: Frontier, loops: Loops) {
    this.space = space;
    this.frontier = frontier;
    this.loops = loops;
    this.successors = new Successors(space);
  }

  run(): Livelock | null {
    const { count } = this.space.set;
    const loop = components(0, count, (id) => this.edgesOf(id).map(({ to }) => to));
    const members = new Map<number, number[]>();
    for (const [id, number] of loop.entries()) {
      if (number === 0) continue;
      const states = members.get(number);
      if (states === undefined) members.set(number, [id]);
      else states.push(id);
    }
    const found = [...members.values()].flatMap((states) => this.livelockIn(states) ?? []);
    return found.reduce<Livelock | null>((a, b) => (a === null || b.distance < a.distance ? b : a), null);
  }

  /** Steps from a state in which an actor stays on a loop of its own: only such can lie on a cycle. */
  private edgesOf(id: number): readonly Edge[] {
    do this.edges = [];
    while (!this.successors.expand(id, this));
    return this.edges;
  }

  take({ state, next, hash, k, leaf }: Successors): void {
    const { space } = this;
    const component = space.actorComponents[k] ?? -1;
    const nodeIn = (packed: Int32Array): number =>
      space.placeOf(space.value(component, space.numberIn(packed, 0, component))).node;
    const node = nodeIn(state);
    if (!this.loops.has(node, nodeIn(next))) return;
    const to = space.set.find(next, 0, hash);
    const { answer, prefix } = space.leaves.move(leaf);
    const chooses = space.decisions.operation(node).op === Op.CHOOSE;
    if (to >= 0) this.edges.push({ to, k, actor: space.actors[k] ?? -1, answer, chooses, prefix });
  }

  /** Whether actors that are treated fairly can stay among these states. */
  private livelockIn(states: readonly number[]): Livelock | null {
    const inside = new Set(states);
    const moving = new Set<number>();
    const resting = new Set<number>();
    for (const id of states) {
      for (const { to, k } of this.edgesOf(id)) if (inside.has(to)) moving.add(k);
      for (const [k, can] of this.successors.canStep.entries()) if (can === 0) resting.add(k);
    }
    const { actors, world } = this.space;
    if (!actors.every((_, k) => moving.has(k) || resting.has(k))) return null;
    const distance = Math.min(...states.map((id) => this.frontier.distanceOf(id)));
    const nearest = states.filter((id) => this.frontier.distanceOf(id) === distance);
    return {
      ends: nearest.map((state) => ({ state, actor: null, answer: 0 })),
      distance,
      actors: [...moving].sort((a, b) => a - b).map((k) => world.actors[actors[k] ?? -1]?.name ?? '?'),
      around: (state) => this.wayAround(state, inside, [...moving]),
    };
  }

  /** A shortest way from a state back to it, on which all of these actors take part if such a way can be found. */
  private wayAround(start: number, inside: ReadonlySet<number>, moving: readonly number[]): PathStep[] {
    const bits = moving.length <= 20 ? moving : [];
    const all = 2 ** bits.length - 1;
    const came = new Map<string, { readonly from: string; readonly edge: Edge } | null>([[`${start}:0`, null]]);
    const queue: { readonly state: number; readonly took: number }[] = [{ state: start, took: 0 }];
    for (let i = 0; i < queue.length && queue.length < MOST; i++) {
      const { state, took } = queue[i] ?? { state: start, took: 0 };
      for (const edge of this.edgesOf(state)) {
        if (!inside.has(edge.to)) continue;
        const next = took | (bits.includes(edge.k) ? 1 << bits.indexOf(edge.k) : 0);
        const key = `${edge.to}:${next}`;
        if (edge.to === start && next === all) return stepsTo(came, { from: `${state}:${took}`, edge });
        if (came.has(key)) continue;
        came.set(key, { from: `${state}:${took}`, edge });
        queue.push({ state: edge.to, took: next });
      }
    }
    return [];
  }
}

function stepsTo(
  came: ReadonlyMap<string, { readonly from: string; readonly edge: Edge } | null>,
  last: { readonly from: string; readonly edge: Edge },
): PathStep[] {
  const edges: Edge[] = [];
  for (
    let at: { readonly from: string; readonly edge: Edge } | null = last;
    at !== null;
    at = came.get(at.from) ?? null
  ) {
    edges.push(at.edge);
  }
  return edges
    .reverse()
    .flatMap(({ actor, answer, chooses, prefix }) => [
      ...Array.from({ length: prefix }, () => ({ actor, answer: 0, chooses: false })),
      { actor, answer, chooses },
    ]);
}
