/**
 * Runs left to chance, for what is too large to search: they may find a failure and never prove that there is none. What
 * one finds is shortened by leaving out steps as long as it still fails.
 */
import { Automata } from '../lower/automaton.ts';
import type { World } from '../world.ts';
import { Chance } from './chance.ts';
import { type Check, checksOf } from './checks.ts';
import type { Broken, PathStep } from './findings.ts';
import { Interpreter, type RunState } from './interpreter.ts';
import { anybody, byPriority, byWorkLeft, priorityBound, type Scheduler } from './schedulers.ts';

export interface WalkOptions {
  readonly seed: number;
  /** Runs in all: a third by each way to choose. */
  readonly runs: number;
  /** Most steps of one run. */
  readonly steps: number;
  readonly without?: ReadonlySet<string>;
  /** Most steps of all runs together. */
  readonly total: number;
  /** Asked before each run: whether it takes too long. */
  readonly isLate?: () => boolean;
}

export interface WalkResult {
  readonly broken: readonly Broken[];
  readonly runs: number;
  /** A sentence for people: how many runs, the seed, and what they are worth. */
  readonly note: string;
}

/** Ordering constraints of a failure that runs by priority are tuned for. */
const DEPTH = 3;
/** Runs that shorten one failure. */
const SHORTENING = 2000;

/** How a run ended. */
interface Ending {
  readonly path: readonly PathStep[];
  readonly check: Pick<Broken, 'check' | 'kind' | 'source' | 'message'> | null;
  /** All actors have finished. */
  readonly isComplete: boolean;
}

export function walk(world: World, options: WalkOptions): WalkResult {
  return new Walker(world, options).run();
}

/** Complete runs in which nothing breaks, until there are `count` different ones. */
export function passingRuns(world: World, options: WalkOptions, count: number): (readonly PathStep[])[] {
  return new Walker(world, options).passing(count);
}

/** A choice on a path: its step (from 0), and how many answers it has. */
export interface ChoiceOnPath {
  readonly step: number;
  readonly answers: number;
}

/** Choices on a path of a failure whose answer may be any: the check still breaks. Actors are those of `world`. */
export function choicesOfNoMatter(
  world: World,
  path: readonly PathStep[],
  check: string,
  without: ReadonlySet<string>,
): ChoiceOnPath[] {
  const walker = new Walker(world, { seed: 0, runs: 0, steps: Number.POSITIVE_INFINITY, total: 0, without });
  return walker
    .choices(path)
    .filter(({ step, answers }) =>
      Array.from({ length: answers }, (_, answer) =>
        path.map((one, i) => (i === step ? { ...one, answer } : one)),
      ).every((other) => walker.replay(other, check) !== null),
    );
}

class Walker {
  private readonly options: WalkOptions;
  private readonly interpreter: Interpreter;
  private readonly always: readonly Check[];
  private readonly finals: readonly Check[];
  private readonly chance: Chance;
  private readonly broken = new Map<string, Broken>();

  constructor(world: World, options: WalkOptions) {
    this.options = options;
    this.interpreter = new Interpreter(new Automata(world));
    this.chance = new Chance(options.seed);
    const { always, finals } = checksOf(world, options.without);
    this.always = always;
    this.finals = finals;
  }

  run(): WalkResult {
    const { seed, runs, total } = this.options;
    const first = this.play(anybody(this.chance));
    this.note(first);
    const expected = new Map<number, number>();
    for (const { actor } of first.path) expected.set(actor, (expected.get(actor) ?? 0) + 1);
    const steps = Math.max(1, first.path.length);
    let done = 1;
    for (let all = steps; done < runs && all < total && this.options.isLate?.() !== true; done++) {
      const ending = this.play(this.scheduler(done, steps, expected));
      all += ending.path.length;
      this.note(ending);
    }
    const bound = priorityBound(Math.max(1, expected.size), steps, DEPTH);
    const odds = 1 - (1 - bound) ** (done / 3);
    const found = this.broken.size === 0 ? 'found nothing' : `found ${this.broken.size} broken check(s)`;
    const note =
      `${done} random runs (seed ${seed}) ${found}: a failure of ${DEPTH} ordering constraints in runs of ${steps} steps ` +
      `is met by that many with a probability of at least ${odds.toPrecision(2)}`;
    return { broken: [...this.broken.values()], runs: done, note };
  }

  passing(count: number): (readonly PathStep[])[] {
    const { runs } = this.options;
    const found = new Map<string, readonly PathStep[]>();
    const expected = new Map<number, number>();
    for (let done = 0; done < runs && found.size < count; done++) {
      const { path, check, isComplete } = this.play(this.scheduler(done, Math.max(1, expected.size), expected));
      if (check !== null || !isComplete) continue;
      if (found.size === 0) for (const { actor } of path) expected.set(actor, (expected.get(actor) ?? 0) + 1);
      found.set(path.map(({ actor, answer }) => `${actor}?${answer}`).join(), path);
    }
    return [...found.values()];
  }

  private scheduler(run: number, steps: number, expected: ReadonlyMap<number, number>): Scheduler {
    if (run % 3 === 0) return anybody(this.chance);
    return run % 3 === 1 ? byPriority(this.chance, steps, DEPTH) : byWorkLeft(this.chance, expected);
  }

  private note({ path, check }: Ending): void {
    if (check === null || this.broken.has(check.check)) return;
    const shorter = this.shorten(path, check.check);
    this.broken.set(check.check, { ...check, ...shorter });
  }

  // --- one run -----------------------------------------------------------------------------------------------------

  /** A run in which a scheduler chooses actors and chance chooses answers. */
  private play(scheduler: Scheduler): Ending {
    return this.follow((state, step) => {
      const enabled = [...state.nodes.keys()].filter((actor) => this.interpreter.answers(state, actor) > 0);
      if (enabled.length === 0) return null;
      const actor = scheduler.choose(enabled, step);
      return { actor, answer: this.chance.below(this.interpreter.answers(state, actor)) };
    });
  }

  /** Runs until something breaks, nobody can go on, or `next` has nothing more. */
  private follow(next: (state: RunState, step: number) => { actor: number; answer: number } | null): Ending {
    const path: PathStep[] = [];
    let { state, events } = this.interpreter.begin();
    for (let step = 0; ; step++) {
      const check = this.judge(state, events);
      if (check !== null) return { path, check, isComplete: false };
      const choice = step < this.options.steps ? next(state, step) : null;
      if (choice === null) break;
      const chooses = this.interpreter.chooses(state, choice.actor);
      ({ state, events } = this.interpreter.take(state, choice.actor, choice.answer));
      path.push({ ...choice, chooses });
    }
    return { path, check: this.judgeEnd(state), isComplete: this.interpreter.isDone(state) };
  }

  private judge(state: RunState, events: readonly { readonly kind: string; readonly text: string }[]): Ending['check'] {
    for (const { kind, text } of events) {
      if (kind === 'broken') return { check: 'expect', kind: 'assert', source: 'the experiment', message: text };
      if (kind === 'bad-page') {
        return {
          check: 'bad page state',
          kind: 'builtin',
          source: 'mm/page_alloc.c free_pages_prepare()',
          message: text,
        };
      }
      if (kind === 'BUG') return { check: 'kernel BUG', kind: 'builtin', source: 'VM_BUG_ON_PAGE()', message: text };
    }
    return this.ask(this.always, state);
  }

  private ask(checks: readonly Check[], state: RunState): Ending['check'] {
    const read = (word: number): number => this.interpreter.value(state, word);
    for (const { name, kind, source, test } of checks) {
      const message = this.broken.has(name) ? null : test(read);
      if (message !== null) return { check: name, kind, source, message };
    }
    return null;
  }

  private judgeEnd(state: RunState): Ending['check'] {
    if (this.interpreter.isDone(state)) return this.ask(this.finals, state);
    const canGoOn = [...state.nodes.keys()].some((actor) => this.interpreter.answers(state, actor) > 0);
    return canGoOn
      ? null
      : { check: 'deadlock', kind: 'deadlock', source: 'every actor waits', message: 'nobody can go on' };
  }

  // --- shortening --------------------------------------------------------------------------------------------------

  /** Leaves out parts of a schedule, large ones first, as long as the same check still breaks. */
  private shorten(path: readonly PathStep[], check: string): Pick<Broken, 'path' | 'message'> {
    let best: Pick<Broken, 'path' | 'message'> = this.replay(path, check) ?? { path, message: '' };
    let tries = 0;
    const attempt = (rest: readonly PathStep[]): boolean => {
      const shorter = ++tries > SHORTENING ? null : this.replay(rest, check);
      if (shorter === null || shorter.path.length >= best.path.length) return false;
      best = shorter;
      return true;
    };
    for (let before = Number.POSITIVE_INFINITY; best.path.length < before && tries < SHORTENING; ) {
      before = best.path.length;
      for (const left of new Set(best.path.map(({ actor }) => actor)))
        attempt(best.path.filter(({ actor }) => actor !== left));
      for (let size = Math.max(1, best.path.length >> 1); size >= 1; size = Math.floor(size / 2)) {
        for (let from = 0; from < best.path.length; ) {
          if (!attempt([...best.path.slice(0, from), ...best.path.slice(from + size)])) from += size;
        }
      }
    }
    return best;
  }

  /** Choices of more than one answer that a path makes. */
  choices(path: readonly PathStep[]): ChoiceOnPath[] {
    const found: ChoiceOnPath[] = [];
    this.follow((state, step) => {
      const next = path[step];
      if (next === undefined) return null;
      const answers = this.interpreter.answers(state, next.actor);
      if (next.chooses && answers > 1) found.push({ step, answers });
      return next.answer < answers ? next : null;
    });
    return found;
  }

  /** Follows a schedule as far as it can be followed; null if the check does not break on the way. */
  replay(path: readonly PathStep[], check: string): Pick<Broken, 'path' | 'message'> | null {
    let at = 0;
    const ending = this.follow((state) => {
      for (; at < path.length; at++) {
        const { actor, answer } = path[at] ?? { actor: -1, answer: 0 };
        if (answer < this.interpreter.answers(state, actor)) {
          at++;
          return { actor, answer };
        }
      }
      return null;
    });
    return ending.check?.check === check ? { path: ending.path, message: ending.check.message } : null;
  }
}
