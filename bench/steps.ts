/** How many steps the engine takes a second, in the real runner, beside generators that do nothing else. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import benchText from 'virtual:gupbook-bench-steps-text';
import { headlessRunner } from '../main/lab/headless-runner.ts';
import { type Bench, median, type Row, row, type Surroundings } from './bench.ts';
import { type Measured, measuredIn } from './steps-measured.ts';
import { benchmark } from './steps-run.ts';

/** An Electron that does not start may show why in a window, and wait. Milliseconds. */
const PATIENCE = 600_000;

export const steps: Bench = {
  name: 'steps',
  title: 'steps of a pin/unpin loop in the runner, against bare generators',
  run: async ({ shipped }) => {
    const electron = await electronIn(shipped);
    const said = electron === null ? await benchmark(headlessRunner(benchText)) : inElectron(electron);
    const measured = said
      .split('\n')
      .map(measuredIn)
      .find((found) => found !== null);
    if (measured === undefined || measured === null) throw new Error(`the runner measured nothing: ${said.trim()}`);
    return rows(electron === null ? 'headless runner' : `Electron ${electron.version}`, measured);
  },
};

/** Rounds are pairs: what counts is the middle of their ratios. */
function rows(where: string, { live, searched, bare, chained }: Measured): Row[] {
  const pair = (name: string, ours: readonly number[], peer: readonly number[], peerName: string): Row => ({
    ...row(`${name} (${where})`, 'million steps/s', median(ours), median(peer), peerName),
    ratio: Number(median(ours.map((value, i) => value / (peer[i] ?? Number.NaN))).toPrecision(4)),
  });
  return [
    pair('steps, one actor', live, bare, 'a bare generator'),
    pair('steps, one actor', live, chained, 'bare generators, called as deep'),
    pair('steps, searched', searched, bare, 'a bare generator'),
    pair('steps, searched', searched, chained, 'bare generators, called as deep'),
  ];
}

interface Electron {
  readonly command: readonly string[];
  /** Made for this, to be taken away. */
  readonly folder: string;
  readonly version: string;
}

/** The Electron that is set up for this clone, and how to start the benchmark in it; null where that cannot be. */
async function electronIn(shipped: Surroundings['shipped']): Promise<Electron | null> {
  const script = join(shipped, 'out/main/bench-steps.js');
  const setup = join(shipped, 'main/setup/electron.mjs');
  if (![script, setup, join(shipped, 'out/preload/runner.cjs')].every((path) => existsSync(path))) return null;
  try {
    const { resolveElectron }: { resolveElectron: () => unknown } = await import(pathToFileURL(setup).href);
    const found = resolveElectron();
    if (typeof found !== 'object' || found === null) return null;
    const { executable, version, args } = { executable: '', version: '', args: [], ...found };
    // Electron is given folders, not files.
    const folder = mkdtempSync(join(tmpdir(), 'gupbook-bench-'));
    writeFileSync(join(folder, 'package.json'), '{ "name": "bench-steps", "version": "0.0.0", "main": "main.mjs" }');
    writeFileSync(join(folder, 'main.mjs'), `import ${JSON.stringify(pathToFileURL(script).href)};\n`);
    const display = process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
    return { command: [...(display ? [] : ['xvfb-run', '-a']), executable, ...args, folder], version, folder };
  } catch {
    return null;
  }
}

function inElectron({ command: [first = '', ...more], folder }: Electron): string {
  const { stdout, stderr, error } = spawnSync(first, more, { encoding: 'utf8', maxBuffer: 2 ** 24, timeout: PATIENCE });
  rmSync(folder, { recursive: true, force: true });
  if (error !== undefined) throw error;
  return stdout === '' ? stderr : stdout;
}
