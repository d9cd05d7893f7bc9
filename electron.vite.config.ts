import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { engineTransforms, entries, target } from './main/setup/vite/house.ts';
import { scriptTexts } from './main/setup/vite/text.ts';

/** Parts to build, by name: all, or those named in GUPBOOK_BUILD (the command line needs `main` alone). */
const wanted = new Set((process.env.GUPBOOK_BUILD ?? 'main,preload,renderer').split(','));

const main = inputs('main', {
  index: 'main/index.ts',
  cli: 'main/cli/index.ts',
  decode: 'main/decode-process.ts',
  'bench-steps': 'bench/steps-electron.ts',
  'bench-app': 'bench/app-measure.ts',
});
const preload = inputs('preload', { index: 'preload/index.ts', runner: 'preload/runner.ts' });
const renderer = inputs('renderer', { index: 'renderer/index.html' });

/** The entries of a part, or null where the part is not wanted or has none. */
function inputs(part: string, paths: Readonly<Record<string, string>>): Record<string, string> | null {
  if (!wanted.has(part)) return null;
  const found = entries(paths);
  return Object.keys(found).length > 0 ? found : null;
}

export default defineConfig({
  ...(main !== null && {
    main: {
      plugins: [scriptTexts(engineTransforms), ...engineTransforms()],
      build: {
        outDir: 'out/main',
        target: target.node,
        minify: false,
        rolldownOptions: {
          input: main,
          output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        },
      },
    },
  }),
  ...(preload !== null && {
    preload: {
      build: {
        outDir: 'out/preload',
        target: target.node,
        minify: false,
        // A sandboxed preload may require Electron and nothing else: each is one CommonJS file.
        isolatedEntries: true,
        externalizeDeps: false,
        rolldownOptions: { input: preload, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
      },
    },
  }),
  ...(renderer !== null && {
    renderer: {
      root: 'renderer',
      plugins: [react(), ...engineTransforms()],
      worker: { format: 'es' },
      build: {
        outDir: 'out/renderer',
        target: target.chrome,
        minify: true,
        modulePreload: { polyfill: false },
        rolldownOptions: { input: renderer },
      },
    },
  }),
});
