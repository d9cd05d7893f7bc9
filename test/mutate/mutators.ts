/**
 * What is changed in a program to see whether a test notices: one small mistake each, of the kinds one makes in code
 * like the engine's. A mutant is text around a part of the program, so that all of them fit into one program, and each
 * does nothing until it is switched on.
 */
import type { AnyNode, CallExpression, Expression, Program, YieldExpression } from 'acorn';
import { childrenOf, isFunction } from '../../main/lab/syntax-tree.ts';

export type Mistake =
  | 'left out'
  | 'not done, 0 instead'
  | 'swapped with the next'
  | 'negated'
  | 'turned round'
  | 'one operand ignored'
  | 'off by one'
  | 'other sign'
  | 'one more'
  | 'other way';

/** A mutant before it has a number. `wrap` is given the text that is true while the mutant is switched on. */
export interface Sketch {
  readonly mistake: Mistake;
  readonly from: number;
  readonly to: number;
  readonly wrap: (on: string) => { readonly open: string; readonly close: string };
}

const STEPS = /^(?:R|W|ADD|ADDR|ADDU|SUBT|CAS|XCHG|LK|TRYLK|UL|WAIT|WAITNOT|IRQ_OFF|IRQ_ON|SYNC|NOP)$/;
/** Steps whose last argument is a value. */
const VALUED = /^(?:W|ADD|ADDR|ADDU|SUBT|CAS|XCHG)$/;
/** Steps that add: the mistake is the other sign. */
const SIGNED = /^(?:ADD|ADDR|ADDU|SUBT)$/;

const EQUALITY = /^[!=]==$/;
const RELATION: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
const ARITHMETIC: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '+' };

/** All mutants of a program's functions, in the order of the text. */
export function sketches(source: string, program: Program): Sketch[] {
  const found = new Sketcher(source);
  for (const child of childrenOf(program)) found.visit(child, false);
  return found.sketches.sort((a, b) => a.from - b.from || b.to - a.to);
}

class Sketcher {
  readonly sketches: Sketch[] = [];
  readonly #source: string;
  readonly #conditions = new Set<AnyNode>();

  constructor(source: string) {
    this.#source = source;
  }

  visit(node: AnyNode, inFunction: boolean): void {
    if (inFunction) this.#mutate(node);
    const inside = inFunction || isFunction(node);
    for (const child of childrenOf(node)) this.visit(child, inside);
  }

  #text(node: AnyNode): string {
    return this.#source.slice(node.start, node.end);
  }

  #add(mistake: Mistake, { start, end }: AnyNode, wrap: Sketch['wrap']): void {
    this.sketches.push({ mistake, from: start, to: end, wrap });
  }

  #mutate(node: AnyNode): void {
    switch (node.type) {
      case 'BlockStatement':
        this.#swap(node.body);
        return;
      case 'ExpressionStatement':
        if (isCall(node.expression)) this.#leaveOut(node);
        return;
      case 'IfStatement':
      case 'WhileStatement':
      case 'ConditionalExpression':
        this.#condition(node.test);
        return;
      case 'ForStatement':
        if (node.test !== null && node.test !== undefined) this.#condition(node.test);
        return;
      case 'LogicalExpression':
        this.#operands(node.operator, [node.left, node.right]);
        return;
      case 'UnaryExpression':
        if (node.operator === '!') this.#condition(node.argument);
        else if (node.operator === '-') this.#add('other sign', node, instead(this.#text(node.argument)));
        return;
      case 'BinaryExpression':
        this.#binary(node.operator, node);
        return;
      case 'Literal':
        this.#literal(node.value, node);
        return;
      case 'YieldExpression':
        this.#step(node);
        return;
      default:
    }
  }

  #leaveOut(node: AnyNode): void {
    this.#add('left out', node, (on) => ({ open: `{ if (!${on}) { `, close: ' } }' }));
  }

  /** Two deeds, one after the other. */
  #swap(body: readonly AnyNode[]): void {
    for (const [i, first] of body.entries()) {
      const second = body[i + 1];
      if (second?.type !== 'ExpressionStatement' || first.type !== 'ExpressionStatement') continue;
      if (!isDeed(first.expression) || !isDeed(second.expression)) continue;
      const [a, b] = [this.#text(first), this.#text(second)];
      if (a === b) continue;
      this.sketches.push({
        mistake: 'swapped with the next',
        from: first.start,
        to: second.end,
        wrap: (on) => ({ open: `if (${on}) { ${b} ${a} } else { `, close: ' }' }),
      });
    }
  }

  #condition(test: Expression): void {
    if (test.type === 'LogicalExpression' || this.#conditions.has(test)) return;
    if (test.type === 'UnaryExpression' && test.operator === '!') return;
    if (test.type === 'BinaryExpression' && EQUALITY.test(test.operator)) return;
    this.#conditions.add(test);
    this.#add('negated', test, (on) => ({ open: `(${on} !== !!(`, close: '))' }));
  }

  #operands(operator: string, operands: readonly Expression[]): void {
    if (operator !== '&&' && operator !== '||') return;
    for (const operand of operands) {
      this.#condition(operand);
      const open = (on: string): string => (operator === '&&' ? `(${on} || (` : `(!${on} && (`);
      this.#add('one operand ignored', operand, (on) => ({ open: open(on), close: '))' }));
    }
  }

  #binary(operator: string, node: AnyNode & { readonly left: AnyNode; readonly right: AnyNode }): void {
    const [left, right] = [`(${this.#text(node.left)})`, `(${this.#text(node.right)})`];
    if (EQUALITY.test(operator)) {
      this.#add('turned round', node, (on) => ({ open: `(${on} !== (`, close: '))' }));
    }
    const relation = RELATION[operator];
    if (relation !== undefined) this.#add('off by one', node, instead(`${left} ${relation} ${right}`));
    const arithmetic = ARITHMETIC[operator];
    if (arithmetic !== undefined) this.#add('other sign', node, instead(`${left} ${arithmetic} ${right}`));
  }

  #literal(value: unknown, node: AnyNode): void {
    if (typeof value === 'number') this.#add('one more', node, instead(String(value + 1)));
    if (typeof value === 'boolean') this.#add('other way', node, instead(String(!value)));
  }

  #step(node: YieldExpression): void {
    const { argument } = node;
    if (node.delegate || argument?.type !== 'CallExpression') return;
    const name = calleeName(argument);
    if (!STEPS.test(name)) return;
    this.#add('not done, 0 instead', node, instead('0'));
    const value = argument.arguments.at(-1);
    if (value === undefined || value.type === 'SpreadElement' || !VALUED.test(name)) return;
    if (SIGNED.test(name)) this.#add('other sign', value, instead(`-(${this.#text(value)})`));
    else if (value.type !== 'Literal') this.#add('one more', value, instead(`(${this.#text(value)}) + 1`));
  }
}

/** Something else in a part's place. */
function instead(other: string): Sketch['wrap'] {
  return (on) => ({ open: `(${on} ? (${other}) : (`, close: '))' });
}

function calleeName({ callee }: CallExpression): string {
  return callee.type === 'Identifier' ? callee.name : '';
}

/** A call as a statement; a step as a statement is left out where steps are. */
function isCall(expression: Expression): boolean {
  if (expression.type === 'YieldExpression')
    return expression.delegate && expression.argument?.type === 'CallExpression';
  return expression.type === 'CallExpression';
}

/** A step or a call whose value nobody takes. */
function isDeed(expression: Expression): boolean {
  return expression.type === 'YieldExpression' || expression.type === 'CallExpression';
}
