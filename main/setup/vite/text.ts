import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import { root, target } from './house.ts';

/** A text that main carries: the module name that main imports, and the entry whose bundle it is. */
interface Text {
  readonly name: string;
  readonly entry: string;
  /** Name that stack traces show for this script, or null to leave it to the page. */
  readonly sourceURL: string | null;
}

const texts: readonly Text[] = [
  { name: 'virtual:gupbook-engine-text', entry: 'renderer/runner/realm.ts', sourceURL: 'gupbook-engine.js' },
  { name: 'virtual:gupbook-worker-text', entry: 'renderer/runner/worker.ts', sourceURL: null },
  { name: 'virtual:gupbook-host-text', entry: 'renderer/runner/host.ts', sourceURL: null },
  { name: 'virtual:gupbook-bench-steps-text', entry: 'bench/steps-realm.ts', sourceURL: null },
  { name: 'virtual:gupbook-headless-child-text', entry: 'main/lab/headless-child.ts', sourceURL: null },
  { name: 'virtual:gupbook-headless-realm-text', entry: 'main/lab/headless-realm.ts', sourceURL: null },
];

/** Vite and Rollup mark a module that is no file with this first character. */
const VIRTUAL = '\0';

/**
 * Lets main import a bundled script as a string. A runner gets its scripts as text, because its page may load nothing
 * (an opaque origin, a policy without any source) and its headless process may read nothing: the engine goes over a
 * port or a pipe, the page's host script is inline under its hash.
 *
 * @param transforms plugins that the nested bundle must apply too, such as the engine's source transform.
 */
export function scriptTexts(transforms: () => Plugin[] = () => []): Plugin {
  return {
    name: 'gupbook-script-texts',
    resolveId: (id) => (texts.some((text) => text.name === id) ? VIRTUAL + id : null),
    async load(id) {
      const text = texts.find(({ name }) => VIRTUAL + name === id);
      if (text === undefined) return null;
      const entry = resolve(root, text.entry);
      if (!existsSync(entry)) {
        this.error(`${text.name} needs ${text.entry}, which does not exist.`);
      }
      const chunk = await bundle(entry, transforms());
      for (const file of chunk.moduleIds) if (!file.startsWith(VIRTUAL)) this.addWatchFile(file);
      const code = text.sourceURL === null ? chunk.code : `${chunk.code}//# sourceURL=${text.sourceURL}\n`;
      return { code: `export default ${JSON.stringify(code)};`, moduleType: 'js' };
    },
  };
}

/**
 * Bundles `entry` and all it imports into one script that runs at once. What the entry exports is the global `gupbook`.
 */
async function bundle(entry: string, plugins: Plugin[]): Promise<Rolldown.OutputChunk> {
  const output = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins,
    build: {
      write: false,
      minify: false,
      sourcemap: false,
      target: [target.node, target.chrome],
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: 'exports-only',
        // As a module the code was strict, and the worker's hardening counts on it.
        output: { format: 'iife', name: 'gupbook', keepNames: true, strict: true },
      },
    },
  });
  const results = Array.isArray(output) ? output : 'output' in output ? [output] : [];
  const chunks = results.flatMap((result) => result.output).filter((part) => part.type === 'chunk');
  const [chunk] = chunks;
  if (chunk === undefined || chunks.length > 1) {
    throw new Error(`${basename(entry)} must become one script, not ${chunks.length}.`);
  }
  return chunk;
}
