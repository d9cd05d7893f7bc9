/**
 * What a generator still needs when it waits at a `yield`: variables whose present value may be read later, parts of
 * the expression around that were evaluated already, and loops over arrays that are under way. A backward analysis of
 * the syntax tree; where it cannot tell, it says that something is needed.
 */
import type { AnyNode, Function as FunctionNode, YieldExpression } from 'acorn';
import { childrenOf } from '../syntax-tree.ts';
import { type Binding, type FunctionScope, isFunctionNode } from './bindings.ts';
import type { Closures } from './closures.ts';
import { Expressions } from './expressions.ts';
import { THIS, TOP } from './needs.ts';
import { Statements } from './statements.ts';
import { Variables } from './variables.ts';

/** Where a generator waits, and what it needs from there on. */
export interface Suspension {
  readonly node: YieldExpression;
  readonly variables: readonly Binding[];
  /** `this` is needed. */
  readonly self: boolean;
  /** Expressions that were evaluated and wait for this one. */
  readonly kept: readonly AnyNode[];
  /** `for (... of ...)` loops around, from the outside. */
  readonly loops: readonly AnyNode[];
  /** Why the place cannot be described, null where it can. */
  readonly opaque: string | null;
}

/** All places where this generator (not those inside of it) waits. */
export function suspensionsOf(fn: AnyNode & FunctionNode, scope: FunctionScope, closures: Closures): Suspension[] {
  const variables = new Variables(scope, closures);
  const expressions = new Expressions(variables);
  new Statements(variables, expressions).statement(fn.body, 0n, TOP);
  const own = ownYields(fn);
  for (const node of own.yields) {
    if (own.usesArguments) expressions.note(node, 0n, { ...TOP, opaque: '`arguments` is not a variable' });
    else if (!expressions.found.has(node)) expressions.note(node, 0n, { ...TOP, opaque: 'a `yield` in a class' });
  }
  return [...expressions.found].map(([node, { bits, kept, loops, opaque }]) => {
    const needed = variables.all.filter((_, i) => ((bits >> BigInt(i + 1)) & 1n) === 1n);
    const seen = needed
      .filter(({ from, to }) => from <= node.start && node.end <= to)
      .sort((a, b) => a.id.start - b.id.start);
    const hidden = seen.find((binding) => variables.isHidden(binding, node));
    const reason = hidden === undefined ? null : `\`${hidden.name}\` is hidden by another \`${hidden.name}\``;
    return {
      node,
      variables: seen,
      self: (bits & THIS) !== 0n,
      kept: [...kept],
      loops,
      opaque: opaque ?? reason,
    };
  });
}

/** The `yield`s of one generator, without those of functions in it. */
function ownYields(fn: AnyNode & FunctionNode): { yields: YieldExpression[]; usesArguments: boolean } {
  const found: { yields: YieldExpression[]; usesArguments: boolean } = { yields: [], usesArguments: false };
  const visit = (node: AnyNode, inArrow: boolean): void => {
    if (isFunctionNode(node) && node.type !== 'ArrowFunctionExpression') return;
    if (node.type === 'YieldExpression' && !inArrow) found.yields.push(node);
    if (node.type === 'Identifier' && node.name === 'arguments') found.usesArguments = true;
    for (const child of childrenOf(node)) visit(child, inArrow || node.type === 'ArrowFunctionExpression');
  };
  visit(fn.body, false);
  return found;
}
