/** What only processes show: a search that is killed goes on; shares that GNU parallel runs are the whole run. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { folderWith, QUIET, quarrel } from './cli.ts';

const BUILT = process.env.GUPBOOK_CLI ?? resolve(import.meta.dirname, '../../out/main/cli.js');
const PARALLEL = spawnSync('parallel', ['--version'], { encoding: 'utf8' });
const SEED = Number(process.env.GUPBOOK_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Kills, each at a moment of its own. */
const KILLS = Number(process.env.GUPBOOK_RUNS ?? 4);

/** Counters that take a second or so; the second experiment fails. */
const LONG = `// %% Long
function counters(lab: Lab, n: number): void {
  const sum = lab.word('sum', 0);
  for (const [i, name] of ['A', 'B', 'C'].entries()) {
    const own = lab.word(name, 0);
    lab.task(name, function* () {
      for (let k = 0; k < n; k++) {
        yield W(own, k * (i + 1));
        if (k % 9 === 0) yield ADD(sum, 1);
      }
    });
  }
}
experiment('long', { kernels: ['7.2'], expect: { '*': 'pass' } }, (lab) => counters(lab, 60));
experiment('short', { kernels: ['7.2'], expect: { '*': 'fail' } }, (lab) => {
  counters(lab, 20);
  const other = lab.word('other', 8);
  lab.finally('the other is nine', () => expect(value(other)).toBe(9));
});
`;

describe.skipIf(!existsSync(BUILT))('the program (skipped where it is not built)', () => {
  test('goes on where it was killed, and comes to the same bytes', { timeout: 300_000 }, async () => {
    console.log(`GUPBOOK_SEED=${SEED}`);
    let random = SEED;
    const below = (n: number): number => {
      random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
      return random % n;
    };
    const cwd = folderWith({ 'a.lab.ts': LONG });
    const program = (...args: string[]) => [BUILT, 'run', 'a.lab.ts', '--jobs', '1', ...args];
    const kept = (...args: string[]) => program('--checkpoint', 'kept', '--checkpoint-every', '0.02', ...args);
    const files = (): string[] =>
      (existsSync(join(cwd, 'kept')) ? readdirSync(join(cwd, 'kept'), { recursive: true }) : []).map(String);
    const records = () => files().filter((name) => name.endsWith('.record'));
    spawnSync(process.execPath, program('--reproducible', '--json', 'whole.json'), { cwd });
    for (let kill = 0; kill < KILLS; kill++) {
      const running = spawn(process.execPath, kept('--json', 'killed.json'), { cwd, stdio: 'ignore' });
      const ended = new Promise((resolve) => running.on('exit', resolve));
      if (records().length === 0) {
        await vi.waitFor(() => expect(files().some((name) => name.endsWith('.head'))).toBe(true), {
          timeout: 60_000,
          interval: 5,
        });
      }
      await sleep(below(700));
      running.kill('SIGKILL');
      await ended;
    }
    // It went on each time: no record was ever begun anew.
    for (const name of records()) expect(name).toMatch(/\.1\.record$/);
    const last = spawnSync(process.execPath, kept('--json', 'killed.json'), { cwd, encoding: 'utf8' });
    expect(last).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(cwd, 'killed.json'), 'utf8')).toBe(readFileSync(join(cwd, 'whole.json'), 'utf8'));
    expect(files()).toEqual([]);
  });

  test.skipIf(PARALLEL.status !== 0)(
    'run in two shares by GNU parallel is one run (skipped where it is not installed: Debian package "parallel")',
    { timeout: 120_000 },
    () => {
      const cwd = folderWith({ 'a.lab.ts': quarrel(`{ '*': 'fail' }`), 'b.lab.ts': QUIET });
      const gupbook = `'${process.execPath}' '${BUILT}'`;
      const shares = `${gupbook} run . --kernel 5.6,pin-v5,7.2 --shard {}/2 --json {}.json`;
      const script = [
        `parallel --will-cite "${shares}" ::: 1 2 >&2`,
        `${gupbook} run . --kernel 5.6,pin-v5,7.2 --reproducible --json all.json >&2`,
        `${gupbook} merge 1.json 2.json | cmp - all.json`,
      ].join(' && ');
      const { status, stdout } = spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8' });
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    },
  );
});
