/** Which names a program defines at top level, and which names it takes from outside. */
import type { AnyNode, Class, Function as FunctionNode, Identifier, Pattern, Program } from 'acorn';
import { childrenOf } from './syntax-tree.ts';

export interface DefinedName {
  readonly name: string;
  readonly kind: 'const' | 'let' | 'var' | 'function' | 'class';
  readonly offset: number;
}

export interface UsedName {
  readonly name: string;
  readonly offset: number;
  /** Is the name assigned to here? */
  readonly writes: boolean;
  /** Does it stand in a function, so that it is needed only when that is called? */
  readonly deferred: boolean;
}

export interface ProgramNames {
  /** In the order of the program. */
  readonly defined: readonly DefinedName[];
  /** Names that the program uses without defining them in a scope around, in the order of the program. */
  readonly used: readonly UsedName[];
}

/** Reads the names of a program that parseScript accepted. RangeError if it is nested too deeply. */
export function namesIn(program: Program): ProgramNames {
  const reader = new Reader();
  for (const statement of program.body) reader.visit(statement);
  const { top } = reader;
  const used = top.uses.filter(({ name }) => !top.names.has(name)).sort((a, b) => a.offset - b.offset);
  return { defined: reader.defined.sort((a, b) => a.offset - b.offset), used };
}

type Kind = DefinedName['kind'] | 'local';

interface Scope {
  readonly parent: Scope | null;
  /** `var` and function bodies end here. */
  readonly isFunction: boolean;
  readonly names: Set<string>;
  /** Uses in here that no inner scope satisfied. */
  readonly uses: UsedName[];
}

class Reader {
  readonly top: Scope = { parent: null, isFunction: true, names: new Set(), uses: [] };
  readonly defined: DefinedName[] = [];
  #scope: Scope = this.top;
  /** Functions around the place that is read. */
  #functions = 0;

  visit(node: AnyNode): void {
    switch (node.type) {
      case 'Identifier':
        this.#use(node, false);
        break;
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          // `using` is newer than the language that scripts are parsed as.
          this.#bind(id, node.kind === 'var' || node.kind === 'let' ? node.kind : 'const');
          if (init) this.visit(init);
        }
        break;
      case 'FunctionDeclaration':
        if (node.id) this.#declare(node.id, 'function');
        this.#function(node, null);
        break;
      case 'FunctionExpression':
        this.#function(node, node.id ?? null);
        break;
      case 'ArrowFunctionExpression':
        this.#function(node, null);
        break;
      case 'ClassDeclaration':
        if (node.id) this.#declare(node.id, 'class');
        this.#class(node);
        break;
      case 'ClassExpression':
        this.#class(node);
        break;
      case 'StaticBlock':
        this.#within(true, () => this.#children(node));
        break;
      case 'BlockStatement':
      case 'ForStatement':
      case 'SwitchStatement':
        this.#within(false, () => this.#children(node));
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#within(false, () => {
          if (node.left.type === 'VariableDeclaration') this.visit(node.left);
          else this.#assign(node.left);
          this.visit(node.right);
          this.visit(node.body);
        });
        break;
      case 'CatchClause':
        this.#within(false, () => {
          if (node.param) this.#bind(node.param, 'local');
          this.visit(node.body);
        });
        break;
      default:
        this.#expression(node);
    }
  }

  #expression(node: AnyNode): void {
    switch (node.type) {
      case 'AssignmentExpression':
        if (node.operator !== '=') this.visit(node.left);
        this.#assign(node.left);
        this.visit(node.right);
        break;
      case 'UpdateExpression':
        this.visit(node.argument);
        if (node.argument.type === 'Identifier') this.#use(node.argument, true);
        break;
      case 'MemberExpression':
        this.visit(node.object);
        if (node.computed) this.visit(node.property);
        break;
      case 'Property':
      case 'MethodDefinition':
        if (node.computed) this.visit(node.key);
        this.visit(node.value);
        break;
      case 'PropertyDefinition':
        this.#field(node);
        break;
      case 'LabeledStatement':
        this.visit(node.body);
        break;
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
        break;
      default:
        this.#children(node);
    }
  }

  #children(node: AnyNode): void {
    for (const child of childrenOf(node)) this.visit(child);
  }

  /** A field's value is read when the class is (static) or when an instance is made. */
  #field(node: AnyNode & { type: 'PropertyDefinition' }): void {
    if (node.computed) this.visit(node.key);
    const { value } = node;
    if (!value) return;
    if (node.static) this.visit(value);
    else this.#deferred(() => this.visit(value));
  }

  #function(node: FunctionNode, ownName: Identifier | null): void {
    this.#within(true, () => {
      if (ownName !== null) this.#declare(ownName, 'local');
      this.#deferred(() => {
        for (const parameter of node.params) this.#bind(parameter, 'local');
        if (node.body.type === 'BlockStatement') for (const statement of node.body.body) this.visit(statement);
        else this.visit(node.body);
      });
    });
  }

  #class(node: Class): void {
    this.#within(false, () => {
      if (node.id) this.#declare(node.id, 'local');
      if (node.superClass) this.visit(node.superClass);
      this.visit(node.body);
    });
  }

  #deferred(read: () => void): void {
    this.#functions++;
    read();
    this.#functions--;
  }

  #within(isFunction: boolean, read: () => void): void {
    const outer = this.#scope;
    const inner: Scope = { parent: outer, isFunction, names: new Set(), uses: [] };
    this.#scope = inner;
    read();
    this.#scope = outer;
    for (const use of inner.uses) if (!inner.names.has(use.name)) outer.uses.push(use);
  }

  #bind(pattern: Pattern, kind: Kind): void {
    this.#pattern(pattern, (target) => {
      if (target.type === 'Identifier') this.#declare(target, kind);
    });
  }

  #assign(pattern: Pattern): void {
    this.#pattern(pattern, (target) => {
      if (target.type === 'Identifier') this.#use(target, true);
      else this.visit(target);
    });
  }

  /** Calls `leaf` with every target of a pattern; defaults and computed keys are expressions like any other. */
  #pattern(pattern: Pattern, leaf: (target: Pattern) => void): void {
    switch (pattern.type) {
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') this.#pattern(property.argument, leaf);
          else {
            if (property.computed) this.visit(property.key);
            this.#pattern(property.value, leaf);
          }
        }
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) this.#pattern(element, leaf);
        break;
      case 'RestElement':
        this.#pattern(pattern.argument, leaf);
        break;
      case 'AssignmentPattern':
        this.#pattern(pattern.left, leaf);
        this.visit(pattern.right);
        break;
      default:
        leaf(pattern);
    }
  }

  #declare({ name, start }: Identifier, kind: Kind): void {
    let scope = this.#scope;
    while (kind === 'var' && !scope.isFunction && scope.parent !== null) scope = scope.parent;
    scope.names.add(name);
    if (scope === this.top && kind !== 'local') this.defined.push({ name, kind, offset: start });
  }

  #use({ name, start }: Identifier, writes: boolean): void {
    const isOwn = name === 'arguments' && this.#functions > 0;
    if (!isOwn) this.#scope.uses.push({ name, offset: start, writes, deferred: this.#functions > 0 });
  }
}
