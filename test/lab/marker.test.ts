import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitTitle, formatMarker, isMarkerAt, parseMarker, withKind, withTitle } from '../../main/lab/marker.ts';
import { among, holds } from './property.ts';

const bits = among(' ', '\t', 'a', '[markdown]', '[md]', 'k="v"', 'k="\\"', '"', '\\', '=', 'x y', '\u65e5', '%%');
const line = fc.array(bits, { maxLength: 10 }).map((parts) => `// %% ${parts.join('')}`);
const title = fc.array(fc.oneof(bits, among('\n', '\r\n', '\u2028')), { maxLength: 8 }).map((parts) => parts.join(''));
const kind = fc.constantFrom('code' as const, 'markdown' as const);

function read(text: string): unknown[] {
  const { kind, title, attributes } = parseMarker(text);
  return [kind, title, Object.fromEntries(attributes)];
}

describe('a marker line', () => {
  test('gives kind, title and attributes', () => {
    expect(read('// %%')).toEqual(['code', '', {}]);
    expect(read('// %% Two bios')).toEqual(['code', 'Two bios', {}]);
    expect(read('// %% [markdown]')).toEqual(['markdown', '', {}]);
    expect(read('// %% [markdown] Why  ')).toEqual(['markdown', 'Why', {}]);
    expect(read('// %% Why [md] id="x"')).toEqual(['markdown', 'Why', { id: 'x' }]);
    expect(read('// %% [PATCH v5] pin')).toEqual(['code', '[PATCH v5] pin', {}]);
    expect(read('// %% [markdown]x')).toEqual(['code', '[markdown]x', {}]);
    expect(read('// %% id="a b" note="say \\"hi\\" \\\\"')).toEqual(['code', '', { id: 'a b', note: 'say "hi" \\' }]);
    expect(read('// %% k="v" then')).toEqual(['code', 'k="v" then', {}]);
    expect(read('// %% a="1" a="2" __proto__="p"')[2]).toEqual(
      Object.fromEntries([
        ['a', '2'],
        ['__proto__', 'p'],
      ]),
    );
  });

  test('is written so that it is read back', () => {
    const attributes = fc.dictionary(among('id', 'a.b-c', '_x', '__proto__'), title);
    holds(fc.tuple(kind, title, attributes), ([is, name, pairs]) => {
      const map = new Map(Object.entries(pairs));
      const text = formatMarker(is, name, map);
      const marker = parseMarker(text);
      expect(isMarkerAt(text, 0)).toBe(true);
      expect(marker.kind).toBe(is);
      expect(marker.title).toBe(fitTitle(name));
      const onOneLine = [...map].map(([key, value]) => [key, value.replace(/[\r\n\u2028]+/g, ' ')]);
      expect([...marker.attributes]).toEqual(onOneLine);
    });
  });

  test('changes its kind and keeps the rest', () => {
    expect(withKind('// %%  Two  bios  a="b"', 'markdown')).toBe('// %% [markdown]  Two  bios  a="b"');
    expect(withKind('// %% [markdown]  Two  bios  a="b"', 'code')).toBe('// %%  Two  bios  a="b"');
    expect(withKind('// %% Why [md] a="b"', 'code')).toBe('// %% Why a="b"');
    holds(fc.tuple(line, kind), ([text, to]) => {
      const changed = withKind(text, to);
      expect(parseMarker(changed).kind).toBe(to);
      expect(isMarkerAt(changed, 0)).toBe(true);
      if (to === 'markdown' && parseMarker(text).kind === 'code') expect(withKind(changed, 'code')).toBe(text);
    });
  });

  test('changes its title and keeps the rest', () => {
    expect(withTitle('// %%  Old  a="b"', 'New')).toBe('// %%  New  a="b"');
    expect(withTitle('// %%', 'New')).toBe('// %% New');
    expect(withTitle('// %% Old', '')).toBe('// %%');
    expect(withTitle('// %% [markdown] a="b"', 'New')).toBe('// %% [markdown] New a="b"');
    expect(withTitle('// %% Old [md]', 'New')).toBe('// %% New [md]');
    holds(fc.tuple(line, title), ([text, name]) => {
      const before = parseMarker(text);
      const after = parseMarker(withTitle(text, name));
      expect([after.title, after.kind]).toEqual([fitTitle(name), before.kind]);
      expect([...after.attributes]).toEqual([...before.attributes]);
    });
  });

  test('refuses an attribute whose key is no plain name', () => {
    expect(() => formatMarker('code', '', new Map([['a b', 'c']]))).toThrow(RangeError);
  });
});
