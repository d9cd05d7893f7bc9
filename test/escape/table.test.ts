/** SECURITY.md says what the tests run: `npx vitest run test/escape/table.test.ts -u` writes its tables anew. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKLIST } from './checklist.ts';
import { tables } from './table.ts';

const repository = resolve(import.meta.dirname, '../..');
const file = join(repository, 'SECURITY.md');
const BEGIN = '<!-- written by test/escape/table.test.ts -->\n';
/** Electron's way to hand something to another program. */
const SHELL = /\bshell\b[^}]*\} from 'electron'|\bopenExternal\b/;
const END = '<!-- end of what is written -->\n';

it('SECURITY.md has the tables of what is tried', async () => {
  const text = readFileSync(file, 'utf8');
  const [before, rest = ''] = text.split(BEGIN);
  const after = rest.split(END).at(-1);
  await expect(`${before}${BEGIN}\n${tables()}\n${END}${after}`).toMatchFileSnapshot(file);
});

it.each(CHECKLIST)('$item is held by a test', ({ file: test, test: title }) => {
  expect(readFileSync(join(repository, test), 'utf8')).toContain(title.replaceAll("'", "\\'"));
});

it('no other program is ever started for a page', () => {
  const sources = ['main', 'preload', 'renderer'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('setup'))
      .map((name) => join(repository, folder, name)),
  );
  expect(sources.length).toBeGreaterThan(100);
  expect(sources.filter((source) => SHELL.test(readFileSync(source, 'utf8')))).toEqual([]);
});
