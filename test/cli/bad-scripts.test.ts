/** Scripts that a search cannot make sense of, or never comes to an end of: told at the author's line, never a crash. */
import { expect, test, vi } from 'vitest';
import { cli, folderWith } from './cli.ts';

// Ends a hang.
vi.setConfig({ testTimeout: 120_000 });

/** Runs the body of an experiment that stands on line 1; `before` stands before it on line 1. */
async function ran(body: string, options: readonly string[] = [], before = '') {
  const cwd = folderWith({
    'a.lab.ts': `${before}experiment('odd', { kernels: ['7.2'] }, (lab) => {\n${body}\n});\nexperiment('next', { kernels: ['7.2'] }, (lab) => { lab.word('w'); lab.task('t', function* () { yield NOP(); }); });\n`,
  });
  const { out, err, status } = await cli(['run', 'a.lab.ts', '--jobs', '1', ...options], cwd);
  expect(err).toBe('');
  return { out, status };
}

test('an actor that never yields', async () => {
  const { out } = await ran("lab.task('t', function* () {\n  yield NOP();\n  for (;;);\n});", ['--time-limit', '2']);
  expect(out).toMatch(/odd \/ 7\.2: error\n {4}a\.lab\.ts:4:\d+: The script gave no sign of life for 2 seconds/);
});

test.each([
  [
    'a word that is counted up for ever',
    "const w = lab.word('w', 0);\nlab.task('t', function* () {\n  for (;;) yield ADD(w, 1);\n});",
    /w has taken [\d,]+ values at line 4: nothing seems to bound it/,
  ],
  [
    'a variable that is counted up for ever',
    "const w = lab.word('w', 0);\nlab.task('t', function* () {\n  for (let n = 0; ; n++) yield W(w, n & 1);\n});",
    /actor "t" has been in [\d,]+ different states of its own at line 4: nothing seems to bound what it counts/,
  ],
])('%s', async (_what, body, remark) => {
  const { out, status } = await ran(body, ['--budget', '20000']);
  expect(status).toBe(3);
  expect(out).toMatch(
    /odd \/ 7\.2: inconclusive\n {4}ended by the limit of states: 20,001 states, \d+ still to look at/,
  );
  expect(out).toMatch(remark);
  expect(out).toContain('1 pass, 1 inconclusive');
});

test.each([
  [
    'other values',
    "calls++;\nlab.word('w', calls);\nlab.task('t', function* () { yield NOP(); });",
    /"w" begins at 2, not 1/,
  ],
  [
    'other words',
    "if (calls++ > 0) lab.word('w');\nlab.task('t', function* () { yield NOP(); });",
    /there is word "w"/,
  ],
  ['other actors', "lab.task('t' + calls++, function* () { yield NOP(); });", /there is task "t1"/],
  [
    'other code',
    "const n = calls++;\nconst w = lab.word('w');\nlab.task('t', function* () { yield W(w, n); });",
    /actor "t" works with other values/,
  ],
  [
    'other checks',
    "if (calls++ > 0) lab.finally('x', () => true);\nlab.task('t', function* () { yield NOP(); });",
    /it makes other checks/,
  ],
])('a body that differs between calls: %s', async (_what, body, difference) => {
  const { out, status } = await ran(body, [], 'let calls = 0; ');
  expect(status).toBe(1);
  expect(out).toMatch(
    /a\.lab\.ts:1:\d+: the body of "odd" is called again .* the second time .*: keep nothing outside/,
  );
  expect(out).toMatch(difference);
});

test('a step on a word that does not exist', async () => {
  const { out } = await ran(
    "const words = [lab.word('w', 0)];\nlab.task('t', function* () {\n  yield R(words[1]!);\n});",
  );
  expect(out).toMatch(/a\.lab\.ts:4:\d+: TypeError: this step needs a word/);
});

test('a search that comes to its memory budget', async () => {
  const body =
    "const w = lab.word('w', 0);\nlab.task('t', function* () {\n  for (let n = 0; ; n++) yield W(w, n & 1);\n});";
  const { out, status } = await ran(body, ['--memory', '200', '--budget', '100000000']);
  expect(status).toBe(3);
  expect(out).toMatch(/ended by the limit of memory: [\d,]+ states, \d+ still to look at, [\d,]+ steps deep/);
  expect(out).toContain('1 pass, 1 inconclusive');
});
