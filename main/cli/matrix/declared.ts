/** What the experiments of a notebook say about themselves, read from the script without running it. */
import { type AnyNode, type Expression, parse } from 'acorn';
import { parse as parseNotebook } from '../../lab/notebook-format.ts';
import { scriptFor } from '../../lab/script.ts';

export interface Declared {
  /** The first line of the first Markdown cell that has one, or the file's name. */
  readonly title: string;
  /** Row of the matrix, by name of the experiment. */
  readonly bugs: ReadonlyMap<string, string>;
}

/** ScriptSyntaxError where the notebook is no script. */
export function declaredIn(text: string, file: string): Declared {
  const notebook = parseNotebook(text);
  const title = notebook.cells.find(({ kind, title }) => kind === 'markdown' && title !== '')?.title ?? file;
  const program = parse(scriptFor(notebook, 'all').code, { ecmaVersion: 2024, sourceType: 'script' });
  const bugs = new Map<string, string>();
  for (const statement of program.body) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') continue;
    const { callee, arguments: given } = statement.expression;
    const [name, options] = given;
    if (callee.type !== 'Identifier' || callee.name !== 'experiment' || options?.type !== 'ObjectExpression') continue;
    const bug = options.properties
      .flatMap((property) => (property.type === 'Property' && keyOf(property.key) === 'bug' ? [property.value] : []))
      .flatMap((value) => textOf(value) ?? [])[0];
    const title = textOf(name);
    if (title !== null && bug !== undefined) bugs.set(title, bug);
  }
  return { title, bugs };
}

function keyOf(key: Expression | AnyNode): string | null {
  return key.type === 'Identifier' ? key.name : textOf(key);
}

function textOf(node: AnyNode | undefined): string | null {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null;
}
