import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import { engineTransforms, root } from '../../main/setup/vite/house.ts';
import { scriptTexts } from '../../main/setup/vite/text.ts';
import { mutants } from './plugin.ts';

const here = (name: string): string => resolve(root, 'test/mutate', name);

/** The tests of the model and the model with all its mutants, as one program for Node. */
export default defineConfig({
  root,
  logLevel: 'warn',
  plugins: [
    mutants(root),
    {
      name: 'gupbook-limited-run',
      enforce: 'pre',
      resolveId: (id, importer) =>
        id.endsWith('explore/run.ts') && importer?.endsWith('test/engine/harness.ts') ? here('limited-run.ts') : null,
    },
    scriptTexts(engineTransforms),
    ...engineTransforms(),
  ],
  resolve: { alias: { vitest: here('collector.ts') } },
  build: {
    ssr: here('main.ts'),
    outDir: resolve(root, 'test-artefacts/mutate'),
    emptyOutDir: false,
    minify: false,
    target: 'node20',
    rolldownOptions: { output: { format: 'es', entryFileNames: 'main.js', codeSplitting: false } },
  },
});
