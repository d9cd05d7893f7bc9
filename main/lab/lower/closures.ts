/** What functions take from around them, and which names always stand for one and the same piece of code. */
import type { AnyNode } from 'acorn';
import { type Binding, type Bindings, isFunctionNode, type Reference } from './bindings.ts';

export class Closures {
  readonly bindings: Bindings;
  readonly #sorted: readonly Reference[];
  readonly #free = new Map<AnyNode, ReadonlySet<Binding>>();

  constructor(bindings: Bindings) {
    this.bindings = bindings;
    this.#sorted = [...bindings.references].sort((a, b) => a.id.start - b.id.start);
  }

  /** The function or class that a name always stands for; null where it may stand for something else. */
  codeOf(binding: Binding): AnyNode | null {
    const { value } = binding;
    if (value === null || binding.writes.length > 0) return null;
    const isCode = isFunctionNode(value) || value.type === 'ClassDeclaration' || value.type === 'ClassExpression';
    return isCode ? value : null;
  }

  /** References inside a node, in the order of the text. */
  within(node: { readonly start: number; readonly end: number }): Reference[] {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle]?.id.start ?? 0) < node.start) low = middle + 1;
      else high = middle;
    }
    const found: Reference[] = [];
    for (let i = low; i < this.#sorted.length; i++) {
      const reference = this.#sorted[i];
      if (reference === undefined || reference.id.start >= node.end) break;
      found.push(reference);
    }
    return found;
  }

  /**
   * Variables that a function or class takes from around it, through the other functions it names: those themselves
   * are not among them, because they are always the same code.
   */
  freeIn(node: AnyNode): ReadonlySet<Binding> {
    const known = this.#free.get(node);
    if (known !== undefined) return known;
    const free = new Set<Binding>();
    const visited = new Set<AnyNode>();
    const rest = [node];
    for (let code = rest.pop(); code !== undefined; code = rest.pop()) {
      if (visited.has(code)) continue;
      visited.add(code);
      for (const { binding } of this.within(code)) {
        if (isInside(binding, code)) continue;
        const inner = this.codeOf(binding);
        if (inner !== null) rest.push(inner);
        else if (!isInside(binding, node)) free.add(binding);
      }
    }
    this.#free.set(node, free);
    return free;
  }
}

function isInside(binding: Binding, node: AnyNode): boolean {
  return binding.id.start >= node.start && binding.id.end <= node.end && binding.id.start !== nameOffset(node);
}

/** A declaration's own name belongs to the block around it. */
function nameOffset(node: AnyNode): number {
  return (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id ? node.id.start : -1;
}
