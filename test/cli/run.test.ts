import { describe, expect, test } from 'vitest';
import { KERNELS } from '../../main/engine/kernels/index.ts';
import { headlessRunner } from '../../main/lab/headless-runner.ts';
import { cli, folderWith, QUIET, quarrel } from './cli.ts';

const KEYS = [
  'file',
  'experiment',
  'kernel',
  'verdict',
  'expected',
  'asExpected',
  'exhaustive',
  'executions',
  'states',
  'steps',
  'seconds',
];

/** The results of `run --json -`, without times. */
async function results(argv: readonly string[], cwd: string) {
  const { out, err, status } = await cli(['run', ...argv, '--json', '-'], cwd);
  expect(err).toBe('');
  const { gupbook, results: list } = JSON.parse(out);
  expect(gupbook).toMatch(/^\d+\.\d+\.\d+/);
  return { status, list: list.map((result: object) => ({ ...result, seconds: 0 })) };
}

describe('the exit status', () => {
  const of = async (notebook: string, ...options: string[]) => {
    const cwd = folderWith({ 'a.lab.ts': notebook });
    return (await cli(['run', 'a.lab.ts', '--kernel', '5.6', ...options], cwd)).status;
  };
  test('is 0 where every verdict is the expected one', async () => {
    expect(await of(quarrel(`{ '*': 'fail' }`))).toBe(0);
  });
  test('is 0 where nothing is expected', async () => {
    expect(await of(quarrel('{}'))).toBe(0);
  });
  test('is 1 where a verdict differs', async () => {
    expect(await of(quarrel(`{ '*': 'pass' }`))).toBe(1);
  });
  test('is 3 where a budget ended a search', async () => {
    expect(await of(QUIET, '--budget', '1')).toBe(3);
  });
  test('is 1 where one verdict differs and another search was cut off', async () => {
    expect(await of(quarrel(`{ '*': 'pass' }`), '--budget', '8')).toBe(1);
  });
  test('is 1 where a script throws, whatever was expected', async () => {
    expect(await of(`${QUIET}throw new Error('no');`)).toBe(1);
  });
  test('is 0 where the kernel lacks the function', async () => {
    const pin = QUIET.replace('get_page(buf.page(0))', 'pin_user_pages_fast(buf, 1, FOLL_WRITE)');
    expect(await of(pin)).toBe(0);
  });
});

describe('--json', () => {
  test('has a result for every experiment and kernel, in the order of the script and of history', async () => {
    const cwd = folderWith({ 'b.lab.ts': quarrel(`{ '*': 'fail' }`), 'a.lab.ts': QUIET });
    const { list, status } = await results(['.', '--kernel', '7.2,5.6', '--jobs', '1'], cwd);
    expect(status).toBe(0);
    expect(list.map(({ file, experiment, kernel }: Record<string, string>) => [file, experiment, kernel])).toEqual([
      ['a.lab.ts', 'get and put', '5.6'],
      ['a.lab.ts', 'get and put', '7.2'],
      ['b.lab.ts', 'get and put', '5.6'],
      ['b.lab.ts', 'get and put', '7.2'],
      ['b.lab.ts', 'a count above one', '5.6'],
      ['b.lab.ts', 'a count above one', '7.2'],
    ]);
  });

  test('of a passing experiment has the fields of the interface and no more', async () => {
    const cwd = folderWith({ 'a.lab.ts': QUIET });
    const { list } = await results(['a.lab.ts', '--kernel', '5.6'], cwd);
    expect(Object.keys(list[0])).toEqual(KEYS);
    expect(list[0]).toMatchObject({ verdict: 'pass', expected: 'pass', asExpected: true, exhaustive: true });
  });

  test('of a failing experiment tells check, schedule and every step', async () => {
    const cwd = folderWith({ 'a.lab.ts': quarrel(`{ '*': 'fail' }`) });
    const { list } = await results(['a.lab.ts', '--kernel', '5.6', '--only', 'above'], cwd);
    expect(Object.keys(list[0])).toEqual([...KEYS, 'failure', 'failures']);
    const { failure, failures } = list[0];
    expect(failure).toMatchObject({ check: 'nobody else holds it', message: 'the condition does not hold' });
    expect(failure.schedule).toMatch(/^[\dx.]+$/);
    expect(failure.steps.at(-1)).toEqual({
      n: failure.steps.length,
      actor: expect.stringMatching(/^(one|two)$/),
      op: 'ADD',
      word: 'buf._refcount',
      before: 2,
      after: 3,
    });
    expect(failures[0]).toEqual({ check: failure.check, message: failure.message, schedule: failure.schedule });
  });

  test('of a search that was cut off says by what', async () => {
    const cwd = folderWith({ 'a.lab.ts': QUIET });
    const { list, status } = await results(['a.lab.ts', '--kernel', '5.6', '--budget', '1'], cwd);
    expect(status).toBe(3);
    expect(list[0]).toMatchObject({ verdict: 'inconclusive', exhaustive: false, limit: 'states' });
  });

  test('is the same from one process as from many', async () => {
    const cwd = folderWith({ 'a.lab.ts': quarrel(`{ '*': 'fail' }`) });
    const one = await results(['a.lab.ts', '--jobs', '1'], cwd);
    const many = await results(['a.lab.ts', '--jobs', '4'], cwd);
    expect(one.list.length).toBe(2 * KERNELS.length);
    expect(many).toEqual(one);
  });

  test('goes to a file when one is named, and the table to standard output', async () => {
    const cwd = folderWith({ 'a.lab.ts': QUIET });
    const { out } = await cli(['run', 'a.lab.ts', '--kernel', '5.6', '--json', 'out.json'], cwd);
    expect(out).toContain('1 verdict: 1 pass; all as expected');
    const again = await cli(['run', 'a.lab.ts', '--json', 'no/such/folder.json'], cwd);
    expect(again).toMatchObject({
      status: 2,
      err: expect.stringMatching(/^gupbook: cannot save no\/such\/folder.json: /),
    });
  });
});

describe('the table', () => {
  test('has a line per experiment and a column per kernel, and tells what was not expected', async () => {
    const cwd = folderWith({ 'a.lab.ts': quarrel(`{ '*': 'pass', '7.2': 'fail' }`) });
    const { out } = await cli(['run', 'a.lab.ts', '--kernel', 'pin-v5,7.2'], cwd);
    const lines = out.split('\n');
    expect(lines.slice(0, 4)).toEqual([
      'a.lab.ts',
      '  v5    7.2',
      '  ok    ok    get and put',
      '  FAIL! FAIL  a count above one',
    ]);
    expect(out).toContain('  a count above one / pin-v5: fail, expected pass\n');
    expect(out).toContain("      gupbook replay a.lab.ts --experiment 'a count above one' --kernel pin-v5 --schedule ");
    expect(out).not.toContain('a count above one / 7.2');
    expect(out).toMatch(/4 verdicts: 2 pass, 2 fail; 1 not as expected \(!\); [\d.]+ s\n$/);
  });

  test('tells expected failures too when asked', async () => {
    const cwd = folderWith({ 'a.lab.ts': quarrel(`{ '*': 'fail' }`) });
    const { out } = await cli(['run', 'a.lab.ts', '--kernel', '7.2', '-v'], cwd);
    expect(out).toContain('a count above one / 7.2: fail\n    nobody else holds it: the condition does not hold\n');
  });

  test('leaves out what a script prints', async () => {
    const cwd = folderWith({ 'a.lab.ts': QUIET });
    const prints = `globalThis.__gupbook = (host) => () => {
      host.send({ kind: 'console', text: 'hello 1' });
      host.send({ kind: 'plan', experiments: [] });
      host.send({ kind: 'done' });
    };`;
    const runner = headlessRunner(prints);
    const { out, err } = await cli(['run', 'a.lab.ts', '--shard', '1/1'], cwd, { runner: () => runner });
    expect(out).not.toContain('hello');
    expect(err).toBe('');
    const whole = await cli(['run', 'a.lab.ts', '--jobs', '1'], cwd, { runner: () => runner });
    expect(whole.err).toMatch(/^a\.lab\.ts: hello 1\n/);
  });
});

describe('paths', () => {
  test('of folders stand for all notebooks in them and below, each once', async () => {
    const files = { 'b.lab.ts': QUIET, 'deep/er/a.lab.ts': QUIET, 'note.ts': 'no notebook', '.git/x.lab.ts': QUIET };
    const cwd = folderWith(files);
    const { list } = await results(['deep/er/a.lab.ts', '.', 'b.lab.ts', '--kernel', '7.2'], cwd);
    expect(list.map(({ file }: { file: string }) => file)).toEqual(['deep/er/a.lab.ts', 'b.lab.ts']);
  });
});

describe('a script', () => {
  test('that throws at its top level is one error at its place, and others run', async () => {
    const cwd = folderWith({ 'a.lab.ts': `const a = 1;\n  null.x;\n`, 'b.lab.ts': QUIET });
    const { status, list } = await results(['.', '--kernel', '7.2'], cwd);
    expect(status).toBe(1);
    expect(list.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['error', 'pass']);
    expect(list[0].error).toEqual({
      message: "TypeError: Cannot read properties of null (reading 'x')",
      line: 2,
      column: 8,
    });
  });

  test('that does not parse is one error at its place, others run, and the input is bad', async () => {
    const cwd = folderWith({ 'a.lab.ts': 'const a = 1;\nconst b = ;\n', 'b.lab.ts': QUIET });
    const { status, list } = await results(['.', '--kernel', '7.2'], cwd);
    expect(status).toBe(2);
    expect(list.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['error', 'pass']);
    expect(list[0].error).toMatchObject({ line: 2, column: 11 });
  });

  test('that loops for ever is ended by the time limit, which its error says, with the place', async () => {
    const cwd = folderWith({ 'a.lab.ts': 'let i = 0;\nfor (;;) i++;\n' });
    const { status, out } = await cli(['run', 'a.lab.ts', '--time-limit', '1', '--jobs', '1'], cwd);
    expect(status).toBe(1);
    expect(out).toMatch(/a\.lab\.ts:2:\d+: The script gave no sign of life for 1 second: time limit\.\n/);
  });

  test('that loops in a body is an error there, once; other experiments run', async () => {
    const loop = `experiment('loop', {}, () => {\n  for (;;);\n});\n`;
    const cwd = folderWith({
      'a.lab.ts': `${QUIET}// %% Loop\n${loop}// %% Last\n${QUIET.replace('get and put', 'last')}`,
    });
    const { status, list } = await results(
      ['a.lab.ts', '--kernel', '5.6,7.2', '--time-limit', '1', '--jobs', '1'],
      cwd,
    );
    expect(status).toBe(1);
    expect(list.map(({ experiment, verdict }: Record<string, string>) => [experiment, verdict])).toEqual([
      ['get and put', 'pass'],
      ['get and put', 'pass'],
      ['loop', 'error'],
      ['loop', 'error'],
      ['last', 'pass'],
      ['last', 'pass'],
    ]);
    const ended = 'The script gave no sign of life for 1 second: time limit.';
    expect(list[2].error.message).toBe(ended);
    expect(list[3].error.message).toBe(`Not run. ${ended}`);
  });

  test('that takes memory without end is ended by the memory limit', async () => {
    const cwd = folderWith({ 'a.lab.ts': 'const all = [];\nfor (;;) all.push(new Float64Array(1e6).fill(1));\n' });
    const { list } = await results(['a.lab.ts', '--memory', '300', '--jobs', '1'], cwd);
    expect(list[0].error.message).toBe('The script took more than 300 MB: out of memory.');
  });

  test('that yields what is no step is an error at its place', async () => {
    const cwd = folderWith({
      'a.lab.ts': `experiment('e', {}, (lab) => {\n  lab.task('t', function* () {\n    yield 5;\n  });\n});\n`,
    });
    const { status, list } = await results(['a.lab.ts', '--kernel', '7.2'], cwd);
    expect(status).toBe(1);
    expect(list[0]).toMatchObject({ verdict: 'error', error: { message: expect.stringContaining('no step') } });
  });
});
