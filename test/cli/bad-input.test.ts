import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, folderWith, QUIET } from './cli.ts';

const FILES = {
  'good.lab.ts': QUIET,
  'latin1.lab.ts': Buffer.from('// caf\u00e9\n', 'latin1'),
  'utf16.lab.ts': Buffer.from('\ufeff// hello\n', 'utf16le'),
  'binary.lab.ts': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff]),
  'broken.lab.ts': 'const = 1;\n',
  'empty/readme.md': '',
};
const SCHEDULE = ['--experiment', 'get and put', '--kernel', '7.2', '--schedule'];

describe('one sentence and status 2 for', () => {
  test.each<[string, string[], string]>([
    ['a missing file', ['run', 'none.lab.ts'], 'cannot read none.lab.ts: there is no such file: check the path'],
    ['a folder without notebooks', ['run', 'empty'], 'there is no notebook (*.lab.ts) in empty'],
    ['a file that is no UTF-8', ['run', 'latin1.lab.ts'], 'cannot read FILE: byte 0x'],
    ['UTF-16', ['run', 'utf16.lab.ts'], 'cannot read FILE: it is UTF-16 text: save it as UTF-8'],
    [
      'a binary',
      ['run', 'binary.lab.ts'],
      'cannot read FILE: byte 0xff in line 1 is not UTF-8: save the file as UTF-8',
    ],
    ['an unknown kernel', ['run', 'good.lab.ts', '--kernel', 'v5'], 'there is no kernel v5: did you mean pin-v5, '],
    ['an empty kernel', ['run', 'good.lab.ts', '--kernel', '7.2,'], 'there is no kernel "": did you mean '],
    ['no path', ['run'], 'run: name a notebook or a folder; see "gupbook run --help"'],
    ['an unknown option', ['run', 'good.lab.ts', '--frob'], 'run: there is no option --frob; see "gupbook run --help"'],
    ['an option without its value', ['run', 'good.lab.ts', '--only'], 'run: --only needs a value; see '],
    ['a value for a flag', ['run', 'good.lab.ts', '--ktap=1'], 'run: --ktap takes no value; see '],
    ['a budget of none', ['run', 'good.lab.ts', '--budget', '0'], 'run: --budget takes a whole number from 1 to '],
    ['a budget in words', ['run', 'good.lab.ts', '--budget', 'many'], 'run: --budget takes a whole number from 1 to '],
    [
      'a share too many',
      ['run', 'good.lab.ts', '--shard', '5/4'],
      'run: --shard takes a share and a count such as 1/4, not 5/4',
    ],
    [
      'a share of nothing',
      ['run', 'good.lab.ts', '--shard', '0/0'],
      'run: --shard takes a share and a count such as 1/4, not 0/0',
    ],
    [
      'two outputs on one stream',
      ['run', 'good.lab.ts', '--ktap', '--json', '-'],
      'run: --ktap and --json - both take standard output',
    ],
    [
      'a name that matches nothing',
      ['run', 'good.lab.ts', '--only', 'putt'],
      'no experiment that could run has putt in its name',
    ],
    ['an unknown command', ['runn'], 'there is no command runn: did you mean run? Commands: run, '],
    [
      'a replay without a schedule',
      ['replay', 'good.lab.ts', ...SCHEDULE.slice(0, 4)],
      'replay: --schedule is missing; see ',
    ],
    ['a replay of two files', ['replay', 'a', 'b'], 'replay: name one notebook, or one mail; see '],
    ['a replay of a script that does not parse', ['replay', 'broken.lab.ts', ...SCHEDULE, '0'], 'broken.lab.ts:1:7: '],
    [
      'a schedule that is none',
      ['replay', 'good.lab.ts', ...SCHEDULE, 'first'],
      'the schedule does not fit "get and put" under 7.2: "first" is no part of a schedule: ',
    ],
    [
      'a schedule that is too long',
      ['replay', 'good.lab.ts', ...SCHEDULE, '0x99'],
      'the schedule does not fit "get and put" under 7.2: step ',
    ],
    [
      'a schedule of other actors',
      ['replay', 'good.lab.ts', ...SCHEDULE, '0.3'],
      'the schedule does not fit "get and put" under 7.2: step 2: ',
    ],
    [
      'a replay of an experiment that is not there',
      ['replay', 'good.lab.ts', '--experiment', 'get', ...SCHEDULE.slice(2), '0'],
      'good.lab.ts has no experiment get: the nearest are "get and put"',
    ],
    [
      'a replay under no kernel',
      ['replay', 'good.lab.ts', '--experiment', 'x', '--kernel', '7.3', '--schedule', '0'],
      'there is no kernel 7.3: did you mean ',
    ],
    [
      'a replay under several',
      ['replay', 'good.lab.ts', '--experiment', 'x', '--kernel', 'all', '--schedule', '0'],
      'there is no kernel all: did you mean ',
    ],
    [
      'a report in no format',
      ['report', 'good.lab.ts', '--format', 'pdf'],
      'report: there is no format pdf: there are ',
    ],
    ['a report of no run', ['report', '7'], ''],
    ['a report of nothing', ['report'], 'report: name one notebook, or the number of one run; see '],
    [
      'a report that answers no file',
      ['report', 'good.lab.ts', '--in-reply-to', 'no/mail'],
      'cannot read no/mail: there is no such file: check the path',
    ],
    [
      'a report that answers no mail',
      ['report', 'good.lab.ts', '--in-reply-to', 'good.lab.ts'],
      'cannot answer good.lab.ts: ',
    ],
    [
      'a report of another day',
      ['report', 'good.lab.ts', '--date', 'tomorrow'],
      'report: --date takes a date such as 2026-11-24T12:00:00Z, not tomorrow',
    ],
    ['a report of a script that does not parse', ['report', 'broken.lab.ts'], 'broken.lab.ts:1:7: '],
    ['a benchmark that is not there', ['bench', 'speed'], 'bench: there is no benchmark speed; see '],
    ['arguments of a demonstration', ['demo', 'good.lab.ts'], 'demo: it takes no arguments; see '],
  ])('%s', async (_what, argv, sentence) => {
    const cwd = folderWith(FILES);
    const { status, out, err } = await cli(argv, cwd);
    const file = argv[1] ?? '';
    expect(err.replaceAll(join(cwd, file), 'FILE')).toContain(`gupbook: ${sentence}`);
    expect(err.trimEnd()).not.toContain('\n');
    expect(out).toBe('');
    expect(status).toBe(2);
  });

  test('a file of 100 MB', async () => {
    const cwd = folderWith({ 'huge.lab.ts': Buffer.alloc(100 * 2 ** 20, '\n') });
    const { status, err } = await cli(['run', 'huge.lab.ts'], cwd);
    expect(err).toMatch(/^gupbook: cannot read .*: it is larger than 16 MB: divide it into several notebooks\n$/);
    expect(status).toBe(2);
  });

  test.skipIf(process.getuid?.() === 0)('a file without permission (skipped for root, who may read all)', async () => {
    const cwd = folderWith(FILES);
    chmodSync(join(cwd, 'good.lab.ts'), 0);
    const { status, err } = await cli(['run', 'good.lab.ts'], cwd);
    expect(err).toMatch(/permission is denied/);
    expect(status).toBe(2);
  });
});

describe('help', () => {
  test('without a command is the list of commands, and bad usage', async () => {
    const { status, err } = await cli([], '/');
    expect(err).toMatch(/^Usage: gupbook COMMAND/);
    expect(status).toBe(2);
  });

  test.each(['run', 'replay', 'report', 'demo', 'bench'])('of %s fits a terminal and is no error', async (command) => {
    const { status, out, err } = await cli([command, 'x', '--help'], '/');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(new RegExp(`^Usage: gupbook ${command}`));
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(84);
  });

  test('names the version', async () => {
    expect(await cli(['--version'], '/')).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^gupbook \d+\.\d+\.\d+\n$/),
    });
  });
});
