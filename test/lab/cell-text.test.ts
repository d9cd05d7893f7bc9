import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyText, cellText, markdownText, withBodyText, withMarkdownText } from '../../main/lab/cell-text.ts';
import { parseCells } from '../../main/lab/notebook-format.ts';
import { among, holds } from './property.ts';
import { hostileText } from './texts.ts';

const eol = fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const);
const line = among(
  '',
  ' ',
  '  indented',
  '// remark',
  '%% not a marker',
  '%%',
  '# Title',
  '//',
  '\u2028',
  'a\u2028b',
  '\u65e5',
);
const edited = fc.oneof(
  fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n')),
  hostileText,
);
/** A cell as it may stand in a file: a marker line and whatever follows it. */
const cell = fc
  .tuple(among('// %% A', '// %% [markdown] A'), among('\n', '\r\n', '\r', ''), edited)
  .map(([marker, end, body]) => again(marker + end + (end === '' ? '' : body), marker));

function again(raw: string, marker: string): { marker: string; body: string } {
  const head = marker.replace(/[\r\n]+$/, '');
  expect(raw.startsWith(head)).toBe(true);
  const body = raw.slice(head.length);
  const end = /^(?:\r\n|\r|\n|)/.exec(body)?.[0] ?? '';
  return { marker: head + end, body: body.slice(end.length) };
}

function withoutBlankEnd(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/(?:(?:^|\n)[ \t]*)+$/, '');
}

describe('the text of a code cell', () => {
  test('has LF as line break and no blank lines at the end', () => {
    expect(bodyText({ marker: '// %% A\r\n', body: 'a\r\n\r\nb\rc\r\n \r\n' })).toBe('a\n\nb\nc');
    expect(bodyText({ marker: '// %% A', body: '' })).toBe('');
  });

  test('written back unchanged gives the same bytes', () => {
    holds(cell, (before) => expect(withBodyText(before, bodyText(before), '\n')).toBe(before.marker + before.body));
  });

  test('reads as it was written, but for blank lines at the end', () => {
    holds(fc.tuple(cell, edited, eol), ([before, text, end]) => {
      const after = again(withBodyText(before, text, end), before.marker);
      expect(bodyText(after)).toBe(withoutBlankEnd(text));
      expect(withBodyText(after, text, end)).toBe(after.marker + after.body);
    });
  });

  test('changes only the lines that differ, and new ones end as asked', () => {
    const before = { marker: '// %% A\n', body: 'one\r\ntwo\nthree\rfour\n\n\r\n' };
    expect(withBodyText(before, 'one\ntwo\n2.5\nthree\nfour', '\r\n')).toBe(
      '// %% A\none\r\ntwo\n2.5\r\nthree\rfour\n\n\r\n',
    );
    expect(withBodyText(before, 'one\nfour\n\n\n', '\n')).toBe('// %% A\none\r\nfour\n\n\r\n');
    expect(withBodyText(before, '', '\n')).toBe('// %% A\n\n\r\n');
    expect(withBodyText({ marker: '// %% A', body: '' }, 'one\ntwo', '\r\n')).toBe('// %% A\r\none\r\ntwo');
    expect(withBodyText({ marker: '// %% A\n', body: '\n' }, 'one', '\n')).toBe('// %% A\none\n\n');
  });
});

describe('the text of a Markdown cell', () => {
  test('is its comments without their signs', () => {
    const body = '// # Why\r\n//\r\n//   indented\r\n//no space\r\n  // moved\r\nraw\r\n// // code\r\n\r\n';
    expect(markdownText({ marker: '// %% [markdown]\r\n', body })).toBe(
      '# Why\n\n  indented\nno space\nmoved\nraw\n// code',
    );
  });

  test('written back unchanged gives the same bytes', () => {
    holds(cell, (before) =>
      expect(withMarkdownText(before, markdownText(before), '\n')).toBe(before.marker + before.body),
    );
  });

  test('reads as it was written', () => {
    holds(fc.tuple(cell, edited, eol), ([before, text, end]) => {
      const after = again(withMarkdownText(before, text, end), before.marker);
      if (text !== markdownText(before)) {
        expect(markdownText(after)).toBe(text.replace(/\r\n?|\u2028|\u2029/g, '\n'));
        expect(withMarkdownText(after, markdownText(after), end)).toBe(after.marker + after.body);
      }
    });
  });

  test('is written as comments only, none of which starts a cell', () => {
    const prose = fc
      .tuple(edited, eol)
      .map(([text, end]) => withMarkdownText({ marker: '// %% [markdown]\n', body: '' }, text, end));
    holds(prose, (raw) => {
      const { cells } = parseCells(raw);
      expect(cells.length).toBe(1);
      for (const line of cells[0]?.body.split(/\r\n|[\r\n\u2028\u2029]/) ?? []) expect(line).toMatch(/^(?:\/\/.*)?$/s);
    });
  });
});

test('the text that an editor shows follows the kind', () => {
  const cell = { marker: '// %% A\n', body: '// a\n' };
  expect(cellText({ ...cell, kind: 'code' })).toBe('// a');
  expect(cellText({ ...cell, kind: 'markdown' })).toBe('a');
});
