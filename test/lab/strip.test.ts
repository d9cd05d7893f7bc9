import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionAt } from '../../main/lab/lines.ts';
import { ScriptSyntaxError } from '../../main/lab/script-syntax-error.ts';
import { stripTypes } from '../../main/lab/strip.ts';
import { among, holds } from './property.ts';

/** `line:column message` of the error that `source` gives, or the JavaScript. */
function outcome(source: string, firstLine = 1): string {
  try {
    return stripTypes(source, firstLine).code;
  } catch (error) {
    if (error instanceof ScriptSyntaxError) return `${error.line}:${error.column} ${error.message}`;
    throw error;
  }
}

/** The error's position, as `line:column`. */
function place(source: string): string {
  return outcome(source).split(' ')[0] ?? '';
}

describe('erasing types', () => {
  test('leaves JavaScript in which everything keeps its place', () => {
    expect(outcome('const a: number = 1 as const;')).toBe('const a         = 1         ;');
    expect(outcome('interface A {\r\n  b: string;\r\n}\r\nf<A>(x!);')).toBe(
      '             \r\n            \r\n \r\nf   (x );',
    );
    expect(outcome('const \u65e5: \u{1f600}n = 1'.replace('\u{1f600}n', '"\u{1f600}"'))).toBe('const \u65e5       = 1');
    expect(outcome('')).toBe('');
  });

  test('keeps length and line breaks of any program', () => {
    const piece = among(
      'const a: Map<string, number> = f<number>(1)!;',
      'type A = { b: "\u{1f600}" } | `\u65e5`;',
      'interface B { c(): void }',
      'function g(this: A, x?: \u00e9, ...y: A[]): x is B { return x as any; }',
      'abstract class C { declare d: A; private readonly e?: A; abstract f(): void }',
      '(y)',
      'h(/* \u00a0 */ <T,>(z: T): z is T => true);',
      'let s = `\u{1f600} $' + '{t satisfies A}`;',
      'declare const u: A;',
      '\ufeff',
      '\t\u00a0\u3000',
    );
    const spaced = fc.tuple(piece, among('\n', '\r\n', '\r', '  ', '\t')).map((pair) => pair.join(''));
    const source = fc.array(spaced, { maxLength: 12 }).map((pieces) => `{${pieces.join('}{')}}`);
    holds(source, (text) => {
      const code = outcome(text);
      if (/^\d+:\d+ /.test(code)) return;
      expect(code.length).toBe(text.length);
      const breaks = (of: string): string => of.replace(/[^\r\n]/g, '.');
      expect(breaks(code)).toBe(breaks(text));
    });
  });

  test('takes a hashbang and a byte order mark for blanks, on the first line only', () => {
    expect(outcome('#!/usr/bin/env gupbook\nf();')).toBe('                      \nf();');
    expect(outcome('\uFEFFf();')).toBe(' f();');
    expect(outcome('#!/usr/bin/env gupbook\nf();', 5)).toBe("5:1 '#!' stands on a file's first line only");
  });
});

describe('a syntax error', () => {
  test('stands at the place of the file', () => {
    expect(outcome('const a: number = ;')).toBe('1:19 Expression expected');
    expect(outcome('a;\r\n\r\nlet = 5 5;', 10)).toMatch(/^12:/);
    expect(outcome('let a = 1;\nlet a = 2;')).toBe("2:5 Identifier 'a' has already been declared");
    expect(outcome('x = /(/;')).toMatch(/^1:6 Invalid regular expression/);
    expect(outcome('f(`abc')).toBe('1:3 Unterminated template');
    expect(outcome('return 1')).toMatch(/^1:1 /);
  });

  test('at the end of an unfinished program stands where its text ends', () => {
    expect(place('if (x)\n\n\n')).toBe('1:7');
    expect(place('f(\r\n  1,\r\n\r\n')).toBe('2:5');
    expect(place('/* abc\n\n')).toBe('1:7');
    expect(place('{\n')).toBe('1:2');
  });

  test('stands at the right column whatever is before it on the line', () => {
    const before = among(
      '',
      '\t',
      ' ',
      '\u65e5',
      '\u{1f600}',
      'e\u0301',
      '\u200b',
      '\u00a0',
      '\u{1d4b3}',
      '\ud55c',
      '\0',
      '\x7f',
      '"',
      '\ufeff',
    );
    const lines = fc.array(among('\n', '\r\n', '\r', '/* \u65e5 */'), { maxLength: 4 });
    const kinds = fc.constantFrom(
      ['enum E { a }', 0] as const,
      ['namespace N { export const a = 1 }', 0] as const,
      ['const a = ;', 10] as const,
      ['let b: any; b = <any>b;', 16] as const,
      ['import x = require("y");', 0] as const,
      ['await f();', 0] as const,
      ['export const c = 1;', 0] as const,
      ['let d; let d;', 11] as const,
    );
    holds(
      fc.tuple(lines, fc.array(before, { maxLength: 6 }), kinds, fc.nat(50)),
      ([above, same, [bad, at], skip]) => {
        const head = `${above.join('')}/*${same.join('')}*/ `;
        const { line, column } = positionAt(head + bad, head.length + at);
        expect(outcome(head + bad, skip + 1)).toMatch(new RegExp(`^${line + skip}:${column} `));
      },
      1000,
    );
  });
});

describe('what cannot be erased', () => {
  test.each([
    ['enum E { a }', /^1:1 `enum` is code.*const object/],
    ['const enum E { a }', /^1:1 `enum` is code/],
    ['namespace N { export const a = 1 }', /^1:1 `namespace` is code.*functions or an object/],
    ['module M { export const a = 1 }', /^1:1 `namespace` is code/],
    ['class A { constructor(private b: number) {} }', /^1:31 a parameter property.*constructor/],
    ['f(<number>x)', /^1:3 .*`value as T`/],
    ['@d class A {}', /^1:1 decorators/],
    ['class A { accessor b = 1 }', /^1:\d+ Unexpected token .*ES2024/],
  ])('%s says what to write instead', (source, message) => {
    expect(outcome(source)).toMatch(message);
  });
});

describe('a script', () => {
  test.each([
    ['import fs from "fs"', '1:1'],
    ['import "fs"', '1:1'],
    ['f();\n  import type { A } from "a"', '2:3'],
    ['type A = 1; import { type B } from "b"', '1:13'],
    ['import x = require("y")', '1:1'],
    ['const x = import("y")', '1:11'],
    ['function f() { return import.meta.url }', '1:23'],
  ])('may not import: %s', (source, at) => {
    expect(outcome(source)).toBe(`${at} scripts import nothing: the interface is global, so remove this import`);
  });

  test.each([
    ['export const a = 1', '1:1'],
    ['f(); export default f', '1:6'],
    ['export {}', '1:1'],
    ['export * from "a"', '1:1'],
    ['export type A = 1', '1:1'],
    ['export interface A {}', '1:1'],
    ['export = 3', '1:1'],
  ])('may not export: %s', (source, at) => {
    expect(outcome(source)).toMatch(new RegExp(`^${at} scripts export nothing`));
  });

  test('may not await at top level', () => {
    const message = 'scripts do not await at top level: they run at once, from top to bottom';
    expect(outcome('f();\nconst a = await f();')).toBe(`2:11 ${message}`);
    expect(outcome('for await (const a of b);')).toBe(`1:1 ${message}`);
    expect(outcome('{ { x = [await 1] } }')).toBe(`1:10 ${message}`);
    expect(outcome('async () => { await 1; for await (const a of b); };')).not.toMatch(/^\d/);
  });

  test('may use those words where they are no statements', () => {
    for (const source of [
      'x.import; x.export; ({ import: 1, export: 2 });',
      'class A { import() {} export = 1 }',
      '// import a\n/* export b */',
      '"import a"; `\nexport b\n`;',
      'type A = { import: 1; export(): void };',
      'type B = "\\nimport x";',
    ]) {
      expect(outcome(source), source).not.toMatch(/^\d+:\d+ /);
    }
  });

  test('may not hold what editors and JavaScript count differently, or cannot be saved', () => {
    expect(outcome('a = "x\u2028";')).toMatch(/^1:7 .*\\u2028/);
    expect(outcome('// a\n// \u2029 b')).toMatch(/^2:4 .*\\u2029/);
    expect(outcome('a = "\ud800";')).toMatch(/^1:6 .*surrogate/);
  });
});

describe('hostile nesting', () => {
  const nests: [string, (depth: number) => string][] = [
    ['parentheses', (n) => `${'('.repeat(n)}1${')'.repeat(n)}`],
    ['blocks', (n) => `${'{'.repeat(n)}${'}'.repeat(n)}`],
    ['open brackets', (n) => '['.repeat(n)],
    ['templates', (n) => `${'`${'.repeat(n)}1${'}`'.repeat(n)}`],
    ['types', (n) => `type A = ${'['.repeat(n)}${']'.repeat(n)}`],
    ['arrows', (n) => `${'x=>'.repeat(n)}x`],
    ['sums', (n) => `a${'+a'.repeat(n)}`],
    ['conditions', (n) => `${'a?b:'.repeat(n)}c`],
    ['ifs', (n) => `${'if(x) '.repeat(n)};`],
    ['negations', (n) => `${'!'.repeat(n)}1`],
    ['calls', (n) => `a${'()'.repeat(n)}`],
  ];

  test.each(nests)('of %s is refused with a place, and the next script is read as ever', (_, nested) => {
    for (const depth of [1100, 20_000]) {
      expect(outcome(`f();\n${nested(depth)}`)).toMatch(/^2:\d+ this is nested too deeply/);
      expect(outcome('const a: number = 1;')).toBe('const a         = 1;');
    }
  });

  test('that people write is no trouble', () => {
    expect(outcome(`${'f([() => {'.repeat(80)}${'}]);'.repeat(80)}`)).not.toMatch(/^\d+:/);
    expect(outcome(`const s = ${'"a" +\n'.repeat(500)}"b";`)).not.toMatch(/^\d+:/);
  });
});
