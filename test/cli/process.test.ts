import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { folderWith, QUIET } from './cli.ts';

const BUILT = resolve(import.meta.dirname, '../../out/main/cli.js');
const LINUX = process.platform === 'linux';

/** What can only be seen from outside: `npm test` builds the program first. */
describe.skipIf(!existsSync(BUILT))('the program (skipped where it is not built)', () => {
  test('gives the status of its command, and results on standard output alone', () => {
    const cwd = folderWith({ 'a.lab.ts': QUIET });
    const ran = spawnSync(process.execPath, [BUILT, 'run', 'a.lab.ts', '--kernel', '7.2'], { cwd, encoding: 'utf8' });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toContain('1 verdict: 1 pass; all as expected');
    const bad = spawnSync(process.execPath, [BUILT, 'run', 'b.lab.ts'], { cwd, encoding: 'utf8' });
    expect(bad).toMatchObject({ status: 2, stdout: '' });
  });

  test('ends quietly when nobody reads on', () => {
    const command = `"${process.execPath}" "${BUILT}" run --help | head -n 1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(stdout).toBe('Usage: gupbook run PATH... [options]\n');
    expect(stderr).toBe('');
  });

  test.skipIf(!LINUX)(
    'leaves no process behind when it is killed (Linux only)',
    async () => {
      const cwd = folderWith({ 'a.lab.ts': 'for (;;);\n' });
      const program = spawn(process.execPath, [BUILT, 'run', 'a.lab.ts', '--jobs', '1', '--time-limit', '600'], {
        cwd,
      });
      const { pid } = program;
      if (pid === undefined) throw new Error('the program did not start');
      const children = () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
      const runner = await vi.waitFor(
        () => {
          const [first = ''] = children();
          expect(first).toMatch(/^\d+$/);
          return first;
        },
        { timeout: 20_000, interval: 20 },
      );
      program.kill('SIGKILL');
      await vi.waitFor(() => expect(existsSync(join('/proc', runner))).toBe(false), { timeout: 20_000, interval: 20 });
    },
    60_000,
  );
});
