/** What is no dump: counters, gup_test, page_owner, kpageflags, reports without a page. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../main/recordings/decode/decode.ts';
import { kpageflagsOf } from '../../../main/recordings/decode/kpageflags.ts';
import { allPatterns } from '../../../main/recordings/decode/patterns.ts';
import { filesEnding } from '../at-hand.ts';
import { cardsOf, signsOf } from './cards.ts';

describe('/proc/vmstat', () => {
  it('is pairs of counters', () => {
    const { items, unread } = decodeText(
      'nr_dirtied 7\nnr_foll_pin_acquired 512\nnr_foll_pin_released 256\nx\n' +
        '"nr_foll_pin_acquired": 18446744073709551615, "x": 1\n> nr_foll_pin_released: 3\n',
    );
    expect(items).toEqual([
      { kind: 'vmstat', counters: { line: 2, acquired: 512n, released: 256n } },
      { kind: 'vmstat', counters: { line: 5, acquired: 18446744073709551615n, released: 3n } },
    ]);
    expect(unread).toEqual([]);
  });

  it('says where half of a pair is missing', () => {
    expect(decodeText('nr_foll_pin_acquired 512\n').unread).toEqual([
      { line: 1, text: 'nr_foll_pin_acquired and nr_foll_pin_released come in pairs: one is missing' },
    ]);
  });
});

describe('gup_test', () => {
  it('is times, ends, TAP and complaints', () => {
    const said = decodeText(
      [
        'PIN_FAST_BENCHMARK: Time: get:1234 put:567 us',
        'GUP_FAST_BENCHMARK: Time: get:1 put:2 us, truncated (size: 4096)',
        'PIN_BASIC_TEST: done',
        '# # PIN_LONGTERM_BENCHMARK: Time: get:5 put:6 us',
        'ok 1 ioctl status 0',
        'not ok 2 ioctl failed',
        '[   12.0] pages[3] is NOT dma-pinned',
        '<6>[   14.2] ---- page #1, starting from user virt addr: 0x7f6fa5800000',
      ].join('\n'),
    ).items.map((item) => (item.kind === 'gup_test' ? item.said : item));
    expect(said).toEqual([
      { kind: 'time', test: 'PIN_FAST_BENCHMARK', get: 1234, put: 567, truncated: null },
      { kind: 'time', test: 'GUP_FAST_BENCHMARK', get: 1, put: 2, truncated: 4096 },
      { kind: 'done', test: 'PIN_BASIC_TEST' },
      { kind: 'time', test: 'PIN_LONGTERM_BENCHMARK', get: 5, put: 6, truncated: null },
      { kind: 'tap', ok: true, text: 'ioctl status 0' },
      { kind: 'tap', ok: false, text: 'ioctl failed' },
      { kind: 'complaint', page: 3, text: 'NOT dma-pinned' },
      { kind: 'dump', page: 1, address: '0x7f6fa5800000' },
    ]);
  });
});

describe('page_owner', () => {
  it('is records, in the words of 5.10, 6.1 and 7.2', () => {
    const { items, unread } = decodeText(`Page allocated via order 0, mask 0x100cca(GFP_HIGHUSER_MOVABLE)
PFN 123456 type Movable Block 241 type Movable Flags 0x400000000009003c(uptodate|dirty|lru|active|swapbacked)
 prep_new_page+0x12/0x80
 get_page_from_freelist+0x1/0x2

Page allocated via order 9, mask 0x3d24ca(GFP_TRANSHUGE|__GFP_THISNODE), pid 89, tgid 89 (my prog), ts 123456789 ns, free_ts 0 ns
PFN 23040 type Movable Block 45 type Movable Flags 0x20868(uptodate|lru|head|swapbacked|node=0|zone=1)
 __alloc_pages+0x12/0x80
Page has been migrated, last migrate reason: longterm_pin
Charged to memcg user.slice

Page allocated via order 0, mask 0x140cca(GFP_HIGHUSER_MOVABLE), pid 1, tgid 1 (init), ts 5 ns
PFN 0x5a00 type Movable Block 45 type Movable Flags 0x8(uptodate)
 folio_alloc+0x1/0x2
`);
    expect(unread).toEqual([]);
    expect(items.map((item) => (item.kind === 'owner' ? item.record : item))).toEqual([
      {
        line: 1,
        order: 0,
        gfpMask: '0x100cca',
        pid: null,
        comm: '',
        pfn: 123456,
        flags: ['uptodate', 'dirty', 'lru', 'active', 'swapbacked'],
        stack: ['prep_new_page', 'get_page_from_freelist'],
        migrated: '',
      },
      {
        line: 6,
        order: 9,
        gfpMask: '0x3d24ca',
        pid: 89,
        comm: 'my prog',
        pfn: 23040,
        flags: ['uptodate', 'lru', 'head', 'swapbacked'],
        stack: ['__alloc_pages'],
        migrated: 'longterm_pin',
      },
      expect.objectContaining({ line: 12, pid: 1, pfn: 0x5a00, stack: ['folio_alloc'] }),
    ]);
  });

  it('is counted where a record is cut', () => {
    expect(decodeText('Page allocated via order 0, mask 0x1(GFP_DMA)\n\n').unread).toEqual([
      { line: 1, text: 'a page_owner record without its PFN line' },
    ]);
  });
});

describe('/proc/kpageflags', () => {
  it('is words by name', () => {
    expect(kpageflagsOf(0x401868n, 1)).toMatchObject({
      names: ['uptodate', 'lru', 'active', 'mmap', 'anonymous', 'thp'],
      says: 'transparent huge, anonymous, mapped',
    });
    expect(kpageflagsOf(1n << 20n, 1).says).toBe('no page is there');
    expect(kpageflagsOf((1n << 24n) | (1n << 22n), 1).says).toBe('the huge zero page');
    expect(kpageflagsOf(1n << 63n, 1).names).toEqual(['bit 63']);
  });

  it('is found in JSON and in what page-types prints', () => {
    const { items } = decodeText(
      '{"pfn":23040,"kpageflags":"0x0000000000409868","mapcount":1}\n' +
        '0x0000000000000828\t      512        2  ___U_l_____Ma_b____________________________\n',
    );
    expect(items.map((item) => (item.kind === 'kpageflags' ? [item.flags.line, item.flags.word] : item))).toEqual([
      [1, 0x409868n],
      [2, 0x828n],
    ]);
  });
});

describe('a report', () => {
  it('without a page is told if it is about references', () => {
    const { items } = decodeText(`
------------[ cut here ]------------
WARNING: CPU: 1 PID: 89 at mm/gup.c:73 try_grab_folio+0x100/0x120
Modules linked in:
CPU: 1 UID: 0 PID: 89 Comm: gt Tainted: G    B   W          6.12.117-groundtruth #1
Call Trace:
 <TASK>
 try_grab_folio+0x100/0x120
 pin_user_pages_fast+0x20/0x40
 </TASK>
WARNING: CPU: 0 PID: 1 at drivers/foo.c:12 foo+0x1/0x2
`);
    expect(items).toEqual([
      {
        kind: 'splat',
        line: 3,
        splat: {
          kind: 'WARNING',
          line: 3,
          headline: 'WARNING: CPU: 1 PID: 89 at mm/gup.c:73 try_grab_folio+0x100/0x120',
          where: 'mm/gup.c:73',
          pfn: null,
          comm: 'gt',
          pid: 89,
          kernel: '6.12.117-groundtruth',
          stack: ['try_grab_folio', 'pin_user_pages_fast'],
        },
      },
    ]);
  });

  it('that was not printed is counted', () => {
    expect(decodeText('[ 9.1] BUG: Bad page state: 17 messages suppressed').items).toEqual([
      { kind: 'suppressed', line: 1, reports: 17 },
    ]);
  });
});

describe('dumps of recorded kernels', () => {
  const dumps = filesEnding('.dmesg.txt')
    .map(({ path, name }) => ({ name, text: readFileSync(path, 'utf8') }))
    .filter(({ text }) => text.includes('page:'));

  it('are there', () => {
    expect(dumps.length).toBeGreaterThan(8);
  });

  it.each(dumps)('are read line by line, and say what was done: $name', ({ name, text }) => {
    const { unread } = decodeText(text);
    const cards = cardsOf(text);
    expect(unread).toEqual([]);
    expect(cards.map(({ dump }) => dump.lines.first)).toEqual(linesWith(text, /page:.*refcount:/));
    const pinned = name.includes('_pin_');
    const pages = Number(/_(\d+)p_/.exec(name)?.[1]);
    for (const card of cards) {
      expect(card.dump.reason).toBe('gup_test: dump_pages() test');
      expect(card.dump.raw).toHaveLength(8);
      expect(signsOf(card)).toEqual([]);
      expect(card.count.pins).toBe(pinned ? pages : 0);
      expect(card.count.unexplained).toBe(pinned ? 0 : pages);
      expect(Number(/linux-(\d+)\./.exec(name)?.[1]) >= 6).toBe(true);
      expect(card.form.kernels).toMatch(/linux-6\.1\./.test(name) ? /^5\.11 to 6\./ : /^6\.9 or later/);
    }
  });

  function linesWith(text: string, pattern: RegExp): number[] {
    return text.split('\n').flatMap((line, i) => (pattern.test(line) ? [i + 1] : []));
  }
});

describe('experiments that show the same', () => {
  it('exist under the names that cards give', () => {
    for (const [file, experiment] of allPatterns()) {
      const text = readFileSync(new URL(`../../../scenarios/${file}`, import.meta.url), 'utf8');
      expect(text.includes(`'${experiment.replaceAll("'", "\\'")}'`), `${file}: ${experiment}`).toBe(true);
    }
  });
});
