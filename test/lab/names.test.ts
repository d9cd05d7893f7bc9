import { describe, expect, test } from 'vitest';
import { cellLabel, namesOf, PREAMBLE, staleAfter } from '../../main/lab/names.ts';
import { parse } from '../../main/lab/notebook-format.ts';
import { SAMPLE } from './texts.ts';

const LAB = `/// <reference types="gupbook" />
const size = 512;

// %% head
const buf = make(size);
let total = 0;

// %% [markdown] Prose
// buf is mentioned here

// %% sum
total += page_ref_count(buf);
helper();

// %% helper
function helper() { return later; }
const later = 1;

// %%
log(total);
`;

describe('the names of a notebook', () => {
  const names = namesOf(parse(LAB));

  test('belong to cells, with places in the file', () => {
    expect(names.preamble.definitions).toEqual([{ name: 'size', kind: 'const', cell: PREAMBLE, line: 2, column: 7 }]);
    expect(names.cells[0]?.definitions).toEqual([
      { name: 'buf', kind: 'const', cell: 0, line: 5, column: 7 },
      { name: 'total', kind: 'let', cell: 0, line: 6, column: 5 },
    ]);
    expect(names.cells[0]?.references).toEqual([
      { name: 'make', writes: false, deferred: false, cell: 0, line: 5, column: 13 },
      { name: 'size', writes: false, deferred: false, cell: 0, line: 5, column: 18 },
    ]);
    expect(names.cells[1]).toEqual({ cell: 1, definitions: [], references: [], error: null });
    expect(names.cells[2]?.references.map(({ name, line, column }) => [name, line, column])).toEqual([
      ['total', 12, 1],
      ['total', 12, 1],
      ['page_ref_count', 12, 10],
      ['buf', 12, 25],
      ['helper', 13, 1],
    ]);
  });

  test('say which cells depend on which, assignments included', () => {
    expect(names.dependsOn.map((above) => [...above].sort())).toEqual([[PREAMBLE], [], [0], [], [0, 2]]);
    expect([...staleAfter(names, PREAMBLE)]).toEqual([0, 2, 4]);
    expect([...staleAfter(names, 0)]).toEqual([2, 4]);
    expect([...staleAfter(names, 2)]).toEqual([4]);
    expect([...staleAfter(names, 4)]).toEqual([]);
  });

  test('used above their cell are told, with the place to move to', () => {
    expect(names.usedBeforeDefinition).toEqual([
      {
        reference: { name: 'helper', writes: false, deferred: false, cell: 2, line: 13, column: 1 },
        definition: { name: 'helper', kind: 'function', cell: 3, line: 16, column: 10 },
        message: "'helper' is defined only below, in cell 4 (helper), line 16: move this cell after it",
      },
    ]);
  });

  test('belong to one cell each', () => {
    const twice = namesOf(parse('const a = 1;\n// %% head\nlet buf;\n// %%\nvar buf, buf; function a() {}\n'));
    expect(twice.duplicates.map(({ message, again }) => [message, again.line, again.column])).toEqual([
      ["'buf' is already defined in cell 1 (head), line 3: rename one of the two", 5, 5],
      ["'a' is already defined in the text before cell 1, line 1: rename one of the two", 5, 24],
    ]);
    expect(names.duplicates).toEqual([]);
  });

  test('of a cell that does not parse are missing, and the others are there', () => {
    const broken = namesOf(parse('// %%\nconst a = ;\n// %%\nconst b = a;\n'));
    expect(broken.cells[0]).toMatchObject({ definitions: [], error: { line: 2, column: 11 } });
    expect(broken.cells[1]?.definitions.map(({ name }) => name)).toEqual(['b']);
  });

  test('of the sample are its own and the interface', () => {
    const sample = namesOf(parse(SAMPLE));
    const outside = new Set(sample.cells.flatMap(({ references }) => references.map(({ name }) => name)));
    expect([...outside]).toEqual(['experiment', 'FOLL_WRITE', 'expect', 'page_ref_count']);
    expect(sample.cells.every(({ error }) => error === null)).toBe(true);
  });

  test('named like parts of every object are names like others', () => {
    const odd = namesOf(
      parse('// %%\nconst constructor = 1, __proto__ = 2, toString = 3;\n// %%\nf(toString, __proto__);\n'),
    );
    expect(odd.dependsOn.map((above) => [...above])).toEqual([[], [0]]);
    expect(odd.duplicates).toEqual([]);
  });
});

test('cells are called by number and title', () => {
  const notebook = parse('// %% head\n// %%\n');
  expect([PREAMBLE, 0, 1].map((index) => cellLabel(notebook, index))).toEqual([
    'the text before cell 1',
    'cell 1 (head)',
    'cell 2',
  ]);
});
