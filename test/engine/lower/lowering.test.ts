/** Generators become automata: which histories are one, what is refused, and what a verdict says about the rest. */
import { describe, expect, test } from 'vitest';
import { live } from '../../../main/engine/lower/live.ts';
import { NOP } from '../../../main/engine/step.ts';
import { StepColumn } from '../../../main/engine/trace.ts';
import { runOne, runScript } from './script.ts';

const WORDS = `const a = lab.word('a', 0), b = lab.word('b', 0);
const bump = function* () { yield ADD(a, 1); yield ADD(b, 1); };
lab.task('other', function* () { yield* bump(); yield* bump(); });`;

/**
 * The other actor is at one of 5 places, so a reader that is at one of n places and needs nothing makes 5n states. A
 * reader that needs what it read of `a` can hold 0 at 5 of them, 1 at 4 and 2 at 2: 11 states a place.
 */
describe('histories are one', () => {
  test.each([
    ['when what was read is not needed', 'yield R(a); yield R(a); yield R(a);', 20],
    ['and are not when it is', 'const x = yield R(a); yield R(a); yield R(a); use(x);', 5 + 11 + 11 + 5],
    ['when a loop comes around', 'while ((yield R(b)) < 2) yield R(a);', 5 + 5 + 1],
    ['across calls', 'yield* again(); yield* again(); function* again() { return yield R(a); }', 15],
    ['in loops over arrays', 'for (const w of [a, b]) yield R(w);', 15],
    ['in loops over entries', 'for (const [i, w] of [a, b].entries()) yield R(w);', 15],
    ['when lists they made are equal', 'const list = []; list.push(1); yield R(a); use(list); yield R(b);', 15],
    ['when parts of an expression wait', 'use((yield R(a)) - (yield R(b)));', 5 + 11 + 5],
    ['behind a handler', 'try { yield R(a); throw 1; } catch { yield R(b); }', 15],
  ])('%s', (_what, body, states) => {
    const result = runOne(`${WORDS}\nlab.task('reader', function* () { ${body} });\nfunction use() {}`);
    expect(result.error).toBeNull();
    expect(result).toMatchObject({ verdict: 'pass', notes: [] });
    expect(result.states).toBe(states);
  });

  test('and so are actors that were started with equal things', () => {
    const result = runOne(`${WORDS}
lab.task('starter', function* () {
  yield R(a);
  const list = [a, b];
  lab.irq('child', function* () { for (const w of list) yield ADD(w, 10); });
});`);
    expect(result).toMatchObject({ verdict: 'pass', notes: [], states: 20 });
  });
});

describe('what actors share', () => {
  test.each([
    ['a variable of the body', 'let n = 0; lab.task("t", function* () { n++; yield R(a); });', 'n++'],
    [
      'a variable that a helper changes',
      'let n = 0; const f = () => { n = 1; }; lab.task("t", function* () { f(); yield R(a); });',
      'n = 1',
    ],
    ['a list of the body', 'const n = []; lab.task("t", function* () { n.push(1); yield R(a); });', 'push'],
    ['an object of the body', 'const n = { x: 1 }; lab.task("t", function* () { n.x = 2; yield R(a); });', '= 2'],
    [
      'a variable of the actor that starts another',
      'lab.task("t", function* () { let n = 0; lab.irq("u", function* () { n = 1; yield R(a); }); yield R(a); });',
      'n = 1',
    ],
  ])('is not %s', (_what, body, where) => {
    const source = `const a = lab.word('a');\n\n  ${body}`;
    const result = runOne(source);
    expect(result.verdict).toBe('error');
    expect(result.error?.message).toMatch(/keep what actors share in words \(lab\.word\)/);
    expect(result.error?.line).toBe(4);
    expect(source.split('\n')[2]?.slice((result.error?.column ?? 0) - 1)).toMatch(
      new RegExp(`^${where.replace(/[+.]/g, '\\$&')}`),
    );
  });

  test.each([
    [
      'variables of the actor itself',
      'let n = 0; const f = () => { n++; }; yield R(a); f(); yield R(a); if (n !== 1) throw n;',
    ],
    ['variables of helpers', 'yield R(a); if (sum([1, 2]) !== 3) throw 1; yield R(a);'],
    [
      'loop variables that bodies took',
      'for (let i = 0; i < 2; i++) lab.irq("u" + i, function* () { yield ADD(a, i); });',
    ],
  ])('may be %s', (_what, body) => {
    const result = runOne(`const a = lab.word('a');
const sum = (list) => { let s = 0; for (const x of list) s += x; list.forEach((x) => { s += x - x; }); return s; };
lab.task('t', function* () { ${body} });`);
    expect(result).toMatchObject({ verdict: 'pass', error: null, notes: [] });
  });
});

describe('code that cannot be compared', () => {
  test('that is not deterministic is named with its first differing step', () => {
    const [result] = runScript(`const counter = (function* () { for (let n = 1; ; n++) yield n; })();
experiment('test', {}, (lab) => {
  const a = lab.word('a');
  lab.task('odd', function* () {
    yield R(a);
    yield ADD(a, counter.next().value);
  });
});`);
    expect(result?.verdict).toBe('error');
    expect(result?.error?.message).toMatch(/^actor "odd" is not deterministic: .* at its step 2; .*lab\.word/);
  });

  test('keeps its history, and the verdict says which variable does', () => {
    const result = runOne(`const a = lab.word('a');
lab.task('counter', function* () { for (let i = 0; i < 20; i++) yield ADD(a, 1); });
lab.task('keeper', function* () {
  for (let i = 0; i < 3; i++) {
    const x = yield R(a);
    const f = [() => x][0];
    yield R(a);
    if (f === null) return;
  }
});`);
    expect(result.verdict).toBe('pass');
    expect(result.notes.join()).toMatch(
      /`f` at line 8 keeps history: it held \d+ things that cannot be compared by value/,
    );
  });

  test('keeps its history where a place cannot be described, and the verdict says why', () => {
    const result = runOne(`const a = lab.word('a');
lab.task('t', function* () { for (const k in { x: 1, y: 2 }) yield ADD(a, k.length); });`);
    expect(result.notes.join()).toMatch(/`for \.\.\. in` keeps its place in the object at line 3 keeps history/);
  });

  test('keeps its history in a `finally` block, which remembers how it was reached', () => {
    const result = runOne(`${WORDS}\nlab.task('t', function* () { try { yield R(a); } finally { yield R(b); } });`);
    expect(result.notes.join()).toMatch(/`finally` remembers how it was reached at line 5 keeps history/);
  });

  test.each([
    [
      'an actor that yields something else',
      'lab.task("t", function* () { yield 5; });',
      /"t" yielded number 5, which is no step/,
    ],
    ['a step on no word', 'lab.task("t", function* () { yield R(a.nothing); });', /this step needs a word/],
    ['a function that is no generator', 'lab.task("t", () => {});', /must be a generator function/],
  ])('%s is named at the line', (_what, body, message) => {
    const result = runOne(`const a = lab.word('a');\n\n  ${body}`);
    expect(result.error?.message).toMatch(message);
    expect(result.error?.line).toBe(message.source.includes('no step') ? 1 : 4);
  });
});

describe('positions', () => {
  test('in traces are those of the author', () => {
    const source = `const a = lab.word('a');
lab.task('t', function* () { const x = (yield R(a)) + (yield* two()); expect(x).toBe(7); });
function* two() { return yield ADDR(a, 2); }`;
    const [failure] = runOne(source).failures;
    const { steps, places } = failure?.trace ?? { steps: [], places: [] };
    const frames = [0, 1].map((n) => places[steps[n * 12 + StepColumn.place] ?? -1]?.frames);
    const lines = source.split('\n');
    const at = (line: number, text: string) => ({ line: line + 1, column: (lines[line - 1]?.indexOf(text) ?? -1) + 1 });
    expect(frames[0]).toEqual([{ fn: 't', ...at(2, 'R(a)') }]);
    expect(frames[1]?.[1]).toEqual({ fn: 'two', ...at(3, 'ADDR(a') });
    expect(frames[1]?.[0]).toMatchObject({ fn: 't', line: 3 });
  });

  test('in errors are those of the author', () => {
    const body = `lab.task('t', function* () { yield NOP(); const x = null; x.y; });`;
    const { error } = runOne(body);
    expect(error).toMatchObject({ line: 2, column: body.indexOf('x.y') + 3 });
    expect(error?.stack).toContain(`author.lab.ts:2:${body.indexOf('x.y') + 3}`);
  });

  test('of names given to pages are those of the author', () => {
    const result = runOne(`lab.task('t', function* () { yield NOP(); }); const mine = lab.mm.mmapPage();
lab.task('u', function* () { yield R(mine.page(0)._refcount); yield ADD(mine.page(0)._refcount, 1); });`);
    expect(result.failures[0]?.message).toMatch(/^mine\._refcount is 2/);
  });
});

test('generators that are no actors, such as those of a search, leave nothing behind', () => {
  live.at(NOP(), live.begin(), '1:1 ', () => []);
  live.into((function* () {})(), live.begin(), '1:1 ', () => []);
  expect(live.begin()).toBe(0);
});
