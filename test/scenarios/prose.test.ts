/** What every notebook that ships has to look like, before it runs. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shipped, shippedFiles } from './shipped.ts';

const textOf = (file: string): string => readFileSync(new URL(`../../scenarios/${file}`, import.meta.url), 'utf8');

test.each([...shippedFiles(), 'README.md'])('%s is 7-bit ASCII in lines of at most 120 characters', (file) => {
  const wrong = textOf(file)
    .split('\n')
    .flatMap((line, i) => (line.length > 120 || /[^\t\x20-\x7e]/.test(line) ? [`${file}:${i + 1}`] : []));
  expect(wrong).toEqual([]);
});

test.each(shippedFiles())('%s begins with its story, under a title', (file) => {
  const [first] = shipped(file).notebook.cells;
  expect(first?.kind).toBe('markdown');
  expect(first?.title).not.toBe('');
  expect(first?.body.split('\n').length).toBeGreaterThan(2);
});

test('no two notebooks have the same title', () => {
  const titles = shippedFiles().map((file) => shipped(file).notebook.cells[0]?.title);
  expect(new Set(titles).size).toBe(titles.length);
});
