/** dump_page() in the words of every time, as logs and mails have it. */
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../main/recordings/decode/decode.ts';
import { cardOf, cardsOf, signsOf } from './cards.ts';

describe('dump_page()', () => {
  it('of 4.x calls the count by its old name, and pins are unknown', () => {
    const card = cardOf(`
      [407819.286867] BUG: Bad page state in process zabbix_agentd  pfn:46c479
      [407819.288361] page:ffffea000f7afa78 count:-2 mapcount:0 mapping:          (null) index:0x0
      [407819.289875] flags: 0x2ffff8000000000()
      [407819.291350] raw: 02ffff8000000000 0000000000000000 0000000000000000 fffffffeffffffff
      [407819.292877] raw: dead000000000100 dead000000000200 0000000000000000
      [407819.294388] page dumped because: nonzero _count
      [407819.295893] Modules linked in: xt_tcpudp xt_conntrack`);
    expect(card).toMatchObject({
      form: { kernels: 'up to 4.20', pins: false },
      count: { refcount: -2, pins: 0, sentence: '-2 = -2 refs: 2 too few' },
      dump: {
        page: { pointer: 'ffffea000f7afa78', mapping: '(null)', pfn: null, oldWord: true },
        reason: 'nonzero _count',
        splat: { kind: 'bad-page', comm: 'zabbix_agentd', pfn: 0x46c479 },
      },
    });
    expect(signsOf(card)).toEqual(['refcount-negative', 'freed-with-references']);
  });

  it('of 5.3 has no page frame number', () => {
    const card = cardOf('page:0000060000f67640 refcount:-2 mapcount:0 mapping:0000000000000000 index:0x0');
    expect(card).toMatchObject({ form: { kernels: '5.0 to 5.6' }, dump: { page: { pfn: null } } });
  });

  it('of 5.10 has pincounts of large pages, and flags without zones', () => {
    const card = cardOf(`
      page:0000000006f62206 refcount:490 mapcount:1 mapping:0000000000000000 index:0x562b12a00 pfn:0x1dc00
      head:0000000006f62206 order:9 compound_mapcount:0 compound_pincount:0
      anon flags: 0x400000000009003d(locked|uptodate|dirty|lru|active|head|swapbacked)
      page dumped because: make entry`);
    expect(card).toMatchObject({
      form: { kernels: '5.7 to 5.10', pins: true },
      count: { order: 9, pins: 0, exact: true, references: 490 },
      dump: { page: { pfn: 0x1dc00 }, flags: { kind: 'anon', names: expect.arrayContaining(['locked', 'head']) } },
    });
  });

  it('of 5.11 to 6.1 has the zone in its flags, a memcg and a file', () => {
    const card = cardOf(`
      page:ffffea0001328000 refcount:5 mapcount:2 mapping:ffff888025a9f2d8 index:0x1f pfn:0x4ca00
      head:ffffea0001328000 order:1 compound_mapcount:0 compound_pincount:0
      memcg:ffff88801b1c4000
      aops:ext4_da_aops ino:3e9 dentry name(?):"data file"
      flags: 0xfff00000018036(referenced|uptodate|lru|active|private|head|node=0|zone=1|lastcpupid=0x7ff)
      raw: 00fff00000018036 ffffea0000f2a448 ffff888014c2e030 ffff888025a9f2d8
      raw: 000000000000001f ffff88802b0e9570 00000005ffffffff ffff88801b1c4000
      page dumped because: VM_BUG_ON_PAGE(page_ref_count(page) == 0)
      ------------[ cut here ]------------
      kernel BUG at include/linux/mm.h:686!
      invalid opcode: 0000 [#1] PREEMPT SMP KASAN
      CPU: 1 PID: 10694 Comm: syz-executor.0 Not tainted 5.13.0-rc3-syzkaller #0
      Call Trace:
       <TASK>
       put_page_testzero+0x12/0x40
       ? __lock_acquire+0x1/0x2
       unpin_user_pages+0x33/0x90
       </TASK>
      Modules linked in:`);
    expect(card).toMatchObject({
      form: { kernels: '5.11 to 6.1' },
      dump: {
        memcg: 'ffff88801b1c4000',
        file: { aops: 'ext4_da_aops', ino: '3e9', name: 'data file' },
        flags: { fields: { node: '0', zone: '1', lastcpupid: '0x7ff' } },
        splat: {
          kind: 'BUG',
          where: 'include/linux/mm.h:686',
          kernel: '5.13.0-rc3-syzkaller',
          comm: 'syz-executor.0',
          pid: 10694,
          stack: ['put_page_testzero', 'unpin_user_pages'],
        },
      },
      count: { sentence: '5 = 5 refs: 2 page cache, 1 private data, 2 unexplained' },
    });
    expect(signsOf(card)).toEqual(['put-on-free-page']);
  });

  it('of 6.2 to 6.8 counts entire mappings', () => {
    const card = cardOf(`
      page:ffffea000234d400 refcount:1 mapcount:0 mapping:0000000000000000 index:0x0 pfn:0x8d350
      head:ffffea000234d400 order:3 entire_mapcount:0 nr_pages_mapped:0 pincount:0
      flags: 0xfff00000010200(slab|head|node=0|zone=1|lastcpupid=0x7ff)
      page_type: 0xffffffff()
      page dumped because: kasan: bad access detected`);
    expect(card).toMatchObject({ form: { kernels: '6.2 to 6.8' }, dump: { pageType: '0xffffffff()' } });
  });

  it('of 6.9 and later prints no pointer', () => {
    const card = cardOf(`
      page: refcount:9 mapcount:0 mapping:ffff8882fb216710 index:0x298 pfn:0x154598
      head: order:3 mapcount:0 entire_mapcount:0 nr_pages_mapped:0 pincount:0
      memcg:ffff8881032b8000
      aops:xfs_address_space_operations ino:8a4 dentry name(?):"log"
      flags: 0x17ffffc000406d(locked|uptodate|dirty|lru|head|private|node=0|zone=2|lastcpupid=0x1fffff)
      page dumped because: VM_BUG_ON_FOLIO(!folio_test_locked(folio))`);
    expect(card).toMatchObject({
      form: { kernels: '6.9 or later' },
      count: { sentence: '9 = 9 refs: 8 page cache, 1 private data' },
    });
  });

  it('is read with hashed pointers, and with a page frame number of any width', () => {
    const text = 'page:(____ptrval____) refcount:1 mapcount:0 mapping:0000000000000000 index:0x0 pfn:0xfffffffffff';
    expect(cardOf(text).dump.page).toMatchObject({ pointer: '(____ptrval____)', pfn: 0xfffffffffff });
  });

  it('tells what page_owner adds', () => {
    const card = cardOf(`
      page: refcount:0 mapcount:0 mapping:0000000000000000 index:0x0 pfn:0x743
      flags: 0x7ffff000000000(node=0|zone=0|lastcpupid=0x7ffff)
      raw: 007ffff000000000 c00c00000001d0c8 c00c00000001d0c8 0000000000000000
      raw: 0000000000000000 0000000000000000 00000000ffffffff 0000000000000000
      page dumped because: VM_BUG_ON_FOLIO(((unsigned int) folio_ref_count(folio) + 127u <= 127u))
      page_owner tracks the page as freed
      page last allocated via order 0, migratetype Movable, gfp_mask 0x140cca(GFP_HIGHUSER_MOVABLE), pid 77, tgid 77 (gt), ts 12
      page last free pid 78 tgid 78 stack trace:`);
    expect(card.dump.owner).toHaveLength(3);
    expect(signsOf(card)).toEqual(['get-on-free-page']);
  });
});

const PLAIN = `page:ffffea0000248000 refcount:513 mapcount:1 mapping:0000000000000000 index:0x7fa92a200 pfn:0x9200
head:ffffea0000248000 order:9 compound_mapcount:1 compound_pincount:512
anon flags: 0xb0014(uptodate|lru|head|mappedtodisk|swapbacked|zone=0)
raw: 00000000000b0014 ffffea0000242c88 ffffffff82035120 ffff888000b7a1a1
raw: 00000007fa92a200 0000000000000000 00000201ffffffff 0000000000000000
page dumped because: gup_test: dump_pages() test`;

describe('a dump', () => {
  const plain = cardOf(PLAIN);
  const wrap = (before: (line: string, i: number) => string): string => PLAIN.split('\n').map(before).join('\n');
  const carriers: readonly (readonly [string, string])[] = [
    ['dmesg', wrap((line, i) => `[   21.18987${i}] ${line}`)],
    ['dmesg -r', wrap((line, i) => `<4>[   21.18987${i}] ${line}`)],
    ['dmesg -T', wrap((line) => `[Tue Nov 24 22:05:01 2026] ${line}`)],
    ['dmesg -x', wrap((line) => `kern  :warn  : [   21.189872] ${line}`)],
    ['syslog', wrap((line) => `Nov 24 22:05:01 my-host kernel: [   21.189872] ${line}`)],
    ['the journal', wrap((line) => `2026-11-24T22:05:01.123456+01:00 my-host kernel: ${line}`)],
    ['a console with callers', wrap((line) => `[   21.189872][ T3581] ${line}`)],
    ['a mail', wrap((line) => `> > | ${line}`)],
    ['a mail of a dmesg', wrap((line) => `> [   21.189872] ${line}`)],
    ['a terminal', wrap((line) => `\x1b[32m[   21.189872] \x1b[0m\x1b[1m${line}\x1b[0m`)],
    ['Windows', PLAIN.replaceAll('\n', '\r\n')],
    ['an old Mac', PLAIN.replaceAll('\n', '\r')],
    ['HTML', wrap((line) => `&gt; ${line}`)],
    ['quoted-printable', wrap((line) => line.replaceAll('=', '=3D').replace('mapping:', 'mapp=\ning:'))],
    ['a bug report with an indent', wrap((line) => `\t    ${line}`)],
  ];
  it.each(carriers)('is read out of %s', (_, text) => {
    const card = cardOf(`Hello,\n\nthis is what I got:\n${text}\n-- \nsomebody\n`);
    expect({ ...card.dump, lines: null }).toEqual({ ...plain.dump, lines: null });
    expect(card.count).toEqual(plain.count);
  });

  it.each([40, 60, 72, 78])('is read out of a mail that was wrapped at %i columns', (width) => {
    const text = PLAIN.split('\n')
      .flatMap((line) => wrapped(line, width))
      .map((line) => `> ${line}`)
      .join('\n');
    const card = cardOf(text);
    expect(card.count).toEqual(plain.count);
    expect(card.dump.page).toEqual(plain.dump.page);
    expect(card.dump.flags).toEqual(plain.dump.flags);
    // Nothing tells that a reason goes on.
    expect(plain.dump.reason?.startsWith(card.dump.reason ?? '?')).toBe(true);
  });

  it('is read as far as it goes', () => {
    for (let end = PLAIN.indexOf(' pfn:') + 12; end < PLAIN.length; end++) {
      const [card, ...more] = cardsOf(PLAIN.slice(0, end));
      expect(more).toEqual([]);
      expect(card?.dump.page).toMatchObject({ refcount: 513, mapcount: 1 });
    }
  });

  it('whose first line was cut is counted, with its number', () => {
    const { items, unread, tally } = decodeText(`hello\n${PLAIN.slice(0, 40)}\n\nand more`);
    expect(items).toEqual([]);
    expect(tally.unread).toBe(1);
    expect(unread).toEqual([{ line: 2, text: PLAIN.slice(0, 40) }]);
  });

  it('whose lines are lost is not joined to those of others', () => {
    const { items, unread } = decodeText('flags: 0x17(locked)\nraw: 0000000000000000 0000000000000000\n');
    expect(items).toEqual([]);
    expect(unread.map(({ line }) => line)).toEqual([1, 2]);
  });
});

/** Breaks a line at blanks, as mail programs do. */
function wrapped(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

describe('two dumps at the same time', () => {
  const first = `page: refcount:1026 mapcount:1 mapping:0000000000000000 index:0x1 pfn:0x5818
anon flags: 0x20808(uptodate|owner_2|swapbacked|zone=0)
page dumped because: one`.split('\n');
  const second = `page: refcount:513 mapcount:0 mapping:0000000000000000 index:0x2 pfn:0x5a00
head: order:9 mapcount:1 entire_mapcount:1 nr_pages_mapped:0 pincount:512
anon flags: 0x20868(uptodate|lru|owner_2|head|swapbacked|zone=0)
page dumped because: two`.split('\n');
  const told = (text: string): unknown[] =>
    cardsOf(text).map(({ count, dump }) => [dump.page.pfn, count.pins, dump.reason, dump.mixed]);

  it('are told apart by their callers', () => {
    const lines: string[] = [];
    for (let i = 0; i < 4; i++) {
      if (first[i] !== undefined) lines.push(`[    1.000000][  T101] ${first[i]}`);
      if (second[i] !== undefined) lines.push(`[    1.000000][    C2] ${second[i]}`);
    }
    expect(told(lines.join('\n'))).toEqual([
      [0x5818, 1, 'one', false],
      [0x5a00, 512, 'two', false],
    ]);
  });

  it('are dealt out by what large folios alone have, where there are no callers, and say so', () => {
    const lines = [first[0], second[0], second[1], first[1], second[2], first[2], second[3]];
    expect(told(lines.join('\n'))).toEqual([
      [0x5818, 1, 'one', true],
      [0x5a00, 512, 'two', true],
    ]);
  });

  it('are two of them where the first was cut', () => {
    expect(told([first[0], ...second].join('\n'))).toEqual([
      [0x5818, 1, null, false],
      [0x5a00, 512, 'two', false],
    ]);
  });

  it('are two of them where no reason was printed', () => {
    expect(told([first[0], first[1], ...second.slice(0, 3)].join('\n'))).toEqual([
      [0x5818, 1, null, false],
      [0x5a00, 512, null, false],
    ]);
  });
});
