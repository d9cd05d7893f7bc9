import { describe, expect, it } from 'vitest';
import { editedFile, shownText } from '../../renderer/app/whole-file.ts';

const MIXED = '\uFEFF// %% a\r\nlet a;\n\r\nlet b;\rlet c;\r\nlast';

describe('the whole file', () => {
  it('stays byte for byte where nothing is changed', () => {
    for (const file of [MIXED, '', '\n', '\r', 'a\r\n', '\uFEFF', 'a\r\r\nb\n\n']) {
      expect(editedFile(file, shownText(file))).toBe(file);
    }
  });

  it('keeps the bytes of every line that was not changed', () => {
    expect(editedFile(MIXED, shownText(MIXED).replace('let b;', 'let bb;'))).toBe(MIXED.replace('let b;', 'let bb;'));
    expect(editedFile(MIXED, shownText(MIXED).replace('let b;\n', ''))).toBe(MIXED.replace('let b;\r', ''));
    expect(editedFile(MIXED, `${shownText(MIXED)}!`)).toBe(`${MIXED}!`);
  });

  it('ends new lines as most of the file are', () => {
    expect(editedFile(MIXED, `${shownText(MIXED)}\nmore\n`)).toBe(`${MIXED}\r\nmore\r\n`);
    expect(editedFile('', 'a\nb')).toBe('a\nb');
    expect(editedFile('a\nb\n', 'a\nx\ny\nb\n')).toBe('a\nx\ny\nb\n');
    expect(editedFile('a\r\nb\r\nc', 'a\nb')).toBe('a\r\nb');
  });

  it('is what an editor shows, also after any edit at random', () => {
    const seed = Number(process.env.GUPBOOK_SEED ?? Date.now() % 2 ** 31);
    console.log(`GUPBOOK_SEED=${seed}`);
    let state = seed || 1;
    const below = (n: number) => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % n;
    };
    const some = () => Array.from({ length: below(12) }, () => ['a', 'b', '\n', '\r\n', '\r', ''][below(6)]).join('');
    for (let i = 0; i < 2000; i++) {
      const file = (below(4) === 0 ? '\uFEFF' : '') + some();
      const shown = shownText(some());
      expect(shownText(editedFile(file, shown))).toBe(shown);
    }
  });
});
