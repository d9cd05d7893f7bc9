import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** One line of source per case, in the file where it would stand. */
interface Case {
  readonly file: string;
  readonly allowed: readonly string[];
  readonly refused: readonly string[];
}

const cases: readonly Case[] = [
  {
    file: 'main/engine/memory.ts',
    allowed: ["import { a } from './step.ts';", "import type { b } from './mm/grab.ts';"],
    refused: [
      "import { c } from '../ipc.ts';",
      "import type { d } from '../ipc.ts';",
      "import { e } from 'node:fs';",
      "import { f } from 'zod';",
      "import '../lab/budget.ts';",
      "export * from '../store/schema.ts';",
      "export const g = () => import('electron');",
      "export type H = import('../../preload/contract.ts').H;",
    ],
  },
  {
    file: 'main/engine/mm/grab.ts',
    allowed: ["import { a } from '../memory.ts';", "import { b } from './unpin.ts';"],
    refused: ["import { c } from '../../ipc.ts';", "import { d } from '../../lab/budget.ts';"],
  },
  {
    file: 'main/store/schema.ts',
    allowed: [
      "import { a } from './open.ts';",
      "import type { b } from '../engine/trace.ts';",
      "import c from 'better-sqlite3';",
      "import { d } from 'node:zlib';",
      "import type { e } from '../../preload/contract.ts';",
    ],
    refused: [
      "import { f } from '../report/reply.ts';",
      "import { g } from '../ipc.ts';",
      "import { h } from 'electron';",
      "import { i } from '../../preload/index.ts';",
      "import { j } from '../../renderer/main.tsx';",
      "import { k } from '../cli/index.ts';",
    ],
  },
  {
    file: 'main/report/formats/reply.ts',
    allowed: ["import { a } from '../lines.ts';", "import { b } from '../../engine/trace.ts';"],
    refused: ["import { c } from '../../store/open.ts';", "import { d } from '../../cli/index.ts';"],
  },
  {
    file: 'main/lab/runner.ts',
    allowed: [
      "import { a } from 'electron';",
      "import type { b } from '../../renderer/runner/protocol.ts';",
      "import c from 'virtual:gupbook-engine-text';",
    ],
    refused: [
      "import { d } from '../../renderer/runner/realm.ts';",
      "import { e } from '../store/open.ts';",
      "import { f } from '../setup/electron.mjs';",
    ],
  },
  {
    file: 'main/cli/index.ts',
    allowed: ["import { a } from '../lab/notebook.ts';", "import { b } from '../recordings/dump-page.ts';"],
    refused: ["import { c } from '../window.ts';", "import { d } from 'electron';"],
  },
  {
    file: 'main/ipc.ts',
    allowed: ["import { a } from './window.ts';", "import { b } from '../preload/contract.ts';"],
    refused: [
      "import { c } from './cli/index.ts';",
      "import { d } from '../renderer/main.tsx';",
      "import { e } from '../preload/index.ts';",
      "import { f } from './setup/electron.mjs';",
    ],
  },
  {
    file: 'main/setup/start.mjs',
    allowed: ["import { a } from 'node:fs';", "import { b } from './stamp.mjs';"],
    refused: ["import { c } from 'vite';", "import { d } from '../lab/budget.ts';"],
  },
  {
    file: 'preload/index.ts',
    allowed: ["import { a } from 'electron';", "import { b } from './contract.ts';"],
    refused: ["import { c } from 'node:fs';", "import { d } from '../main/ipc.ts';", "import { e } from 'zod';"],
  },
  {
    file: 'renderer/state/table.tsx',
    allowed: [
      "import { a } from 'react';",
      "import { b } from '../../preload/contract.ts';",
      "import type { c } from '../../main/engine/world.ts';",
      "export type { d } from '../../main/engine/world.ts';",
      "export type E = import('../../main/engine/world.ts').E;",
      "import { n } from '../../main/engine/trace.ts';",
      "import { o } from '../../main/lab/notebook-format.ts';",
      "import { f } from '../theme/colours.ts';",
    ],
    refused: [
      "import { g } from '../../main/engine/world.ts';",
      "import { type h } from '../../main/engine/world.ts';",
      "export { i } from '../../main/engine/world.ts';",
      "import type { j } from '../../main/lab/runner.ts';",
      "import { k } from 'electron';",
      "import { l } from 'node:path';",
      "import { m } from '../../preload/index.ts';",
    ],
  },
  {
    file: 'renderer/runner/realm.ts',
    allowed: [
      "export const b = ['R', 'W'] as const;",
      "import { a } from '../../main/engine/experiment.ts';",
      "import { b } from './protocol.ts';",
    ],
    refused: [
      'export const d = document.body as unknown;',
      "import { c } from 'react';",
      "import { d } from '../state/table.tsx';",
      "import { e } from '../../main/lab/notebook.ts';",
    ],
  },
];

/** Runs Biome with the repository's own configuration over the cases; gives `file:line` of every complaint. */
function complaints(folder: string): Set<string> {
  const root = resolve(import.meta.dirname, '../..');
  cpSync(join(root, 'biome.json'), join(folder, 'biome.json'));
  cpSync(join(root, 'main/setup/lint'), join(folder, 'main/setup/lint'), { recursive: true });
  for (const { file, allowed, refused } of cases) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `${[...allowed, ...refused].join('\n')}\n`);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', '--only=plugin', '--reporter=github', '--max-diagnostics=none'];
  const found = new Set<string>();
  for (const line of lint(args, folder).split('\n')) {
    const place = /title=plugin,file=([^,]+),line=(\d+)/.exec(line);
    if (place?.[1] !== undefined) found.add(`${relative(folder, place[1])}:${place[2]}`);
  }
  return found;
}

/** Standard output of a lint run, whether or not it found something. */
function lint(args: readonly string[], cwd: string): string {
  try {
    return execFileSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string') return error.stdout;
    throw error;
  }
}

describe('the lint rules of the house', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gupbook-imports-')));
  let found = new Set<string>();
  beforeAll(() => {
    found = complaints(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  for (const { file, allowed, refused } of cases) {
    for (const [index, line] of [...allowed, ...refused].entries()) {
      const isRefused = index >= allowed.length;
      it(`${isRefused ? 'refuse' : 'allow'} in ${file}: ${line}`, () => {
        expect(found.has(`${file}:${index + 1}`)).toBe(isRefused);
      });
    }
  }
});
