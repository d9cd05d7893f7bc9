import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Analyst } from '../../main/lab/analysis.ts';
import { parse } from '../../main/lab/notebook-format.ts';
import { stripTypes } from '../../main/lab/strip.ts';
import type { Control } from '../../preload/contract.ts';

const scenario = (name: string) =>
  readFileSync(resolve(import.meta.dirname, '../../scenarios', `${name}.lab.ts`), 'utf8');

function controls(text: string, cell = 0): readonly Control[] {
  return new Analyst().analyse(text).cells.find((one) => one.cell === cell)?.controls ?? [];
}

/** The text with a control set to a value. */
function changed(text: string, control: Control | undefined, value: string): string {
  let made = text;
  for (const { from, to, before, after } of [...(control?.edits ?? [])].sort((a, b) => b.from - a.from)) {
    made = made.slice(0, from) + before + value + after + made.slice(to);
  }
  return made;
}

describe('what could be otherwise', () => {
  it("in the seed's experiment: pages, bios, the bias, the order and the architecture", () => {
    const found = controls(scenario('two-bios'), 1);
    expect(found.map(({ label, value }) => [label, value])).toEqual([
      ['npages', '512'],
      ['bios', '2'],
      ['biasShift', '10'],
      ['order', '9'],
      ['ipiFlush', 'true'],
    ]);
    expect(found.map(({ said }) => said)).toEqual([true, true, false, false, false]);
    expect(found[1]?.options).toEqual(['1', '2', '3', '4']);
  });

  it('is changed in the text, on the same lines, and the text still reads', () => {
    const text = scenario('two-bios');
    for (const control of controls(text, 1)) {
      const made = changed(text, control, control.options[0] ?? '');
      expect(made.split('\n')).toHaveLength(text.split('\n').length);
      for (const { body, kind } of parse(made).cells) if (kind === 'code') stripTypes(body, 2);
    }
    expect(changed(text, controls(text, 1)[2], '8')).toContain(
      'const { kernel, mm } = { kernel: lab.kernel.with({ biasShift: 8 }), mm: lab.mm };',
    );
    expect(changed(text, controls(text, 1)[4], 'false')).toContain('{ arch: { ipiFlush: false }, expect:');
    expect(changed(text, controls(text, 1)[3], '2')).toContain('mm.mmapThp({ order: 2 })');
  });

  it('is what kernel.with() says, where it says so', () => {
    const bias = controls(scenario('bias'), 3).find(({ label }) => label === 'biasShift');
    expect(bias).toMatchObject({ value: '8', free: true });
    expect(changed(scenario('bias'), bias, '10')).toContain('lab.kernel.with({ biasShift: 10 })');
  });

  it('is a constant that the author declared, a choice, a mapping', () => {
    const text = `// %% a
const BIOS = 3, name = 'x', half = 0.5;
const debug: boolean = false;
experiment('x', { arch: { ipiFlush: true } }, (lab) => {
  const page = lab.mm.mmapThp({ keepers: 4 });
  lab.task('t', function* () {
    const i = yield* lab.choose(2);
    yield* lab.kernel.get_page(page.page(i));
  });
});
`;
    const found = controls(text);
    expect(found.map(({ label, value }) => `${label}=${value}`)).toEqual([
      'BIOS=3',
      'debug=false',
      'ipiFlush=true',
      'keepers=4',
      'choose=all',
      'biasShift=10',
      'order=9',
    ]);
    const choose = found.find(({ label }) => label === 'choose');
    expect(changed(text, choose, '1')).toContain('const i = (1);');
    const bias = found.find(({ label }) => label === 'biasShift');
    expect(changed(text, bias, '9')).toContain('lab.kernel.with({ biasShift: 9 }).get_page(');
    const order = found.find(({ label }) => label === 'order');
    expect(changed(text, order, '3')).toContain('mmapThp({ order: 3, keepers: 4 })');
  });

  it('is nothing in a cell that does not read, in Markdown, in a byte order mark', () => {
    expect(controls('// %% a\nconst a = ;\n')).toEqual([]);
    expect(controls('// %% [markdown] a\n// const a = 1;\n')).toEqual([]);
    const text = '\uFEFF// %% a\r\nconst a = 1;\r\n';
    expect(changed(text, controls(text)[0], '2')).toBe('\uFEFF// %% a\r\nconst a = 2;\r\n');
  });
});

describe('who needs whom', () => {
  it('is told at first and at second hand', () => {
    const text =
      'const size = 1;\n// %% a\nconst a = size;\n// %% [markdown] b\n// a\n// %% c\nconst c = a;\n// %% d\nc;\n// %% e\n1;\n';
    const { cells } = new Analyst().analyse(text);
    expect(cells.map(({ cell, needs }) => [cell, needs])).toEqual([
      [-1, []],
      [0, [-1]],
      [1, []],
      [2, [-1, 0]],
      [3, [-1, 0, 2]],
      [4, []],
    ]);
  });

  it('is the same when it was read before', () => {
    const analyst = new Analyst();
    const text = scenario('bias');
    expect(analyst.analyse(text)).toEqual(analyst.analyse(text));
    expect(analyst.analyse(`\n${text}`).cells.map(({ needs }) => needs)).toEqual(
      analyst.analyse(text).cells.map(({ needs }) => needs),
    );
  });
});
