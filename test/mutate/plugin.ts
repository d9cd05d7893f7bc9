/**
 * Builds all mutants of main/engine/mm into one program. Each is guarded by its number (see switchboard.ts), and the list
 * of them is the module `virtual:mutants`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parse } from 'acorn';
import { transformSync } from 'amaro';
import type { Plugin } from 'vite';
import { Edits } from '../../main/lab/lower/edits.ts';
import type { Mutant } from './mutant.ts';
import { type Sketch, sketches } from './mutators.ts';

const LIST = 'virtual:mutants';
const ON = 'mutant$on';

interface Mutated {
  readonly code: string;
  readonly mutants: readonly Mutant[];
}

/** @param root the repository */
export function mutants(root: string): Plugin {
  const folder = resolve(root, 'main/engine/mm');
  const files = new Map<string, Mutated>();
  let first = 1;
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const mutated = mutate(path, first);
    files.set(path, mutated);
    first += mutated.mutants.length;
  }
  const board = JSON.stringify(resolve(root, 'test/mutate/switchboard.ts'));
  return {
    name: 'gupbook-mutants',
    enforce: 'pre',
    resolveId: (id) => (id === LIST ? `\0${LIST}` : null),
    load: (id) =>
      id === `\0${LIST}`
        ? `export default ${JSON.stringify([...files.values()].flatMap((file) => file.mutants))};`
        : null,
    transform(_, id) {
      const mutated = files.get(id.split('?')[0] ?? '');
      return mutated === undefined ? null : { code: `import { on as ${ON} } from ${board};${mutated.code}`, map: null };
    },
  };
}

/** Types are blanked out first: what stays keeps its place. */
function mutate(path: string, first: number): Mutated {
  const { code } = transformSync(readFileSync(path, 'utf8'), { mode: 'strip-only' });
  const found = sketches(code, parse(code, { ecmaVersion: 'latest', sourceType: 'module' }));
  const edits = new Edits();
  const seen = new Map<string, number>();
  const made = found.map((sketch, i): Mutant => {
    const { open, close } = sketch.wrap(`${ON}(${first + i})`);
    edits.wrap(sketch.from, sketch.to, open, close);
    return describe(basename(path), code, sketch, first + i, seen);
  });
  let mutated = '';
  let done = 0;
  for (const { at, text } of edits.insertions()) {
    mutated += code.slice(done, at) + text;
    done = at;
  }
  return { code: mutated + code.slice(done), mutants: made };
}

function describe(file: string, code: string, sketch: Sketch, id: number, seen: Map<string, number>): Mutant {
  const lines = code.slice(0, sketch.from).split('\n');
  const text = code.slice(sketch.from, sketch.to).replace(/\s+/g, ' ');
  const line = code.split('\n')[lines.length - 1]?.trim().replace(/\s+/g, ' ') ?? '';
  const what = `${file}: ${sketch.mistake}: ${text}`;
  const where = `${what} in ${line}`;
  const nth = (seen.get(where) ?? 0) + 1;
  seen.set(where, nth);
  return { id, file, line: lines.length, mistake: sketch.mistake, text, key: nth === 1 ? where : `${where} (${nth})` };
}
