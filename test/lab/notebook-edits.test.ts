import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellText } from '../../main/lab/cell-text.ts';
import { splitGap } from '../../main/lab/lines.ts';
import {
  deleteCell,
  insertCell,
  mergeCells,
  moveCell,
  preambleText,
  replaceBody,
  replacePreamble,
  setKind,
  setTitle,
  splitCell,
} from '../../main/lab/notebook-edits.ts';
import { type Cell, type Notebook, parse, print } from '../../main/lab/notebook-format.ts';
import { among, holds } from './property.ts';
import { anyText, SAMPLE, tameText } from './texts.ts';

const kind = fc.constantFrom('code' as const, 'markdown' as const);
const text = fc
  .array(among('const b = 2;', '', 'run();', '`x`', '%% a', '  deep', '// %% New cell', '# Title'), { maxLength: 5 })
  .map((lines) => lines.join('\n'));
const title = among('', 'New title', 'a [md]', ' x ');

type Edit = (notebook: Notebook) => Notebook;

/** Any edit that fits the notebook; `pick` turns a number of [0, 1) into an index. */
const edit: fc.Arbitrary<{ name: string; run: Edit }> = fc
  .tuple(fc.nat(8), fc.nat(1e6), fc.nat(1e6), kind, text, title)
  .map(([which, one, two, is, body, name]) => {
    const within = (count: number, pick: number): number => pick % count;
    const edits: [string, (notebook: Notebook, count: number) => Notebook][] = [
      ['replaceBody', (n, count) => replaceBody(n, within(count, one), body)],
      ['insertCell', (n, count) => insertCell(n, within(count + 1, one), { kind: is, title: name, text: body })],
      ['deleteCell', (n, count) => deleteCell(n, within(count, one))],
      ['moveCell', (n, count) => moveCell(n, within(count, one), within(count, two))],
      [
        'mergeCells',
        (n, count) => {
          const first = within(count, one);
          return mergeCells(n, first, first + within(count - first, two));
        },
      ],
      ['setKind', (n, count) => setKind(n, within(count, one), is)],
      ['setTitle', (n, count) => setTitle(n, within(count, one), name)],
      ['replacePreamble', (n) => replacePreamble(n, body)],
      [
        'splitCell',
        (n, count) => {
          const index = within(count, one);
          const lines = linesOf(at(n, index));
          return lines === 0 ? n : splitCell(n, index, 1 + within(lines, two));
        },
      ],
    ];
    const [label, run] = edits[which] ?? ['none', (n: Notebook) => n];
    const needsCell = label !== 'insertCell' && label !== 'replacePreamble';
    return { name: label, run: (n) => (needsCell && n.cells.length === 0 ? n : run(n, n.cells.length)) };
  });

function at(notebook: Notebook, index: number): Cell {
  const cell = notebook.cells[index];
  if (cell === undefined) throw new Error(`no cell ${index}`);
  return cell;
}

/** Lines that an editor shows for the cell; 0 if there is no text at all. */
function linesOf(cell: Cell): number {
  return splitGap(cell.body).core === '' ? 0 : cellText(cell).split('\n').length;
}

function withoutIds({ bom, preamble, cells }: Notebook): unknown {
  return { bom, preamble, cells: cells.map(({ id: _, ...cell }) => cell) };
}

function ids(notebook: Notebook): string[] {
  return notebook.cells.map(({ id }) => id);
}

/** Notebooks with a place for an edit. */
const placed = fc.tuple(tameText, fc.nat(1e6), fc.nat(1e6)).map(([file, one, two]) => {
  const notebook = parse(file);
  const count = Math.max(notebook.cells.length, 1);
  return { file, notebook, index: one % count, other: two % count, isEmpty: notebook.cells.length === 0 };
});
const hostilePlaced = fc.tuple(anyText, fc.nat(1e6)).map(([file, one]) => {
  const notebook = parse(file);
  return { file, notebook, index: one % Math.max(notebook.cells.length, 1), isEmpty: notebook.cells.length === 0 };
});

describe('any edit', () => {
  test('gives the notebook that the file will be read as', () => {
    holds(
      fc.tuple(tameText, fc.array(edit, { minLength: 1, maxLength: 6 })),
      ([file, edits]) => {
        let notebook = parse(file);
        for (const { name, run } of edits) {
          notebook = run(notebook);
          expect(withoutIds(notebook), name).toEqual(withoutIds(parse(print(notebook))));
        }
      },
      1500,
    );
  });

  test('keeps every id unique and leaves the notebook that it was given alone', () => {
    holds(fc.tuple(anyText, fc.array(edit, { maxLength: 6 })), ([file, edits]) => {
      const first = parse(file);
      const before = structuredClone(first);
      let notebook = first;
      for (const { run } of edits) {
        notebook = run(notebook);
        expect(new Set(ids(notebook)).size).toBe(notebook.cells.length);
      }
      expect(first).toEqual(before);
    });
  });

  test('writes new lines with the line ending of the file, and its end as it was', () => {
    holds(fc.tuple(tameText, edit), ([file, { run, name }]) => {
      const notebook = parse(file);
      if (notebook.cells.length === 0) return;
      const after = print(run(notebook));
      const breaks = new Set(after.match(/\r\n|\r|\n/g) ?? []);
      if (/[\r\n]/.test(file))
        expect(
          [...breaks].every((end) => end === notebook.eol),
          name,
        ).toBe(true);
      if (after.trim() !== '') expect(/[\r\n]$/.test(after), name).toBe(/[\r\n]$/.test(file));
    });
  });
});

describe('replacing a cell', () => {
  test('with its own text changes nothing', () => {
    holds(hostilePlaced, ({ file, notebook, index, isEmpty }) => {
      if (!isEmpty) expect(print(replaceBody(notebook, index, cellText(at(notebook, index))))).toBe(file);
      expect(print(replacePreamble(notebook, preambleText(notebook)))).toBe(file);
    });
  });

  test('changes that cell alone', () => {
    holds(fc.tuple(hostilePlaced, text), ([{ notebook, index, isEmpty }, body]) => {
      if (isEmpty) return;
      const after = replaceBody(notebook, index, body);
      const more = after.cells.length - notebook.cells.length;
      expect(after.preamble).toBe(notebook.preamble);
      expect(after.cells.slice(0, index)).toEqual(notebook.cells.slice(0, index));
      expect(ids(after).slice(index + 1 + more)).toEqual(ids(notebook).slice(index + 1));
      expect(after.cells[index]?.id).toBe(notebook.cells[index]?.id);
      expect(bytes(after, index + 1 + more)).toBe(bytes(notebook, index + 1));
    });
  });

  test('with a text that holds a marker makes two', () => {
    const after = replaceBody(parse(SAMPLE), 1, 'a();\n\n// %% Next\nb();');
    expect(after.cells.map((cell) => [cell.id, cell.title])).toEqual([
      ['c1', 'Why'],
      ['c2', 'Two bios'],
      ['c4', 'Next'],
      ['c3', 'Reading it'],
    ]);
  });
});

describe('inserting and deleting', () => {
  test('undo each other', () => {
    holds(fc.tuple(placed, kind, title), ([{ file, notebook, index }, is, name]) => {
      const inserted = insertCell(notebook, index % (notebook.cells.length + 1), { kind: is, title: name, text: 'x' });
      if (notebook.preamble.trim() === '' && notebook.cells.length === 0) return;
      expect(print(deleteCell(inserted, index % (notebook.cells.length + 1)))).toBe(file);
      const end = insertCell(notebook, notebook.cells.length, { kind: is, title: name, text: 'x' });
      expect(print(deleteCell(end, notebook.cells.length))).toBe(file);
    });
  });

  test('separate cells by a blank line and keep the end of the file', () => {
    const code = { kind: 'code' as const, title: 'B', text: 'b();' };
    expect(print(insertCell(parse(''), 0, code))).toBe('// %% B\nb();\n');
    expect(print(insertCell(parse('\uFEFF'), 0, code))).toBe('\uFEFF// %% B\nb();\n');
    expect(print(insertCell(parse('// head\n'), 0, code))).toBe('// head\n\n// %% B\nb();\n');
    expect(print(insertCell(parse('// %% A\na();'), 1, code))).toBe('// %% A\na();\n\n// %% B\nb();');
    expect(print(insertCell(parse('// %% A\r\na();\r\n'), 0, code))).toBe('// %% B\r\nb();\r\n\r\n// %% A\r\na();\r\n');
    expect(print(deleteCell(parse('// %% A\n\n\n// %% B\nb();'), 1))).toBe('// %% A');
    expect(print(deleteCell(parse('// %% A\na();\n'), 0))).toBe('');
  });

  test('keep attributes', () => {
    const cell = { kind: 'markdown' as const, text: 'x', attributes: new Map([['id', 'why']]) };
    expect(print(insertCell(parse(''), 0, cell))).toBe('// %% [markdown] id="why"\n// x\n');
  });
});

describe('moving a cell', () => {
  test('there and back gives the same bytes', () => {
    holds(placed, ({ file, notebook, index, other, isEmpty }) => {
      if (isEmpty) return;
      const moved = moveCell(notebook, index, other);
      expect(ids(moved)[other]).toBe(ids(notebook)[index]);
      expect(print(moveCell(moved, other, index))).toBe(file);
    });
  });

  test('leaves blank lines and the end of the file where they were', () => {
    const after = moveCell(parse('// %% A\na();\n\n\n// %% B\nb();'), 1, 0);
    expect(print(after)).toBe('// %% B\nb();\n\n\n// %% A\na();');
  });
});

describe('splitting and merging', () => {
  test('split at a line of the text, with a blank line between', () => {
    const notebook = parse('// %% A\r\na();\r\nb();\r\n\r\nc();\r\n');
    expect(print(splitCell(notebook, 0, 2))).toBe('// %% A\r\na();\r\n\r\n// %%\r\nb();\r\n\r\nc();\r\n');
    expect(print(splitCell(notebook, 0, 4))).toBe('// %% A\r\na();\r\nb();\r\n\r\n// %%\r\nc();\r\n');
    expect(print(splitCell(notebook, 0, 1))).toBe('// %% A\r\n\r\n// %%\r\na();\r\nb();\r\n\r\nc();\r\n');
    expect(print(splitCell(parse('// %% [markdown] A\n// a\n// b'), 0, 2))).toBe(
      '// %% [markdown] A\n// a\n\n// %% [markdown]\n// b',
    );
  });

  test('lose no line', () => {
    holds(fc.tuple(placed, fc.nat(1e6)), ([{ notebook, index, isEmpty }, pick]) => {
      if (isEmpty || linesOf(at(notebook, index)) === 0) return;
      const split = splitCell(notebook, index, 1 + (pick % linesOf(at(notebook, index))));
      const merged = mergeCells(split, index, index + 1);
      expect(inkOf(cellText(at(merged, index)))).toBe(inkOf(cellText(at(notebook, index))));
      expect(ids(merged)).toEqual(ids(notebook));
    });
  });

  test('keep titles as comments, and code that joins Markdown as comments', () => {
    const notebook = parse('// %% [markdown] A\n// a\n\n// %% B\nb();\n\n// %% C\nc();\n');
    expect(print(mergeCells(notebook, 0, 1))).toBe('// %% [markdown] A\n// a\n\n// ## B\n// b();\n\n// %% C\nc();\n');
    expect(print(mergeCells(notebook, 1, 2))).toBe('// %% [markdown] A\n// a\n\n// %% B\nb();\n\n// C\nc();\n');
    const prose = parse('// %% A\na();\n// %% [markdown] %% B\n// b\n');
    expect(print(mergeCells(prose, 0, 1))).toBe('// %% A\na();\n//%% B\n// b\n');
  });
});

describe('changing the kind', () => {
  test('there and back gives the same bytes', () => {
    holds(hostilePlaced, ({ file, notebook, index, isEmpty }) => {
      if (isEmpty || at(notebook, index).kind === 'markdown') return;
      const prose = setKind(notebook, index, 'markdown');
      expect(at(prose, index).kind).toBe('markdown');
      expect(print(setKind(prose, index, 'code'))).toBe(file);
    });
  });

  test('turns lines into comments and leaves the gap blank', () => {
    const notebook = parse('// %% A\na();\n\n  b();\n\n// %% B\n');
    expect(print(setKind(notebook, 0, 'markdown'))).toBe('// %% [markdown] A\n// a();\n//\n//   b();\n\n// %% B\n');
  });
});

test('a title changes and nothing else', () => {
  expect(print(setTitle(parse('// %% A id="x"\r\na();\r\n'), 0, 'B\nC'))).toBe('// %% B C id="x"\r\na();\r\n');
});

test('an index or a line that is not there is a RangeError', () => {
  const notebook = parse(SAMPLE);
  for (const wrong of [-1, 3, 0.5, Number.NaN]) {
    expect(() => deleteCell(notebook, wrong)).toThrow(RangeError);
    expect(() => replaceBody(notebook, wrong, '')).toThrow(RangeError);
    expect(() => moveCell(notebook, 0, wrong)).toThrow(RangeError);
    expect(() => mergeCells(notebook, 0, wrong)).toThrow(RangeError);
    expect(() => setKind(notebook, wrong, 'code')).toThrow(RangeError);
  }
  expect(() => insertCell(notebook, 4, { kind: 'code', text: '' })).toThrow(RangeError);
  expect(() => mergeCells(notebook, 1, 0)).toThrow(RangeError);
  for (const line of [0, 4, 1.5]) expect(() => splitCell(notebook, 0, line)).toThrow(RangeError);
});

/** The bytes from cell `index` on. */
function bytes(notebook: Notebook, index: number): string {
  return notebook.cells
    .slice(index)
    .map(({ marker, body }) => marker + body)
    .join('');
}

/** A text without its blank lines. */
function inkOf(body: string): string {
  return body
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n');
}
