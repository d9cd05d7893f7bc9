/**
 * Which declaration every name in a program belongs to. Scopes are those of strict code: functions declared in a block
 * are the block's. Names that nobody in the program declares are the realm's own and stay unresolved.
 */
import type { AnyNode, Class, Function as FunctionNode, Identifier, Pattern, Program } from 'acorn';
import { childrenOf } from '../syntax-tree.ts';

/** A function, or the program around all of them. */
export interface FunctionScope {
  /** Null for the program. */
  readonly node: (AnyNode & FunctionNode) | null;
  readonly parent: FunctionScope | null;
}

export interface Binding {
  readonly name: string;
  readonly kind: 'var' | 'let' | 'const' | 'param' | 'function' | 'class' | 'catch' | 'import' | 'self';
  readonly fn: FunctionScope;
  /** The declared name. */
  readonly id: Identifier;
  /** What a `const f = ...` or a function or class declaration says the value is. */
  readonly value: AnyNode | null;
  /** Offsets of the block in which the name is known. */
  readonly from: number;
  readonly to: number;
  /** Places that give it another value after its declaration. */
  readonly writes: Reference[];
}

/** One use of a name. */
export interface Reference {
  readonly id: Identifier;
  readonly binding: Binding;
  readonly fn: FunctionScope;
  readonly reads: boolean;
  readonly writes: boolean;
  /** The update in a `for (let ...)` head: each turn has a variable of its own, so closures do not see it. */
  readonly inForUpdate: boolean;
}

export interface Bindings {
  readonly program: FunctionScope;
  /** By the identifier of a use or a declaration. */
  readonly of: ReadonlyMap<AnyNode, Binding>;
  readonly references: readonly Reference[];
  readonly functions: ReadonlyMap<AnyNode, FunctionScope>;
  /** All declarations with one name, wherever they are. */
  named(name: string): readonly Binding[];
}

interface Scope {
  readonly parent: Scope | null;
  readonly fn: FunctionScope;
  readonly names: Map<string, Binding>;
  readonly from: number;
  readonly to: number;
}

export function resolveBindings(program: Program): Bindings {
  const resolver = new Resolver(program);
  return resolver;
}

class Resolver implements Bindings {
  readonly program: FunctionScope = { node: null, parent: null };
  readonly of = new Map<AnyNode, Binding>();
  readonly references: Reference[] = [];
  readonly functions = new Map<AnyNode, FunctionScope>();
  readonly #byName = new Map<string, Binding[]>();
  #scope: Scope;
  #forUpdate: ReadonlySet<Binding> = new Set();

  constructor(program: Program) {
    this.#scope = { parent: null, fn: this.program, names: new Map(), from: program.start, to: program.end };
    this.#hoist(program.body, this.#scope);
    for (const statement of program.body) this.#visit(statement);
  }

  named(name: string): readonly Binding[] {
    return this.#byName.get(name) ?? [];
  }

  // --- declarations ------------------------------------------------------------------------------------------------

  #declare(scope: Scope, id: Identifier, kind: Binding['kind'], value: AnyNode | null): void {
    const known = scope.names.get(id.name);
    if (known !== undefined) {
      // A second `var`, or a `var` with a parameter's name: the same variable, given another value.
      this.of.set(id, known);
      this.references.push({ id, binding: known, fn: scope.fn, reads: false, writes: true, inForUpdate: false });
      known.writes.push({ id, binding: known, fn: scope.fn, reads: false, writes: true, inForUpdate: false });
      return;
    }
    const { fn, from, to } = scope;
    const binding: Binding = { name: id.name, kind, fn, id, value, from, to, writes: [] };
    scope.names.set(id.name, binding);
    this.of.set(id, binding);
    this.#byName.set(id.name, [...this.named(id.name), binding]);
  }

  #declarePattern(scope: Scope, pattern: Pattern, kind: Binding['kind'], value: AnyNode | null): void {
    if (pattern.type === 'Identifier') this.#declare(scope, pattern, kind, value);
    else for (const id of namesOf(pattern)) this.#declare(scope, id, kind, null);
  }

  /** Declares what a list of statements declares in its block, and `var`s below it in the function. */
  #hoist(statements: readonly AnyNode[], scope: Scope): void {
    for (const statement of statements) {
      const node = exported(statement);
      if (node.type === 'VariableDeclaration' && node.kind !== 'var') {
        for (const { id, init } of node.declarations) {
          this.#declarePattern(
            scope,
            id,
            node.kind === 'let' ? 'let' : 'const',
            node.kind === 'let' ? null : (init ?? null),
          );
        }
      } else if (node.type === 'FunctionDeclaration' && node.id) this.#declare(scope, node.id, 'function', node);
      else if (node.type === 'ClassDeclaration' && node.id) this.#declare(scope, node.id, 'class', node);
      else if (node.type === 'ImportDeclaration') {
        for (const { local } of node.specifiers) this.#declare(scope, local, 'import', null);
      }
    }
    if (scope.parent === null || scope.fn !== scope.parent.fn)
      for (const node of statements) this.#hoistVars(node, scope);
  }

  #hoistVars(node: AnyNode, scope: Scope): void {
    if (isFunctionNode(node) || node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return;
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      for (const { id } of node.declarations) this.#declarePattern(scope, id, 'var', null);
    }
    for (const child of childrenOf(node)) this.#hoistVars(child, scope);
  }

  #within(node: { start: number; end: number }, fn: FunctionScope, body: (scope: Scope) => void): void {
    const outer = this.#scope;
    this.#scope = { parent: outer, fn, names: new Map(), from: node.start, to: node.end };
    try {
      body(this.#scope);
    } finally {
      this.#scope = outer;
    }
  }

  // --- uses --------------------------------------------------------------------------------------------------------

  #use(id: Identifier, reads: boolean, writes: boolean): void {
    for (let scope: Scope | null = this.#scope; scope !== null; scope = scope.parent) {
      const binding = scope.names.get(id.name);
      if (binding === undefined) continue;
      const inForUpdate = this.#forUpdate.has(binding);
      const reference: Reference = { id, binding, fn: this.#scope.fn, reads, writes, inForUpdate };
      this.of.set(id, binding);
      this.references.push(reference);
      if (writes) binding.writes.push(reference);
      return;
    }
  }

  /** A pattern that is assigned to: names in it are written, defaults and computed keys are read. */
  #assign(target: AnyNode, alsoReads: boolean): void {
    switch (target.type) {
      case 'Identifier':
        this.#use(target, alsoReads, true);
        break;
      case 'ObjectPattern':
        for (const property of target.properties) {
          if (property.type === 'RestElement') this.#assign(property.argument, false);
          else {
            if (property.computed) this.#visit(property.key);
            this.#assign(property.value, false);
          }
        }
        break;
      case 'ArrayPattern':
        for (const element of target.elements) if (element) this.#assign(element, false);
        break;
      case 'AssignmentPattern':
        this.#assign(target.left, false);
        this.#visit(target.right);
        break;
      case 'RestElement':
        this.#assign(target.argument, false);
        break;
      default:
        this.#visit(target);
    }
  }

  /** Defaults and computed keys of a pattern whose names are declared. */
  #readPattern(pattern: AnyNode): void {
    switch (pattern.type) {
      case 'Identifier':
        break;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') continue;
          if (property.computed) this.#visit(property.key);
          this.#readPattern(property.value);
        }
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) this.#readPattern(element);
        break;
      case 'AssignmentPattern':
        this.#readPattern(pattern.left);
        this.#visit(pattern.right);
        break;
      case 'RestElement':
        this.#readPattern(pattern.argument);
        break;
      default:
        this.#visit(pattern);
    }
  }

  #visit(node: AnyNode): void {
    switch (node.type) {
      case 'Identifier':
        this.#use(node, true, false);
        break;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#function(node);
        break;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#class(node);
        break;
      case 'BlockStatement':
        this.#within(node, this.#scope.fn, (scope) => {
          this.#hoist(node.body, scope);
          this.#children(node);
        });
        break;
      case 'ForStatement':
        this.#for(node);
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#within(node, this.#scope.fn, (scope) => {
          this.#visit(node.right);
          if (node.left.type === 'VariableDeclaration') {
            this.#hoist([node.left], scope);
            for (const { id } of node.left.declarations) this.#readPattern(id);
          } else this.#assign(node.left, false);
          this.#visit(node.body);
        });
        break;
      case 'SwitchStatement':
        this.#visit(node.discriminant);
        this.#within(node, this.#scope.fn, (scope) => {
          for (const { consequent } of node.cases) this.#hoist(consequent, scope);
          for (const { test, consequent } of node.cases) {
            if (test) this.#visit(test);
            for (const statement of consequent) this.#visit(statement);
          }
        });
        break;
      case 'CatchClause':
        this.#within(node, this.#scope.fn, (scope) => {
          if (node.param) {
            this.#declarePattern(scope, node.param, 'catch', null);
            this.#readPattern(node.param);
          }
          this.#visit(node.body);
        });
        break;
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          this.#readPattern(id);
          if (init) this.#visit(init);
        }
        break;
      case 'AssignmentExpression':
        this.#assign(node.left, node.operator !== '=');
        this.#visit(node.right);
        break;
      case 'UpdateExpression':
        this.#assign(node.argument, true);
        break;
      case 'MemberExpression':
        this.#visit(node.object);
        if (node.computed) this.#visit(node.property);
        break;
      case 'Property':
        if (node.computed) this.#visit(node.key);
        this.#visit(node.value);
        break;
      case 'LabeledStatement':
        this.#visit(node.body);
        break;
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        break;
      case 'ExportNamedDeclaration':
        if (node.declaration) this.#visit(node.declaration);
        break;
      default:
        this.#children(node);
    }
  }

  #children(node: AnyNode): void {
    for (const child of childrenOf(node)) this.#visit(child);
  }

  #for(node: Extract<AnyNode, { type: 'ForStatement' }>): void {
    this.#within(node, this.#scope.fn, (scope) => {
      if (node.init?.type === 'VariableDeclaration') this.#hoist([node.init], scope);
      if (node.init) this.#visit(node.init);
      if (node.test) this.#visit(node.test);
      if (node.update) {
        const outer = this.#forUpdate;
        this.#forUpdate = new Set([...outer, ...scope.names.values()]);
        this.#visit(node.update);
        this.#forUpdate = outer;
      }
      this.#visit(node.body);
    });
  }

  #function(node: FunctionNode & AnyNode): void {
    const fn: FunctionScope = { node, parent: this.#scope.fn };
    this.functions.set(node, fn);
    this.#within(node, fn, (scope) => {
      if (node.type === 'FunctionExpression' && node.id) this.#declare(scope, node.id, 'self', node);
      this.#within(node, fn, (inner) => {
        for (const param of node.params) this.#declarePattern(inner, param, 'param', null);
        for (const param of node.params) this.#readPattern(param);
        if (node.body.type !== 'BlockStatement') {
          this.#visit(node.body);
          return;
        }
        this.#hoist(node.body.body, inner);
        for (const statement of node.body.body) this.#hoistVars(statement, inner);
        for (const statement of node.body.body) this.#visit(statement);
      });
    });
  }

  #class(node: Class & AnyNode): void {
    if (node.superClass) this.#visit(node.superClass);
    this.#within(node, this.#scope.fn, (scope) => {
      if (node.id) this.#declare(scope, node.id, 'self', node);
      for (const part of node.body.body) {
        if (part.type === 'StaticBlock') {
          this.#children(part);
          continue;
        }
        if (part.computed) this.#visit(part.key);
        if (part.value) this.#visit(part.value);
      }
    });
  }
}

/** Every identifier a pattern binds. */
export function namesOf(pattern: AnyNode): Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesOf(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? namesOf(element) : []));
    case 'AssignmentPattern':
      return namesOf(pattern.left);
    case 'RestElement':
      return namesOf(pattern.argument);
    default:
      return [];
  }
}

export function isFunctionNode(node: AnyNode): node is AnyNode & FunctionNode {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

function exported(node: AnyNode): AnyNode {
  if (node.type === 'ExportNamedDeclaration' && node.declaration) return node.declaration;
  if (node.type === 'ExportDefaultDeclaration') return node.declaration;
  return node;
}
