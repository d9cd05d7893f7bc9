/**
 * Lowering: an actor's generator becomes an automaton whose nodes are integers, discovered when a search first gets
 * there. A node is one place an actor can be; the explorer stores its number in a state and never a live generator.
 * Two histories share a node when their keys (place in the code, live locals) are equal; where code reports no key, the
 * node is the history itself. A node's future is found by continuing a parked generator, or by replaying a history that
 * leads to it; operations met on the way must be the recorded ones, so code that is not deterministic is caught.
 */
import { inWorld } from '../context.ts';
import { ExpectationError, ScriptMisuse } from '../errors.ts';
import { driveActor, requireStep } from '../explore/machine.ts';
import type { Steps } from '../interface.ts';
import { operation } from '../step.ts';
import { OP_NAMES, Op } from '../trace.ts';
import type { PendingEffect, World } from '../world.ts';
import { live } from './live.ts';

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

interface NodeInfo {
  readonly root: Root;
  readonly parent: number;
  readonly via: number;
  /** A generator that waits at this node, if nobody has taken it further. */
  parked: Steps<void> | null;
}

export class Automata {
  readonly world: World;
  /** Columns of the node table, by node number. */
  readonly op: number[] = [Op.NOP, Op.NOP];
  readonly word: number[] = [-1, -1];
  readonly a: number[] = [0, 0];
  readonly b: number[] = [0, 0];
  private readonly info: (NodeInfo | null)[] = [null, null];
  private readonly edges: Map<number, Edge>[] = [new Map(), new Map()];
  private readonly byKey = new Map<string, number>();
  private readonly roots = new Map<string, { readonly edge: Edge; readonly root: Root }>();
  /** Nodes without a key: their histories are kept apart. */
  histories = 0;

  constructor(world: World) {
    this.world = world;
  }

  get size(): number {
    return this.op.length;
  }

  /** The node an actor starts at; its code before the first step is in the edge's effects. */
  start(root: Root, provenance: string): Edge {
    const key = `${root.actor}|${live.bodyKey(root.body) ?? provenance}`;
    let known = this.roots.get(key);
    if (known === undefined) {
      const steps = inWorld(this.world, 'actor', null, root.body);
      known = { edge: this.run(root, steps, null, -1, 0), root };
      this.roots.set(key, known);
    }
    return known.edge;
  }

  /** What follows node `from` when its operation has given `result`. */
  next(from: number, result: number): Edge {
    const edges = this.edges[from];
    if (edges === undefined) throw new RangeError(`no node ${from}`);
    let edge = edges.get(result);
    if (edge === undefined) {
      edge = this.discover(from, result);
      edges.set(result, edge);
    }
    return edge;
  }

  private discover(from: number, result: number): Edge {
    const info = this.info[from];
    if (info === undefined || info === null) throw new RangeError(`node ${from} has no future`);
    let steps = info.parked;
    info.parked = null;
    if (steps === null) steps = this.replay(from, info);
    return this.run(info.root, steps, result, from, result);
  }

  /** A generator brought to node `target` along the history it was found by. */
  private replay(target: number, info: NodeInfo): Steps<void> {
    const path: { readonly node: number; readonly via: number }[] = [];
    let node = target;
    for (let at: NodeInfo | null = info; at !== null; at = node < 0 ? null : (this.info[node] ?? null)) {
      path.push({ node, via: at.via });
      node = at.parent;
    }
    path.reverse();
    return inWorld(this.world, 'actor', null, () => {
      const steps = info.root.body();
      let result: number | null = null;
      for (const [i, step] of path.entries()) {
        if (i > 0) result = step.via;
        const next = driveActor(steps, result);
        this.world.takePending();
        if (next.done === true) throw this.notDeterministic(info.root, i, 'it ended');
        requireStep(next.value, this.actorName(info.root));
        if (!this.sameOperation(step.node))
          throw this.notDeterministic(info.root, i, `it took ${OP_NAMES[operation.op] ?? '?'}`);
      }
      return steps;
    });
  }

  private sameOperation(node: number): boolean {
    return (
      this.op[node] === operation.op &&
      this.a[node] === operation.a &&
      this.b[node] === operation.b &&
      (operation.word < 0 || this.word[node] === operation.word)
    );
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

  /** Lets a generator run to its next step and gives the node it is at then. */
  private run(root: Root, steps: Steps<void>, result: number | null, parent: number, via: number): Edge {
    live.reset();
    try {
      const next = inWorld(this.world, 'actor', null, () => driveActor(steps, result));
      const pending = this.world.takePending();
      const effects = pending.length === 0 ? null : pending;
      if (next.done === true) return { to: DONE, effects, broken: null };
      requireStep(next.value, this.actorName(root));
      return { to: this.node(root, steps, parent, via), effects, broken: null };
    } catch (error) {
      if (!(error instanceof ExpectationError)) throw error;
      const pending = this.world.takePending();
      return { to: DONE, effects: pending.length === 0 ? null : pending, broken: error.message };
    }
  }

  /** The node of the operation just made: an equal one if its key was met before, otherwise a new one. */
  private node(root: Root, steps: Steps<void>, parent: number, via: number): number {
    const { op, a, b } = operation;
    const word =
      op === Op.IRQ_OFF || op === Op.IRQ_ON ? (this.world.actors[root.actor]?.irq.index ?? -1) : operation.word;
    const key = live.key();
    const full = key === null ? null : `${root.actor}|${op},${word},${a},${b}|${key}`;
    if (full !== null) {
      const known = this.byKey.get(full);
      if (known !== undefined) return known;
    } else this.histories++;
    const id = this.op.length;
    this.op.push(op);
    this.word.push(word);
    this.a.push(a);
    this.b.push(b);
    this.info.push({ root, parent, via, parked: steps });
    this.edges.push(new Map());
    if (full !== null) this.byKey.set(full, id);
    return id;
  }
}
