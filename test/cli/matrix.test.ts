/** `gupbook matrix`: a page of results, and its place in a file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tableLines } from '../../main/cli/matrix/table.ts';
import { cli, folderWith } from './cli.ts';

const NOTEBOOK = `/// <reference types="gupbook" />

// %% [markdown] A count of two
// Nothing else.

// %% Get
experiment('get, and put', { bug: 'S00 small', expect: { '*': 'pass' } }, (lab) => {
  const page = lab.mm.mmapPage();
  lab.task('reader', function* () {
    for (const got of yield* lab.kernel.get_user_pages_fast(page, 1, 0)) yield* lab.kernel.put_page(got);
  });
});
`;
const PAGE = 'By hand.\n\n<!-- matrix: npm run docs -->\nold\n<!-- end of matrix -->\n\nBy hand, too.\n';

async function ran(): Promise<string> {
  const folder = folderWith({ 'a.lab.ts': NOTEBOOK, 'page.md': PAGE });
  const { status } = await cli(
    ['run', 'a.lab.ts', '--kernel', '5.6,pin-v5,5.7-bias,7.2', '--json', 'run.json'],
    folder,
  );
  expect(status).toBe(0);
  return folder;
}

const PATIENCE = { timeout: 120_000 };

test('replaces what it wrote before, and nothing else', PATIENCE, async () => {
  const folder = await ran();
  expect(await cli(['matrix', 'run.json', '--into', 'page.md'], folder)).toEqual({ status: 0, out: '', err: '' });
  const page = readFileSync(join(folder, 'page.md'), 'utf8');
  expect(page).toMatch(/^By hand\.\n\n<!-- matrix: npm run docs -->\n/);
  expect(page).toMatch(/\n<!-- end of matrix -->\n\nBy hand, too\.\n$/);
  expect(page).not.toContain('old');
  expect(page).toContain('  5. v5 5. 7.\n  6     7b 2\n  .  .  .  .  S00 small: get, and put\n');
  expect(page).toContain('a.lab.ts: A count of two\n  .  .  .  .  get, and put\n');
  expect(page).toContain('1 notebook, 1 experiment, 4 verdicts: 4 pass, 0 fail, 0 not applicable.');
  const { out } = await cli(['matrix', 'run.json'], folder);
  expect(page).toContain(out.trimEnd());
});

test('says what is wrong with its input, and changes nothing', PATIENCE, async () => {
  const folder = await ran();
  const into = await cli(['matrix', 'run.json', '--into', 'a.lab.ts'], folder);
  expect(into).toMatchObject({ status: 2, err: expect.stringContaining('has no place for the matrix') });
  expect(readFileSync(join(folder, 'a.lab.ts'), 'utf8')).toBe(NOTEBOOK);
  const results = await cli(['matrix', 'page.md'], folder);
  expect(results).toMatchObject({ status: 2, err: expect.stringContaining('holds no results') });
  expect(await cli(['matrix'], folder)).toMatchObject({ status: 2 });
});

test('keeps to its width, whatever the names', () => {
  const result = { kernel: '7.2', verdict: 'fail', expected: 'pass', asExpected: false } as const;
  const name = 'a name that goes on and on and on, beyond what a terminal has';
  const lines = tableLines([{ heading: name, rows: [{ name, results: [{ ...result, experiment: name }] }] }], 40);
  expect(lines.every((line) => line.length <= 40)).toBe(true);
  expect(lines.at(-1)).toMatch(/^ {2}F! a name .*\.\.$/);
});
