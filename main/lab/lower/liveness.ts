/**
 * What a generator still needs when it waits at a `yield`: variables whose present value may be read later, parts of
 * the expression around that were evaluated already, and loops over arrays that are under way. A backward analysis of
 * the syntax tree; where it cannot tell, it says that something is needed.
 */
import type { AnyNode, Function as FunctionNode, Pattern, YieldExpression } from 'acorn';
import { childrenOf } from '../syntax-tree.ts';
import { type Binding, type FunctionScope, isFunctionNode } from './bindings.ts';
import type { Closures } from './closures.ts';

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

/** Variables as bits; bit 0 is `this`. */
type Bits = bigint;
const THIS: Bits = 1n;

interface Found {
  bits: Bits;
  readonly kept: Set<AnyNode>;
  readonly loops: readonly AnyNode[];
  opaque: string | null;
}

interface Context {
  /** What pending parts of the expressions around need. */
  readonly held: Bits;
  readonly kept: readonly AnyNode[];
  readonly loops: readonly AnyNode[];
  /** Needed by handlers of the `try` statements around: anything may throw. */
  readonly caught: Bits;
  readonly opaque: string | null;
  readonly breakTo: Bits;
  readonly continueTo: Bits;
  readonly returnTo: Bits;
  readonly labels: ReadonlyMap<string, { readonly breakTo: Bits; readonly continueTo: Bits }>;
  /** Labels of the statement that is about to be analysed. */
  readonly pending: readonly string[];
}

const TOP: Context = {
  held: 0n,
  kept: [],
  loops: [],
  caught: 0n,
  opaque: null,
  breakTo: 0n,
  continueTo: 0n,
  returnTo: 0n,
  labels: new Map(),
  pending: [],
};

type LoopType = 'WhileStatement' | 'DoWhileStatement' | 'ForStatement' | 'ForOfStatement' | 'ForInStatement';
type Loop = Extract<AnyNode, { type: LoopType }>;

/** All places where this generator (not those inside of it) waits. */
export function suspensionsOf(fn: AnyNode & FunctionNode, scope: FunctionScope, closures: Closures): Suspension[] {
  return new Analysis(scope, closures).run(fn);
}

class Analysis {
  readonly #scope: FunctionScope;
  readonly #closures: Closures;
  readonly #index = new Map<Binding, number>();
  readonly #variables: Binding[] = [];
  readonly #found = new Map<YieldExpression, Found>();
  readonly #codeBits = new Map<AnyNode, Bits>();
  readonly #yields = new Map<AnyNode, boolean>();

  constructor(scope: FunctionScope, closures: Closures) {
    this.#scope = scope;
    this.#closures = closures;
  }

  run(fn: AnyNode & FunctionNode): Suspension[] {
    this.#statement(fn.body, 0n, TOP);
    const own = ownYields(fn);
    for (const node of own.yields) {
      if (own.usesArguments) this.#note(node, 0n, { ...TOP, opaque: '`arguments` is not a variable' });
      else if (!this.#found.has(node)) this.#note(node, 0n, { ...TOP, opaque: 'a `yield` in a class' });
    }
    return [...this.#found].map(([node, { bits, kept, loops, opaque }]) => {
      const needed = this.#variables.filter((_, i) => ((bits >> BigInt(i + 1)) & 1n) === 1n);
      const variables = needed
        .filter(({ from, to }) => from <= node.start && node.end <= to)
        .sort((a, b) => a.id.start - b.id.start);
      const hidden = variables.find((binding) => this.#isHidden(binding, node));
      return {
        node,
        variables,
        self: (bits & THIS) !== 0n,
        kept: [...kept],
        loops,
        opaque: opaque ?? (hidden === undefined ? null : `\`${hidden.name}\` is hidden by another \`${hidden.name}\``),
      };
    });
  }

  /** Is there a variable of the same name in a block between a variable and the place? */
  #isHidden(binding: Binding, place: AnyNode): boolean {
    return this.#closures.bindings
      .named(binding.name)
      .some(
        ({ fn, from, to }) =>
          fn === this.#scope && from <= place.start && place.end <= to && (from > binding.from || to < binding.to),
      );
  }

  // --- variables ---------------------------------------------------------------------------------------------------

  #bit(binding: Binding): Bits {
    let index = this.#index.get(binding);
    if (index === undefined) {
      index = this.#variables.length;
      this.#variables.push(binding);
      this.#index.set(binding, index);
    }
    return 1n << BigInt(index + 1);
  }

  #use(id: AnyNode): Bits {
    const binding = this.#closures.bindings.of.get(id);
    if (binding === undefined) return 0n;
    const code = this.#closures.codeOf(binding);
    if (code !== null) return this.#code(code);
    return binding.fn === this.#scope ? this.#bit(binding) : 0n;
  }

  /** What a piece of code takes from this generator's variables. */
  #code(code: AnyNode): Bits {
    const known = this.#codeBits.get(code);
    if (known !== undefined) return known;
    let bits = usesThis(code) ? THIS : 0n;
    for (const binding of this.#closures.freeIn(code)) if (binding.fn === this.#scope) bits |= this.#bit(binding);
    this.#codeBits.set(code, bits);
    return bits;
  }

  #kill(id: AnyNode, out: Bits, { caught }: Context): Bits {
    const binding = this.#closures.bindings.of.get(id);
    if (binding === undefined || binding.fn !== this.#scope) return out;
    return out & ~(this.#bit(binding) & ~caught);
  }

  #hasYield(node: AnyNode): boolean {
    let has = this.#yields.get(node);
    if (has === undefined) {
      has =
        node.type === 'YieldExpression' || (!isFunctionNode(node) && childrenOf(node).some((c) => this.#hasYield(c)));
      this.#yields.set(node, has);
    }
    return has;
  }

  // --- statements: what is needed before one, from what is needed after it ------------------------------------------

  #statements(nodes: readonly AnyNode[], out: Bits, context: Context): Bits {
    let needed = out;
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i];
      if (node !== undefined) needed = this.#statement(node, needed, context);
    }
    return needed;
  }

  #statement(node: AnyNode, out: Bits, context: Context): Bits {
    switch (node.type) {
      case 'ExpressionStatement':
        return this.#expression(node.expression, out, context);
      case 'VariableDeclaration':
        return this.#declaration(node, out, context);
      case 'BlockStatement':
        return this.#statements(node.body, out, context);
      case 'IfStatement': {
        const otherwise = node.alternate ? this.#statement(node.alternate, out, context) : out;
        return this.#expression(node.test, this.#statement(node.consequent, out, context) | otherwise, context);
      }
      case 'ReturnStatement':
        return node.argument ? this.#expression(node.argument, context.returnTo, context) : context.returnTo;
      case 'ThrowStatement':
        return this.#expression(node.argument, context.caught, context);
      case 'BreakStatement':
        return node.label ? (context.labels.get(node.label.name)?.breakTo ?? 0n) : context.breakTo;
      case 'ContinueStatement':
        return node.label ? (context.labels.get(node.label.name)?.continueTo ?? 0n) : context.continueTo;
      case 'LabeledStatement':
        return this.#labeled(node, out, context);
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForStatement':
      case 'ForOfStatement':
      case 'ForInStatement':
        return this.#loop(node, out, context);
      case 'SwitchStatement':
        return this.#switch(node, out, context);
      case 'TryStatement':
        return this.#try(node, out, context);
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'EmptyStatement':
      case 'DebuggerStatement':
        return out;
      default:
        return this.#expression(node, out, context);
    }
  }

  #labeled(node: Extract<AnyNode, { type: 'LabeledStatement' }>, out: Bits, context: Context): Bits {
    const pending = [...context.pending, node.label.name];
    // A loop also needs to know where `continue` goes, and says so itself.
    if (isLoop(node.body) || node.body.type === 'LabeledStatement') {
      return this.#statement(node.body, out, { ...context, pending });
    }
    return this.#statement(node.body, out, labelled({ ...context, pending }, out, out));
  }

  #declaration(node: Extract<AnyNode, { type: 'VariableDeclaration' }>, out: Bits, context: Context): Bits {
    let needed = out;
    for (let i = node.declarations.length - 1; i >= 0; i--) {
      const declarator = node.declarations[i];
      if (declarator === undefined) continue;
      const { id, init } = declarator;
      if (!init) {
        if (node.kind !== 'var') needed = this.#pattern(id, needed, context);
        continue;
      }
      const binding = this.#closures.bindings.of.get(id);
      if (binding !== undefined && this.#closures.codeOf(binding) !== null) continue;
      needed = this.#expression(init, this.#pattern(id, needed, context), context);
    }
    return needed;
  }

  #loop(node: Loop, out: Bits, context: Context): Bits {
    const plain = { ...context, pending: [] };
    let head = 0n;
    for (let before = this.#turn(node, head, out, context); (before | head) !== head; ) {
      head |= before;
      before = this.#turn(node, head, out, context);
    }
    switch (node.type) {
      case 'ForStatement':
        if (!node.init) return head;
        return node.init.type === 'VariableDeclaration'
          ? this.#declaration(node.init, head, plain)
          : this.#expression(node.init, head, plain);
      case 'ForOfStatement':
      case 'ForInStatement':
        return this.#expression(node.right, head, plain);
      default:
        return head;
    }
  }

  /** What is needed at a loop's head, when `head` is needed there the next time. */
  #turn(node: Loop, head: Bits, out: Bits, context: Context): Bits {
    const plain = { ...context, pending: [] };
    const body = (next: Bits, extra: Partial<Context> = {}): Bits =>
      this.#statement(node.body, next, { ...labelled(context, out, next), ...extra, breakTo: out, continueTo: next });
    switch (node.type) {
      case 'WhileStatement':
        return this.#expression(node.test, (isTrue(node.test) ? 0n : out) | body(head), plain);
      case 'DoWhileStatement':
        return body(this.#expression(node.test, (isTrue(node.test) ? 0n : out) | head, plain));
      case 'ForStatement': {
        const update = node.update ? this.#expression(node.update, head, plain) : head;
        const inside = body(update);
        return node.test ? this.#expression(node.test, (isTrue(node.test) ? 0n : out) | inside, plain) : inside;
      }
      default: {
        const extra =
          node.type === 'ForOfStatement'
            ? { loops: [...context.loops, node] }
            : { opaque: context.opaque ?? '`for ... in` keeps its place in the object' };
        const inside = body(head, extra);
        const target = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left;
        return out | (target ? this.#pattern(target, inside, { ...plain, ...extra }) : inside);
      }
    }
  }

  #switch(node: Extract<AnyNode, { type: 'SwitchStatement' }>, out: Bits, context: Context): Bits {
    const inner = { ...context, breakTo: out };
    const entries: Bits[] = [];
    let next = out;
    for (let i = node.cases.length - 1; i >= 0; i--) {
      next = this.#statements(node.cases[i]?.consequent ?? [], next, inner);
      entries[i] = next;
    }
    const fallback = node.cases.findIndex(({ test }) => !test);
    let needed = fallback < 0 ? out : (entries[fallback] ?? out);
    for (let i = node.cases.length - 1; i >= 0; i--) {
      const test = node.cases[i]?.test;
      if (!test) continue;
      needed |= entries[i] ?? 0n;
      // The value that is switched on waits while a case is looked at.
      const opaque = this.#hasYield(test) ? 'a `yield` in a `case`' : context.opaque;
      needed = this.#expression(test, needed, { ...inner, opaque });
    }
    return this.#expression(node.discriminant, needed, context);
  }

  #try(node: Extract<AnyNode, { type: 'TryStatement' }>, out: Bits, context: Context): Bits {
    let after = out;
    let outer = context;
    if (node.finalizer) {
      // A finally block may be entered from anywhere and go on to anywhere: how it was entered is in no variable.
      const exits = [...context.labels.values()].reduce((bits, l) => bits | l.breakTo | l.continueTo, 0n);
      const anywhere = out | context.caught | context.breakTo | context.continueTo | context.returnTo | exits;
      const opaque = context.opaque ?? '`finally` remembers how it was reached';
      after = this.#statement(node.finalizer, anywhere, { ...context, opaque });
      outer = everywhere(context, after);
    }
    const caught = node.handler
      ? this.#statement(node.handler.body, after, outer) & ~this.#patternBits(node.handler.param ?? null)
      : after;
    return this.#statement(node.block, after, { ...outer, caught: outer.caught | caught }) | caught;
  }

  #patternBits(pattern: Pattern | null): Bits {
    if (pattern === null || pattern.type !== 'Identifier') return 0n;
    const binding = this.#closures.bindings.of.get(pattern);
    return binding === undefined ? 0n : this.#bit(binding);
  }

  // --- expressions -------------------------------------------------------------------------------------------------

  /** Parts evaluated one after the other, all of which are needed until the last is done. */
  #parts(parts: readonly AnyNode[], out: Bits, context: Context): Bits {
    let needed = out;
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i];
      if (part === undefined) continue;
      needed = this.#expression(
        part,
        needed,
        this.#hasYield(part) ? this.#hold(parts.slice(0, i), part, context) : context,
      );
    }
    return needed;
  }

  /** The context of `part`, while the values of `before` wait for it. */
  #hold(before: readonly AnyNode[], part: AnyNode, context: Context): Context {
    if (context.opaque !== null) return context;
    let held = context.held;
    const kept = [...context.kept];
    for (const node of before) {
      const value = node.type === 'SpreadElement' ? node.argument : node;
      if (value.type === 'Literal' || value.type === 'Super' || value.type === 'PrivateIdentifier') continue;
      if (value.type === 'ThisExpression') held |= THIS;
      else if (isFunctionNode(value)) held |= this.#code(value);
      else if (value.type === 'Identifier' && !this.#changes(value, part)) held |= this.#use(value);
      else kept.push(value);
    }
    return { ...context, held, kept };
  }

  /** May evaluating `part` give the variable another value? */
  #changes(id: AnyNode, part: AnyNode): boolean {
    const binding = this.#closures.bindings.of.get(id);
    const isIn = (id: AnyNode): boolean => id.start >= part.start && id.end <= part.end;
    return binding?.writes.some(({ id: write, fn }) => fn !== this.#scope || isIn(write)) ?? false;
  }

  #expression(node: AnyNode, out: Bits, context: Context): Bits {
    switch (node.type) {
      case 'Identifier':
        return out | this.#use(node);
      case 'ThisExpression':
      case 'Super':
        return out | THIS;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ClassExpression':
        return out | this.#code(node);
      case 'YieldExpression':
        return this.#yield(node, out, context);
      case 'AssignmentExpression':
        return this.#assignment(node, out, context);
      case 'UpdateExpression':
        return this.#target(node.argument, out, context);
      case 'LogicalExpression':
        return this.#expression(node.left, out | this.#expression(node.right, out, context), context);
      case 'ConditionalExpression': {
        const yes = this.#expression(node.consequent, out, context);
        return this.#expression(node.test, yes | this.#expression(node.alternate, out, context), context);
      }
      case 'SequenceExpression':
        return this.#sequence(node.expressions, out, context);
      case 'ChainExpression': {
        const opaque = this.#hasYield(node) ? 'a `?.` chain waits in its middle' : null;
        return out | this.#expression(node.expression, out, { ...context, opaque: context.opaque ?? opaque });
      }
      case 'CallExpression':
      case 'NewExpression':
        return this.#call(node, out, context);
      case 'MemberExpression':
        return this.#parts(node.computed ? [node.object, node.property] : [node.object], out, context);
      case 'ObjectExpression':
        return this.#parts(node.properties.flatMap(partsOfProperty), out, context);
      case 'ArrayExpression':
        return this.#parts(
          node.elements.filter((element) => element !== null),
          out,
          context,
        );
      case 'TemplateLiteral':
        return this.#parts(node.expressions, out, context);
      case 'TaggedTemplateExpression':
        return this.#parts([...calledParts(node.tag), ...node.quasi.expressions], out, context);
      case 'SpreadElement':
        return this.#expression(node.argument, out, context);
      case 'Literal':
      case 'MetaProperty':
      case 'TemplateElement':
      case 'PrivateIdentifier':
        return out;
      default:
        return this.#parts(childrenOf(node), out, context);
    }
  }

  #sequence(nodes: readonly AnyNode[], out: Bits, context: Context): Bits {
    let needed = out;
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i];
      if (node !== undefined) needed = this.#expression(node, needed, context);
    }
    return needed;
  }

  #call(node: Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' }>, out: Bits, context: Context): Bits {
    const head = node.type === 'CallExpression' ? calledParts(node.callee) : [node.callee];
    const needed = this.#parts([...head, ...node.arguments], out, context);
    return node.type === 'CallExpression' && node.optional ? needed | out : needed;
  }

  #yield(node: YieldExpression, out: Bits, context: Context): Bits {
    // While a delegate runs, functions named in it may still read this generator's variables.
    const during = node.delegate && node.argument ? this.#codeIn(node.argument) : 0n;
    this.#note(node, out | context.held | context.caught | during, context);
    return node.argument ? this.#expression(node.argument, out, context) : out;
  }

  #note(node: YieldExpression, bits: Bits, { kept, loops, opaque }: Context): void {
    const found = this.#found.get(node);
    if (found === undefined) this.#found.set(node, { bits, kept: new Set(kept), loops, opaque });
    else {
      found.bits |= bits;
      for (const expression of kept) found.kept.add(expression);
      found.opaque ??= opaque;
    }
  }

  #codeIn(node: AnyNode): Bits {
    if (isFunctionNode(node)) return this.#code(node);
    let bits = 0n;
    if (node.type === 'Identifier') {
      const binding = this.#closures.bindings.of.get(node);
      const code = binding === undefined ? null : this.#closures.codeOf(binding);
      return code === null ? 0n : this.#code(code);
    }
    for (const child of childrenOf(node)) bits |= this.#codeIn(child);
    return bits;
  }

  #assignment(node: Extract<AnyNode, { type: 'AssignmentExpression' }>, out: Bits, context: Context): Bits {
    const { left, right, operator } = node;
    const isLogical = operator === '&&=' || operator === '||=' || operator === '??=';
    if (left.type === 'MemberExpression') {
      const place = left.computed ? [left.object, left.property] : [left.object];
      const pending = operator !== '=' && !isLogical && this.#hasYield(right);
      const inner = pending ? { ...context, opaque: context.opaque ?? `\`${operator}\` to a property waits` } : context;
      return this.#parts([...place, right], out, inner) | (isLogical ? out : 0n);
    }
    if (operator === '=') return this.#expression(right, this.#pattern(left, out, context), context);
    const reads = this.#use(left);
    if (isLogical) return out | reads | this.#expression(right, out, context);
    const rest = this.#kill(left, out, context);
    return this.#expression(right, rest, this.#hasYield(right) ? this.#hold([left], right, context) : context) | reads;
  }

  #target(node: AnyNode, out: Bits, context: Context): Bits {
    return node.type === 'Identifier' ? out | this.#use(node) : this.#expression(node, out, context);
  }

  /** A pattern that takes values: what it names is not needed before, its defaults and keys are. */
  #pattern(pattern: AnyNode, out: Bits, context: Context): Bits {
    const inner = this.#hasYield(pattern)
      ? { ...context, opaque: context.opaque ?? 'a pattern waits with the value that it takes apart' }
      : context;
    switch (pattern.type) {
      case 'Identifier':
        return this.#kill(pattern, out, context);
      case 'ObjectPattern':
        return pattern.properties.reduceRight<Bits>((needed, property) => {
          if (property.type === 'RestElement') return this.#pattern(property.argument, needed, inner);
          const value = this.#pattern(property.value, needed, inner);
          return property.computed ? this.#expression(property.key, value, inner) : value;
        }, out);
      case 'ArrayPattern':
        return pattern.elements.reduceRight<Bits>(
          (needed, element) => (element ? this.#pattern(element, needed, inner) : needed),
          out,
        );
      case 'AssignmentPattern':
        return this.#expression(pattern.right, this.#pattern(pattern.left, out, inner), inner);
      case 'RestElement':
        return this.#pattern(pattern.argument, out, inner);
      default:
        return this.#expression(pattern, out, inner);
    }
  }
}

/** Gives the labels that wait for a statement their places, once those are known. */
function labelled(context: Context, breakTo: Bits, continueTo: Bits): Context {
  if (context.pending.length === 0) return context;
  const labels = new Map(context.labels);
  for (const name of context.pending) labels.set(name, { breakTo, continueTo });
  return { ...context, labels, pending: [] };
}

/** Wherever it goes on, `bits` is needed first. */
function everywhere(context: Context, bits: Bits): Context {
  const labels = new Map(
    [...context.labels].map(([name, { breakTo, continueTo }]) => [
      name,
      { breakTo: breakTo | bits, continueTo: continueTo | bits },
    ]),
  );
  return {
    ...context,
    labels,
    caught: context.caught | bits,
    breakTo: context.breakTo | bits,
    continueTo: context.continueTo | bits,
    returnTo: context.returnTo | bits,
  };
}

function isLoop(node: AnyNode): boolean {
  return /^(?:While|DoWhile|For|ForOf|ForIn)Statement$/.test(node.type);
}

function isTrue(test: AnyNode): boolean {
  return test.type === 'Literal' && Boolean(test.value);
}

/** A method waits with its object: which function it is follows from that. */
function calledParts(callee: AnyNode): AnyNode[] {
  if (callee.type !== 'MemberExpression') return [callee];
  return callee.computed ? [callee.object, callee.property] : [callee.object];
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

function partsOfProperty(property: AnyNode): AnyNode[] {
  if (property.type !== 'Property') return [property];
  return property.computed ? [property.key, property.value] : [property.value];
}

/** Does an arrow function (or a class field in it) use the `this` around it? */
function usesThis(node: AnyNode): boolean {
  if (node.type === 'ThisExpression' || node.type === 'Super') return true;
  if (node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration') return false;
  return childrenOf(node).some(usesThis);
}
