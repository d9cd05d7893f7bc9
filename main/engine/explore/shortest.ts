/**
 * The one schedule that is shown for a broken check: of all shortest ones the one with the fewest context switches, then
 * with the fewest actors, then the first in the order of actors and answers. So it is the same on every run.
 */
import { DONE } from '../lower/automaton.ts';
import type { End, Finding, PathStep } from './findings.ts';
import type { Frontier } from './frontier.ts';
import { END, HopColumn, Hops, MOST_FINDINGS } from './hops.ts';
import type { Space } from './space.ts';

export interface Shortest {
  readonly path: readonly PathStep[];
  readonly message: string;
  /** The state it leads to, or from which its last step is taken. */
  readonly end: number;
}

/** The schedules of these findings, in their order. */
export function shortestPaths(space: Space, frontier: Frontier, findings: readonly Finding[]): Shortest[] {
  const found: Shortest[] = [];
  for (let first = 0; first < findings.length; first += MOST_FINDINGS) {
    const some = findings.slice(first, first + MOST_FINDINGS);
    const hops = new Hops(space, frontier, some);
    found.push(...some.map((finding, i) => shortestOf(space, hops, finding, 1 << i)));
  }
  return found;
}

function shortestOf(space: Space, hops: Hops, finding: Finding, bit: number): Shortest {
  const stops = new Set(finding.ends.filter(({ end }) => end.actor === null).map(({ end }) => end.state));
  const { path, end } = new Chooser(hops, stops, bit).choose(new Names(space), space.actors);
  const found = finding.ends.find(({ end: other }) => same(other, end)) ?? finding.ends[0];
  const isWhole = finding.kind === 'finally' || finding.check === 'deadlock' || isAtEnd(space, found?.end ?? null);
  const steps = stepsOf(hops, path, space, isWhole ? (found?.end.state ?? 0) : null);
  return { path: steps, message: found?.message ?? '', end: found?.end.state ?? 0 };
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
  return space.placesIn(state);
}

/** Who is who on a path: interchangeable actors change their numbers on the way. */
class Names {
  /** By number of an actor now: its id, as it was at the start. */
  private ids: number[];

  constructor(space: Space) {
    this.ids = [...space.actors];
  }

  of(k: number): number {
    return this.ids[k] ?? -1;
  }

  /** Everybody has got the number that a hop gave them. */
  follow(moved: readonly number[] | null): void {
    if (moved === null) return;
    const ids = [...this.ids];
    for (const [from, to] of moved.entries()) ids[to] = this.of(from);
    this.ids = ids;
  }
}

/** Chooses the best path along hops that lead to one finding. */
class Chooser {
  private readonly hops: Hops;
  /** States in which the path may end. */
  private readonly stops: ReadonlySet<number>;
  private readonly bit: number;
  /** The best that can follow a hop: context switches, and the sets of actors (as bits) that may take part, by hop. */
  private readonly switches: Int32Array;
  private readonly parties: Int32Array;
  private readonly sets: (readonly number[])[] = [[]];
  private readonly setIds = new Map<string, number>();

  constructor(hops: Hops, stops: ReadonlySet<number>, bit: number) {
    this.hops = hops;
    this.stops = stops;
    this.bit = bit;
    this.switches = new Int32Array(hops.count).fill(NONE);
    this.parties = new Int32Array(hops.count);
  }

  /** Whether a hop leads to the finding, and what follows it is known. */
  private isKnown(hop: number): boolean {
    return this.switches[hop] !== NONE;
  }

  choose(names: Names, actors: readonly number[]): { readonly path: number[]; readonly end: End } {
    const { hops } = this;
    // States come the farthest first, so what follows a hop is known before the hop.
    for (const state of hops.states) {
      for (let hop = hops.first[state] ?? 0; hop < (hops.behind[state] ?? 0); hop++) {
        if ((hops.column(hop, HopColumn.findings) & this.bit) !== 0) this.settle(hop);
      }
    }
    const path: number[] = [];
    let at = 0;
    let from = 0;
    let party = 0;
    for (let last = -1; at !== END && !this.stops.has(at); ) {
      const hop = this.bestFrom(at, last, party, names);
      if (hop < 0) break;
      path.push(hop);
      const moved = hops.moved(hop);
      party = moveSet(party | bitFor(hops.column(hop, HopColumn.k)), moved);
      last = this.landing(hop);
      from = at;
      at = hops.column(hop, HopColumn.to);
      names.follow(moved);
    }
    const final = path.at(-1);
    if (at !== END || final === undefined) return { path, end: { state: at, actor: null, answer: 0 } };
    const actor = actors[hops.column(final, HopColumn.k)] ?? -1;
    return { path, end: { state: from, actor, answer: hops.column(final, HopColumn.answer) } };
  }

  private bestFrom(state: number, last: number, party: number, names: Names): number {
    const { hops } = this;
    let best = -1;
    let least = { switches: 0, size: 0 };
    for (let hop = hops.first[state] ?? 0; hop < (hops.behind[state] ?? 0); hop++) {
      if (!this.isKnown(hop)) continue;
      const k = hops.column(hop, HopColumn.k);
      const switches = (this.switches[hop] ?? 0) + (last >= 0 && k !== last ? 1 : 0);
      const sets = this.sets[this.parties[hop] ?? 0] ?? [];
      const size = Math.min(...sets.map((set) => sizeOf(set | party)));
      const difference =
        best < 0
          ? -1
          : switches - least.switches ||
            size - least.size ||
            names.of(k) - names.of(hops.column(best, HopColumn.k)) ||
            hops.column(hop, HopColumn.answer) - hops.column(best, HopColumn.answer);
      if (difference < 0) {
        best = hop;
        least = { switches, size };
      }
    }
    return best;
  }

  /** Finds what is best after a hop, its own actor included. */
  private settle(hop: number): void {
    const { hops } = this;
    const own = bitFor(hops.column(hop, HopColumn.k));
    const to = hops.column(hop, HopColumn.to);
    if (to === END || this.stops.has(to)) {
      this.switches[hop] = 0;
      this.parties[hop] = this.setId([own]);
      return;
    }
    const landing = this.landing(hop);
    const moved = hops.moved(hop);
    let least = NONE;
    let sets: number[] = [];
    for (let next = hops.first[to] ?? 0; next < (hops.behind[to] ?? 0); next++) {
      if (!this.isKnown(next)) continue;
      const cost = (this.switches[next] ?? 0) + (hops.column(next, HopColumn.k) === landing ? 0 : 1);
      if (cost > least) continue;
      if (cost < least) sets = [];
      least = cost;
      for (const set of this.sets[this.parties[next] ?? 0] ?? []) addSet(sets, moveSetBack(set, moved) | own);
    }
    this.switches[hop] = least;
    this.parties[hop] = this.setId(sets);
  }

  private setId(sets: readonly number[]): number {
    const key = sets.join();
    let id = this.setIds.get(key);
    if (id === undefined) {
      id = this.sets.push(sets) - 1;
      this.setIds.set(key, id);
    }
    return id;
  }

  /** The number that the actor of a hop has behind it. */
  private landing(hop: number): number {
    const k = this.hops.column(hop, HopColumn.k);
    return this.hops.moved(hop)?.[k] ?? k;
  }
}

/** More context switches than any path has: the hop leads nowhere, or was not looked at. */
const NONE = 2 ** 31 - 1;

/** A set of actors, by the numbers that they have behind a hop. */
function moveSet(set: number, moved: readonly number[] | null): number {
  return moved === null
    ? set
    : moved.reduce((bits, to, from) => ((set & bitFor(from)) === 0 ? bits : bits | bitFor(to)), 0);
}

/** A set of actors, by the numbers that they had in front of a hop. */
function moveSetBack(set: number, moved: readonly number[] | null): number {
  return moved === null
    ? set
    : moved.reduce((bits, to, from) => ((set & bitFor(to)) === 0 ? bits : bits | bitFor(from)), 0);
}

/** Adds a set, unless it contains one that is there; sets that contain it go. */
function addSet(sets: number[], set: number): void {
  if (sets.some((other) => (other & set) === other)) return;
  for (let i = sets.length - 1; i >= 0; i--) if (((sets[i] ?? 0) & set) === set) sets.splice(i, 1);
  sets.push(set);
}

/** With more than 31 actors some share a bit, and then fewest may not be quite the fewest. */
function bitFor(actor: number): number {
  return 1 << (actor % 31);
}

function sizeOf(set: number): number {
  let size = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) size++;
  return size;
}

/**
 * The real steps of a path. Invisible steps behind an actor's last transition are shown only where every actor must have
 * come to where it waits or ends: in the state `whole`.
 */
function stepsOf(hops: Hops, path: readonly number[], space: Space, whole: number | null): PathStep[] {
  const steps: PathStep[] = [];
  const names = new Names(space);
  for (const hop of path) {
    const actor = names.of(hops.column(hop, HopColumn.k));
    pushPlain(steps, actor, hops.column(hop, HopColumn.prefix));
    const chooses = hops.column(hop, HopColumn.chooses) === 1;
    steps.push({ actor, answer: hops.column(hop, HopColumn.answer), chooses });
    if (whole !== null) pushPlain(steps, actor, hops.column(hop, HopColumn.suffix));
    names.follow(hops.moved(hop));
  }
  if (whole !== null)
    for (const [k, { prefix }] of placesIn(space, whole).entries()) pushPlain(steps, names.of(k), prefix);
  return steps;
}

function pushPlain(steps: PathStep[], actor: number, n: number): void {
  for (let i = 0; i < n; i++) steps.push({ actor, answer: 0, chooses: false });
}
