/** A text file of named sections that a test compares with; GUPBOOK_UPDATE=1 writes all anew, GUPBOOK_UPDATE=NAME one. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const HEAD = '== ';
const update = process.env.GUPBOOK_UPDATE;

/** One test for each name. `write` gives the text of its section. */
export function bookOf(name: string, names: readonly string[], write: (name: string) => string): void {
  const path = join(process.cwd(), 'test/engine/mm/sequences', `${name}.txt`);
  if (update === '1' || update === name) {
    writeFileSync(path, `${names.map((one) => `${HEAD}${one}\n${write(one)}\n`).join('\n')}`);
  }
  const sections = existsSync(path) ? read(readFileSync(path, 'utf8')) : new Map<string, string>();
  test(`${name}: as many as are written down`, () => {
    expect([...sections.keys()]).toEqual([...names]);
  });
  test.each([...names])(`${name}: %s`, (one) => {
    expect(write(one)).toBe(sections.get(one));
  });
}

function read(text: string): Map<string, string> {
  const sections = new Map<string, string>();
  for (const part of `\n${text}`.split(`\n${HEAD}`).slice(1)) {
    const end = part.indexOf('\n');
    sections.set(part.slice(0, end), part.slice(end + 1).trimEnd());
  }
  return sections;
}
