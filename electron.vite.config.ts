import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { engineTransforms, entries, target } from './main/setup/vite/house.ts';
import { scriptTexts } from './main/setup/vite/text.ts';

/** Parts to build, by name: all, or those named in GUPBOOK_BUILD (the command line needs `main` alone). */
const wanted = new Set((process.env.GUPBOOK_BUILD ?? 'main,preload,renderer').split(','));

const main = entries({ index: 'main/index.ts', cli: 'main/cli/index.ts' });
const preload = entries({ index: 'preload/index.ts', runner: 'preload/runner.ts' });
const renderer = entries({ index: 'renderer/index.html' });

/** A part is built when it is wanted and has something to build. */
const builds = (part: string, input: Record<string, string>): boolean =>
  wanted.has(part) && Object.keys(input).length > 0;

export default defineConfig({
  ...(builds('main', main) && {
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
  ...(builds('preload', preload) && {
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
  ...(builds('renderer', renderer) && {
    renderer: {
      root: 'renderer',
      plugins: [react(), ...engineTransforms()],
      worker: { format: 'es' },
      build: {
        outDir: 'out/renderer',
        target: target.chrome,
        minify: false,
        modulePreload: { polyfill: false },
        rolldownOptions: { input: renderer },
      },
    },
  }),
});
