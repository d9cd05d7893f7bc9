/** What is needed before an expression, from what is needed behind it; and what is needed where it waits. */
import type { AnyNode, YieldExpression } from 'acorn';
import { childrenOf } from '../syntax-tree.ts';
import { isFunctionNode } from './bindings.ts';
import { type Bits, type Context, THIS } from './needs.ts';
import type { Variables } from './variables.ts';

/** What is known of a place where a generator waits. */
export interface Found {
  bits: Bits;
  readonly kept: Set<AnyNode>;
  readonly loops: readonly AnyNode[];
  opaque: string | null;
}

export class Expressions {
  readonly found = new Map<YieldExpression, Found>();
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /** Parts evaluated one after the other, all of which are needed until the last is done. */
  #parts(parts: readonly AnyNode[], out: Bits, context: Context): Bits {
    let needed = out;
    for (let i = parts.length - 1; i >= 0; i--) {
      const part = parts[i];
      if (part === undefined) continue;
      needed = this.expression(
        part,
        needed,
        this.#variables.hasYield(part) ? this.#hold(parts.slice(0, i), part, context) : context,
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
      else if (isFunctionNode(value)) held |= this.#variables.code(value);
      else if (value.type === 'Identifier' && !this.#variables.changes(value, part)) held |= this.#variables.use(value);
      else kept.push(value);
    }
    return { ...context, held, kept };
  }

  expression(node: AnyNode, out: Bits, context: Context): Bits {
    switch (node.type) {
      case 'Identifier':
        return out | this.#variables.use(node);
      case 'ThisExpression':
      case 'Super':
        return out | THIS;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ClassExpression':
        return out | this.#variables.code(node);
      case 'YieldExpression':
        return this.#yield(node, out, context);
      case 'AssignmentExpression':
        return this.#assignment(node, out, context);
      case 'UpdateExpression':
        return this.#target(node.argument, out, context);
      case 'LogicalExpression':
        return this.expression(node.left, out | this.expression(node.right, out, context), context);
      case 'ConditionalExpression': {
        const yes = this.expression(node.consequent, out, context);
        return this.expression(node.test, yes | this.expression(node.alternate, out, context), context);
      }
      case 'SequenceExpression':
        return this.#sequence(node.expressions, out, context);
      case 'ChainExpression': {
        const opaque = this.#variables.hasYield(node) ? 'a `?.` chain waits in its middle' : null;
        return out | this.expression(node.expression, out, { ...context, opaque: context.opaque ?? opaque });
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
        return this.expression(node.argument, out, context);
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
      if (node !== undefined) needed = this.expression(node, needed, context);
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
    const during = node.delegate && node.argument ? this.#variables.codeIn(node.argument) : 0n;
    this.note(node, out | context.held | context.caught | during, context);
    return node.argument ? this.expression(node.argument, out, context) : out;
  }

  note(node: YieldExpression, bits: Bits, { kept, loops, opaque }: Context): void {
    const found = this.found.get(node);
    if (found === undefined) this.found.set(node, { bits, kept: new Set(kept), loops, opaque });
    else {
      found.bits |= bits;
      for (const expression of kept) found.kept.add(expression);
      found.opaque ??= opaque;
    }
  }

  #assignment(node: Extract<AnyNode, { type: 'AssignmentExpression' }>, out: Bits, context: Context): Bits {
    const { left, right, operator } = node;
    const isLogical = operator === '&&=' || operator === '||=' || operator === '??=';
    if (left.type === 'MemberExpression') {
      const place = left.computed ? [left.object, left.property] : [left.object];
      const pending = operator !== '=' && !isLogical && this.#variables.hasYield(right);
      const inner = pending ? { ...context, opaque: context.opaque ?? `\`${operator}\` to a property waits` } : context;
      return this.#parts([...place, right], out, inner) | (isLogical ? out : 0n);
    }
    if (operator === '=') return this.expression(right, this.pattern(left, out, context), context);
    const reads = this.#variables.use(left);
    if (isLogical) return out | reads | this.expression(right, out, context);
    const rest = this.#variables.kill(left, out, context);
    return (
      this.expression(right, rest, this.#variables.hasYield(right) ? this.#hold([left], right, context) : context) |
      reads
    );
  }

  #target(node: AnyNode, out: Bits, context: Context): Bits {
    return node.type === 'Identifier' ? out | this.#variables.use(node) : this.expression(node, out, context);
  }

  /** A pattern that takes values: what it names is not needed before, its defaults and keys are. */
  pattern(pattern: AnyNode, out: Bits, context: Context): Bits {
    const inner = this.#variables.hasYield(pattern)
      ? { ...context, opaque: context.opaque ?? 'a pattern waits with the value that it takes apart' }
      : context;
    switch (pattern.type) {
      case 'Identifier':
        return this.#variables.kill(pattern, out, context);
      case 'ObjectPattern':
        return pattern.properties.reduceRight<Bits>((needed, property) => {
          if (property.type === 'RestElement') return this.pattern(property.argument, needed, inner);
          const value = this.pattern(property.value, needed, inner);
          return property.computed ? this.expression(property.key, value, inner) : value;
        }, out);
      case 'ArrayPattern':
        return pattern.elements.reduceRight<Bits>(
          (needed, element) => (element ? this.pattern(element, needed, inner) : needed),
          out,
        );
      case 'AssignmentPattern':
        return this.expression(pattern.right, this.pattern(pattern.left, out, inner), inner);
      case 'RestElement':
        return this.pattern(pattern.argument, out, inner);
      default:
        return this.expression(pattern, out, inner);
    }
  }
}

/** A method waits with its object: which function it is follows from that. */
function calledParts(callee: AnyNode): AnyNode[] {
  if (callee.type !== 'MemberExpression') return [callee];
  return callee.computed ? [callee.object, callee.property] : [callee.object];
}

function partsOfProperty(property: AnyNode): AnyNode[] {
  if (property.type !== 'Property') return [property];
  return property.computed ? [property.key, property.value] : [property.value];
}
