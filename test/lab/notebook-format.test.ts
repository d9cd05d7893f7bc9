import { describe, expect, test } from 'vitest';
import { splitLines } from '../../main/lab/lines.ts';
import { type Notebook, parse, print } from '../../main/lab/notebook-format.ts';
import { holds } from './property.ts';
import { anyText, SAMPLE } from './texts.ts';

function titles(text: string): string[] {
  return parse(text).cells.map(({ title }) => title);
}

/** Every cell says the lines of the file that it stands on. */
function checkLines(notebook: Notebook): void {
  const lines = splitLines(print(notebook).slice(notebook.bom.length));
  let next = splitLines(notebook.preamble).length + 1;
  for (const cell of notebook.cells) {
    expect(cell.firstLine).toBe(next);
    expect(cell.bodyFirstLine).toBe(next + 1);
    expect(lines.slice(next - 1, next - 1 + cell.lineCount).join('')).toBe(cell.marker + cell.body);
    next += cell.lineCount;
  }
  expect(next).toBe(lines.length + 1);
}

describe('a notebook file', () => {
  test('comes back byte for byte, whatever it holds', () => {
    holds(anyText, (text) => expect(print(parse(text))).toBe(text), 2000);
  });

  test('gives every cell its lines', () => {
    holds(anyText, (text) => checkLines(parse(text)));
  });

  test('is a preamble and cells with kinds, titles, attributes and places', () => {
    const { preamble, cells, eol, bom } = parse(SAMPLE);
    expect(preamble).toBe('/// <reference types="gupbook" />\n\n');
    expect(cells.map(({ id, kind, title, firstLine, lineCount }) => [id, kind, title, firstLine, lineCount])).toEqual([
      ['c1', 'markdown', 'Why', 3, 5],
      ['c2', 'code', 'Two bios', 8, 12],
      ['c3', 'markdown', 'Reading it', 20, 2],
    ]);
    expect([...(cells[2]?.attributes ?? [])]).toEqual([['timeout', '5s']]);
    expect([eol, bom]).toEqual(['\n', '']);
  });

  test('may be empty, blank, or have no marker', () => {
    for (const text of ['', '\n', '\uFEFF', 'const a = 1;', '\r\n\r\n']) {
      expect(parse(text).cells).toEqual([]);
      expect(print(parse(text))).toBe(text);
    }
  });

  test('starts a cell only where the marker stands at column 0 and a blank or nothing follows', () => {
    expect(titles('// %% a\n // %% b\n//%% c\n// %%d\n// %%% e\n// %%\tf\n// %%')).toEqual(['a', 'f', '']);
    expect(titles('\uFEFF// %% first')).toEqual(['first']);
    expect(titles('// %% a\r// %% b\r\n// %% c')).toEqual(['a', 'b', 'c']);
    expect(titles('x\u2028// %% a')).toEqual([]);
  });

  test('takes the line ending that it uses most', () => {
    expect(parse('a\r\nb\r\nc\n').eol).toBe('\r\n');
    expect(parse('a\rb\rc\n').eol).toBe('\r');
    expect(parse('a').eol).toBe('\n');
  });
});

describe('a marker line that is hidden', () => {
  test('inside a template literal starts no cell', () => {
    expect(titles('// %% a\nconst t = `\n// %% b\n`;\n// %% c\n')).toEqual(['a', 'c']);
    expect(titles('// %% a\nconst t = `$' + '{f(`\n// %% b\n`)}\n// %% c`;\n// %% d\n')).toEqual(['a', 'd']);
    expect(titles('// %% a\nconst t = `$' + '{{\n// %% b\n}}`;\n// %% c\n')).toEqual(['a', 'c']);
  });

  test('inside a block comment starts no cell', () => {
    expect(titles('// %% a\n/*\n// %% b\n*/\n// %% c\n')).toEqual(['a', 'c']);
  });

  test('counts if the file does not read well, so that a stray backtick swallows no cell', () => {
    expect(titles('// %% a\nconst t = `\n// %% b\n// %% c\n')).toEqual(['a', 'b', 'c']);
    expect(titles('// %% a\nconst t = `\n// %% b\nconst u = `x`;\n// %% c\n')).toEqual(['a', 'b', 'c']);
    expect(titles('// %% a\nconst t = `$' + '{\n// %% b\n')).toEqual(['a', 'b']);
  });

  test('counts if a block comment seems forgotten', () => {
    expect(titles('// %% a\n/* \n// %% b\n')).toEqual(['a', 'b']);
    expect(titles('// %% a\n/* \n// %% b\n/** doc */\n// %% c\n')).toEqual(['a', 'b', 'c']);
  });

  test('is not confused by signs in strings, comments and regular expressions', () => {
    for (const line of [
      '"`"',
      "'\\'`'",
      '// `',
      '/* ` */',
      '/`/.test(x)',
      'f(/[/`]/)',
      'return /\\/`/',
      '"/*"',
      'x = a / b; y = c / d',
      'x = (a) / `1` / 2',
      'a++ / 2 + "`" / 3',
      '`\\``',
      '`$`',
      'x.return / "`" / 2',
    ]) {
      // With a hidden marker after it, so that the reading matters.
      expect(titles(`// %% a\n${line};\nconst t = \`\n// %% hidden\n\`;\n// %% b\n`), line).toEqual(['a', 'b']);
    }
  });
});

describe('a large file', () => {
  test('of 2,000 cells comes back, every cell in its place', () => {
    const text = Array.from({ length: 2000 }, (_, n) => `// %% cell ${n}\nconst v${n} = \`${n}\`;\n\n`).join('');
    const notebook = parse(text);
    expect(notebook.cells.length).toBe(2000);
    expect(notebook.cells[1999]).toMatchObject({ title: 'cell 1999', firstLine: 5998, lineCount: 3, id: 'c2000' });
    expect(print(notebook) === text).toBe(true);
  });

  test('with 5 MB cells comes back', () => {
    const long = `// %% long\n${'x'.repeat(5 * 2 ** 20)}\n`;
    const many = `// %% many\n${'`a` / 2; /* b */\r\n'.repeat(300_000)}`;
    const open = `// %% open\n${'(['.repeat(2 ** 20)}\n`;
    const text = long + many + open + long;
    expect(titles(text)).toEqual(['long', 'many', 'open', 'long']);
    expect(print(parse(text)) === text).toBe(true);
  });

  test('with one marker line of 5 MB is one cell', () => {
    for (const bit of ['a', ' ', '\\', '"', 'a="b" ', '[md] ', ' \\"']) {
      const text = `// %% ${bit.repeat((5 * 2 ** 20) / bit.length)}"`;
      const notebook = parse(text);
      expect(notebook.cells.length).toBe(1);
      expect(print(notebook) === text).toBe(true);
    }
  });
});
