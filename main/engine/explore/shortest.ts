/**
 * The one schedule that is shown for a broken check: of all shortest ones the one with the fewest context switches, then
 * with the fewest actors, then the first in the order of actors and answers. So it is the same on every run.
 */
import { DONE } from '../lower/automaton.ts';
import type { End, Finding, PathStep } from './findings.ts';
import type { Frontier } from './frontier.ts';
import { END, type Hop, Hops, MOST_FINDINGS } from './hops.ts';
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
  const { path, end } = new Chooser(hops, stops, bit).choose(new Names(space));
  const found = finding.ends.find(({ end: other }) => same(other, end)) ?? finding.ends[0];
  const isWhole = finding.kind === 'finally' || finding.check === 'deadlock' || isAtEnd(space, found?.end ?? null);
  const steps = stepsOf(path, space, isWhole ? (found?.end.state ?? 0) : null);
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
  follow({ moved }: Hop): void {
    if (moved === null) return;
    const ids = [...this.ids];
    for (const [from, to] of moved.entries()) ids[to] = this.of(from);
    this.ids = ids;
  }
}

/** The best that can follow a hop: context switches, and the sets of actors (as bits) that may take part. */
interface Rest {
  readonly switches: number;
  readonly actors: readonly number[];
}

/** Chooses the best path along hops that lead to one finding. */
class Chooser {
  private readonly hops: Hops;
  /** States in which the path may end. */
  private readonly stops: ReadonlySet<number>;
  private readonly bit: number;
  private readonly rests = new Map<Hop, Rest>();

  constructor(hops: Hops, stops: ReadonlySet<number>, bit: number) {
    this.hops = hops;
    this.stops = stops;
    this.bit = bit;
  }

  private out(state: number): readonly Hop[] {
    const hops = this.hops.of(state);
    return hops.every(({ findings }) => (findings & this.bit) !== 0)
      ? hops
      : hops.filter(({ findings }) => (findings & this.bit) !== 0);
  }

  choose(names: Names): { readonly path: Hop[]; readonly end: End } {
    // States come the farthest first, so what follows a hop is known before the hop.
    for (const state of this.hops.states) for (const hop of this.out(state)) this.rests.set(hop, this.restOf(hop));
    const path: Hop[] = [];
    let at = 0;
    let from = 0;
    let actors = 0;
    for (let last = -1; at !== END && !this.stops.has(at); ) {
      const hop = this.bestFrom(at, last, actors, names);
      if (hop === null) break;
      path.push(hop);
      actors = moveSet(actors | bitFor(hop.k), hop);
      last = landing(hop);
      names.follow(hop);
      from = at;
      at = hop.to;
    }
    const final = path.at(-1);
    const isStep = at === END && final !== undefined;
    return {
      path,
      end: isStep ? { state: from, actor: final.actor, answer: final.answer } : { state: at, actor: null, answer: 0 },
    };
  }

  private bestFrom(state: number, last: number, actors: number, names: Names): Hop | null {
    let best: { readonly hop: Hop; readonly switches: number; readonly size: number } | null = null;
    for (const hop of this.out(state)) {
      const rest = this.rests.get(hop);
      if (rest === undefined) continue;
      const switches = rest.switches + (last >= 0 && hop.k !== last ? 1 : 0);
      const size = Math.min(...rest.actors.map((set) => sizeOf(set | actors)));
      const difference =
        best === null
          ? -1
          : switches - best.switches ||
            size - best.size ||
            names.of(hop.k) - names.of(best.hop.k) ||
            hop.answer - best.hop.answer;
      if (difference < 0) best = { hop, switches, size };
    }
    return best?.hop ?? null;
  }

  /** What is best after a hop, its own actor included. */
  private restOf(hop: Hop): Rest {
    const own = bitFor(hop.k);
    if (hop.to === END || this.stops.has(hop.to)) return { switches: 0, actors: [own] };
    let switches = Number.POSITIVE_INFINITY;
    let actors: number[] = [];
    for (const next of this.out(hop.to)) {
      const rest = this.rests.get(next);
      if (rest === undefined) continue;
      const cost = rest.switches + (next.k === landing(hop) ? 0 : 1);
      if (cost > switches) continue;
      if (cost < switches) actors = [];
      switches = cost;
      for (const set of rest.actors) addSet(actors, moveSetBack(set, hop) | own);
    }
    return { switches, actors };
  }
}

/** The number that the actor of a hop has behind it. */
function landing({ k, moved }: Hop): number {
  return moved?.[k] ?? k;
}

/** A set of actors, by the numbers that they have behind a hop. */
function moveSet(set: number, { moved }: Hop): number {
  return moved === null
    ? set
    : moved.reduce((bits, to, from) => ((set & bitFor(from)) === 0 ? bits : bits | bitFor(to)), 0);
}

/** A set of actors, by the numbers that they had in front of a hop. */
function moveSetBack(set: number, { moved }: Hop): number {
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
function stepsOf(path: readonly Hop[], space: Space, whole: number | null): PathStep[] {
  const steps: PathStep[] = [];
  const names = new Names(space);
  for (const hop of path) {
    const { k, answer, chooses, prefix, suffix } = hop;
    const actor = names.of(k);
    pushPlain(steps, actor, prefix);
    steps.push({ actor, answer, chooses });
    if (whole !== null) pushPlain(steps, actor, suffix);
    names.follow(hop);
  }
  if (whole !== null)
    for (const [k, { prefix }] of placesIn(space, whole).entries()) pushPlain(steps, names.of(k), prefix);
  return steps;
}

function pushPlain(steps: PathStep[], actor: number, n: number): void {
  for (let i = 0; i < n; i++) steps.push({ actor, answer: 0, chooses: false });
}
