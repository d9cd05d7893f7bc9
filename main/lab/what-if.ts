/**
 * What may be changed in a cell to ask "what if": literals that say how large, how many, on which architecture, with
 * which switches; and what goes without saying but could be said, such as the bias. A change is an edit within a line, so
 * that lines of the changed text are those of the file. Nothing here decides: the engine says what a value means.
 */
import type { AnyNode, CallExpression, Expression, ObjectExpression, Program, Property } from 'acorn';
import type { Control, ControlEdit } from '../../preload/contract.ts';
import { childrenOf } from './syntax-tree.ts';

/** A control before the cell has a place: offsets are the cell's. */
export type LooseControl = Omit<Control, 'id'>;

/** Values worth trying, where a name alone tells. */
const WORTH: ReadonlyMap<string, readonly string[]> = new Map([
  ['biasShift', ['2', '4', '6', '8', '9', '10', '11', '12', '16', '20']],
  ['order', ['1', '2', '3', '5', '9']],
  ['bios', ['1', '2', '3', '4']],
]);
const BOTH = ['true', 'false'];
/** Values of a choice that a control offers, at most. */
const MAX_CHOICES = 16;
/** Controls of one cell, at most: more is a form, not a question. */
const MAX_CONTROLS = 16;
/** What holds where a cell says nothing. The bias is 1024 on every revision (KernelSwitches). */
const UNSAID = { biasShift: '10', order: '9', ipiFlush: 'true' } as const;

/** The controls of a cell's program, in the order of the text; what goes without saying comes last. */
export function controlsOf(program: Program): readonly LooseControl[] {
  const finder = new Finder();
  for (const statement of program.body) {
    finder.declared(statement);
    finder.visit(statement, null);
  }
  return finder.all().slice(0, MAX_CONTROLS);
}

class Finder {
  readonly #said: LooseControl[] = [];
  readonly #bias: ControlEdit[] = [];
  readonly #flush: ControlEdit[] = [];
  readonly #order: ControlEdit[] = [];
  #saysFlush = false;

  all(): readonly LooseControl[] {
    const said = this.#said;
    const has = (label: string) => said.some((control) => control.label === label);
    const unsaid: LooseControl[] = [];
    const add = (label: keyof typeof UNSAID, options: readonly string[], edits: readonly ControlEdit[]) => {
      if (edits.length === 0 || has(label)) return;
      unsaid.push({ label, value: UNSAID[label], said: false, options, free: options !== BOTH, edits });
    };
    add('biasShift', WORTH.get('biasShift') ?? [], this.#bias);
    add('order', WORTH.get('order') ?? [], this.#order);
    if (!this.#saysFlush) add('ipiFlush', BOTH, this.#flush);
    return numbered([...said, ...unsaid]);
  }

  /** `const BIOS = 2;` at top level is a parameter that its author declared. */
  declared(statement: AnyNode): void {
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const') return;
    for (const { id, init } of statement.declarations)
      if (id.type === 'Identifier' && init) this.#literal(id.name, init);
  }

  visit(node: AnyNode, parent: AnyNode | null): void {
    if (node.type === 'CallExpression') this.#call(node);
    if (node.type === 'YieldExpression' && node.delegate && node.argument) this.#choice(node, node.argument);
    if (node.type === 'VariableDeclarator') this.#taken(node);
    if (isKernelOfLab(node) && !isWithCall(parent)) {
      this.#bias.push({ from: node.end, to: node.end, before: '.with({ biasShift: ', after: ' })' });
    }
    for (const child of childrenOf(node)) this.visit(child, node);
  }

  #call(call: CallExpression): void {
    const name = calledName(call);
    const [first, second] = call.arguments;
    if (name === 'experiment') this.#options(second);
    else if (name === 'with' && first?.type === 'ObjectExpression') this.#properties(first);
    else if (name === 'splitBios' && second) this.#literal('bios', second);
    else if (/^(?:get|pin)_user_pages/.test(name) && second) this.#literal('npages', second);
    else if (/^mmap/.test(name)) this.#mapping(call, name, first);
  }

  #mapping(call: CallExpression, name: string, first: AnyNode | undefined): void {
    const huge = /^mmap(?:Thp|PteThp|Hugetlb)$/.test(name);
    if (first?.type === 'ObjectExpression') {
      this.#properties(first, ['order', 'keepers', 'count']);
      if (huge && propertyOf(first, 'order') === undefined) this.#order.push(insertInto(first, 'order: '));
    } else if (huge && first === undefined) {
      this.#order.push({ from: call.end - 1, to: call.end - 1, before: '{ order: ', after: ' }' });
    }
  }

  /** The options of an experiment: its architecture, or the place for one. */
  #options(options: AnyNode | undefined): void {
    if (options?.type !== 'ObjectExpression') return;
    const arch = propertyOf(options, 'arch')?.value;
    if (arch === undefined) this.#flush.push(insertInto(options, 'arch: { ipiFlush: ', ' }'));
    else if (arch.type === 'ObjectExpression') {
      this.#properties(arch);
      if (propertyOf(arch, 'ipiFlush') === undefined) this.#flush.push(insertInto(arch, 'ipiFlush: '));
      else this.#saysFlush = true;
    } else this.#saysFlush = true;
  }

  #properties(object: ObjectExpression, only: readonly string[] | null = null): void {
    for (const property of object.properties) {
      if (property.type !== 'Property') continue;
      const name = keyOf(property);
      if (name !== null && (only === null || only.includes(name))) this.#literal(name, property.value);
    }
  }

  /** `const { kernel, mm } = lab`: the same properties, the kernel with another bias. */
  #taken({ id, init }: AnyNode & { type: 'VariableDeclarator' }): void {
    if (id.type !== 'ObjectPattern' || init?.type !== 'Identifier' || init.name !== 'lab') return;
    const names = id.properties.map((property) => (property.type === 'Property' ? keyOf(property) : null));
    if (!names.includes('kernel') || names.includes(null)) return;
    const rest = names.flatMap((name) => (name === 'kernel' || name === null ? [] : [`${name}: lab.${name}`]));
    const after = [' })', ...rest].join(', ');
    this.#bias.push({
      from: init.start,
      to: init.end,
      before: '{ kernel: lab.kernel.with({ biasShift: ',
      after: `${after} }`,
    });
  }

  /** `yield* lab.choose(3)`: all answers, or one. */
  #choice(whole: AnyNode, asked: Expression): void {
    if (asked.type !== 'CallExpression' || calledName(asked) !== 'choose') return;
    const [count] = asked.arguments;
    const n = count?.type === 'Literal' && typeof count.value === 'number' ? count.value : 0;
    if (n < 1 || n > MAX_CHOICES || !Number.isInteger(n)) return;
    const options = Array.from({ length: n }, (_, answer) => String(answer));
    const edits = [{ from: whole.start, to: whole.end, before: '(', after: ')' }];
    this.#said.push({ label: 'choose', value: 'all', said: true, options: ['all', ...options], free: false, edits });
  }

  #literal(label: string, node: AnyNode): void {
    if (node.type !== 'Literal') return;
    const edits = [{ from: node.start, to: node.end, before: '', after: '' }];
    if (typeof node.value === 'boolean') {
      this.#said.push({ label, value: String(node.value), said: true, options: BOTH, free: false, edits });
    } else if (typeof node.value === 'number' && Number.isInteger(node.value) && /^\d+$/.test(node.raw ?? '')) {
      this.#said.push({
        label,
        value: String(node.value),
        said: true,
        options: worth(label, node.value),
        free: true,
        edits,
      });
    }
  }
}

/** Numbers around a number: none, one, half, one less, itself, one more, twice. */
function worth(label: string, value: number): readonly string[] {
  const known = WORTH.get(label);
  const near =
    label === 'npages' ? [1, 2, value >> 1, value] : [0, 1, value >> 1, value - 1, value, value + 1, value * 2];
  const numbers = known?.map(Number) ?? near;
  return [...new Set([...numbers, value])]
    .filter((n) => n >= 0)
    .sort((a, b) => a - b)
    .map(String);
}

/** Two controls of one name are told apart by their number. */
function numbered(controls: readonly LooseControl[]): readonly LooseControl[] {
  const seen = new Map<string, number>();
  return controls.map((control) => {
    const n = (seen.get(control.label) ?? 0) + 1;
    seen.set(control.label, n);
    return n === 1 ? control : { ...control, label: `${control.label} ${n}` };
  });
}

function insertInto(object: ObjectExpression, before: string, after = ''): ControlEdit {
  const at = object.start + 1;
  return { from: at, to: at, before: ` ${before}`, after: `${after}${object.properties.length > 0 ? ',' : ' '}` };
}

function propertyOf(object: ObjectExpression, name: string): Property | undefined {
  for (const property of object.properties) {
    if (property.type === 'Property' && keyOf(property) === name) return property;
  }
  return undefined;
}

function keyOf({ key, computed }: { readonly key: AnyNode; readonly computed: boolean }): string | null {
  if (computed) return null;
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : null;
}

/** `f` of `f()`, `x.f()` and `x.y.f()`. */
function calledName({ callee }: CallExpression): string {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return '';
  return callee.property.name;
}

function isKernelOfLab(node: AnyNode): boolean {
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return false;
  return node.object.name === 'lab' && node.property.type === 'Identifier' && node.property.name === 'kernel';
}

function isWithCall(parent: AnyNode | null): boolean {
  return (
    parent?.type === 'MemberExpression' && parent.property.type === 'Identifier' && parent.property.name === 'with'
  );
}
