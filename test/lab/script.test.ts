import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineContent, positionAt, splitLines } from '../../main/lab/lines.ts';
import { PREAMBLE } from '../../main/lab/names.ts';
import { parse, print } from '../../main/lab/notebook-format.ts';
import { cellAtLine, scriptFor } from '../../main/lab/script.ts';
import { ScriptSyntaxError } from '../../main/lab/script-syntax-error.ts';
import { among, holds } from './property.ts';
import { SAMPLE, tameText } from './texts.ts';

const LAB = `/// <reference types="gupbook" />
const size: number = 512;

// %% one
const one: number = size;

// %% [markdown] prose
// text

// %% two
run(one);

// %% three
const three = 3;`;

function problem(text: string): string {
  try {
    scriptFor(parse(text), 'all');
    return 'none';
  } catch (error) {
    if (error instanceof ScriptSyntaxError) return `${error.line}:${error.column} ${error.message}`;
    throw error;
  }
}

/** The lines of a text that are not blank, by 1-based number. */
function ink(text: string): [number, string][] {
  return splitLines(text).flatMap((line, index): [number, string][] => {
    const content = lineContent(line).trimEnd();
    return content === '' ? [] : [[index + 1, content]];
  });
}

describe('the script of a notebook', () => {
  test('holds all code, each line in its place', () => {
    const { code, lines } = scriptFor(parse(LAB), 'all');
    expect(lines).toBeNull();
    expect(ink(code)).toEqual([
      [1, '/// <reference types="gupbook" />'],
      [2, 'const size         = 512;'],
      [4, ';'],
      [5, 'const one         = size;'],
      [10, ';'],
      [11, 'run(one);'],
      [13, ';'],
      [14, 'const three = 3;'],
    ]);
  });

  test('for one cell holds what is above it and nothing below', () => {
    const { code, lines } = scriptFor(parse(LAB), [2]);
    expect(ink(code).map(([line]) => line)).toEqual([1, 2, 4, 5, 10, 11]);
    expect(lines).toEqual([[10, 12]]);
  });

  test('names the lines of each cell to run, in order, and no Markdown', () => {
    expect(scriptFor(parse(LAB), [3, 0, 1, 0]).lines).toEqual([
      [4, 6],
      [13, 14],
    ]);
    const nothing = scriptFor(parse(LAB), [1]);
    expect([nothing.lines, ink(nothing.code).length]).toEqual([[], 2]);
    expect(scriptFor(parse(''), 'all')).toEqual({ code: '', lines: null });
  });

  test('has the length and the line breaks of the file, whatever is chosen', () => {
    const breaks = (text: string): string => text.replace(/[^\r\n]/g, '.');
    holds(
      fc.tuple(tameText, fc.nat(1e6)),
      ([file, pick]) => {
        const notebook = parse(file.replaceAll('const ', 'var '));
        const chosen = notebook.cells.length === 0 ? [] : [pick % notebook.cells.length];
        const told = tell(() => scriptFor(notebook, chosen).code);
        if (told === null) return;
        expect(breaks(told)).toBe(breaks(print(notebook).slice(notebook.bom.length)));
      },
      200,
    );
  });

  test('does not let a cell run into the statement above it', () => {
    const { code } = scriptFor(parse('// %%\nconst f = () => 1\n// %%\n(function () { seen.push(f()) })()\n'), 'all');
    const seen: unknown[] = [];
    runInNewContext(code, { seen });
    expect(seen).toEqual([1]);
  });

  test('fails to name a cell that is not there', () => {
    expect(() => scriptFor(parse(LAB), [4])).toThrow(RangeError);
    expect(() => scriptFor(parse(LAB), [-1])).toThrow(RangeError);
  });
});

describe('an error of a script', () => {
  test('at run time has the line and column of the file', () => {
    const before = among(
      '',
      '\t',
      'const \u65e5: string = "\u{1f600}"; ',
      '/* \u{1d4b3}\u0301 */ ',
      'type A = "\u{1f600}"; ',
    );
    const filler = among('', 'f<number>(1 as any);', '// \u{1f600}', 'interface B { c: 1 }', '`\n// %% hidden\n`;');
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const body = fc.array(filler, { maxLength: 3 });
    holds(fc.tuple(end, fc.array(body, { minLength: 1, maxLength: 4 }), body, before), ([eol, above, own, same]) => {
      const cells = above.map((lines, index) => [
        index % 2 === 0 ? '// %% code' : '// %% [markdown] prose',
        ...lines.map((line) => (index % 2 === 0 ? line : `// ${line.split('\n')[0]}`)),
      ]);
      const text = [
        'var f = () => 1;',
        ...cells.flat(),
        '// %% thrower',
        ...own,
        `${same}throw new Error("here")`,
        '',
        '// %% below',
        'const below = (',
      ]
        .join('\n')
        .replaceAll('\n', eol);
      const notebook = parse(text);
      const thrower = notebook.cells.length - 2;
      const { code, lines } = scriptFor(notebook, [thrower]);
      const { line, column } = positionAt(text, text.indexOf('new Error'));
      expect(thrownAt(code)).toBe(`lab.ts:${line}:${column}`);
      const [first, last] = lines?.[0] ?? [0, 0];
      expect(line >= first && line <= last && lines?.length === 1).toBe(true);
      expect(cellAtLine(notebook, line)).toBe(thrower);
    });
  });

  test('of syntax stands in the cell that is not complete, not below it', () => {
    expect(problem('// %% a\nif (x) {\n\n// %% b\n}\n')).toMatch(/^2:9 /);
    expect(problem('// %% a\nconst t = `\n\n// %% b\nconst u = 1;\n')).toMatch(/^2:11 Unterminated template/);
    expect(problem('// %% a\na();\n// %% b\nenum E {}\n')).toMatch(/^4:1 `enum`/);
    expect(problem('import "x";\n// %% a\n')).toMatch(/^1:1 scripts import nothing/);
  });

  test('in a cell below the chosen ones or in prose does no harm', () => {
    const notebook = parse('// %%\na();\n// %% [markdown]\nIt`s no code (\n// %%\nconst = ;\n');
    expect(ink(scriptFor(notebook, [0]).code)).toEqual([
      [1, ';'],
      [2, 'a();'],
    ]);
  });

  test('for a name of two cells names both', () => {
    expect(problem('// %% head\nconst buf = 1;\n// %% tail\n\nlet buf = 2;\n')).toBe(
      "5:5 'buf' is already defined in cell 1 (head), line 2: rename one of the two",
    );
    expect(problem('// %% head\nconst buf = 1;\n// %% tail\n{ const buf = 2; }\n')).toBe('none');
  });
});

test('a line of the file belongs to a cell', () => {
  const notebook = parse(LAB);
  expect([1, 3, 4, 6, 7, 9, 10, 13, 14, 99].map((line) => cellAtLine(notebook, line))).toEqual([
    PREAMBLE,
    PREAMBLE,
    0,
    0,
    1,
    1,
    2,
    3,
    3,
    3,
  ]);
  expect(cellAtLine(parse(''), 1)).toBe(PREAMBLE);
});

test('the sample of the interface is a script', () => {
  const { code } = scriptFor(parse(SAMPLE), 'all');
  const names: string[] = [];
  runInNewContext(code, { experiment: (name: string) => names.push(name) });
  expect(names).toEqual(['two bios over one THP']);
});

test('2,000 cells are one script', () => {
  const text = Array.from({ length: 2000 }, (_, n) => `// %% cell ${n}\nconst v${n}: number = ${n};\n\n`).join('');
  const { code } = scriptFor(parse(text), [1999]);
  expect(runInNewContext(`${code}; v0 + v1999`)).toBe(1999);
});

/** Top frame of what the code throws. */
function thrownAt(code: string): string {
  try {
    runInNewContext(code, {}, { filename: 'lab.ts' });
  } catch (error) {
    const stack = typeof error === 'object' && error !== null && 'stack' in error ? String(error.stack) : '';
    return /lab\.ts:\d+:\d+(?=\)?$)/m.exec(stack.slice(stack.indexOf('\n    at')))?.[0] ?? stack;
  }
  return 'nothing thrown';
}

/** What a call gives, or null if the script is refused. */
function tell(call: () => string): string | null {
  try {
    return call();
  } catch (error) {
    if (error instanceof ScriptSyntaxError) return null;
    throw error;
  }
}
