/** Random generator code, in all shapes the language has: what keys leave out is never needed again. */
import vm from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lab } from '../../../main/engine/interface.ts';
import { LIVE_GLOBAL } from '../../../main/engine/lower/columns.ts';
import { live } from '../../../main/engine/lower/live.ts';
import { ADD, NOP, R, W } from '../../../main/engine/step.ts';
import { lowerScript } from '../../../main/lab/lower/script.ts';
import { explore } from '../explore/explore.ts';

const RUNS = Number(process.env.GUPBOOK_RUNS ?? 150);
const SEED = Number(process.env.GUPBOOK_SEED ?? Date.now() % 2 ** 31);

const variable = fc.constantFrom('x', 'y', 'z');

const { expression } = fc.letrec<{ expression: string; simple: string }>((tie) => ({
  simple: fc.oneof(variable, fc.constantFrom('0', '1', '2')),
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('simple'),
    fc.constant('(yield R(a))'),
    fc.constant('(yield R(b))'),
    fc.tuple(tie('expression'), tie('expression')).map(([l, r]) => `((${l} + ${r}) % 3)`),
    fc.tuple(tie('expression'), tie('expression')).map(([l, r]) => `(${l} > ${r} ? 1 : 0)`),
    fc.tuple(tie('expression'), tie('expression')).map(([l, r]) => `(${l} && ${r})`),
    fc.tuple(tie('expression'), tie('expression')).map(([l, r]) => `(${l} ?? ${r})`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([c, l, r]) => `(${c} ? ${l} : ${r})`),
    fc.tuple(tie('expression'), tie('expression')).map(([l, r]) => `sum(${l}, ${r})`),
    fc.tuple(tie('expression'), tie('expression')).map(([l, r]) => `[${l}, ${r}].at(-1)`),
    fc.tuple(tie('expression'), tie('expression')).map(([l, r]) => `({ p: ${l}, q: ${r} }).p`),
    fc.tuple(tie('expression'), tie('expression')).map(([l, r]) => `\`\${${l}}\${${r}}\`.length`),
    fc.tuple(variable, tie('expression')).map(([v, e]) => `(${v} = ${e})`),
    variable.map((v) => `(${v}++ % 3)`),
    tie('expression').map((e) => `(yield* twice(${e}))`),
    variable.map((v) => `get${v}()`),
  ),
}));

let labels = 0;

/** A loop in a loop, left by a label of its own. */
function labelled(body: string, condition: string): string {
  const label = `out${labels++}`;
  return `${label}: for (;;) { for (;;) { ${body} if (${condition}) break ${label}; break; } break; }`;
}

const { block } = fc.letrec<{ statement: string; block: string }>((tie) => ({
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(variable, expression).map(([v, e]) => `${v} = ${e};`),
    fc.tuple(variable, expression).map(([v, e]) => `${v} += ${e};`),
    fc.tuple(variable, expression).map(([v, e]) => `${v} ||= ${e};`),
    expression.map((e) => `yield W(b, ${e} % 3);`),
    fc.tuple(expression, tie('block'), tie('block')).map(([c, l, r]) => `if (${c}) { ${l} } else { ${r} }`),
    tie('block').map((b) => `for (let i = 0; i < 2; i++) { ${b} }`),
    fc.tuple(variable, tie('block')).map(([v, b]) => `for (const e of [${v}, 1]) { ${v} = e; ${b} }`),
    fc
      .tuple(variable, tie('block'))
      .map(([v, b]) => `for (const [i, e] of [2, ${v}].entries()) { ${v} = e + i; ${b} }`),
    fc.tuple(expression, tie('block')).map(([e, b]) => `{ let n = 2; while (n-- > 0 && ${e}) { ${b} } }`),
    fc.tuple(expression, tie('block')).map(([e, b]) => `{ let n = 2; do { ${b} } while (--n > 0 && ${e}); }`),
    fc
      .tuple(expression, tie('block'), tie('block'))
      .map(([e, l, r]) => `switch (${e}) { case 0: ${l} break; case 1: ${r} default: ${l} }`),
    fc
      .tuple(expression, tie('block'), variable)
      .map(([e, b, v]) => `try { ${b} if (${e}) throw ${v}; } catch (error) { ${v} = error; ${b} }`),
    fc.tuple(tie('block'), variable).map(([b, v]) => `try { ${b} } finally { ${v} = (${v} + 1) % 3; }`),
    fc.tuple(expression, tie('block')).map(([e, b]) => labelled(b, e)),
    fc.tuple(variable, variable, expression).map(([v, w, e]) => `[${v}, ${w}] = [${e}, ${v}];`),
    fc.tuple(variable, expression).map(([v, e]) => `({ p: ${v} = 1 } = { p: ${e} });`),
    fc.tuple(variable, variable).map(([v, w]) => `{ const ${v} = ${w} === 0 ? 1 : 2; yield R(a); keep(${v}); }`),
    fc.constant('if (x > 5) return;'),
    fc.constant('yield R(a);'),
  ),
  block: fc.array(tie('statement'), { maxLength: 3 }).map((statements) => statements.join(' ')),
}));

function bodyOf(code: string): (lab: Lab) => void {
  const source = `return (lab) => {
  const a = lab.word('a', 0), b = lab.word('b', 0), result = lab.word('result', 0);
  const sum = (l, r) => (l + r) % 3, keep = () => {};
  function* twice(n) { const m = yield R(a); yield NOP(); return (n + m) % 3; }
  lab.task('code', function* () {
    let x = 0, y = 1, z = 2;
    const getx = () => x, gety = () => y, getz = () => getx() + z;
    try { ${code} } catch { x = 7; }
    yield W(result, (Number(x) | 0) + 100 * (Number(y) | 0) + 10000 * (Number(z) | 0));
  });
  lab.task('other', function* () { yield ADD(a, 1); yield ADD(b, 2); });
};`;
  const names = { R, W, ADD, NOP, [LIVE_GLOBAL]: live };
  const lowered = lowerScript(`(() => { ${source} })()`);
  const made: unknown = vm.compileFunction(
    `"use strict"; return ${lowered}`,
    Object.keys(names),
  )(...Object.values(names));
  if (typeof made !== 'function') throw new TypeError('no body');
  return (lab) => {
    made(lab);
  };
}

describe('random code', () => {
  test('ends as it does when whole histories are kept', { timeout: 600_000 }, () => {
    console.log(`GUPBOOK_SEED=${SEED} GUPBOOK_RUNS=${RUNS}`);
    let fewer = 0;
    const agrees = fc.property(block, (code) => {
      const body = bodyOf(code);
      const whole = explore(body, { keyless: true, states: 30_000 });
      if (whole.result.limit !== null) return;
      const keyed = explore(body, { states: 30_000 });
      expect([...keyed.finals].sort()).toEqual([...whole.finals].sort());
      expect(keyed.result.states).toBeLessThanOrEqual(whole.result.states);
      if (keyed.result.states < whole.result.states) fewer++;
    });
    fc.assert(agrees, { numRuns: RUNS, seed: SEED });
    console.log(`${fewer} of ${RUNS} have fewer states`);
    expect(fewer).toBeGreaterThan(RUNS / 10);
  });
});
