/** Builds and launches the small application of runner-app/, once a test file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { build } from 'vite';
import { engineTransforms } from '../../main/setup/vite/house.ts';
import { scriptTexts } from '../../main/setup/vite/text.ts';
import { artefacts, launch } from './harness.ts';

const repository = resolve(import.meta.dirname, '../..');

/** The running application; close it. */
export async function launchRunnerApp(): Promise<ElectronApplication> {
  const folder = join(artefacts, 'runner-app');
  mkdirSync(folder, { recursive: true });
  await bundle(join(import.meta.dirname, 'runner-app/main.ts'), folder, 'main.js', 'es');
  await bundle(join(repository, 'preload/runner.ts'), folder, 'preload.cjs', 'cjs');
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "runner-app", "version": "0.0.0", "type": "module", "main": "main.js" }\n',
  );
  const app = await launch(folder);
  await app.evaluate((electron) => electron.app.whenReady());
  return app;
}

/** Prints measurements: least, median and greatest of each row, in milliseconds. Nothing asserts them. */
export function print(what: string, rows: Readonly<Record<string, readonly number[]>>): void {
  const figures = Object.entries(rows).map(([name, values]) => {
    const sorted = [...values].sort((a, b) => a - b);
    const [least, median, most] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].map((v) =>
      (v ?? 0).toFixed(1),
    );
    return `${name} ${sorted.length === 1 ? median : `${least} / ${median} / ${most}`} ms`;
  });
  console.log(`${what}: ${figures.join(', ')}`);
}

async function bundle(entry: string, outDir: string, name: string, format: 'es' | 'cjs'): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: repository,
    plugins: [scriptTexts(engineTransforms), ...engineTransforms()],
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { format, entryFileNames: name, codeSplitting: false } },
    },
  });
}
