/** What is needed before a statement, from what is needed behind it and wherever it may go on. */
import type { AnyNode } from 'acorn';
import type { Expressions } from './expressions.ts';
import { type Bits, type Context, everywhere, labelled } from './needs.ts';
import type { Variables } from './variables.ts';

type LoopType = 'WhileStatement' | 'DoWhileStatement' | 'ForStatement' | 'ForOfStatement' | 'ForInStatement';
type Loop = Extract<AnyNode, { type: LoopType }>;

export class Statements {
  readonly #variables: Variables;
  readonly #expressions: Expressions;

  constructor(variables: Variables, expressions: Expressions) {
    this.#variables = variables;
    this.#expressions = expressions;
  }

  #statements(nodes: readonly AnyNode[], out: Bits, context: Context): Bits {
    let needed = out;
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i];
      if (node !== undefined) needed = this.statement(node, needed, context);
    }
    return needed;
  }

  statement(node: AnyNode, out: Bits, context: Context): Bits {
    switch (node.type) {
      case 'ExpressionStatement':
        return this.#expressions.expression(node.expression, out, context);
      case 'VariableDeclaration':
        return this.#declaration(node, out, context);
      case 'BlockStatement':
        return this.#statements(node.body, out, context);
      case 'IfStatement': {
        const otherwise = node.alternate ? this.statement(node.alternate, out, context) : out;
        return this.#expressions.expression(
          node.test,
          this.statement(node.consequent, out, context) | otherwise,
          context,
        );
      }
      case 'ReturnStatement':
        return node.argument
          ? this.#expressions.expression(node.argument, context.returnTo, context)
          : context.returnTo;
      case 'ThrowStatement':
        return this.#expressions.expression(node.argument, context.caught, context);
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
        return this.#expressions.expression(node, out, context);
    }
  }

  #labeled(node: Extract<AnyNode, { type: 'LabeledStatement' }>, out: Bits, context: Context): Bits {
    const pending = [...context.pending, node.label.name];
    // A loop also needs to know where `continue` goes, and says so itself.
    if (isLoop(node.body) || node.body.type === 'LabeledStatement') {
      return this.statement(node.body, out, { ...context, pending });
    }
    return this.statement(node.body, out, labelled({ ...context, pending }, out, out));
  }

  #declaration(node: Extract<AnyNode, { type: 'VariableDeclaration' }>, out: Bits, context: Context): Bits {
    let needed = out;
    for (let i = node.declarations.length - 1; i >= 0; i--) {
      const declarator = node.declarations[i];
      if (declarator === undefined) continue;
      const { id, init } = declarator;
      if (!init) {
        if (node.kind !== 'var') needed = this.#expressions.pattern(id, needed, context);
        continue;
      }
      if (this.#variables.isCode(id)) continue;
      needed = this.#expressions.expression(init, this.#expressions.pattern(id, needed, context), context);
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
          : this.#expressions.expression(node.init, head, plain);
      case 'ForOfStatement':
      case 'ForInStatement':
        return this.#expressions.expression(node.right, head, plain);
      default:
        return head;
    }
  }

  /** What is needed at a loop's head, when `head` is needed there the next time. */
  #turn(node: Loop, head: Bits, out: Bits, context: Context): Bits {
    const plain = { ...context, pending: [] };
    const body = (next: Bits, extra: Partial<Context> = {}): Bits =>
      this.statement(node.body, next, { ...labelled(context, out, next), ...extra, breakTo: out, continueTo: next });
    switch (node.type) {
      case 'WhileStatement':
        return this.#expressions.expression(node.test, (isTrue(node.test) ? 0n : out) | body(head), plain);
      case 'DoWhileStatement':
        return body(this.#expressions.expression(node.test, (isTrue(node.test) ? 0n : out) | head, plain));
      case 'ForStatement': {
        const update = node.update ? this.#expressions.expression(node.update, head, plain) : head;
        const inside = body(update);
        return node.test
          ? this.#expressions.expression(node.test, (isTrue(node.test) ? 0n : out) | inside, plain)
          : inside;
      }
      default: {
        const extra =
          node.type === 'ForOfStatement'
            ? { loops: [...context.loops, node] }
            : { opaque: context.opaque ?? '`for ... in` keeps its place in the object' };
        const inside = body(head, extra);
        const target = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left;
        return out | (target ? this.#expressions.pattern(target, inside, { ...plain, ...extra }) : inside);
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
      const opaque = this.#variables.hasYield(test) ? 'a `yield` in a `case`' : context.opaque;
      needed = this.#expressions.expression(test, needed, { ...inner, opaque });
    }
    return this.#expressions.expression(node.discriminant, needed, context);
  }

  #try(node: Extract<AnyNode, { type: 'TryStatement' }>, out: Bits, context: Context): Bits {
    let after = out;
    let outer = context;
    if (node.finalizer) {
      // A finally block may be entered from anywhere and go on to anywhere: how it was entered is in no variable.
      const exits = [...context.labels.values()].reduce((bits, l) => bits | l.breakTo | l.continueTo, 0n);
      const anywhere = out | context.caught | context.breakTo | context.continueTo | context.returnTo | exits;
      const opaque = context.opaque ?? '`finally` remembers how it was reached';
      after = this.statement(node.finalizer, anywhere, { ...context, opaque });
      outer = everywhere(context, after);
    }
    const caught = node.handler
      ? this.statement(node.handler.body, after, outer) &
        ~(node.handler.param ? this.#variables.bitOf(node.handler.param) : 0n)
      : after;
    return this.statement(node.block, after, { ...outer, caught: outer.caught | caught }) | caught;
  }
}

function isLoop(node: AnyNode): boolean {
  return /^(?:While|DoWhile|For|ForOf|ForIn)Statement$/.test(node.type);
}

function isTrue(test: AnyNode): boolean {
  return test.type === 'Literal' && Boolean(test.value);
}
