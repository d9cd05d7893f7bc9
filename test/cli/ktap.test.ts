import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lintKtap } from '../../main/report/lint-ktap.ts';
import { cli, folderWith, QUIET, quarrel } from './cli.ts';

const prove = spawnSync('prove', ['--version']).status === 0;
const AWKWARD = QUIET.replace('get and put', 'issue #5: a # in a name');
const LACKS = QUIET.replace('get and put', 'a pin').replace(
  'get_page(buf.page(0))',
  'pin_user_pages_fast(buf, 1, FOLL_WRITE)',
);

async function ktap(expected: string, ...options: string[]) {
  const cwd = folderWith({ 'a.lab.ts': quarrel(expected), 'b.lab.ts': AWKWARD, 'c.lab.ts': LACKS });
  const ended = await cli(['run', '.', '--kernel', '5.6', '--ktap', ...options], cwd);
  return { ...ended, cwd };
}

describe('--ktap', () => {
  test('is KTAP version 1 as kunit.py reads it', async () => {
    expect(lintKtap((await ktap(`{ '*': 'fail' }`)).out)).toEqual([]);
    expect(lintKtap((await ktap(`{ '*': 'pass' }`)).out)).toEqual([]);
    expect(lintKtap((await ktap(`{ '*': 'fail' }`, '--budget', '1')).out)).toEqual([]);
  });

  test('has a test per notebook, an expected failure is ok, a lacking function skipped', async () => {
    const { out, status } = await ktap(`{ '*': 'fail' }`);
    expect(status).toBe(0);
    const lines = out.split('\n');
    expect(lines.slice(0, 4)).toEqual(['KTAP version 1', '1..3', '  KTAP version 1', '  # Subtest: a.lab.ts']);
    expect(lines).toContain('    ok 1 5.6 # XFAIL nobody else holds it');
    expect(lines).toContain('    ok 1 5.6 # SKIP the kernel lacks the function');
    expect(lines).toContain('ok 1 a.lab.ts');
    expect(lines).toContain('ok 2 b.lab.ts');
    expect(lines).toContain('ok 3 c.lab.ts');
  });

  test('calls what differs not ok, up to the notebook, and shows the schedule', async () => {
    const { out, status } = await ktap(`{ '*': 'pass' }`);
    expect(status).toBe(1);
    const lines = out.split('\n');
    expect(lines.some((line) => /^ {4}# schedule [\dx.]+$/.test(line))).toBe(true);
    expect(lines).toContain('  not ok 2 a count above one');
    expect(lines).toContain('not ok 1 a.lab.ts');
    expect(lines).toContain('ok 2 b.lab.ts');
  });

  test('calls a search that was cut off not ok', async () => {
    const { out, status } = await ktap(`{ '*': 'fail' }`, '--budget', '1');
    expect(status).toBe(3);
    expect(out).toContain('    not ok 1 5.6 # TIMEOUT ');
    expect(out).toContain('\nnot ok 1 a.lab.ts\n');
  });

  test.skipIf(!prove)('is read by prove (skipped where there is none)', async () => {
    for (const [expected, status] of [
      [`{ '*': 'fail' }`, 0],
      [`{ '*': 'pass' }`, 1],
    ] as const) {
      const { out, cwd } = await ktap(expected);
      writeFileSync(join(cwd, 'result.tap'), out);
      const { stdout, status: found } = spawnSync('prove', ['-e', 'cat', 'result.tap'], { cwd, encoding: 'utf8' });
      expect(found, stdout).toBe(status);
      expect(stdout).toContain('Files=1, Tests=3');
    }
  });
});
