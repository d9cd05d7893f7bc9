/**
 * The build-time half of lowering: prepares the generators of the engine itself, and of tests and benches that write
 * actors in TypeScript, as main/lab/lower prepares those of scripts. Runs once types are gone.
 */
import { relative, resolve, sep } from 'node:path';
import { parse } from 'acorn';
import MagicString from 'magic-string';
import type { Plugin } from 'vite';
import { instrument } from '../../lab/lower/instrument.ts';

/** Generators in here are no actors'. */
const OTHERS = /^main\/engine\/(?:check\/|calls\/guarded\.ts)/;
const GENERATOR = /\bfunction\s*\*|\*\s*[\w$#[]+\s*\(/;

/** @param root the repository */
export function lowerGenerators(root: string): Plugin {
  const live = resolve(root, 'main/engine/lower/live.ts');
  return {
    name: 'gupbook-lower-generators',
    transform(code, id) {
      const path = relative(root, id.split('?')[0] ?? '')
        .split(sep)
        .join('/');
      if (!/^(?:main\/engine|test|bench)\/.*\.tsx?$/.test(path) || OTHERS.test(path) || !GENERATOR.test(code)) {
        return null;
      }
      const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
      const name = 'gupbook$live';
      const edits = instrument(code, program, {
        live: name,
        place: `${path.replace(/^main\/engine\//, '')}:`,
        guard: !path.startsWith('main/'),
      });
      if (edits === null) return null;
      const magic = new MagicString(code);
      for (const { at, text } of edits.insertions()) magic.appendLeft(at, text);
      magic.prepend(`import { live as ${name} } from ${JSON.stringify(live)};`);
      return { code: magic.toString(), map: magic.generateMap({ hires: true }) };
    },
  };
}
