import { describe, expect, it } from 'vitest';
import { cardOf, dump, signsOf } from './cards.ts';

const THP = (pincount: number): string =>
  `head: order:9 mapcount:1 entire_mapcount:1 nr_pages_mapped:0 pincount:${pincount}`;
const LARGE = 'anon flags: 0x20868(uptodate|lru|owner_2|head|swapbacked|zone=0)';
const bad = (text: string): string => `BUG: Bad page state in process gt  pfn:05818\n${text}`;

describe('the count of a page', () => {
  it.each([
    [dump({ refcount: 1 }), '1 = 1 ref: 1 mapping'],
    [dump({ refcount: 1025 }), '1025 = 1 pin x 1024 + 1 ref: 1 mapping'],
    [dump({ refcount: 2051, mapcount: 2 }), '2051 = 2 pins x 1024 + 3 refs: 2 mappings, 1 unexplained'],
    [dump({ refcount: 513, head: THP(512), flags: LARGE }), '513 = 512 pins + 1 ref: 1 mapping'],
    [dump({ refcount: 2, head: THP(0), flags: LARGE }), '2 = 2 refs: 1 mapping, 1 unexplained'],
    [dump({ refcount: -1023 }), '-1023 = -1 pin x 1024 + 1 ref: 1 mapping'],
    [dump({ refcount: 0, mapcount: 0 }), '0 = 0 refs'],
    [
      dump({ refcount: 3, mapping: 'ffff888025a9f2d8', flags: 'flags: 0x2c(uptodate|lru|private|zone=0)' }),
      '3 = 3 refs: 1 mapping, 1 page cache, 1 private data',
    ],
    // Anonymous pages point to their anon_vma, with a low bit set; that is no page cache.
    [
      dump({ refcount: 1, mapping: 'ffff888025a9f2d9', flags: 'flags: 0x2c(uptodate|lru|swapbacked|zone=0)' }),
      '1 = 1 ref: 1 mapping',
    ],
    [
      dump({ refcount: 2, flags: 'anon flags: 0x20808(uptodate|swapbacked|zone=0)' }),
      '2 = 2 refs: 1 mapping, 1 LRU batch',
    ],
  ])('is taken apart: %#', (text, sentence) => {
    expect(cardOf(text).count.sentence).toBe(sentence);
  });

  it('adds up, whatever it is', () => {
    for (let refcount = -5000; refcount <= 5000; refcount += 7) {
      for (const text of [dump({ refcount }), dump({ refcount, head: THP(refcount - 3), flags: LARGE })]) {
        const { count } = cardOf(text);
        const known = count.parts.reduce((sum, { references }) => sum + references, 0);
        expect(count.pins * (count.exact ? 1 : 1024) + known + count.unexplained).toBe(refcount);
      }
    }
  });
});

describe('what is odd', () => {
  it.each([
    ['nothing', dump({ refcount: 1 }), []],
    ['nothing about a pin', dump({ refcount: 1025 }), []],
    ['nothing about a pinned folio', dump({ refcount: 513, head: THP(512), flags: LARGE }), []],
    ['a count below zero', dump({ refcount: -2, mapcount: 0 }), ['refcount-negative']],
    ['an unpin of what was not pinned', dump({ refcount: -1022, mapcount: 1 }), ['refcount-underflow-by-bias']],
    ['the seed: 512 unpins of one pin', dump({ refcount: -523263, mapcount: 0 }), ['refcount-underflow-by-bias']],
    ['a count that wrapped', dump({ refcount: -2147483000, mapcount: 0 }), ['refcount-overflow']],
    ['a count that is about to', dump({ refcount: 2147483647, mapcount: 0 }), ['refcount-overflow', 'put-on-pin']],
    ['a put of a pin, mapped', dump({ refcount: 1024 }), ['put-on-pin']],
    ['a put of a pin, unmapped', dump({ refcount: 1023, mapcount: 0 }), ['put-on-pin']],
    ['three puts of three pins', dump({ refcount: 3 * 1023 + 1 }), ['put-on-pin']],
    ['many references', dump({ refcount: 1500 }), ['maybe-pinned-falsely']],
    ['a pincount below zero', dump({ refcount: 1, head: THP(-1), flags: LARGE }), ['pincount-negative']],
    [
      'a pincount above the count',
      dump({ refcount: 1, head: THP(512), flags: LARGE }),
      ['pincount-above-references', 'mapped-without-references'],
    ],
    ['a page mapped twice and held once', dump({ refcount: 1, mapcount: 2 }), ['mapped-without-references']],
    [
      'a folio freed while pinned',
      bad(
        dump({
          refcount: 0,
          mapcount: 0,
          head: THP(512).replace('mapcount:1', 'mapcount:0'),
          flags: 'flags: 0x40(head|zone=0)',
          reason: 'nonzero pincount',
        }),
      ),
      ['pincount-above-references', 'freed-while-pinned'],
    ],
    [
      'a page freed with references',
      bad(dump({ refcount: 1, mapcount: 0, flags: 'flags: 0x0(zone=0)', reason: 'nonzero _refcount' })),
      ['freed-with-references'],
    ],
    [
      'a page freed while mapped',
      bad(dump({ refcount: 0, mapcount: 1, flags: 'flags: 0x0(zone=0)', reason: 'nonzero mapcount' })),
      ['freed-while-mapped'],
    ],
    [
      'a page freed in a page cache',
      bad(
        dump({
          refcount: 0,
          mapcount: 0,
          mapping: 'ffff888025a9f2d8',
          flags: 'flags: 0x0(zone=0)',
          reason: 'non-NULL mapping',
        }),
      ),
      ['freed-in-page-cache'],
    ],
    [
      'a page freed with flags',
      bad(
        dump({
          refcount: 0,
          mapcount: 0,
          flags: 'flags: 0x20(lru|zone=0)',
          reason: 'PAGE_FLAGS_CHECK_AT_FREE flag(s) set',
        }),
      ),
      ['freed-with-flags'],
    ],
    [
      'an unpin beyond the count',
      dump({ refcount: 2, reason: 'VM_BUG_ON_PAGE(page_ref_count(page) < refs)' }),
      ['unpin-beyond-count'],
    ],
    [
      'a pin of a page that is not exclusive',
      dump({ refcount: 2, reason: 'VM_BUG_ON_PAGE(!PageAnonExclusive(page))' }),
      ['pinned-not-exclusive'],
    ],
    [
      'a page that does not match its folio',
      `${dump({ refcount: 1 })}\npage does not match folio`,
      ['head-and-tail-disagree'],
    ],
  ])('is %s', (_, text, signs) => {
    expect(signsOf(cardOf(text))).toEqual(signs);
  });

  it('is a count that changed while it was printed', () => {
    const text = `${dump({ refcount: 2, mapcount: 1, reason: '' }).trimEnd()}
raw: 0000000000020808 0000000000000000 dead000000000122 ffff888000af2271
raw: 00000007f6fa5c00 0000000000000000 0000040200000000 0000000000000000`;
    const card = cardOf(text.replace('page dumped because: \n', ''));
    expect(signsOf(card)).toEqual(['read-while-changing']);
    expect(card.oddities[0]?.text).toContain('refcount 2 was printed, the raw words that follow say 1026');
  });

  it('is a tail page with references of its own', () => {
    const text = `${dump({ refcount: 1, head: THP(0), flags: LARGE })}
raw: 0000000000000209 ffffea0000168001 0000000000000000 0000000000800000
raw: 0000000000000200 0000000000000000 00000001ffffffff 0000000000000000`;
    expect(signsOf(cardOf(text.replace(/page dumped.*\n/, '')))).toEqual(['tail-with-references']);
  });

  it('is said in one sentence each', () => {
    expect(cardOf(dump({ refcount: -1022 })).oddities).toEqual([
      {
        sign: 'refcount-underflow-by-bias',
        text:
          'refcount -1022 is what an unpin too many leaves: 1 x 1024 given back that no pin had taken, ' +
          'as unpin_user_page() on a page taken with get_user_pages() does',
      },
    ]);
    expect(cardOf(dump({ refcount: 1023, mapcount: 0 })).oddities[0]?.text).toBe(
      'refcount 1023 is 1 short of 1 x 1024: what put_page() on a pinned page leaves, and nothing maps the page any more',
    );
  });
});
