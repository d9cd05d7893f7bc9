/** The variables of one generator, as bits, and which of them pieces of its code use. */
import type { AnyNode } from 'acorn';
import { childrenOf } from '../syntax-tree.ts';
import { type Binding, type FunctionScope, isFunctionNode } from './bindings.ts';
import type { Closures } from './closures.ts';
import { type Bits, type Context, THIS } from './needs.ts';

export class Variables {
  /** In the order in which they were met: the first is bit 1. */
  readonly all: Binding[] = [];
  readonly #scope: FunctionScope;
  readonly #closures: Closures;
  readonly #index = new Map<Binding, number>();
  readonly #codeBits = new Map<AnyNode, Bits>();
  readonly #yields = new Map<AnyNode, boolean>();

  constructor(scope: FunctionScope, closures: Closures) {
    this.#scope = scope;
    this.#closures = closures;
  }

  /** Does this name always stand for the same function or class? */
  isCode(id: AnyNode): boolean {
    const binding = this.#closures.bindings.of.get(id);
    return binding !== undefined && this.#closures.codeOf(binding) !== null;
  }

  /** The bit of a declared name, none where it is no variable of this generator. */
  bitOf(id: AnyNode): Bits {
    const binding = this.#closures.bindings.of.get(id);
    return binding === undefined || binding.fn !== this.#scope ? 0n : this.bit(binding);
  }

  /** Is there a variable of the same name in a block between a variable and the place? */
  isHidden(binding: Binding, place: AnyNode): boolean {
    return this.#closures.bindings
      .named(binding.name)
      .some(
        ({ fn, from, to }) =>
          fn === this.#scope && from <= place.start && place.end <= to && (from > binding.from || to < binding.to),
      );
  }

  bit(binding: Binding): Bits {
    let index = this.#index.get(binding);
    if (index === undefined) {
      index = this.all.length;
      this.all.push(binding);
      this.#index.set(binding, index);
    }
    return 1n << BigInt(index + 1);
  }

  use(id: AnyNode): Bits {
    const binding = this.#closures.bindings.of.get(id);
    if (binding === undefined) return 0n;
    const code = this.#closures.codeOf(binding);
    if (code !== null) return this.code(code);
    return binding.fn === this.#scope ? this.bit(binding) : 0n;
  }

  /** What a piece of code takes from this generator's variables. */
  code(code: AnyNode): Bits {
    const known = this.#codeBits.get(code);
    if (known !== undefined) return known;
    let bits = usesThis(code) ? THIS : 0n;
    for (const binding of this.#closures.freeIn(code)) if (binding.fn === this.#scope) bits |= this.bit(binding);
    this.#codeBits.set(code, bits);
    return bits;
  }

  kill(id: AnyNode, out: Bits, { caught }: Context): Bits {
    const binding = this.#closures.bindings.of.get(id);
    if (binding === undefined || binding.fn !== this.#scope) return out;
    return out & ~(this.bit(binding) & ~caught);
  }

  hasYield(node: AnyNode): boolean {
    let has = this.#yields.get(node);
    if (has === undefined) {
      has =
        node.type === 'YieldExpression' || (!isFunctionNode(node) && childrenOf(node).some((c) => this.hasYield(c)));
      this.#yields.set(node, has);
    }
    return has;
  }

  /** May evaluating `part` give the variable another value? */
  changes(id: AnyNode, part: AnyNode): boolean {
    const binding = this.#closures.bindings.of.get(id);
    const isIn = (id: AnyNode): boolean => id.start >= part.start && id.end <= part.end;
    return binding?.writes.some(({ id: write, fn }) => fn !== this.#scope || isIn(write)) ?? false;
  }

  codeIn(node: AnyNode): Bits {
    if (isFunctionNode(node)) return this.code(node);
    let bits = 0n;
    if (node.type === 'Identifier') {
      const binding = this.#closures.bindings.of.get(node);
      const code = binding === undefined ? null : this.#closures.codeOf(binding);
      return code === null ? 0n : this.code(code);
    }
    for (const child of childrenOf(node)) bits |= this.codeIn(child);
    return bits;
  }
}

/** Does an arrow function (or a class field in it) use the `this` around it? */
function usesThis(node: AnyNode): boolean {
  if (node.type === 'ThisExpression' || node.type === 'Super') return true;
  if (node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration') return false;
  return childrenOf(node).some(usesThis);
}
