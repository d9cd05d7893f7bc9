/**
 * Makes generators tell the engine where they are and what they still need each time they wait, so that histories
 * which no longer matter are one state. Only text is inserted and no line is added; a table at the end of the new text
 * leads its columns back. What the inserted calls do is in engine/lower/live.ts.
 *
 *     yield E           yield L.at(E, depth, 'place names', () => [values])
 *     yield* E          yield* L.into(E, depth, 'place names', () => [values])
 *     for (x of E)      for (x of turn = L.each(E))           where the loop waits inside; E.keys(): L.over(E).keys()
 *     f(a()) + (yield)  L.keep(part = f(a())) + (yield)       where a part is evaluated and waits
 *     function* () {}   L.body(function* () {}, 'place names', () => [captured values])
 *     outer = E         L.wrote(phase, 'outer', outer = E)    where a function changes a variable around it
 */
import type { AnyNode, Function as FunctionNode, Program } from 'acorn';
import { childrenOf } from '../syntax-tree.ts';
import { type Binding, type FunctionScope, isFunctionNode, type Reference, resolveBindings } from './bindings.ts';
import { Closures } from './closures.ts';
import { Edits } from './edits.ts';
import { type Suspension, suspensionsOf } from './liveness.ts';

/** How places are named and what the inserted code calls. */
export interface InstrumentOptions {
  /** Expression that is the engine's `live`. */
  readonly live: string;
  /** Goes in front of `line:column` in the names of places. */
  readonly place: string;
  /** Refuse actors that change variables around them. For code of authors; the engine's own may. */
  readonly guard: boolean;
}

/** What to insert into a program that acorn read from `source`. Null where there is nothing to do. */
export function instrument(source: string, program: Program, options: InstrumentOptions): Edits | null {
  const instrumenter = new Instrumenter(source, program, options);
  instrumenter.run();
  return instrumenter.edits.isEmpty ? null : instrumenter.edits;
}

class Instrumenter {
  readonly edits = new Edits();
  readonly #source: string;
  readonly #program: Program;
  readonly #options: InstrumentOptions;
  readonly #closures: Closures;
  /** Begins every name that is inserted; occurs nowhere in the source. */
  readonly #prefix: string;
  readonly #lineStarts: readonly number[];
  /** Functions whose activations tell whether they began while the experiment was built. */
  readonly #phased = new Set<FunctionScope>();
  #temps = 0;

  constructor(source: string, program: Program, options: InstrumentOptions) {
    this.#source = source;
    this.#program = program;
    this.#options = options;
    this.#closures = new Closures(resolveBindings(program));
    let prefix = '$g';
    while (source.includes(prefix)) prefix += 'g';
    this.#prefix = prefix;
    this.#lineStarts = [0, ...[...source.matchAll(/\r\n|[\r\n\u2028\u2029]/g)].map((m) => m.index + m[0].length)];
  }

  run(): void {
    for (const [node, scope] of this.#closures.bindings.functions) {
      if (!isFunctionNode(node) || !node.generator || node.async) continue;
      this.#generator(node, scope);
      this.#captured(node, scope);
    }
    if (!this.#options.guard) return;
    for (const reference of this.#closures.bindings.references) this.#outerWrite(reference);
    for (const scope of this.#phased) this.#phase(scope);
  }

  #place(offset: number): string {
    let [low, high] = [0, this.#lineStarts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return `${this.#options.place}${low}:${offset - (this.#lineStarts[low - 1] ?? 0) + 1}`;
  }

  // --- where generators wait ---------------------------------------------------------------------------------------

  #generator(node: AnyNode & FunctionNode, scope: FunctionScope): void {
    const suspensions = suspensionsOf(node, scope, this.#closures);
    const temps = new Map<AnyNode, string>();
    const temp = (of: AnyNode): string => {
      const name = temps.get(of) ?? `${this.#prefix}t${this.#temps++}`;
      temps.set(of, name);
      return name;
    };
    for (const suspension of suspensions) this.#suspension(suspension, temp);
    for (const [of, name] of temps) this.#keep(of, name);
    const names = temps.size > 0 ? `let ${[...temps.values()].join(',')};` : '';
    this.edits.insert(node.body.start + 1, `const ${this.#prefix}d=${this.#options.live}.begin();${names}`);
  }

  #suspension(suspension: Suspension, temp: (of: AnyNode) => string): void {
    const { node, variables, self, kept, loops, opaque } = suspension;
    const values = [
      ...variables.map(({ name }) => ({ label: name, value: name })),
      ...(self ? [{ label: 'this', value: 'this' }] : []),
      ...loops.map((loop) => ({ label: 'for..of', value: temp(loop) })),
      ...kept.map((part) => ({ label: '(...)', value: temp(part) })),
    ];
    const names = values.map(({ label }) => label).join(',');
    const site = opaque === null ? `${this.#place(node.start)} ${names}` : `${this.#place(node.start)} !${opaque}`;
    const list = opaque === null ? `()=>[${values.map(({ value }) => value).join(',')}]` : 'null';
    const from = node.delegate ? this.#behindStar(node.start) : node.start + 'yield'.length;
    const call = `${this.#options.live}.${node.delegate ? 'into' : 'at'}`;
    const none = node.argument ? '' : 'void 0';
    this.edits.wrap(from, node.end, ` ${call}(${none}`, `,${this.#prefix}d,${JSON.stringify(site)},${list})`);
  }

  /** Offset behind the star of a `yield*` that begins at `start`; there may be comments between. */
  #behindStar(start: number): number {
    const pattern = /yield(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\r\n]*)*\*/y;
    pattern.lastIndex = start;
    return pattern.test(this.#source) ? pattern.lastIndex : start;
  }

  #keep(node: AnyNode, name: string): void {
    if (node.type !== 'ForOfStatement') {
      this.edits.wrap(node.start, node.end, `${this.#options.live}.keep(${name}=`, ')');
      return;
    }
    const { right } = node;
    const { live } = this.#options;
    const array = iterated(right);
    if (array !== null) this.edits.wrap(array.start, array.end, `${live}.over(`, ')');
    this.edits.wrap(right.start, right.end, `${name}=${live}.each(`, ')');
  }

  // --- what bodies take with them ----------------------------------------------------------------------------------

  /** Tells the engine what a generator function captured, so that it can tell one that an actor starts from another. */
  #captured(node: AnyNode & FunctionNode, scope: FunctionScope): void {
    if (scope.parent === null || scope.parent.node === null) return;
    const captured = [...this.#closures.freeIn(node)].filter(({ kind }) => kind !== 'import');
    const names = captured.map(({ name }) => name).join(',');
    const told = `${JSON.stringify(`${this.#place(node.start)} ${names}`)},()=>[${names}])`;
    const declaration = this.#declarationOf(node);
    if (declaration !== null)
      this.edits.insert(declaration.end, `;${this.#options.live}.body(${declaration.name},${told};`);
    else if (node.type === 'FunctionExpression' && !this.#isMethod(node)) {
      this.edits.wrap(node.start, node.end, `${this.#options.live}.body(`, `,${told}`);
    } else if (node.type === 'FunctionDeclaration' && node.id) {
      const block = this.#blockAround(node);
      if (block !== null) this.edits.insert(block.start + 1, `${this.#options.live}.body(${node.id.name},${told};`);
    }
  }

  readonly #parents = new Map<AnyNode, AnyNode>();

  #parentOf(node: AnyNode): AnyNode | undefined {
    if (this.#parents.size === 0) {
      const rest: AnyNode[] = [this.#program];
      for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
        for (const child of childrenOf(next)) {
          this.#parents.set(child, next);
          rest.push(child);
        }
      }
    }
    return this.#parents.get(node);
  }

  /** The statement `const f = function* () {}`, which is left alone so that the function has its name. */
  #declarationOf(node: AnyNode): { readonly name: string; readonly end: number } | null {
    const declarator = this.#parentOf(node);
    if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return null;
    const declaration = this.#parentOf(declarator);
    if (declaration === undefined || this.#blockAround(declaration) === null) return null;
    return { name: declarator.id.name, end: declaration.end };
  }

  #isMethod(node: AnyNode): boolean {
    const parent = this.#parentOf(node);
    return (
      parent?.type === 'MethodDefinition' || (parent?.type === 'Property' && (parent.method || parent.kind !== 'init'))
    );
  }

  #blockAround(node: AnyNode): AnyNode | null {
    const parent = this.#parentOf(node);
    return parent?.type === 'BlockStatement' ? parent : null;
  }

  // --- variables that a function changes outside of itself ------------------------------------------------------------

  #outerWrite(reference: Reference): void {
    const { binding, fn } = reference;
    if (!reference.writes || binding.fn === fn || reference.inForUpdate || binding.kind === 'import') return;
    const expression = this.#assignmentAround(reference.id);
    if (expression === null) return;
    const { live } = this.#options;
    const name = JSON.stringify(binding.name);
    if (isInGenerator(binding.fn)) {
      if (!this.#startsActor(fn, binding)) return;
      this.edits.wrap(expression.start, expression.end, `${live}.shared(${name},`, ')');
      return;
    }
    const hasPlace = binding.fn.node === null || binding.fn.node.body.type === 'BlockStatement';
    if (!hasPlace) return;
    this.#phased.add(binding.fn);
    this.edits.wrap(expression.start, expression.end, `${live}.wrote(${this.#phaseName(binding.fn)},${name},`, ')');
  }

  /** Is there the body of another actor between a use and the function that declares the variable? */
  #startsActor(fn: FunctionScope, binding: Binding): boolean {
    for (let at: FunctionScope | null = fn; at !== null && at !== binding.fn; at = at.parent) {
      const call = at.node === null ? undefined : this.#callOf(at.node);
      if (call !== undefined) return true;
    }
    return false;
  }

  /** The `lab.task(name, body)` or `lab.irq(name, body)` that a function is handed to. */
  #callOf(node: AnyNode & FunctionNode): AnyNode | undefined {
    if (!node.generator) return undefined;
    const call = this.#parentOf(node);
    if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return undefined;
    const { property } = call.callee;
    return property.type === 'Identifier' && /^(?:task|irq)$/.test(property.name) ? call : undefined;
  }

  #assignmentAround(id: AnyNode): AnyNode | null {
    for (let node = this.#parentOf(id); node !== undefined; node = this.#parentOf(node)) {
      if (node.type === 'AssignmentExpression' || node.type === 'UpdateExpression') return node;
      if (node.type.endsWith('Statement') || node.type.endsWith('Declaration') || isFunctionNode(node)) return null;
    }
    return null;
  }

  readonly #phaseNames = new Map<FunctionScope, string>();

  #phaseName(scope: FunctionScope): string {
    const name = this.#phaseNames.get(scope) ?? `${this.#prefix}p${this.#phaseNames.size}`;
    this.#phaseNames.set(scope, name);
    return scope.node === null ? 'null' : name;
  }

  #phase(scope: FunctionScope): void {
    if (scope.node === null) return;
    this.edits.insert(scope.node.body.start + 1, `const ${this.#phaseName(scope)}=${this.#options.live}.phase();`);
  }
}

function isInGenerator(scope: FunctionScope): boolean {
  for (let at: FunctionScope | null = scope; at !== null; at = at.parent) if (at.node?.generator) return true;
  return false;
}

/** `pages` in `pages.entries()`: a loop over an array's own iterator is a loop over the array. */
function iterated(node: AnyNode): AnyNode | null {
  if (node.type !== 'CallExpression' || node.arguments.length > 0 || node.optional) return null;
  const { callee } = node;
  if (callee.type !== 'MemberExpression' || callee.computed || callee.optional) return null;
  if (callee.object.type === 'Super' || callee.property.type !== 'Identifier') return null;
  return /^(?:entries|keys|values)$/.test(callee.property.name) ? callee.object : null;
}
