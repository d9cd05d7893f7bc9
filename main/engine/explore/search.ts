/**
 * The explorer: exact breadth-first search over (shared words, actors' nodes). A state is a vector of integers: one
 * column per actor (its node) and one per word that can change. Parent links make the first schedule found for a broken
 * check the shortest one. Steps that no other actor can see (reads of words nobody writes, IRQ flags nobody waits for)
 * are taken together with the step before them; the schedule still counts each.
 */
import { BUILTIN_CHECKS } from '../check/builtin.ts';
import { inWorld } from '../context.ts';
import { applyEffects } from '../effects.ts';
import { ExpectationError } from '../errors.ts';
import type { Steps } from '../interface.ts';
import { ABSENT, Automata, DONE, type Edge } from '../lower/automaton.ts';
import type { CheckKind, LimitKind } from '../result.ts';
import { applyOp, isEnabled, mayWrite, outcome } from '../step.ts';
import { Op } from '../trace.ts';
import type { PendingEffect, World } from '../world.ts';
import { StateSet } from './state-set.ts';

export interface SearchBudget {
  /** Most states kept. */
  readonly states: number;
  /** Most seconds spent, by the host's clock. */
  readonly seconds: number;
}

/** What the host gives a search: a clock for its budget and somebody to tell how it goes. */
export interface SearchHost {
  now(): number;
  progress(states: number, transitions: number, frontier: number, depth: number): void;
}

/** A broken check: where, and how to get there. */
export interface Broken {
  readonly check: string;
  readonly kind: CheckKind;
  readonly message: string;
  readonly source: string;
  /** Every step from the start, in schedule numbers of the search's own actors (ids), see {@link SearchResult.path}. */
  readonly path: readonly PathStep[];
}

/** One real step of a path: which actor (world id) and, for a CHOOSE, which answer. */
export interface PathStep {
  readonly actor: number;
  readonly answer: number;
  readonly chooses: boolean;
}

export interface SearchResult {
  readonly broken: readonly Broken[];
  readonly exhaustive: boolean;
  readonly limit: LimitKind | null;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly frontier: number;
  readonly executions: number;
  /** What kept histories apart, if anything. */
  readonly notes: readonly string[];
}

/** A search that continues after something broke looks for further broken checks in this many more states. */
const AFTER_BROKEN = 400_000;
/** Most steps fused into one transition. */
const LONGEST_FUSION = 20_000;
const ANSWER_BITS = 10;

/** Thrown when a word that was taken for constant turns out to be written: the search starts again, knowing that. */
class Restart {}

/** Words (by name) that are known to change; `irqs` when somebody waits for interrupts. Shared by restarts. */
export interface Visible {
  readonly words: Set<string>;
  irqs: boolean;
}

export function search(
  world: World,
  visible: Visible,
  budget: SearchBudget,
  host: SearchHost,
  without: ReadonlySet<string>,
): SearchResult {
  for (;;) {
    try {
      return new Search(world, visible, budget, host, without).run();
    } catch (signal) {
      if (!(signal instanceof Restart)) throw signal;
    }
  }
}

/** Extra steps fused behind the first of an edge. */
interface Fused {
  readonly to: number;
  readonly effects: readonly PendingEffect[] | null;
  readonly broken: string | null;
  readonly extra: number;
}

class Search {
  private readonly world: World;
  private readonly visible: Visible;
  private readonly budget: SearchBudget;
  private readonly host: SearchHost;
  private readonly automata: Automata;
  private readonly set = new StateSet(8);
  /** Column of an actor (by id) and of a word; -1 for none. */
  private readonly actorColumn: number[] = [];
  private readonly wordColumn: number[] = [];
  /** Actor ids in column order of discovery. */
  private readonly actors: number[] = [];
  private columns = 0;
  private vector = new Int32Array(8);
  private next = new Int32Array(8);
  private readonly fused = new Map<number, Map<number, Fused>>();
  private readonly broken = new Map<string, Broken>();
  private readonly builtin;
  private readonly builtinEnd;
  private transitions = 0;
  private executions = 0;
  private levelEnd = 0;
  private depth = 0;
  private initialBroken: { readonly kind: CheckKind; readonly message: string } | null = null;

  constructor(world: World, visible: Visible, budget: SearchBudget, host: SearchHost, without: ReadonlySet<string>) {
    this.world = world;
    this.visible = visible;
    this.budget = budget;
    this.host = host;
    this.automata = new Automata(world);
    const checks = BUILTIN_CHECKS.filter((check) => !without.has(check.id));
    this.builtin = checks.filter((check) => check.when === 'always');
    this.builtinEnd = checks.filter((check) => check.when === 'end');
  }

  // --- columns -----------------------------------------------------------------------------------------------------

  private newColumn(): number {
    const column = this.columns++;
    this.set.widen(this.columns);
    if (this.columns > this.vector.length) {
      this.vector = widened(this.vector);
      this.next = widened(this.next);
    }
    return column;
  }

  private columnOfActor(actor: number): number {
    let column = this.actorColumn[actor];
    if (column === undefined) {
      column = this.newColumn();
      for (let i = this.actorColumn.length; i <= actor; i++) this.actorColumn[i] ??= -1;
      this.actorColumn[actor] = column;
      this.actors.push(actor);
    } else if (column < 0) {
      column = this.newColumn();
      this.actorColumn[actor] = column;
      this.actors.push(actor);
    }
    return column;
  }

  private columnOfWord(word: number): number {
    const column = this.wordColumn[word];
    if (column !== undefined && column >= 0) return column;
    const fresh = this.newColumn();
    for (let i = this.wordColumn.length; i <= word; i++) this.wordColumn[i] ??= -1;
    this.wordColumn[word] = fresh;
    return fresh;
  }

  /** Value of a word in the vector under construction. */
  private readonly readNext = (word: number): number => {
    const column = this.wordColumn[word] ?? -1;
    const initial = this.world.memory.initial[word] ?? 0;
    return column < 0 ? initial : (initial + (this.next[column] ?? 0)) | 0;
  };

  private writeNext(word: number, value: number): void {
    const column = this.columnOfWord(word);
    this.next[column] = (value - (this.world.memory.initial[word] ?? 0)) | 0;
  }

  // --- fusion ------------------------------------------------------------------------------------------------------

  /** A step nobody else can see: its result is known and the actor can go on at once. */
  private invisible(node: number): boolean {
    const op = this.automata.op[node] ?? Op.NOP;
    if (op === Op.R) return !this.visible.words.has(this.wordName(this.automata.word[node] ?? -1));
    if (op === Op.IRQ_OFF || op === Op.IRQ_ON) return !this.visible.irqs;
    return op === Op.NOP;
  }

  private wordName(word: number): string {
    return this.world.memory.words[word]?.name ?? '';
  }

  /** Notes what a newly met node can do to others; starts again if that was not known. */
  private meet(node: number): void {
    if (node <= DONE) return;
    const op = this.automata.op[node] ?? Op.NOP;
    if (op === Op.SYNC && !this.visible.irqs) {
      this.visible.irqs = true;
      throw new Restart();
    }
    if (op === Op.IRQ_OFF || op === Op.IRQ_ON || !mayWrite(op)) return;
    const name = this.wordName(this.automata.word[node] ?? -1);
    if (this.visible.words.has(name)) return;
    this.visible.words.add(name);
    throw new Restart();
  }

  /** Follows invisible steps behind an edge. */
  private fuse(edge: Edge): Fused {
    let { to, broken } = edge;
    let effects = edge.effects;
    let extra = 0;
    this.meet(to);
    while (broken === null && to > DONE && extra < LONGEST_FUSION && this.invisible(to)) {
      const word = this.automata.word[to] ?? -1;
      const result = this.automata.op[to] === Op.R ? (this.world.memory.initial[word] ?? 0) : 0;
      const next = this.automata.next(to, result);
      to = next.to;
      broken = next.broken;
      if (next.effects !== null) effects = effects === null ? next.effects : [...effects, ...next.effects];
      extra++;
      this.meet(to);
    }
    return { to, effects, broken, extra };
  }

  private edge(node: number, result: number): Fused {
    let byResult = this.fused.get(node);
    if (byResult === undefined) {
      byResult = new Map();
      this.fused.set(node, byResult);
    }
    let fused = byResult.get(result);
    if (fused === undefined) {
      fused = this.fuse(this.automata.next(node, result));
      byResult.set(result, fused);
    }
    return fused;
  }

  // --- transitions -------------------------------------------------------------------------------------------------

  /** Actors whose start is part of the transition being made, with the number of their fused first steps. */
  private started: { readonly actor: number; readonly extra: number }[] = [];
  private events: { readonly kind: string; readonly text: string }[] = [];

  /** Applies effects to the vector under construction. */
  private resolve(effects: readonly PendingEffect[], provenance: string): void {
    let spawned = 0;
    applyEffects(this.world, effects, {
      read: this.readNext,
      write: (word, value) => this.writeNext(word, value | 0),
      spawn: (actor, effect) => this.startActor(actor, effect.body, `${provenance}+${spawned++}`),
      event: (kind, text) => this.events.push({ kind, text }),
    });
  }

  private startActor(actor: number, body: () => Steps<void>, provenance: string): void {
    const column = this.columnOfActor(actor);
    const was = this.next[column] ?? 0;
    if (was !== ABSENT && was !== DONE) {
      throw new TypeError(
        `actor "${this.world.actors[actor]?.name ?? '?'}" is started while it runs: give each its own name`,
      );
    }
    const first = this.fuse(this.automata.start({ actor, body }, provenance));
    this.next[column] = first.to;
    this.started.push({ actor, extra: first.extra });
    if (first.broken !== null) this.initialBroken = { kind: 'assert', message: first.broken };
    if (first.effects !== null) this.resolve(first.effects, provenance);
  }

  run(): SearchResult {
    for (const [id, actor] of [...this.world.actors.entries()]) {
      if (actor.body !== null) this.startActor(id, actor.body, `root ${id}`);
    }
    const prefix = this.expandStarts();
    this.set.add(this.next, this.columns, -1, 0);
    this.levelEnd = 1;
    this.inspect(0, prefix);
    const limit = this.explore(prefix);
    const frontier = limit === null ? 0 : this.set.count - this.expanded;
    return {
      broken: [...this.broken.values()],
      exhaustive: limit === null,
      limit: limit === 'broken' ? null : limit,
      states: this.set.count,
      transitions: this.transitions,
      depth: this.depth,
      frontier,
      executions: this.executions,
      notes: this.automata.obstacles.notes(),
    };
  }

  private expandStarts(): PathStep[] {
    const steps: PathStep[] = [];
    for (const { actor, extra } of this.started) pushSteps(steps, actor, extra);
    this.started = [];
    return steps;
  }

  private expanded = 0;

  /** Expands states in order of discovery. Returns what ended it, null when nothing was left. */
  private explore(prefix: readonly PathStep[]): LimitKind | 'broken' | null {
    const begun = this.host.now();
    let told = begun;
    let stopAt = this.budget.states;
    let wasBroken = this.broken.size > 0;
    for (; this.expanded < this.set.count; this.expanded++) {
      if (this.expanded === this.levelEnd) {
        this.levelEnd = this.set.count;
        this.depth++;
      }
      if ((this.expanded & 0xfff) === 0xfff) {
        const now = this.host.now();
        if (now - begun > this.budget.seconds * 1000) return 'time';
        if (now - told >= 200) {
          told = now;
          this.host.progress(this.set.count, this.transitions, this.set.count - this.expanded, this.depth);
        }
      }
      if (this.set.count > stopAt) return this.broken.size > 0 && stopAt < this.budget.states ? 'broken' : 'states';
      this.expand(this.expanded, prefix);
      if (!wasBroken && this.broken.size > 0) {
        wasBroken = true;
        stopAt = Math.min(this.budget.states, this.set.count + AFTER_BROKEN);
      }
    }
    return null;
  }

  private expand(state: number, prefix: readonly PathStep[]): void {
    this.set.get(state, this.vector, this.columns);
    let enabled = 0;
    let running = 0;
    for (let k = 0; k < this.actors.length; k++) {
      const actor = this.actors[k] ?? -1;
      const column = this.actorColumn[actor] ?? -1;
      const node = this.vector[column] ?? 0;
      if (node <= DONE) continue;
      running++;
      const op = this.automata.op[node] ?? 0;
      const word = this.automata.word[node] ?? -1;
      const a = this.automata.a[node] ?? 0;
      const b = this.automata.b[node] ?? 0;
      const wordColumn = word < 0 ? -1 : (this.wordColumn[word] ?? -1);
      const initial = word < 0 ? 0 : (this.world.memory.initial[word] ?? 0);
      const before = wordColumn < 0 ? initial : (initial + (this.vector[wordColumn] ?? 0)) | 0;
      if (op === Op.SYNC ? !this.synced(actor) : !isEnabled(op, before, a, b)) continue;
      enabled++;
      if (op === Op.CHOOSE) {
        for (let answer = 0; answer < a; answer++)
          this.take(state, actor, column, node, word, 0, 0, answer, answer, prefix);
        continue;
      }
      applyOp(op, before, a, b, actor);
      this.take(state, actor, column, node, word, before, outcome.after, outcome.result, 0, prefix);
    }
    if (enabled === 0 && running > 0) this.deadlock(state, prefix);
  }

  private synced(self: number): boolean {
    for (const actor of this.actors) {
      if (actor === self) continue;
      const irq = this.world.actors[actor]?.irq.index ?? -1;
      const column = this.wordColumn[irq] ?? -1;
      if (column >= 0 && this.vector[column] !== 0) return false;
    }
    return true;
  }

  private take(
    state: number,
    actor: number,
    column: number,
    node: number,
    word: number,
    before: number,
    after: number,
    result: number,
    answer: number,
    prefix: readonly PathStep[],
  ): void {
    this.transitions++;
    const fused = this.edge(node, result);
    const columns = this.columns;
    for (let i = 0; i < columns; i++) this.next[i] = this.vector[i] ?? 0;
    if (after !== before) this.writeNext(word, after);
    this.next[column] = fused.to;
    if (fused.effects !== null || fused.broken !== null) {
      if (fused.effects !== null) this.resolve(fused.effects, `${node}`);
      this.started.length = 0;
      this.judgeTransition(state, actor, answer, fused.broken, prefix);
      // A spawn or a write may have added columns: the state being expanded has 0 there.
      for (let i = columns; i < this.columns; i++) this.vector[i] = 0;
    }
    const id = this.set.add(this.next, this.columns, state, (actor << ANSWER_BITS) | answer);
    if (this.set.wasNew) this.inspect(id, prefix);
  }

  // --- checks ------------------------------------------------------------------------------------------------------

  private judgeTransition(
    state: number,
    actor: number,
    answer: number,
    broken: string | null,
    prefix: readonly PathStep[],
  ): void {
    const assertion = broken ?? this.initialBroken?.message ?? null;
    this.initialBroken = null;
    const path = (): PathStep[] => this.pathTo(state, { actor, answer }, prefix);
    if (assertion !== null) this.report('expect', 'assert', assertion, 'the experiment', path);
    for (const { kind, text } of this.events) {
      if (kind === 'bad-page')
        this.report('bad page state', 'builtin', text, 'mm/page_alloc.c free_pages_prepare()', path);
      if (kind === 'BUG') this.report('kernel BUG', 'builtin', text, 'VM_BUG_ON_PAGE()', path);
    }
    this.events.length = 0;
  }

  private report(check: string, kind: CheckKind, message: string, source: string, path: () => PathStep[]): void {
    if (!this.broken.has(check)) this.broken.set(check, { check, kind, message, source, path: path() });
  }

  /** Looks at a new state: built-in checks, the author's, and whether everybody is done. */
  private inspect(id: number, prefix: readonly PathStep[]): void {
    const path = (): PathStep[] => this.pathTo(id, null, prefix);
    for (const check of this.builtin) {
      const name = `${check.id} ${check.sentence}`;
      if (this.broken.has(name)) continue;
      const message = check.test(this.world, this.readNext);
      if (message !== null) this.report(name, 'builtin', message, check.source, path);
    }
    if (this.world.always.length > 0) this.authorChecks('always', path);
    for (const actor of this.actors) if ((this.next[this.actorColumn[actor] ?? -1] ?? 0) > DONE) return;
    this.executions++;
    for (const check of this.builtinEnd) {
      const name = `${check.id} ${check.sentence}`;
      if (this.broken.has(name)) continue;
      const message = check.test(this.world, this.readNext);
      if (message !== null) this.report(name, 'builtin', message, check.source, path);
    }
    this.authorChecks('finally', path);
  }

  private authorChecks(kind: 'always' | 'finally', path: () => PathStep[]): void {
    for (const check of kind === 'always' ? this.world.always : this.world.finals) {
      if (this.broken.has(check.name)) continue;
      const message = inWorld(this.world, 'check', this.readNext, () => {
        try {
          return check.condition() === false ? 'the condition does not hold' : null;
        } catch (error) {
          if (error instanceof ExpectationError) return error.message;
          throw error;
        }
      });
      if (message !== null) this.report(check.name, kind, message, 'the experiment', path);
    }
  }

  private deadlock(state: number, prefix: readonly PathStep[]): void {
    const waiting = this.actors.flatMap((actor) => {
      const node = this.vector[this.actorColumn[actor] ?? -1] ?? 0;
      if (node <= DONE) return [];
      const name = this.world.actors[actor]?.name ?? '?';
      const word = this.automata.word[node] ?? -1;
      return [word < 0 ? name : `${name} (${this.wordName(word)})`];
    });
    const message = `nobody can go on; waiting: ${waiting.join(', ')}`;
    this.report('deadlock', 'deadlock', message, 'every actor waits', () => this.pathTo(state, null, prefix));
  }

  // --- paths -------------------------------------------------------------------------------------------------------

  /** All real steps from the start to a state, and one transition more. */
  private pathTo(
    state: number,
    last: { readonly actor: number; readonly answer: number } | null,
    prefix: readonly PathStep[],
  ): PathStep[] {
    const choices: { actor: number; answer: number }[] = last === null ? [] : [last];
    for (let at = state; this.set.parent(at) >= 0; at = this.set.parent(at)) {
      const choice = this.set.choice(at);
      choices.push({ actor: choice >> ANSWER_BITS, answer: choice & ((1 << ANSWER_BITS) - 1) });
    }
    choices.reverse();
    return this.retrace(choices, prefix);
  }

  /** Walks a chain of transitions again to count the fused steps in it. */
  private retrace(
    choices: readonly { readonly actor: number; readonly answer: number }[],
    prefix: readonly PathStep[],
  ): PathStep[] {
    const keep = { vector: this.vector.slice(), next: this.next.slice(), events: this.events, started: this.started };
    this.events = [];
    this.started = [];
    const steps: PathStep[] = [...prefix];
    this.next.fill(0);
    this.set.get(0, this.next, this.columns);
    for (const { actor, answer } of choices) {
      const column = this.actorColumn[actor] ?? -1;
      const node = this.next[column] ?? 0;
      const op = this.automata.op[node] ?? 0;
      const word = this.automata.word[node] ?? -1;
      const before = word < 0 ? 0 : this.readNext(word);
      applyOp(op, before, this.automata.a[node] ?? 0, this.automata.b[node] ?? 0, actor);
      const result = op === Op.CHOOSE ? answer : outcome.result;
      if (op !== Op.CHOOSE && outcome.after !== before) this.writeNext(word, outcome.after);
      const fused = this.edge(node, result);
      this.next[column] = fused.to;
      steps.push({ actor, answer, chooses: op === Op.CHOOSE });
      pushSteps(steps, actor, fused.extra);
      if (fused.effects !== null) this.resolve(fused.effects, `${node}`);
      for (const start of this.started) pushSteps(steps, start.actor, start.extra);
      this.started.length = 0;
    }
    this.vector.set(keep.vector);
    this.next.set(keep.next);
    this.events = keep.events;
    this.started = keep.started;
    return steps;
  }
}

function pushSteps(steps: PathStep[], actor: number, n: number): void {
  for (let i = 0; i < n; i++) steps.push({ actor, answer: 0, chooses: false });
}

function widened(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(array.length * 2);
  wide.set(array);
  return wide;
}
