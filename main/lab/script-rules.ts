/**
 * What a script may say, beyond being JavaScript: it imports and exports nothing, for the interface is global, and it
 * does not await at top level, for it runs at once. The language is the one that every supported runtime has, ES2024.
 */
import { type AnyNode, type Program, parse, type Token } from 'acorn';
import { childrenOf, isFunction } from './syntax-tree.ts';

export const NO_IMPORT = 'scripts import nothing: the interface is global, so remove this import';
export const NO_EXPORT = 'scripts export nothing: cells below see every name of this one, so remove this export';
const NO_AWAIT = 'scripts do not await at top level: they run at once, from top to bottom';
const RESERVED = "names that begin with `gupbook$` are the engine's: choose another";
const HTML = '`<!--` begins a comment where scripts are no modules: write spaces between the signs';
export const TOO_DEEP = 'this is nested too deeply to be run: use named parts, or a loop over an array';

/** Nodes of the syntax tree around one place. Walks of the tree that call themselves manage several times as many. */
const MAX_TREE_DEPTH = 1000;

/** Parses a script without types; `failAt` is told the first thing wrong with it, and its offset. */
export function parseScript(code: string, failAt: (message: string, offset: number) => never): Program {
  const html = code.includes('<!--') ? new HtmlComments(code) : null;
  let program: Program;
  try {
    // A module to the parser: strict, and `import` and `await` are read, so that they can be refused with a reason.
    program = parse(code, {
      ecmaVersion: 2024,
      sourceType: 'module',
      allowAwaitOutsideFunction: true,
      ...(html && { onToken: (token) => html.see(token) }),
    });
  } catch (error) {
    if (error instanceof RangeError) return failAt(TOO_DEEP, 0);
    if (error instanceof SyntaxError && 'pos' in error && typeof error.pos === 'number') {
      return failAt(reasonOf(error.message), error.pos);
    }
    throw error;
  }
  if (html !== null && html.at >= 0) return failAt(HTML, html.at);
  const [first] = findRefused(program).sort((a, b) => a.at - b.at);
  return first === undefined ? program : failAt(first.reason, first.at);
}

/**
 * Finds `<!--` among the tokens of a module, where it is three operators. The runtime evaluates scripts as no modules and
 * would read a comment: another program than the one that was looked at.
 */
class HtmlComments {
  at = -1;
  #signs = '';
  #end = -1;
  readonly #code: string;

  constructor(code: string) {
    this.#code = code;
  }

  see({ start, end }: Token): void {
    const sign = this.#code.slice(start, end);
    this.#signs = start === this.#end ? this.#signs + sign : sign;
    this.#end = end;
    if (this.at < 0 && this.#signs.endsWith('<!--')) this.at = end - '<!--'.length;
  }
}

function reasonOf(message: string): string {
  const reason = message.replace(/ \(\d+:\d+\)$/, '');
  if (reason === "Unexpected character '@'") return 'decorators are not part of the language that scripts run in';
  return reason === 'Unexpected token' ? 'Unexpected token (scripts are JavaScript as of ES2024)' : reason;
}

interface Refused {
  readonly reason: string;
  readonly at: number;
}

function findRefused(program: Program): Refused[] {
  const refused: Refused[] = [];
  const rest: { node: AnyNode; inFunction: boolean; depth: number }[] = [
    { node: program, inFunction: false, depth: 0 },
  ];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { node, depth } = next;
    const reason = depth > MAX_TREE_DEPTH ? TOO_DEEP : reasonAgainst(node, next.inFunction);
    if (reason !== null) refused.push({ reason, at: node.start });
    if (depth > MAX_TREE_DEPTH) continue;
    const inFunction = next.inFunction || isFunction(node);
    for (const child of childrenOf(node)) rest.push({ node: child, inFunction, depth: depth + 1 });
  }
  return refused;
}

function reasonAgainst(node: AnyNode, inFunction: boolean): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ImportExpression':
      return NO_IMPORT;
    case 'MetaProperty':
      return node.meta.name === 'import' ? NO_IMPORT : null;
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportAllDeclaration':
      return NO_EXPORT;
    case 'Identifier':
      return node.name.startsWith('gupbook$') ? RESERVED : null;
    case 'AwaitExpression':
      return inFunction ? null : NO_AWAIT;
    case 'ForOfStatement':
      return node.await && !inFunction ? NO_AWAIT : null;
    default:
      return null;
  }
}
