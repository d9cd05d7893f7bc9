import { describe, expect, test } from 'vitest';
import { namesIn } from '../../main/lab/scopes.ts';
import { stripTypes } from '../../main/lab/strip.ts';

function defined(source: string): string {
  const { defined: names } = namesIn(stripTypes(source).program);
  return names.map(({ name, kind, offset }) => `${kind} ${name}@${offset}`).join(', ');
}

/** Names used from outside: `=` marks an assignment, brackets a use inside a function. */
function used(source: string): string {
  const { used: names } = namesIn(stripTypes(source).program);
  return names.map(({ name, writes, deferred }) => (deferred ? `(${name})` : name) + (writes ? '=' : '')).join(' ');
}

describe('names that a program defines', () => {
  test.each([
    ['const a = 1, b: number = 2; let c;', 'const a@6, const b@13, let c@32'],
    ['function f() { const x = 1; var y; } class C { d = 1 }', 'function f@9, class C@43'],
    ['{ var v; let w; function g() {} }', 'var v@6'],
    ['for (var i = 0; ; ) { for (const j of k) { var l; } }', 'var i@9, var l@47'],
    ['const { a, b: [c, ...d], e = f, ...g } = h;', 'const a@8, const c@15, const d@21, const e@25, const g@35'],
    ['(function own() { var x; }); (class Own {}); () => { var y; };', ''],
    ['try {} catch (e) { var z; }', 'var z@23'],
    ['interface A {} type B = 1; declare const c: B;', ''],
  ])('%s', (source, names) => {
    expect(defined(source)).toBe(names);
  });
});

describe('names that a program takes from outside', () => {
  test.each([
    ['a; a.b.c; a[d]; ({ e, f: g, [h]: 1, i() {} });', 'a a a d e g h'],
    ['x = 1; y += 1; z++; [p, q.r] = [s]; ({ t, u: v = w } = {});', 'x= y y= z z= p= q s t= v= w'],
    ['const a = a0; f(a);', 'a0 f'],
    ['f(); function f() { return g() + f(); }', '(g)'],
    ['use(late); const late = 1;', 'use'],
    ['const f = (x, { y } = d1, ...z) => x + y + z + out;', '(d1) (out)'],
    ['(function me() { me(); arguments; }); arguments;', 'arguments'],
    ['class A extends B { static c = d; e = f; [g] = 1; m() { return h; } static { i; } }', 'B d (f) g (h) i'],
    ['{ let inner; inner; function g() {} g(); } inner; g();', 'inner g'],
    ['{ var outer; } outer;', ''],
    ['for (const x of xs) x; for (y in ys) y; x;', 'xs y= ys y x'],
    ['for (let i = 0; i < n; i++) f(i); i;', 'n f i'],
    ['try { a } catch ({ b = c }) { b } b', 'a c b'],
    ['label: for (;;) { break label; continue label; }', ''],
    ['switch (a) { case b: let c; c; } c;', 'a b c'],
    [`\`$\{a}\`; tag\`$\{b}\`; typeof c; new D(); e?.f;`, 'a tag b c D e'],
    ['const g = function* () { const x = yield* R(folio._refcount); return x; };', '(R) (folio)'],
    ['const x: Foo = bar as Baz;', 'bar'],
    ['const { a = b } = {}; { const { [k]: c } = o; }', 'b k o'],
  ])('%s', (source, names) => {
    expect(used(source)).toBe(names);
  });
});
