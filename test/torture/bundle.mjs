// Bundles a TypeScript program for a child process: Node 20 runs no TypeScript.
import { basename, join, resolve } from 'node:path';
import { build } from 'vite';

const repository = resolve(import.meta.dirname, '../..');

/**
 * @param {string} entry the program, an absolute path
 * @param {string} name of the folder in test-artefacts/; the packages stay outside the bundle and are found from there
 * @returns {Promise<string>} the bundle's path
 */
export async function bundle(entry, name) {
  const outDir = join(repository, 'test-artefacts', name);
  const file = `${basename(entry, '.ts')}.js`;
  await build({
    configFile: false,
    logLevel: 'warn',
    root: repository,
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { format: 'es', entryFileNames: file, codeSplitting: false } },
    },
  });
  return join(outDir, file);
}
