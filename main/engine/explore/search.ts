/**
 * The explorer: exact search, in the order of distance from the start, over (words, actors' nodes). States are kept
 * whole, so a search that comes to its end has seen everything; the first place where a check breaks is a nearest one.
 */

import type { Automata } from '../lower/automaton.ts';
import type { LimitKind } from '../result.ts';
import type { ReadWord, World } from '../world.ts';
import { Batch, type Receiver } from './batch.ts';
import { type Counters, type Head, readHead, visibleOf } from './checkpoint/head.ts';
import { type CheckpointOptions, Keeper } from './checkpoint/keeper.ts';
import { Unfit } from './checkpoint/record.ts';
import { bitOf, Checks } from './checks.ts';
import { type Estimate, estimateStates, probeDepth } from './estimate.ts';
import { type Broken, type End, Findings, type PathStep, type SearchResult } from './findings.ts';
import { type Frontier, PlainFrontier, WeightedFrontier } from './frontier.ts';
import { Restart, type Visible } from './fusion.ts';
import { growthNotes } from './growth.ts';
import type { SpaceEvent } from './leaves.ts';
import { findLivelock } from './livelock.ts';
import { Loops } from './loops.ts';
import { shortestPaths } from './shortest.ts';
import { Space, type SpaceOptions } from './space.ts';
import { Successors, type Taker } from './successors.ts';

export interface SearchBudget {
  /** Most states kept. */
  readonly states: number;
  /** Most seconds spent, by the host's clock. */
  readonly seconds: number;
  /** Most bytes that states and what is known of them may take; 900 MB where nothing is said. */
  readonly bytes?: number;
}

/** What the host gives a search: a clock for its budget and somebody to tell how it goes. */
export interface SearchHost {
  now(): number;
  progress(states: number, transitions: number, frontier: number, depth: number, more?: ProgressMore): void;
}

/** What else is known while a search goes on. */
export interface ProgressMore {
  /** Bytes that the states take. */
  readonly bytes: number;
  /** States in all, probably; null where it is too early to say. */
  readonly estimate: Estimate | null;
}

/**
 * After something broke a search looks for other broken checks in so many more states, and in up to so many more as long
 * as it has not come to any end, where the last checks are made.
 */
const AFTER_BROKEN = 50_000;
const TO_AN_END = 400_000;
/** Searches of fewer states are over before anybody asks how long they take. */
const WORTH_ESTIMATING = 50_000;
const DEFAULT_BYTES = 900 * 2 ** 20;
/** States that are so many that they take no more room than they need. */
const MANY = 1 << 15;
/** States between two looks at the clock, where nothing else is said; milliseconds between two reports. */
const LOOK = 1 << 8;
/** States between two looks at how much memory they take: a multiple of that. */
const WEIGH = 1 << 12;
const REPORT = 200;

/** How to search, and who looks on. */
export interface SearchOptions extends SpaceOptions {
  /** Short names of built-in checks to leave out. */
  readonly without?: ReadonlySet<string>;
  /** Told of every state in which all actors have finished. */
  readonly onFinal?: (read: ReadWord) => void;
  /** A fresh world, for probes of how deep the space is, and for a search that has to begin again. */
  readonly probe?: () => World;
  /** States between two looks at the clock, a power of two. */
  readonly look?: number;
  /** Keep checkpoints, and go on from one. */
  readonly checkpoint?: CheckpointOptions;
  /** End as soon as this check is known to break; then no schedule is made. */
  readonly until?: string;
  /** Told of the space when the search has ended. */
  readonly onEnd?: (space: Space, frontier: Frontier, checks: Checks) => void;
}

export function search(
  world: World,
  visible: Visible,
  budget: SearchBudget,
  host: SearchHost,
  options: SearchOptions = {},
): SearchResult {
  let resume = options.checkpoint?.resume ?? null;
  let known = visible;
  let [fresh, how] = [world, options];
  for (;;) {
    let one: Search | null = null;
    try {
      const head = resume === null ? null : readHead(resume.head);
      known = head === null ? known : visibleOf(head);
      one = new Search(fresh, known, budget, host, how);
      return one.run(resume === null || head === null ? null : { record: resume.record, head });
    } catch (signal) {
      // A checkpoint of another experiment: then the search begins at its beginning.
      if (signal instanceof Unfit) known = visible;
      else if (!(signal instanceof Restart)) throw signal;
      known.trusted?.clear();
      known.trustsIrqs = false;
      resume = null;
      const automata = one?.known ?? null;
      if (automata !== null) how = { ...options, automata };
      else [fresh, how] = [options.probe?.() ?? fresh, options];
    }
  }
}

/** A checkpoint that was read. */
interface GoOn {
  readonly record: Int32Array;
  readonly head: Head;
}

class Search implements Taker, Receiver {
  private readonly space: Space;
  private readonly checks: Checks;
  private readonly findings = new Findings();
  private readonly frontier: Frontier;
  private readonly weighted: boolean;
  private readonly successors: Successors;
  private readonly batch: Batch;
  private readonly budget: SearchBudget;
  private readonly host: SearchHost;
  private readonly options: SearchOptions;
  private readonly keeper: Keeper | null;
  private transitions = 0;
  /** Transitions of the state that is expanded. */
  private taken = 0;
  private expanding = 0;
  private executions = 0;

  constructor(world: World, visible: Visible, budget: SearchBudget, host: SearchHost, options: SearchOptions) {
    this.budget = budget;
    this.host = host;
    this.options = options;
    this.space = new Space(world, visible, options);
    this.checks = new Checks(this.space, options.without ?? new Set());
    this.weighted = visible.weighted === true;
    this.frontier = this.weighted ? new WeightedFrontier() : new PlainFrontier();
    this.successors = new Successors(this.space);
    this.batch = new Batch(this.space.set, this);
    const { space, checks, findings, frontier, weighted, batch, successors } = this;
    const searched = { space, checks, findings, frontier, weighted, batch, successors, visible };
    this.keeper = options.checkpoint === undefined ? null : new Keeper(options.checkpoint, searched);
    this.space.beforeRepack = () => {
      this.keeper?.expanded(this.expanding);
      this.batch.flush();
    };
  }

  /**
   * What a search that begins again need not find out about the actors' code; null where it must. A checkpoint tells what
   * its own search found out, and the code of interchangeable actors was run as that of one of them.
   */
  get known(): Automata | null {
    const { symmetry, automata } = this.space;
    return symmetry.isActive || this.keeper !== null ? null : automata;
  }

  run(goOn: GoOn | null): SearchResult {
    const first = new Int32Array(this.space.layout.words);
    this.judge(this.space.firstEvents, 0, { state: 0, actor: null, answer: 0 });
    this.inspect(first, 0, -1, 0, { state: 0, actor: null, answer: 0 });
    const limit = this.explore(goOn === null ? null : this.restore(goOn));
    const around = limit === null && this.findings.size === 0 ? this.livelock() : null;
    this.options.onEnd?.(this.space, this.frontier, this.checks);
    const { set, automata } = this.space;
    const findings = this.findings.all();
    const isAnswered = this.options.until !== undefined;
    const paths = findings.length === 0 || isAnswered ? [] : shortestPaths(this.space, this.frontier, findings);
    return {
      broken: findings.map(({ check, kind, source }, i): Broken => {
        const { path, message, end } = paths[i] ?? { path: [], message: '', end: 0 };
        return { check, kind, source, message, path: around === null ? path : [...path, ...around(end)] };
      }),
      exhaustive: limit === null,
      limit: limit === 'broken' ? null : limit,
      states: set.count,
      transitions: this.transitions,
      depth: this.frontier.distance,
      frontier: limit === null ? 0 : this.frontier.waiting(set.count),
      executions: this.executions,
      notes: [
        ...this.exchangeNotes(),
        ...automata.obstacles.notes(),
        ...(limit === null || limit === 'broken' ? [] : growthNotes(this.space)),
      ],
      world: this.space.world,
      automata,
      kin: this.space.kin.names,
    };
  }

  private exchangeNotes(): string[] {
    const { symmetry, world } = this.space;
    return symmetry.twins.map((actors) => {
      const names = actors.map((actor) => world.actors[actor]?.name ?? '?').join(', ');
      return `${names} are interchangeable: states that differ only in which of them is where count as one`;
    });
  }

  /** Expands states in order of distance. Returns what ended it, null when nothing was left. */
  private explore(from: Counters | null): LimitKind | 'broken' | null {
    const { set } = this.space;
    const { frontier, budget, host, keeper } = this;
    let told = host.now();
    const begun = told - (from?.elapsed ?? 0);
    const bytes = budget.bytes ?? DEFAULT_BYTES;
    let brokenAt = from?.brokenAt ?? Number.POSITIVE_INFINITY;
    let distance = from?.distance ?? 0;
    let expanded = from === null ? 0 : from.expanded - 1;
    const look = (this.options.look ?? LOOK) - 1;
    keeper?.begin(told);
    for (let id = from?.current ?? this.next(); id >= 0; id = this.next()) {
      if (frontier.distance !== distance) {
        distance = frontier.distance;
        this.findings.settle(distance);
      }
      if ((++expanded & look) === 0) {
        const now = host.now();
        if (now - begun > budget.seconds * 1000) return 'time';
        if ((expanded & (WEIGH - 1)) === 0 && this.space.bytes > bytes) return 'memory';
        if (now - told >= REPORT) {
          told = now;
          const more = { bytes: this.space.bytes, estimate: this.estimate() };
          host.progress(set.count, this.transitions, frontier.waiting(set.count), distance, more);
        }
        if (keeper?.isDue(now) === true) {
          const { transitions, executions } = this;
          const broken = brokenAt === Number.POSITIVE_INFINITY ? null : brokenAt;
          const elapsed = now - begun;
          const counters = { current: id, expanded, distance, transitions, executions, brokenAt: broken, elapsed };
          keeper.save(counters, () => host.now());
        }
      }
      if (set.count > budget.states) return 'states';
      if (set.count > brokenAt + (this.executions > 0 ? AFTER_BROKEN : TO_AN_END)) return 'broken';
      if (this.space.isRoomy && set.count > MANY) {
        this.space.tighten();
        keeper?.tightened();
      }
      this.expand(id);
      if (this.findings.size > 0) brokenAt = Math.min(brokenAt, set.count);
      if (this.options.until !== undefined && this.findings.has(this.options.until)) return 'broken';
    }
    this.findings.settle(Number.POSITIVE_INFINITY);
    return null;
  }

  /** Back to where the search was. */
  private restore({ record, head }: GoOn): Counters {
    this.keeper?.restore(record, head);
    this.transitions = head.counters.transitions;
    this.executions = head.counters.executions;
    return head.counters;
  }

  private depth = 0;

  private estimate(): Estimate | null {
    const { probe } = this.options;
    if (probe === undefined || this.space.set.count < WORTH_ESTIMATING) return null;
    if (this.depth === 0) this.depth = probeDepth(probe());
    return estimateStates(this.frontier.sizes(), this.depth);
  }

  /** The next state to expand, -1 when there is none. */
  private next(): number {
    const { frontier, space, batch } = this;
    const { set } = space;
    for (;;) {
      let id = frontier.next(set.count);
      if (id >= 0) return id;
      batch.flush();
      id = frontier.next(set.count);
      if (id >= 0) return id;
      if (!frontier.advance(set.count)) return -1;
    }
  }

  private expand(id: number): void {
    this.expanding = id;
    const { successors } = this;
    do this.taken = 0;
    while (!this.attempt(id));
    this.transitions += this.taken + successors.skipped;
    if (successors.enabled > 0) return;
    if (successors.running > 0) this.deadlock(id);
    else this.end(id);
  }

  private attempt(id: number): boolean {
    const isWhole = this.successors.expand(id, this);
    this.keeper?.expanded(id);
    return isWhole;
  }

  take({ next, hash, checks, weight, events, k, leaf }: Successors): void {
    this.taken++;
    const { space, frontier, expanding } = this;
    const distance = frontier.distance + weight;
    if (events.length > 0) {
      const actor = space.actors[k] ?? -1;
      this.judge(events, distance, { state: expanding, actor, answer: space.leaves.move(leaf).answer });
      // The experiment ends where an expectation does not hold: what others would do then says nothing.
      if (events.some(({ kind }) => kind === 'broken')) return;
    }
    this.batch.put(next, hash, expanding, distance, checks);
  }

  receive(id: number, buffer: Int32Array, at: number, parent: number, distance: number, checks: number): void {
    if (id >= 0) {
      this.frontier.reached(id, distance);
      if (checks !== 0) this.inspect(buffer, at, checks, distance, { state: id, actor: null, answer: 0 });
    } else if (this.weighted && this.frontier.again(~id, distance)) {
      this.space.set.setParent(~id, parent);
      this.keeper?.closer(~id);
    }
  }

  // --- what is wrong -----------------------------------------------------------------------------------------------

  private judge(events: readonly SpaceEvent[], distance: number, end: End): void {
    for (const { kind, text } of events) {
      const what = EVENT_CHECKS[kind];
      if (what !== undefined) this.findings.note(what, distance, end, () => text);
    }
  }

  /** Asks the always-checks among `bits` about a new state. */
  private inspect(state: Int32Array, at: number, bits: number, distance: number, end: End): void {
    for (const [i, check] of this.checks.always.entries()) {
      if ((bits & bitOf(i)) === 0 || this.findings.isSettled(check.name)) continue;
      const isBroken = this.checks.breaks('always', i, state, at);
      this.keeper?.asked('always', i, end.state);
      if (!isBroken) continue;
      const message = (): string => this.checks.complaint('always', i, state, at);
      this.findings.note({ ...check, check: check.name }, distance, end, message);
    }
  }

  /** All actors have finished. */
  private end(id: number): void {
    this.executions++;
    const { state } = this.successors;
    this.options.onFinal?.((word) => this.space.wordIn(state, 0, word));
    const end = { state: id, actor: null, answer: 0 };
    for (const [i, check] of this.checks.finals.entries()) {
      if (this.findings.isSettled(check.name)) continue;
      const isBroken = this.checks.breaks('end', i, state, 0);
      this.keeper?.asked('end', i, id);
      if (!isBroken) continue;
      const message = (): string => this.checks.complaint('end', i, state, 0);
      this.findings.note({ ...check, check: check.name }, this.frontier.distanceOf(id), end, message);
    }
  }

  /** Looks for a livelock among all states; if there is one, gives what leads around in it. */
  private livelock(): ((state: number) => readonly PathStep[]) | null {
    const { space } = this;
    const loops = new Loops(space.automata);
    if (loops.areHarmless()) return null;
    // Who is treated fairly can be told only where actors are told apart.
    if (space.symmetry.isActive) space.fusion.noSymmetry();
    const found = findLivelock(space, this.frontier, loops);
    if (found === null) return null;
    const names = found.actors.join(', ');
    const what = { check: 'livelock', kind: 'deadlock', source: 'a loop that nobody has to leave' } as const;
    const message = `${names} can go on for ever and come to nothing: the last steps lead back to where they began`;
    for (const end of found.ends) this.findings.note(what, found.distance, end, () => message);
    return found.around;
  }

  private deadlock(id: number): void {
    const what = { check: 'deadlock', kind: 'deadlock', source: 'every actor waits' } as const;
    const end = { state: id, actor: null, answer: 0 };
    // Who waits for whom is told when the schedule is run: see waits.ts.
    this.findings.note(what, this.frontier.distanceOf(id), end, () => 'nobody can go on');
  }
}

/** Events that are failures, and the checks they break. */
const EVENT_CHECKS: Readonly<Record<string, Parameters<Findings['note']>[0]>> = {
  broken: { check: 'expect', kind: 'assert', source: 'the experiment' },
  'bad-page': { check: 'bad page state', kind: 'builtin', source: 'mm/page_alloc.c free_pages_prepare()' },
  BUG: { check: 'kernel BUG', kind: 'builtin', source: 'VM_BUG_ON_PAGE()' },
};
