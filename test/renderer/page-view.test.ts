import { describe, expect, it } from 'vitest';
import {
  ENTRY_DIRTY,
  ENTRY_EXCLUSIVE,
  ENTRY_MIGRATION,
  ENTRY_WRITE,
  entryFor,
  homeFor,
  PG_dirty,
  PG_lru,
} from '../../main/engine/flags.ts';
import { Op } from '../../main/engine/trace.ts';
import { PageStates, START } from '../../renderer/state/page-state.ts';
import { stateText, stateView } from '../../renderer/state/page-view.ts';
import { decodeCount, splitCount, wordText } from '../../renderer/state/words.ts';
import { PINCOUNT, PMD, REFCOUNT, TAIL, trace, unpinTwice } from './traces.ts';

describe('a count', () => {
  it('is taken apart into pins and references that add up, negative ones too', () => {
    expect(splitCount(1025, 1024)).toEqual({ pins: 1, refs: 1 });
    expect(splitCount(-523263, 1024)).toEqual({ pins: -511, refs: 1 });
    for (const count of [0, 1, 1023, 1024, -1, -1023, -1024, 2147483647, -2147483648]) {
      const { pins, refs } = splitCount(count, 1024);
      expect(pins * 1024 + refs).toBe(count);
      expect(refs).toBeGreaterThanOrEqual(0);
      expect(refs).toBeLessThan(1024);
    }
  });

  it('reads as a sentence of arithmetic', () => {
    expect(decodeCount(1, 1024, null)).toBe('1 = 1 ref');
    expect(decodeCount(1025, 1024, null)).toBe('1025 = 1 pin x 1024 + 1 ref');
    expect(decodeCount(524289, 1024, null)).toBe('524289 = 512 pins x 1024 + 1 ref');
    expect(decodeCount(513, 1024, 512)).toBe('513 = 512 pins + 1 ref');
    expect(decodeCount(513, 1024, 0)).toBe('513 = 513 refs');
    expect(decodeCount(2, 0, null)).toBe('2 = 2 refs');
  });
});

describe('the view of a state', () => {
  it('shows a folio as dump_page() would, and its count decoded', () => {
    const [folio] = stateView(new PageStates(unpinTwice()), 0).folios;
    expect(folio?.dump).toEqual(['page: refcount:1025', 'head: order:9 pincount:0']);
    expect(folio?.decoded).toBe('1025 = 1025 refs');
    expect(folio?.damage).toBeNull();
  });

  it('puts tails below their head and says how many are left out', () => {
    const [folio] = stateView(new PageStates(unpinTwice()), START).folios;
    expect(folio?.tails.map(({ name }) => name)).toEqual(['buf[256]']);
    expect(folio?.untouched).toBe(510);
  });

  it('names what the last step changed, with the value before', () => {
    const view = stateView(new PageStates(unpinTwice()), 1);
    const count = view.folios[0]?.head.fields.find(({ name }) => name === '_refcount');
    expect(count).toMatchObject({ text: '1', was: '1025' });
    expect(view.held[0]?.fields).toMatchObject([{ text: '1', was: '2' }]);
  });

  it('calls a negative count by the way it came about', () => {
    expect(stateView(new PageStates(unpinTwice()), 2).folios[0]?.damage).toBe('UNDERFLOW');
    const overflow = trace({
      steps: [{ op: Op.ADD, word: REFCOUNT, a: 1024, before: 2147483647, after: -2147482625 }],
      initial: [2147483647, 0, 0, 0, 0, 0],
    });
    expect(stateView(new PageStates(overflow), 0).folios[0]?.damage).toBe('OVERFLOW');
  });

  it('knows an exact pincount', () => {
    const pinned = trace({
      steps: [
        { op: Op.ADD, word: REFCOUNT, a: 512, before: 1, after: 513 },
        { op: Op.ADD, word: PINCOUNT, a: 512, before: 0, after: 512 },
      ],
    });
    expect(stateView(new PageStates(pinned), 1).folios[0]?.decoded).toBe('513 = 512 pins + 1 ref');
  });

  it('says the flags of a page in one field, whether they are bits or words of their own', () => {
    const words = [
      { name: 'buf.flags', object: 0, field: 'flags', format: 'flags' },
      { name: 'buf.PG_writeback', object: 0, field: 'PG_writeback', format: 'bool' },
    ] as const;
    const shown = trace({
      words,
      initial: [PG_dirty | PG_lru, 0],
      steps: [{ op: Op.W, word: 1, a: 1, before: 0, after: 1 }],
    });
    const head = stateView(new PageStates(shown), 0).folios[0]?.head;
    expect(head?.fields).toMatchObject([{ name: 'flags', text: 'dirty|lru|writeback', was: 'dirty|lru', moved: true }]);
    expect(stateView(new PageStates(shown), START).folios[0]?.dump.at(-1)).toBe('flags: dirty|lru');
  });

  it('says where a page belongs, and what an entry is besides a page', () => {
    const words = [{ name: 'buf.mapping', object: 0, field: 'mapping', format: 'int' }] as const;
    const file = trace({ words, initial: [homeFor(2, 3)], steps: [] });
    expect(stateView(new PageStates(file), START).folios[0]?.dump[0]).toBe('page: mapping:buf mapping+3');
    const entry = (bits: number) => wordText(trace({ steps: [] }), PMD, entryFor(0, bits));
    expect(entry(ENTRY_WRITE | ENTRY_DIRTY)).toBe('buf write dirty');
    expect(entry(ENTRY_MIGRATION | ENTRY_EXCLUSIVE)).toBe('buf migration exclusive');
    expect(wordText(trace({ steps: [] }), PMD, 0)).toBe('none');
  });

  it('is copied as plain text of at most 72 columns', () => {
    const tailBug = trace({ steps: [{ op: Op.SUBT, word: TAIL, a: 256, before: 0, after: -256 }] });
    const text = stateText(stateView(new PageStates(tailBug), 0), 1);
    expect(text).toContain('State after step 1 of 1');
    expect(text).toContain('buf[256]: _refcount -256 (was 0)');
    expect(text).toContain('+510 tails');
    for (const line of text.split('\n')) {
      expect(line.length).toBeLessThanOrEqual(72);
      expect(line).toBe(line.trimEnd());
    }
  });
});
