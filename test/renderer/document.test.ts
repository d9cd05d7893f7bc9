import { describe, expect, it } from 'vitest';
import { deleteCell, insertCell, moveCell, replaceBody } from '../../main/lab/notebook-edits.ts';
import { parse, print } from '../../main/lab/notebook-format.ts';
import {
  basisIndex,
  basisOf,
  cellName,
  codeIndex,
  locate,
  PREAMBLE,
  sharedSources,
  takeBack,
  viewCells,
  withCellText,
} from '../../renderer/app/document.ts';
import { FIRST, SECOND, TEXT } from './fake-app.ts';

const doc = parse(TEXT);

describe('the cells that are shown', () => {
  it('are those of the file; a preamble of comments is not one', () => {
    expect(viewCells(doc).map(({ id, kind }) => `${id} ${kind}`)).toEqual(['c1 markdown', 'c2 code', 'c3 code']);
    expect(viewCells(doc)[0]?.text).toBe('Jan Kara, 2019.');
  });

  it('begin with the preamble where that holds code, and are it alone in a plain script', () => {
    expect(viewCells(parse('const x = 1;\n// %% a\n')).map(({ id }) => id)).toEqual([PREAMBLE, 'c1']);
    expect(viewCells(parse('const x = 1;\n')).map(({ id }) => id)).toEqual([PREAMBLE]);
    expect(viewCells(parse('')).map(({ text }) => text)).toEqual(['']);
  });

  it('stay the same objects while they do not change', () => {
    const edited = withCellText(doc, SECOND, 'let y;');
    expect(viewCells(edited)[1]).toBe(viewCells(doc)[1]);
    expect(viewCells(edited)[2]).not.toBe(viewCells(doc)[2]);
  });

  it('are called by their title, else by their first words', () => {
    const [cell] = viewCells(parse('// %%\n\n// A comment that says what this is\nlet x;\n'));
    expect(cell && cellName(cell)).toBe('A comment that says what this is');
  });
});

describe('typing into a cell', () => {
  it('changes the bytes of that cell alone', () => {
    expect(print(withCellText(doc, FIRST, 'let y;'))).toBe(
      TEXT.replace("experiment('first', {}, () => {});", 'let y;'),
    );
  });

  it('keeps line ends, byte order mark and blank lines of all others', () => {
    const odd = `\uFEFF${TEXT.replaceAll('\n', '\r\n')}\r\n\r\n`;
    expect(print(withCellText(parse(odd), FIRST, 'a;\nb;'))).toBe(
      odd.replace("experiment('first', {}, () => {});", 'a;\r\nb;'),
    );
  });

  it('makes several cells of a text with marker lines', () => {
    expect(viewCells(withCellText(doc, FIRST, 'a;\n// %% New\nb;')).map(({ title }) => title)).toEqual([
      'Why',
      'First',
      'New',
      'Second',
    ]);
  });

  it('works in the preamble too', () => {
    const script = parse('let x = 1;\n');
    expect(print(withCellText(script, PREAMBLE, 'let x = 2;'))).toBe('let x = 2;\n');
    expect(viewCells(withCellText(script, PREAMBLE, 'let x = 2;\n// %% Next\nx;'))).toHaveLength(2);
  });
});

describe('a line of the file', () => {
  it('is found in its cell', () => {
    expect(locate(doc, 7)).toMatchObject({ cell: { id: FIRST }, line: 1 });
    expect(locate(doc, 10)).toMatchObject({ cell: { id: SECOND }, line: 1 });
  });

  it('is nowhere above the first text', () => {
    expect(locate(doc, 1)).toBeNull();
  });
});

describe('what a run is made of', () => {
  it('counts code cells as main does', () => {
    expect([codeIndex(doc, FIRST), codeIndex(doc, SECOND), codeIndex(doc, 'c1')]).toEqual([0, 1, -1]);
  });

  it('is the code; Markdown and blank cells do not matter', () => {
    const prose = withCellText(doc, 'c1', 'Other words.');
    const blank = insertCell(doc, 1, { kind: 'code', text: '' });
    for (const other of [prose, blank]) {
      expect(sharedSources(basisOf(doc), basisOf(other))).toBe(basisOf(doc).sources.length);
      expect(basisIndex(other, SECOND)).toBe(basisIndex(doc, SECOND));
    }
  });

  it('is shared up to the first code that differs', () => {
    expect(sharedSources(basisOf(doc), basisOf(withCellText(doc, SECOND, 'x;')))).toBe(2);
    expect(sharedSources(basisOf(doc), basisOf(withCellText(doc, FIRST, 'x;')))).toBe(1);
  });
});

describe('taking a change of the cells back', () => {
  it('gives the bytes from before', () => {
    for (const after of [deleteCell(doc, 1), moveCell(doc, 0, 2), insertCell(doc, 1, { kind: 'code', text: 'x;' })]) {
      expect(print(takeBack({ before: doc, after }, after))).toBe(TEXT);
    }
  });

  it('keeps what was typed since, in the cells that stayed', () => {
    const after = deleteCell(doc, 1);
    const typed = replaceBody(after, 1, 'typed;');
    const back = takeBack({ before: doc, after }, typed);
    expect(viewCells(back).map(({ text }) => text)).toEqual([
      'Jan Kara, 2019.',
      "experiment('first', {}, () => {});",
      'typed;',
    ]);
  });
});
