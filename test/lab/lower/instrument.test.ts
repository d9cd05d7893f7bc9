/** What generators are made to report: exactly what they still need, at positions that lead back to the author's. */
import { parse } from 'acorn';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Columns } from '../../../main/engine/lower/columns.ts';
import { instrument } from '../../../main/lab/lower/instrument.ts';
import { lowerScript } from '../../../main/lab/lower/script.ts';

/** Names reported at each yield of `code`, in the order of the text. */
function reported(code: string): string[] {
  return [...lowered(code).matchAll(/"\d+:\d+ ([^"]*)",(?:\(\)=>\[[^\]]*\]|null)\)/g)].map((match) => match[1] ?? '');
}

function lowered(code: string): string {
  const program = parse(code, { ecmaVersion: 2024 });
  return instrument(code, program, { live: 'L', place: '', guard: true })?.apply(code) ?? code;
}

describe('locals', () => {
  test.each([
    ['are needed until they are read for the last time', 'let a = yield 1; yield 2; use(a); yield 3;', ['', 'a', '']],
    ['are not needed before they get their value', 'let a; yield 1; a = 2; yield 3; use(a);', ['', 'a']],
    ['are needed on whichever way they are read', 'let a = 1; yield 1; if (b) use(a); yield 2;', ['a', '']],
    ['are needed around a loop', 'for (let i = 0; i < 2; i++) { yield 1; } yield 2;', ['i', '']],
    ['are not needed around a loop that sets them', 'let a; for (;;) { yield 1; a = yield 2; use(a); }', ['', '']],
    ['are needed by the next turn', 'let a = 0; while (yield 1) { a += 1; yield 2; }', ['a', 'a']],
    ['are needed where `continue` goes', 'for (const x = 1; ; use(x)) { if (yield 1) continue; break; }', ['x']],
    ['are not needed behind a `break`', 'let a = 1; for (;;) { yield 1; break; use(a); } yield 2;', ['', '']],
    [
      'are needed where a labelled `break` goes',
      'let a = 1; o: for (;;) { for (;;) { yield 1; break o; } } use(a);',
      ['a'],
    ],
    ['are not needed behind a `return`', 'let a = 1; yield 1; return; use(a);', ['']],
    ['are needed by handlers', 'let a = 1; try { a = 2; yield 1; a = 3; } catch { use(a); }', ['a']],
    ['are needed by what `finally` does', 'let a = 1; try { yield 1; return; } finally { use(a); }', ['a']],
    ['are needed by functions that read them', 'let a = 1; const f = () => a; yield 1; f(); yield 2;', ['a', '']],
    [
      'are needed through functions that call others',
      'let a = 1; const f = () => a, g = () => f(); yield 1; g();',
      ['a'],
    ],
    [
      'are needed in a switch',
      'let a = 1, b = 2; switch (yield 1) { case 1: use(a); break; default: use(b); }',
      ['a,b'],
    ],
    ['are needed in patterns', 'let a = 1; yield 1; const { [a]: b = 2 } = o; yield 2; use(b);', ['a', 'b']],
    ['of other functions are not its own', 'yield 1; const f = (a) => a; f(outer);', ['']],
  ])('%s', (_what, body, names) => {
    expect(reported(`function* g() { ${body} }`)).toEqual(names);
  });

  test('that another of the same name hides make the place opaque', () => {
    expect(reported('function* g() { let a = 1; { let a = 2; yield 1; use(a); } use(a); }')).toEqual([
      '!`a` is hidden by another `a`',
    ]);
  });
});

describe('parts of an expression', () => {
  test.each([
    ['wait on the left of an operator', 'return f() + (yield 1);', ['(...)']],
    ['that are variables wait as such', 'let a = 1; return a + (yield 1);', ['a']],
    ['that are changed meanwhile wait by themselves', 'let a = 1; return a + (yield a++);', ['(...)']],
    ['wait among arguments', 'return f(yield 1, yield 2);', ['', '(...)']],
    ['wait in arrays and objects', 'return [yield 1, { a: yield 2 }];', ['', '(...)']],
    ['are dropped by && and by a comma', 'return f() && (g(), yield 1);', ['']],
    ['wait in compound assignments', 'let a = 1; a += yield 1; return a;', ['a']],
    ['wait with the object of a method', 'let o = 1; return o.m(yield 1);', ['o']],
    ['of a chain are opaque', 'let o = 1; return o?.m(yield 1);', ['!a `?.` chain waits in its middle']],
  ])('%s', (_what, body, names) => {
    expect(reported(`function* g() { ${body} }`)).toEqual(names);
  });
});

describe('loops', () => {
  test('over arrays wait with their place', () => {
    expect(reported('function* g(a) { for (const x of a) { yield 1; use(x); } yield 2; }')).toEqual(['x,for..of', '']);
  });

  test('that do not wait inside are left alone', () => {
    const code = 'function* g(a) { for (const x of a) use(x); yield 1; }';
    expect(lowered(code)).not.toContain('each');
  });

  test('over objects are opaque', () => {
    expect(reported('function* g(a) { for (const x in a) yield x; }')).toEqual([
      '!`for ... in` keeps its place in the object',
    ]);
  });
});

describe('the text', () => {
  test('without generators stays as it is', () => {
    expect(lowerScript('const x = 1;\nfoo(x);\n')).toBe('const x = 1;\nfoo(x);\n');
  });

  test('that cannot be read stays as it is', () => {
    expect(lowerScript('function* (')).toBe('function* (');
  });

  test('keeps functions their names', () => {
    const code = 'function outer() { const walk = function* () { yield 1; }; return walk; }';
    expect(new Function('L', `${lowered(code)}\nreturn outer().name`)({ phase() {}, body() {} })).toBe('walk');
  });

  test('keeps lines, and columns lead back', () => {
    const code = 'const a = 1;\r\nfunction* g(x) { const y = (yield f(x)) + (yield h(x)); throw y; }\nlast(1);';
    const text = lowered(code);
    const columns = new Columns(text);
    const lines = code.split('\n');
    for (const [i, line] of text.split('\n').slice(0, lines.length).entries()) {
      for (const word of ['throw', 'f(x)', 'h(x)', 'last', 'const y']) {
        const at = lines[i]?.indexOf(word) ?? -1;
        if (at < 0) continue;
        expect(columns.original({ line: i + 1, column: line.indexOf(word) + 1 })).toEqual({
          line: i + 1,
          column: at + 1,
        });
      }
    }
  });

  test('leads every column back to one not beyond it', () => {
    const table = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 9 })), { maxLength: 8 });
    fc.assert(
      fc.property(table, fc.nat(200), (unsorted, at) => {
        const row = [...unsorted].sort(([a], [b]) => a - b);
        const columns = new Columns(`x\n//# gupbook-columns=1:${row.flat().join(',')}`);
        let inserted = 0;
        for (const [before, length] of row) if (before <= at) inserted += length;
        expect(columns.original({ line: 1, column: at + inserted + 1 }).column).toBe(at + 1);
      }),
    );
  });
});
