/**
 * Which actors can come back to where they were. A cycle of states is made of such loops alone, so where there are none
 * nobody can go on for ever, and no state needs to be looked at to know it.
 */
import { type Automata, DONE } from '../lower/automaton.ts';
import { Op } from '../trace.ts';

/** Steps of a walk that looks for a loop in which no word changes, before it gives up. */
const PATIENCE = 100_000;

export class Loops {
  private readonly automata: Automata;
  /** Loop that a node lies on, 0 for none. */
  private readonly loop: Int32Array;
  private steps = 0;

  constructor(automata: Automata) {
    this.automata = automata;
    this.loop = components(DONE + 1, automata.size, (node) => this.targets(node));
  }

  private targets(node: number): number[] {
    return [...this.automata.known(node).values()].map(({ to }) => to);
  }

  /** Whether a step from one node to another is part of a loop. */
  has(from: number, to: number): boolean {
    const loop = this.loop[from] ?? 0;
    return loop !== 0 && loop === this.loop[to];
  }

  /** Whether it is certain, from the actors' code alone, that no state can come back. */
  areHarmless(): boolean {
    const nodes = [...this.loop.keys()].filter((node) => this.loop[node] !== 0);
    for (const node of nodes) {
      for (const [result, { to, effects }] of this.automata.known(node)) {
        if (this.has(node, to) && (effects !== null || this.writes(node, result))) return false;
      }
    }
    // In a cycle no word changes then: an actor goes around only if each look at a word shows the same.
    return !nodes.some((node) => this.comesBack(node, node, new Map()));
  }

  /** Whether a step of a loop, with this result, may change its word. */
  private writes(node: number, result: number): boolean {
    switch (this.automata.op[node]) {
      case Op.R:
      case Op.WAIT:
      case Op.NOP:
      case Op.CHOOSE:
      case Op.SYNC:
        return false;
      case Op.CAS:
      case Op.ADDU:
      case Op.TRYLK:
        return result !== 0;
      default:
        return true;
    }
  }

  /** Is there a way from `node` back to `start` on which every word keeps the value it is seen to have? */
  private comesBack(start: number, node: number, seen: ReadonlyMap<number, number>): boolean {
    if (++this.steps > PATIENCE) return true;
    for (const [result, { to }] of this.automata.known(node)) {
      if (!this.has(node, to)) continue;
      const next = this.agreed(node, result, seen);
      if (next === null) continue;
      if (to === start) return true;
      // A smaller number would have been found from there.
      if (to > start && this.comesBack(start, to, new Map([...next, [-1 - node, 0]]))) return true;
    }
    return false;
  }

  /** What is known of words when a step gives this result, null where that contradicts what was seen. */
  private agreed(node: number, result: number, seen: ReadonlyMap<number, number>): ReadonlyMap<number, number> | null {
    // A node that was passed already makes a smaller loop, which is looked at by itself.
    if (seen.has(-1 - node)) return null;
    const word = this.automata.word[node] ?? -1;
    const known = seen.get(word);
    const op = this.automata.op[node];
    if (op === Op.R || op === Op.WAIT)
      return known === undefined || known === result ? new Map([...seen, [word, result]]) : null;
    if (op === Op.ADDU) return known === undefined || known === 0 ? new Map([...seen, [word, 0]]) : null;
    if (op === Op.CAS) return known === this.automata.a[node] ? null : seen;
    if (op === Op.TRYLK) return known === 0 ? null : seen;
    return seen;
  }
}

/**
 * Numbers the strongly connected components, of nodes from `first` on, that have more than one node or an edge to
 * themselves; 0 for all others.
 */
export function components(first: number, size: number, targetsOf: (node: number) => readonly number[]): Int32Array {
  const component = new Int32Array(size);
  const index = new Int32Array(size);
  const low = new Int32Array(size);
  const onStack = new Uint8Array(size);
  const stack: number[] = [];
  let lastIndex = 0;
  let lastComponent = 0;
  for (let root = first; root < size; root++) {
    if (index[root] !== 0) continue;
    const calls: { readonly node: number; readonly targets: readonly number[]; at: number; selfish: boolean }[] = [];
    const enter = (node: number): void => {
      index[node] = low[node] = ++lastIndex;
      stack.push(node);
      onStack[node] = 1;
      calls.push({ node, targets: targetsOf(node), at: 0, selfish: false });
    };
    enter(root);
    for (let call = calls.at(-1); call !== undefined; call = calls.at(-1)) {
      const target = call.targets[call.at++];
      if (target !== undefined) {
        if (target === call.node) call.selfish = true;
        if (index[target] === 0) enter(target);
        else if (onStack[target] === 1) low[call.node] = Math.min(low[call.node] ?? 0, index[target] ?? 0);
        continue;
      }
      calls.pop();
      const caller = calls.at(-1);
      if (caller !== undefined) low[caller.node] = Math.min(low[caller.node] ?? 0, low[call.node] ?? 0);
      if (low[call.node] !== index[call.node]) continue;
      const members = stack.splice(stack.lastIndexOf(call.node));
      for (const member of members) onStack[member] = 0;
      if (members.length === 1 && !call.selfish) continue;
      lastComponent++;
      for (const member of members) component[member] = lastComponent;
    }
  }
  return component;
}
