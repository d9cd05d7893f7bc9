/**
 * A second opinion: a search that keeps no states but tries one order of steps for each set of orders that differ only in
 * steps that do not depend on each other (optimal dynamic partial-order reduction with wakeup trees: Abdulla, Aronis,
 * Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic Partial Order Reduction", JACM 2017). It shares the
 * automata with the exact search, and nothing else.
 */
import { Automata, DONE } from '../../lower/automaton.ts';
import { Op } from '../../trace.ts';
import type { World } from '../../world.ts';
import { type Check, checksOf } from '../checks.ts';
import { Interpreter, type RunState, type Taken } from '../interpreter.ts';
import {
  commutingDepends,
  type Depends,
  type Event,
  happensBefore,
  nextClock,
  plainDepends,
  type Step,
} from './event.ts';
import { type Branch, insert, isWeakInitial } from './wakeup.ts';

export interface DporOptions {
  /** Additions that hand nothing back commute. */
  readonly commute?: boolean;
  /** Look at always-checks too: steps on words that they read then depend on each other. */
  readonly observe?: boolean;
  /** Short names of built-in checks to leave out. */
  readonly without?: ReadonlySet<string>;
  /** Most runs, and most steps of one. */
  readonly runs?: number;
  readonly steps?: number;
  /** Told of the state at the end of each complete run. */
  readonly onFinal?: (read: (word: number) => number) => void;
}

export interface DporResult {
  /** Complete runs: one for each set of equivalent orders. */
  readonly traces: number;
  /** Names of broken checks. */
  readonly broken: ReadonlySet<string>;
  /** Everything was tried. */
  readonly exhaustive: boolean;
}

/** A word that stands for what always-checks look at. */
const OBSERVED = -2;

class Stop {}

/** Somebody waits for a value of a word whose additions were taken for independent: everything is tried again. */
class Again {}

export function dpor(world: World, options: DporOptions = {}): DporResult {
  const awaited = new Set<number>();
  for (;;) {
    try {
      return new Dpor(world, options, awaited).run();
    } catch (signal) {
      if (!(signal instanceof Again)) throw signal;
    }
  }
}

class Dpor {
  private readonly options: DporOptions;
  private readonly interpreter: Interpreter;
  private readonly depends: Depends;
  private readonly always: readonly Check[];
  private readonly finals: readonly Check[];
  private readonly observed = new Set<number>();
  private readonly broken = new Set<string>();
  private traces = 0;
  /** An expectation did not hold on the way here. */
  private isOver = false;
  private readonly path: Event[] = [];
  /** By length of the run: steps that need not be tried behind it, and sequences that must. */
  private readonly sleeps: Step[][] = [];
  private readonly trees: Branch[][] = [];
  private startedBy: (Event | null)[] = [];

  /** Words for whose values somebody waits. */
  private readonly awaited: Set<number>;

  constructor(world: World, options: DporOptions, awaited: Set<number>) {
    this.awaited = awaited;
    this.options = options;
    this.interpreter = new Interpreter(new Automata(world));
    this.depends = options.commute === true ? commutingDepends(awaited) : plainDepends;
    const { always, finals } = checksOf(world, options.without);
    this.always = always;
    this.finals = finals;
  }

  run(): DporResult {
    const begun = this.interpreter.begin();
    this.judge(begun);
    let exhaustive = true;
    try {
      this.explore(begun.state, [], []);
    } catch (signal) {
      if (!(signal instanceof Stop)) throw signal;
      exhaustive = false;
    }
    return { traces: this.traces, broken: this.broken, exhaustive };
  }

  private explore(state: RunState, sleep: Step[], tree: Branch[]): void {
    const depth = this.path.length;
    if (depth > (this.options.steps ?? 10_000) || this.traces > (this.options.runs ?? 10_000_000)) throw new Stop();
    if (this.options.commute === true) this.lookForWaits(state);
    this.sleeps[depth] = sleep;
    this.trees[depth] = tree;
    if (tree.length === 0) {
      const first = this.firstEnabled(state, sleep);
      if (first === null) {
        this.end(state);
        return;
      }
      tree.push(first);
    }
    const offered = new Set<number>();
    for (let branch = tree[0]; branch !== undefined; branch = tree[0]) {
      if (!offered.has(branch.step.actor)) this.offer(state, branch.step, tree);
      offered.add(branch.step.actor);
      this.follow(state, branch, sleep);
      tree.shift();
      const { actor } = branch.step;
      // A choice is done with when all its answers are.
      if (!tree.some(({ step }) => step.actor === actor)) sleep.push(branch.step);
    }
  }

  /** What additions leave in between matters to whoever waits for it. @throws Again where that was not known */
  private lookForWaits({ nodes }: RunState): void {
    const { op, word } = this.interpreter.automata;
    for (const node of nodes) {
      const target = word[node] ?? -1;
      if (op[node] !== Op.WAIT || this.awaited.has(target)) continue;
      this.awaited.add(target);
      throw new Again();
    }
  }

  /** The first actor that can go on; null where nobody can. */
  private firstEnabled(state: RunState, sleep: readonly Step[]): Branch | null {
    const asleep = new Set(sleep.map(({ actor }) => actor));
    for (const actor of state.nodes.keys()) {
      if (asleep.has(actor) || this.interpreter.answers(state, actor) === 0) continue;
      return { step: this.stepOf(state, actor, 0), children: [] };
    }
    return null;
  }

  /** Adds all other answers of a choice. */
  private offer(state: RunState, { actor }: Step, tree: Branch[]): void {
    const answers = this.interpreter.answers(state, actor);
    for (let answer = 0; answers > 1 && answer < answers; answer++) {
      const isThere = tree.some(({ step }) => step.actor === actor && step.answer === answer);
      if (!isThere) tree.push({ step: this.stepOf(state, actor, answer), children: [] });
    }
  }

  private stepOf(state: RunState, actor: number, answer: number): Step {
    return { actor, answer, accesses: this.accessesOf(this.interpreter.take(state, actor, answer)) };
  }

  /** What a step touches; what always-checks look at is one thing more. */
  private accessesOf({ accesses }: Taken): Step['accesses'] {
    if (this.options.observe !== true) return accesses;
    const seen = accesses.some(({ word, writes }) => writes && this.observed.has(word));
    return seen ? [...accesses, { word: OBSERVED, writes: true, adds: false, before: 0 }] : accesses;
  }

  /** Takes a step, tries everything behind it, and takes it back. */
  private follow(state: RunState, branch: Branch, sleep: readonly Step[]): void {
    const { actor, answer } = branch.step;
    const taken = this.interpreter.take(state, actor, answer);
    const step: Step = { actor, answer, accesses: this.accessesOf(taken) };
    branch.step = step;
    const own = this.path.filter((event) => event.actor === actor).length;
    const clock = nextClock(this.path, step, this.depends, own === 0 ? (this.startedBy[actor] ?? null) : null);
    const event: Event = { ...step, at: this.path.length, index: own + 1, clock, from: state };
    const before = [...this.startedBy];
    for (const started of taken.started) this.startedBy[started] = event;
    this.path.push(event);
    // Behind a broken expectation nothing counts any more; but what others would do shows which orders there are.
    const wasOver = this.isOver;
    if (!wasOver) this.isOver = !this.judge(taken);
    const rest = sleep.filter((other) => other.actor !== actor && !this.isDependent(other, step));
    this.explore(taken.state, rest, branch.children);
    this.isOver = wasOver;
    this.path.pop();
    this.startedBy = before;
  }

  private isDependent(one: Step, other: Step): boolean {
    return one.accesses.some((a) => other.accesses.some((b) => a.word === b.word && this.depends(a, b)));
  }

  // --- what is wrong -----------------------------------------------------------------------------------------------

  private reader(state: RunState): (word: number) => number {
    return (word) => this.interpreter.value(state, word);
  }

  /** False where the run ends, because an expectation does not hold. */
  private judge({ state, events }: Taken): boolean {
    for (const { kind } of events) {
      if (kind === 'broken') this.broken.add('expect');
      if (kind === 'bad-page') this.broken.add('bad page state');
      if (kind === 'BUG') this.broken.add('kernel BUG');
    }
    if (this.options.observe === true) {
      const read = this.reader(state);
      const look = (word: number): number => {
        this.observed.add(word);
        return read(word);
      };
      for (const { name, test } of this.always) if (test(look) !== null) this.broken.add(name);
    }
    return events.every(({ kind }) => kind !== 'broken');
  }

  /** A run that cannot go on. */
  private end(state: RunState): void {
    const someoneCan = state.nodes.some((_, actor) => this.interpreter.answers(state, actor) > 0);
    if (!someoneCan) {
      if (!this.isOver) this.judgeEnd(state);
      this.blocked(state);
    }
    this.races();
  }

  private judgeEnd(state: RunState): void {
    this.traces++;
    if (!this.interpreter.isDone(state)) {
      this.broken.add('deadlock');
      return;
    }
    const read = this.reader(state);
    for (const { name, test } of this.finals) if (test(read) !== null) this.broken.add(name);
    this.options.onFinal?.(read);
  }

  // --- races -------------------------------------------------------------------------------------------------------

  /** For every two steps of the run whose order could be the other one: has that order tried. */
  private races(): void {
    for (const later of this.path) this.racesOf(later);
  }

  private racesOf(later: Event): void {
    for (const { word } of later.accesses) {
      for (const earlier of this.partners(later, word)) this.reverse(earlier, later);
    }
  }

  /** Actors that wait at the end of a run might not have had to, had others come later. */
  private blocked(state: RunState): void {
    for (const [actor, node] of state.nodes.entries()) {
      if (node <= DONE || this.interpreter.answers(state, actor) > 0) continue;
      const accesses = this.interpreter.wants(state, actor);
      this.racesOf({ actor, answer: 0, accesses, at: this.path.length, index: 0, clock: [], from: state });
    }
  }

  /** Steps that a step races with on a word: the nearest ones that it depends on and that could have come after it. */
  private *partners(later: Event, word: number): Iterable<Event> {
    const mine = later.accesses.find((access) => access.word === word);
    const previous = this.previous(later);
    let hadToWait = false;
    for (let i = later.at - 1; i >= 0; i--) {
      const earlier = this.path[i];
      const its = earlier?.accesses.find((access) => access.word === word);
      if (earlier === undefined || its === undefined || mine === undefined || !this.depends(its, mine)) continue;
      const isBefore = earlier.actor === later.actor || (previous !== null && happensBefore(earlier, previous));
      // What made a step possible cannot come after it; but what stood in its way before can.
      if (!this.interpreter.couldTake(later.from, later.actor, word, its.before)) {
        hadToWait = true;
        continue;
      }
      // It had to wait for whatever lies between, but could have come before all of it.
      if (!isBefore && (hadToWait || this.isImmediate(earlier, later))) yield earlier;
      // Additions may commute with each other, and then one says nothing about those before it.
      if (its.writes && !its.adds) return;
    }
  }

  private previous(event: Event): Event | null {
    for (let i = event.at - 1; i >= 0; i--) {
      const other = this.path[i];
      if (other?.actor === event.actor) return other;
    }
    return this.startedBy[event.actor] ?? null;
  }

  /** Whether nothing that must come between two steps could come between them. */
  private isImmediate(earlier: Event, later: Event): boolean {
    for (let i = earlier.at + 1; i < later.at; i++) {
      const between = this.path[i];
      if (between === undefined || between.actor === later.actor) continue;
      if (happensBefore(earlier, between) && happensBefore(between, later)) return false;
    }
    const previous = this.previous(later);
    return previous === null || !happensBefore(earlier, previous);
  }

  /** A step as it would be before another one: an exchange that succeeded may fail then, and only read. */
  private asBefore(earlier: Event, { actor, answer, from }: Event): Step {
    return this.stepOf(this.interpreter.withWords(from, earlier.accesses), actor, answer);
  }

  /** Has the order tried in which the later step comes before the earlier one. */
  private reverse(earlier: Event, later: Event): void {
    const depth = earlier.at;
    const sequence: Step[] = this.path.slice(depth + 1, later.at).filter((event) => !happensBefore(earlier, event));
    sequence.push(this.asBefore(earlier, later));
    const sleep = this.sleeps[depth] ?? [];
    if (sleep.some((step) => isWeakInitial(step, sequence, this.depends))) return;
    insert(this.trees[depth] ?? [], sequence, this.depends);
  }
}
