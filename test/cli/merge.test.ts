/** Shares of the work, run apart and joined, are the whole run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { cli, folderWith, QUIET, quarrel } from './cli.ts';

const BROKEN = '// %% Broken\nexperiment(\'broken\', {}, () => { throw new Error("no"); });\nthrow new Error("top");\n';

async function results(cwd: string, ...args: string[]): Promise<string> {
  await cli(['run', '.', '--kernel', '5.6,pin-v5,5.14,7.2', '--jobs', '1', ...args], cwd);
  return readFileSync(join(cwd, args.at(-1) ?? ''), 'utf8');
}

// Ends a hang; each of these starts several processes.
vi.setConfig({ testTimeout: 120_000 });

describe('merge', () => {
  const files = { 'a.lab.ts': quarrel(`{ '*': 'fail' }`), 'b.lab.ts': QUIET, 'c.lab.ts': BROKEN };

  test.each([1, 2, 5])('of %i shares is the whole run, byte for byte', async (count) => {
    const cwd = folderWith(files);
    const whole = await results(cwd, '--reproducible', '--json', 'all.json');
    const names = Array.from({ length: count }, (_, i) => `${i + 1}.json`);
    for (const [i, name] of names.entries()) await results(cwd, '--shard', `${i + 1}/${count}`, '--json', name);
    const merged = await cli(['merge', ...names.reverse(), '-o', 'merged.json'], cwd);
    expect(merged).toMatchObject({ status: 1, err: '' });
    expect(readFileSync(join(cwd, 'merged.json'), 'utf8')).toBe(whole);
    expect(whole).toContain('"experiment":"(notebook)"');
  });

  test('of runs that were no shares puts one behind the other', async () => {
    const cwd = folderWith(files);
    for (const name of ['a', 'b'])
      await cli(['run', `${name}.lab.ts`, '--kernel', '7.2', '--json', `${name}.json`], cwd);
    const { status, out } = await cli(['merge', 'b.json', 'a.json'], cwd);
    expect(status).toBe(0);
    expect(JSON.parse(out).results.map(({ file }: { file: string }) => file)).toEqual([
      'b.lab.ts',
      'a.lab.ts',
      'a.lab.ts',
    ]);
    expect((await cli(['merge', 'a.json', 'a.json'], cwd)).err).toMatch(
      /both have "get and put" of a\.lab\.ts under 7\.2/,
    );
  });

  test('says in one sentence what is wrong with its files', async () => {
    const cwd = folderWith({
      'b.lab.ts': QUIET,
      'else.json': '{"results":[{}]}',
      'old.json': '{"gupbook":"0.0.0","results":[]}',
    });
    const run = (...args: string[]) => cli(['run', 'b.lab.ts', '--kernel', '5.6,7.2', ...args], cwd);
    await run('--shard', '1/2', '--json', '1.json');
    await run('--shard', '1/2', '--json', 'copy.json');
    await run('--json', 'whole.json');
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['1.json'], /^gupbook: share 2\/2 is missing\n$/],
      [['1.json', 'copy.json'], /^gupbook: copy\.json and 1\.json are both share 1\/2\n$/],
      [['1.json', 'whole.json'], /^gupbook: whole\.json is no share, but 1\.json is one of 2\n$/],
      [['b.lab.ts'], /^gupbook: b\.lab\.ts is no JSON: name files that "gupbook run --json" wrote\n$/],
      [['else.json'], /^gupbook: else\.json holds no results of "gupbook run --json"/],
      [['whole.json', 'old.json'], /^gupbook: old\.json is of Gupbook 0\.0\.0, whole/],
      [['none.json'], /^gupbook: .*none\.json/],
      [[], /^gupbook: merge: name the files to join; see "gupbook merge --help"\n$/],
    ];
    for (const [names, sentence] of wrong) {
      const { status, out, err } = await cli(['merge', ...names], cwd);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toMatch(sentence);
    }
  });
});
