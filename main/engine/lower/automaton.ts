/**
 * Lowering: an actor's generator becomes an automaton whose nodes are integers, discovered when a search first gets
 * there. A node is one place an actor can be; the explorer stores its number in a state and never a live generator.
 * Two histories share a node when their keys (places in the code, live locals) are equal; where code reports no key,
 * the node is the history itself. A node's future is found by continuing a generator that was parked there, or by
 * replaying a history that leads to it. Every generator has a shadow that does the same right after it, so code that is
 * not deterministic is caught at its first differing step.
 */
import { inWorld } from '../context.ts';
import { ExpectationError, ScriptMisuse } from '../errors.ts';
import { driveActor, requireStep } from '../explore/machine.ts';
import type { Steps } from '../interface.ts';
import { operation, STEP } from '../step.ts';
import { OP_NAMES, Op } from '../trace.ts';
import type { PendingEffect, World } from '../world.ts';
import { freezeCaptured } from './freeze.ts';
import './kinds.ts';
import { Chain, live } from './live.ts';
import { Obstacles } from './obstacles.ts';

/** Node number of an actor that does not exist (yet). */
export const ABSENT = 0;
/** Node number of an actor that has finished. */
export const DONE = 1;

/** What follows a node for one result of its operation. */
export interface Edge {
  readonly to: number;
  /** What the actor's code did before its next step; null for nothing. */
  readonly effects: readonly PendingEffect[] | null;
  /** An `expect` that did not hold inside the actor's code: the actor stops there. */
  readonly broken: string | null;
}

/** How to make the generator of an actor, and which actor it is. */
export interface Root {
  readonly actor: number;
  readonly body: () => Steps<void>;
}

/** A root that was started: each body, with what it took with it, has a number. Its nodes are no other body's. */
interface Started extends Root {
  readonly number: number;
}

/** A generator that waits, and what its call chain reported. */
interface Waiting {
  readonly steps: Steps<void>;
  readonly chain: Chain;
}

/** A generator and its shadow. */
interface Pair {
  readonly first: Waiting;
  readonly shadow: Waiting;
}

interface NodeInfo {
  readonly root: Started;
  /** The history by which it was found: the node before (-1 for none) and the result there. */
  readonly parent: number;
  readonly via: number;
  /** Steps of that history. */
  readonly depth: number;
  /** Generators that wait at this node, if nobody has taken them further. */
  parked: Pair | null;
}

/** What one advance of a generator came to. */
interface Advance {
  readonly op: number;
  readonly word: number;
  readonly a: number;
  readonly b: number;
  readonly key: string | null;
  readonly effects: readonly PendingEffect[] | null;
  readonly broken: string | null;
  readonly done: boolean;
}

/** `keyless` keeps all histories apart, whatever the code reports: for comparison. */
export interface AutomataOptions {
  readonly keyless?: boolean;
}

export class Automata {
  readonly world: World;
  /** Columns of the node table, by node number. */
  readonly op: number[] = [Op.NOP, Op.NOP];
  readonly word: number[] = [-1, -1];
  readonly a: number[] = [0, 0];
  readonly b: number[] = [0, 0];
  /** What keeps histories apart, for the verdict's notes. */
  readonly obstacles = new Obstacles();
  /** Searches that went by it. */
  searches = 0;
  /** Edges found so far, those from nowhere included. */
  discovered = 0;
  private readonly info: (NodeInfo | null)[] = [null, null];
  private readonly edges: Map<number, Edge>[] = [new Map(), new Map()];
  private readonly byKey = new Map<string, number>();
  private readonly starts = new Map<string, Edge>();
  private readonly keyless: boolean;

  constructor(world: World, { keyless = false }: AutomataOptions = {}) {
    this.world = world;
    this.keyless = keyless;
    for (const { body } of world.actors) if (body !== null) freezeCaptured(body);
  }

  get size(): number {
    return this.op.length;
  }

  /** The node an actor starts at; its code before the first step is in the edge's effects. */
  start(root: Root, provenance: string): Edge {
    const own = this.keyless ? null : live.bodyKey(root.body);
    const key = `${root.actor}|${own ?? provenance}`;
    let edge = this.starts.get(key);
    if (edge === undefined) {
      freezeCaptured(root.body);
      this.discovered++;
      edge = this.run({ ...root, number: this.starts.size }, this.fresh(root), null, -1, 0);
      this.starts.set(key, edge);
    }
    return edge;
  }

  /** What follows node `from` when its operation has given `result`. */
  next(from: number, result: number): Edge {
    const edges = this.edges[from];
    if (edges === undefined) throw new RangeError(`no node ${from}`);
    let edge = edges.get(result);
    if (edge === undefined) {
      this.discovered++;
      edge = this.discover(from, result);
      edges.set(result, edge);
    }
    return edge;
  }

  /** Id of the actor whose code a node is in. */
  actorAt(node: number): number {
    return this.info[node]?.root.actor ?? -1;
  }

  /** Edges found so far: results and what they lead to. */
  known(from: number): ReadonlyMap<number, Edge> {
    return this.edges[from] ?? new Map();
  }

  /** Where most of these nodes are in the author's file, as ` at line N`; nothing where that is not known. */
  commonPlace(which: (node: number) => boolean): string {
    const counts = new Map<string, number>();
    for (const [key, node] of this.byKey) {
      if (!which(node)) continue;
      const line = /\n(\d+):\d+ (?![\s\S]*\n\d+:\d+ )/.exec(key)?.[1];
      if (line !== undefined) counts.set(line, (counts.get(line) ?? 0) + 1);
    }
    const [most] = [...counts].sort(([, a], [, b]) => b - a);
    return most === undefined ? '' : ` at line ${most[0]}`;
  }

  private fresh({ body }: Root): Pair {
    const one = (): Waiting => ({ steps: inWorld(this.world, 'actor', null, body), chain: new Chain() });
    return { first: one(), shadow: one() };
  }

  private discover(from: number, result: number): Edge {
    const info = this.info[from];
    if (info === undefined || info === null) throw new RangeError(`node ${from} has no future`);
    const parked = info.parked ?? this.replay(from, info);
    info.parked = null;
    return this.run(info.root, parked, result, from, result);
  }

  /** Generators brought to node `target` along the history it was found by. */
  private replay(target: number, info: NodeInfo): Pair {
    const path: { readonly node: number; readonly via: number }[] = [];
    let node = target;
    for (let at: NodeInfo | null = info; at !== null; at = node < 0 ? null : (this.info[node] ?? null)) {
      path.push({ node, via: at.via });
      node = at.parent;
    }
    path.reverse();
    const pair = this.fresh(info.root);
    for (const waiting of [pair.first, pair.shadow]) {
      for (const [i, step] of path.entries()) {
        const got = this.advance(info.root, waiting, i === 0 ? null : step.via, false);
        if (got.done) throw this.notDeterministic(info.root, i, 'it ended');
        if (!this.isAt(step.node, got)) throw this.notDeterministic(info.root, i, `it took ${describeStep(this, got)}`);
      }
    }
    return pair;
  }

  private isAt(node: number, { op, word, a, b }: Advance): boolean {
    return this.op[node] === op && this.word[node] === word && this.a[node] === a && this.b[node] === b;
  }

  private notDeterministic(root: Root, step: number, what: string): ScriptMisuse {
    return new ScriptMisuse(
      `actor "${this.actorName(root)}" is not deterministic: run again with the same results, ${what} at its step ${step + 1}; ` +
        'keep what actors share in words (lab.word), not in variables',
    );
  }

  private actorName(root: Root): string {
    return this.world.actors[root.actor]?.name ?? '?';
  }

  /** Lets one generator run to its next step. */
  private advance(root: Root, { steps, chain }: Waiting, result: number | null, wantKey: boolean): Advance {
    let done = false;
    let broken: string | null = null;
    try {
      const next = inWorld(this.world, 'actor', null, () => live.drive(chain, () => driveActor(steps, result)));
      done = next.done === true;
      if (!done) requireStep(next.value, this.actorName(root));
    } catch (error) {
      if (!(error instanceof ExpectationError)) throw error;
      done = true;
      broken = error.message;
    }
    const pending = this.world.takePending();
    const { op, a, b } = operation;
    const isIrq = op === Op.IRQ_OFF || op === Op.IRQ_ON;
    const word = isIrq ? (this.world.actors[root.actor]?.irq.index ?? -1) : operation.word;
    const key = wantKey && !done ? live.key(chain, STEP) : null;
    return { op, word, a, b, key, effects: pending.length === 0 ? null : pending, broken, done };
  }

  /** Lets a generator and its shadow run to their next step and gives the node they are at then. */
  private run(root: Started, pair: Pair, result: number | null, parent: number, via: number): Edge {
    const depth = parent < 0 ? 0 : (this.info[parent]?.depth ?? 0) + 1;
    const got = this.advance(root, pair.first, result, !this.keyless);
    const again = this.advance(root, pair.shadow, result, false);
    const difference = differenceOf(this, got, again);
    if (difference !== null) throw this.notDeterministic(root, depth, difference);
    const { effects, broken } = got;
    return { to: got.done ? DONE : this.node(root, pair, got, { parent, via, depth }), effects, broken };
  }

  /** The node of a step: an equal one if its key was met before, otherwise a new one. */
  private node(root: Started, parked: Pair, got: Advance, found: Pick<NodeInfo, 'parent' | 'via' | 'depth'>): number {
    const { op, word, a, b, key } = got;
    const full = key === null ? null : `${root.number}|${op},${word},${a},${b}|${key}`;
    const known = full === null ? undefined : this.byKey.get(full);
    if (known !== undefined) return known;
    if (!this.keyless) this.obstacles.note(live.obstacle, live.obstacles);
    const id = this.op.length;
    this.op.push(op);
    this.word.push(word);
    this.a.push(a);
    this.b.push(b);
    this.info.push({ root, ...found, parked });
    this.edges.push(new Map());
    if (full !== null) this.byKey.set(full, id);
    return id;
  }
}

function describeStep({ world }: Automata, { op, word }: Advance): string {
  const name = world.memory.words[word]?.name;
  return `${OP_NAMES[op] ?? '?'}${name === undefined ? '' : ` of ${name}`}`;
}

/** What a generator did otherwise than the one before it, or null. */
function differenceOf(automata: Automata, first: Advance, again: Advance): string | null {
  if (first.done !== again.done) return again.done ? 'it ended' : `it took ${describeStep(automata, again)}`;
  if (first.broken !== again.broken) return 'another expectation failed';
  const same = first.op === again.op && first.word === again.word && first.a === again.a && first.b === again.b;
  if (!first.done && !same) return `it took ${describeStep(automata, again)} with other values`;
  const [mine, its] = [first.effects ?? [], again.effects ?? []];
  if (mine.length !== its.length || mine.some((effect, i) => !sameEffect(effect, its[i]))) {
    return 'it did something else on the way to the step';
  }
  return null;
}

function sameEffect(one: PendingEffect, other: PendingEffect | undefined): boolean {
  if (other === undefined || one.kind !== other.kind) return false;
  const fields = new Map(Object.entries(other));
  return Object.entries(one).every(([name, value]) => typeof value === 'function' || fields.get(name) === value);
}
