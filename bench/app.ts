/** The notebook window, measured in the real Electron by a script of its own (app-measure.ts). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Row, Surroundings } from './bench.ts';

/** What must be there: a clone that was built, with its development packages. */
const NEEDED = ['out/main/index.js', 'out/main/bench-app.js', 'bench/bare/page.ts', 'node_modules/playwright-core'];

export const app: Bench = {
  name: 'app',
  title: 'the notebook window in Electron, against a window with one Monaco editor',
  run: async ({ node, shipped }: Surroundings) => {
    const missing = NEEDED.find((path) => !existsSync(join(shipped, path)));
    if (missing !== undefined) throw new Error(`bench app needs a clone that was built: ${missing} is missing`);
    const display = process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
    const [command = node, ...args] = [...(display ? [] : ['xvfb-run', '-a']), node];
    const script = join(shipped, 'out/main/bench-app.js');
    const { stdout, stderr, status, error } = spawnSync(command, [...args, script, shipped], { encoding: 'utf8' });
    if (error !== undefined) throw error;
    const rows = rowsIn(stdout);
    if (status !== 0 || rows === null) throw new Error(`the window could not be measured: ${stderr.trim()}`);
    return rows;
  },
};

function rowsIn(said: string): readonly Row[] | null {
  try {
    const parsed: unknown = JSON.parse(said.trim().split('\n').at(-1) ?? '');
    return Array.isArray(parsed) && parsed.every(isRow) ? parsed : null;
  } catch {
    return null;
  }
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && 'name' in value && 'ratio' in value && 'peerName' in value;
}
