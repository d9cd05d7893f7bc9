import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './house.mjs';
import { ensureVirtualDisplay, hasDisplay } from './libraries.mjs';
import { run } from './run.mjs';
import { ofVitest, single } from './tally.mjs';

/** @typedef {import('./tally.mjs').Tally} Tally */

/** Every view of the compiler on the project: one per tsconfig file (the shared base aside), and the notebooks' own. */
export function projects() {
  const own = readdirSync(root).filter(
    (name) => /^tsconfig(\.\w+)?\.json$/.test(name) && name !== 'tsconfig.base.json',
  );
  const notebooks = 'scenarios/tsconfig.json';
  return existsSync(join(root, notebooks)) ? [...own, notebooks] : own;
}

/** @returns {Promise<Tally>} */
export async function types() {
  let holds = true;
  for (const project of projects()) {
    const status = await node('typescript/bin/tsc', ['-p', project]);
    holds &&= status === 0;
  }
  return single('types', holds);
}

/** @returns {Promise<Tally>} */
export async function lint() {
  return single('lint', (await node('@biomejs/biome/bin/biome', ['check', '--error-on-warnings'])) === 0);
}

/**
 * Unit, property and conformance tests.
 *
 * @param {readonly string[]} filters parts of paths; none runs all
 */
export function unit(filters) {
  return vitest('tests', [], ['--config', 'vitest.config.ts', ...filters]);
}

/**
 * The real Electron, on a display of its own where there is none.
 *
 * @param {readonly string[]} filters
 */
export async function app(filters) {
  const args = ['--config', 'vitest.app.config.ts', ...filters];
  if (hasDisplay()) return vitest('application', [], args);
  await ensureVirtualDisplay();
  return vitest('application', ['xvfb-run', '-a', '-s', '-screen 0 1440x900x24'], args);
}

/**
 * @param {string} name
 * @param {readonly string[]} wrapper a command that runs the command after it
 * @param {readonly string[]} args
 * @returns {Promise<Tally>}
 */
async function vitest(name, wrapper, args) {
  const folder = mkdtempSync(join(tmpdir(), 'gupbook-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const status = await node('vitest/vitest.mjs', ['run', '--passWithNoTests', ...reporters, ...args], wrapper);
    return ofVitest(name, existsSync(report) ? readFileSync(report, 'utf8') : null, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Runs a script of an installed package with this Node.
 *
 * @param {string} script
 * @param {readonly string[]} args
 * @param {readonly string[]} [wrapper]
 */
function node(script, args, wrapper = []) {
  const [command = process.execPath, ...rest] = [
    ...wrapper,
    process.execPath,
    join(root, 'node_modules', script),
    ...args,
  ];
  return run(command, rest, { cwd: root, stdout: 'inherit' });
}
