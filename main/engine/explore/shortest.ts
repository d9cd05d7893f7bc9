/**
 * The one schedule that is shown for a broken check: of all shortest ones the one with the fewest context switches, then
 * with the fewest actors, then the first in the order of actors and answers. So it is the same on every run.
 */
import { DONE } from '../lower/automaton.ts';
import { Op } from '../trace.ts';
import type { End, Finding, PathStep } from './findings.ts';
import type { Frontier } from './frontier.ts';
import type { Space } from './space.ts';
import { Successors, type Taker } from './successors.ts';

/** A transition of a shortest path. */
interface Hop {
  readonly to: number;
  readonly actor: number;
  readonly answer: number;
  readonly chooses: boolean;
  readonly prefix: number;
  readonly suffix: number;
}

/** The best that can follow a hop: context switches, and the sets of actors (as bits) that take part. */
interface Rest {
  readonly switches: number;
  readonly actors: readonly bigint[];
}

interface Choice {
  readonly hop: Hop;
  readonly rest: Rest;
}

/** The number of a place where a path ends with a step, and not in a state. */
const END = -1;

export function shortestPath(
  space: Space,
  frontier: Frontier,
  finding: Finding,
): { readonly path: readonly PathStep[]; readonly message: string } {
  const hops = new HopFinder(space, frontier, finding).run();
  const { path, end } = bestOf(hops, finding, space);
  const found = finding.ends.find(({ end: other }) => same(other, end)) ?? finding.ends[0];
  const whole = finding.kind === 'finally' || finding.kind === 'deadlock' || isAtEnd(space, found?.end ?? null);
  return { path: stepsOf(path, space, whole ? (found?.end.state ?? 0) : null), message: found?.message ?? '' };
}

function same(a: End, b: End): boolean {
  return a.state === b.state && a.actor === b.actor && a.answer === b.answer;
}

/** Is it a state in which all actors have finished? */
function isAtEnd(space: Space, end: End | null): boolean {
  if (end === null || end.actor !== null) return false;
  return placesIn(space, end.state).every(({ node }) => node <= DONE);
}

function placesIn(space: Space, id: number) {
  const state = new Int32Array(space.layout.words);
  space.set.get(id, state);
  return space.actorComponents.map((component, k) => {
    const place = space.placeOf(space.value(component, space.numberIn(state, 0, component)));
    return { ...place, actor: space.actors[k] ?? -1 };
  });
}

/** Finds all hops that lie on shortest paths to the ends of a finding, from the ends back to the start. */
class HopFinder implements Taker {
  private readonly space: Space;
  private readonly frontier: Frontier;
  private readonly finding: Finding;
  private readonly successors: Successors;
  private readonly wanted = new Set<number>();
  private readonly hops = new Map<number, Hop[]>();
  private from = 0;
  private found: Hop[] = [];

  constructor(space: Space, frontier: Frontier, finding: Finding) {
    this.space = space;
    this.frontier = frontier;
    this.finding = finding;
    this.successors = new Successors(space);
  }

  run(): ReadonlyMap<number, readonly Hop[]> {
    let farthest = 0;
    for (const { end } of this.finding.ends) {
      this.wanted.add(end.state);
      farthest = Math.max(farthest, this.frontier.distanceOf(end.state));
    }
    for (const id of this.statesFrom(farthest)) this.visit(id);
    return this.hops;
  }

  /** States up to a distance, the farthest first. */
  private statesFrom(farthest: number): number[] {
    const byDistance: number[][] = [];
    for (let id = 0; id < this.space.set.count; id++) {
      const distance = this.frontier.distanceOf(id);
      if (distance > farthest) continue;
      while (byDistance.length <= distance) byDistance.push([]);
      byDistance[distance]?.push(id);
    }
    return byDistance.reverse().flat();
  }

  private visit(id: number): void {
    const isEnd = this.wanted.has(id);
    this.from = id;
    this.found = [];
    do this.found = [];
    while (!this.successors.expand(id, this));
    if (this.found.length === 0 && !isEnd) return;
    this.wanted.add(id);
    this.hops.set(id, this.found);
  }

  take({ next, hash, k, leaf, weight }: Successors): void {
    const { space, frontier, from } = this;
    const move = space.leaves.move(leaf);
    const actor = space.actors[k] ?? -1;
    const hop = (to: number): Hop => ({
      to,
      actor,
      answer: move.answer,
      chooses: this.isChoice(k),
      prefix: move.prefix,
      suffix: move.suffix,
    });
    for (const { end } of this.finding.ends) {
      if (end.state === from && end.actor === actor && end.answer === move.answer) this.found.push(hop(END));
    }
    const to = space.set.find(next, 0, hash);
    if (to < 0 || !this.wanted.has(to)) return;
    if (frontier.distanceOf(to) === frontier.distanceOf(from) + weight) this.found.push(hop(to));
  }

  private isChoice(k: number): boolean {
    const { space, successors } = this;
    const component = space.actorComponents[k] ?? -1;
    const { node } = space.placeOf(space.value(component, space.numberIn(successors.state, 0, component)));
    return space.operation(node).op === Op.CHOOSE;
  }
}

/** The best path from the start along these hops, and the end that it leads to. */
function bestOf(hops: ReadonlyMap<number, readonly Hop[]>, finding: Finding, space: Space): { path: Hop[]; end: End } {
  const stops = new Set(finding.ends.filter(({ end }) => end.actor === null).map(({ end }) => end.state));
  const best = new Map<number, Choice[]>();
  // States come from the ends back to the start, so what follows a hop is known before the hop.
  for (const [id, out] of hops) best.set(id, out.map((hop) => ({ hop, rest: restOf(hop, best, stops) })).filter(leads));
  const path: Hop[] = [];
  let at = 0;
  let last = -1;
  let actors = 0n;
  let switches = -1;
  let fewest = -1;
  while (at !== END && !(stops.has(at) && (best.get(at) ?? []).length === 0)) {
    const options = (best.get(at) ?? []).map(({ hop, rest }) => ({
      hop,
      rest,
      switches: rest.switches + (last >= 0 && hop.actor !== last ? 1 : 0),
      size: Math.min(...rest.actors.map((set) => sizeOf(set | actors))),
    }));
    if (options.length === 0) break;
    if (switches < 0) {
      switches = Math.min(...options.map((option) => option.switches));
      fewest = Math.min(...options.filter((option) => option.switches === switches).map(({ size }) => size));
    }
    const [chosen] = options
      .filter((option) => option.switches === switches && option.size === fewest)
      .sort((a, b) => a.hop.actor - b.hop.actor || a.hop.answer - b.hop.answer);
    if (chosen === undefined) break;
    path.push(chosen.hop);
    actors |= bitFor(chosen.hop.actor);
    switches = chosen.rest.switches;
    last = chosen.hop.actor;
    at = chosen.hop.to;
  }
  const final = path.at(-1);
  if (at !== END || final === undefined) return { path, end: { state: at, actor: null, answer: 0 } };
  const from = path.length > 1 ? (path.at(-2)?.to ?? 0) : 0;
  void space;
  return { path, end: { state: from, actor: final.actor, answer: final.answer } };
}

function leads({ rest }: Choice): boolean {
  return rest.actors.length > 0;
}

/** What is best after a hop, its own actor included. */
function restOf(hop: Hop, best: ReadonlyMap<number, readonly Choice[]>, stops: ReadonlySet<number>): Rest {
  const own = bitFor(hop.actor);
  if (hop.to === END || stops.has(hop.to)) return { switches: 0, actors: [own] };
  const options = best.get(hop.to) ?? [];
  const cost = ({ hop: next, rest }: Choice): number => rest.switches + (next.actor === hop.actor ? 0 : 1);
  const switches = Math.min(...options.map(cost));
  const sets = options.filter((option) => cost(option) === switches).flatMap(({ rest }) => rest.actors);
  return { switches, actors: smallest(sets.map((set) => set | own)) };
}

/** Sets that contain no other of the sets. */
function smallest(sets: readonly bigint[]): bigint[] {
  const distinct = [...new Set(sets)];
  return distinct.filter((set) => !distinct.some((other) => other !== set && (other & set) === other));
}

function bitFor(actor: number): bigint {
  return 1n << BigInt(actor);
}

function sizeOf(set: bigint): number {
  let size = 0;
  for (let rest = set; rest > 0n; rest &= rest - 1n) size++;
  return size;
}

/**
 * The real steps of a path. Invisible steps behind an actor's last transition are shown only where every actor must have
 * come to where it waits or ends: in the state `whole`.
 */
function stepsOf(path: readonly Hop[], space: Space, whole: number | null): PathStep[] {
  const steps: PathStep[] = [];
  for (const { actor, answer, chooses, prefix, suffix } of path) {
    pushPlain(steps, actor, prefix);
    steps.push({ actor, answer, chooses });
    if (whole !== null) pushPlain(steps, actor, suffix);
  }
  if (whole !== null) for (const { actor, prefix } of placesIn(space, whole)) pushPlain(steps, actor, prefix);
  return steps;
}

function pushPlain(steps: PathStep[], actor: number, n: number): void {
  for (let i = 0; i < n; i++) steps.push({ actor, answer: 0, chooses: false });
}
