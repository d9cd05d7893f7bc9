/** `export`: graphs, models and orders of one experiment. */
import { describe, expect, test, vi } from 'vitest';
import { cli, folderWith, QUIET, quarrel } from './cli.ts';

// Ends a hang.
vi.setConfig({ testTimeout: 120_000 });

async function exported(...args: string[]) {
  const cwd = folderWith({ 'a.lab.ts': quarrel(`{ '*': 'fail' }`), 'b.lab.ts': QUIET });
  const run = (...more: string[]) => cli(['export', 'a.lab.ts', '--kernel', '7.2', ...more], cwd);
  return { ...(await run(...args)), cwd };
}

describe('export', () => {
  test.each([
    ['dot', /^digraph "get and put, kernel 7\.2" \{\n[\s\S]*s0 -> s1 \[label="reader"\]/],
    ['svg', /^<svg [\s\S]*<title>get and put, kernel 7\.2<\/title>/],
    ['promela', /^\/\* get and put, kernel 7\.2 \*\/[\s\S]*active proctype reader\(\)/],
    [
      'orders',
      /^# get and put, kernel 7\.2: 1 orders in which nothing breaks, .*\n# Actors: 0 reader\n0x\d+ {2}0 switches\n$/,
    ],
  ])('as %s', async (format, text) => {
    const { status, out, err } = await exported('--experiment', 'get and put', '--format', format);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(text);
  });

  test('orders are different, complete, pass, and replay', async () => {
    const args = ['--experiment', 'a count above one', '--format', 'orders', '--count', '5'];
    const { out, cwd } = await exported(...args);
    const schedules = out
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split('  ')[0] ?? '');
    expect(new Set(schedules).size).toBe(schedules.length);
    // One after the other is the only way in which nothing breaks, and either may be first.
    expect(schedules.length).toBeGreaterThan(1);
    for (const schedule of schedules) {
      const named = ['--experiment', 'a count above one', '--kernel', '7.2', '--schedule', schedule];
      // 3: a failure is expected, and nothing breaks.
      expect((await cli(['replay', 'a.lab.ts', ...named], cwd)).status).toBe(3);
    }
    expect((await exported(...args)).out).toBe(out);
  });

  test.each([
    [['--format', 'dot'], /--experiment is missing/],
    [['--experiment', 'get and put'], /--format is one of dot, svg, promela, orders/],
    [['--experiment', 'get and put', '--format', 'pdf'], /--format is one of .*, not "?pdf"?/],
    [['--experiment', 'get', '--format', 'dot'], /a\.lab\.ts has no experiment "?get"? that runs under 7\.2/],
    [['--experiment', 'get and put', '--format', 'dot', '-o', 'no/file'], /no\/file/],
  ])('says in one sentence what is wrong: %j', async (args, sentence) => {
    const { status, out, err } = await exported(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(sentence);
  });

  test('says that an experiment is too large', async () => {
    const cwd = folderWith({
      'a.lab.ts': `experiment('large', {}, (lab) => {
  for (const name of ['A', 'B', 'C']) {
    const w = lab.word(name);
    lab.task(name, function* () { for (let i = 0; i < 40; i++) yield ADD(w, 1); });
    lab.always(name, () => value(w) < 50);
  }
});\n`,
    });
    const { status, err } = await cli(
      ['export', 'a.lab.ts', '--experiment', 'large', '--kernel', '7.2', '--format', 'svg'],
      cwd,
    );
    expect(status).toBe(2);
    expect(err).toMatch(/^gupbook: a\.lab\.ts: .*states are too many for a graph: 2000 at most\n$/);
  });
});
