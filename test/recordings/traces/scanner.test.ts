import { describe, expect, it } from 'vitest';
import { scan, scanText } from './scan.ts';

const FIELDS =
  'page_ref_mod_unless: pfn=0x5e00 flags=referenced|uptodate|lru|head count=513 mapcount=1 ' +
  'mapping=ffff888000b7a821 mt=1 val=256 ret=1';
const EVENT = {
  op: 'mod_unless',
  pfn: 0x5e00,
  flags: 'referenced|uptodate|lru|head',
  count: 513,
  mapcount: 1,
  mapping: 'ffff888000b7a821',
  mt: 1,
  val: 256,
  ret: 1,
};

describe('a line of a trace', () => {
  const forms: readonly (readonly [string, string, object])[] = [
    [
      'ftrace',
      `              gt-84      [001] d....    29.953503: ${FIELDS}`,
      { task: 'gt-84', cpu: 1, context: 0, time: 29_953_503_000 },
    ],
    [
      'ftrace in a hard interrupt',
      `          <idle>-0       [000] dNh2.    22.061856: ${FIELDS}`,
      { task: '<idle>-0', cpu: 0, context: 2, time: 22_061_856_000 },
    ],
    [
      'ftrace in a soft interrupt',
      `     ksoftirqd/0-12      [000] ..s1.    22.061856: ${FIELDS}`,
      { task: 'ksoftirqd/0-12', cpu: 0, context: 1 },
    ],
    [
      'ftrace with thread groups',
      `            bash-1977    (   1977) [000] d....    17.284993: ${FIELDS}`,
      { task: 'bash-1977', cpu: 0, time: 17_284_993_000 },
    ],
    [
      'ftrace with four flags',
      `           gt-83      [000] d...     8.094164: ${FIELDS}`,
      { task: 'gt-83', cpu: 0, context: 0, time: 8_094_164_000 },
    ],
    [
      'ftrace in latency format',
      ` <...>-5263      3..... 276242022us : ${FIELDS}`,
      { task: '<...>-5263', cpu: 3, context: 0, time: 276_242_022_000 },
    ],
    [
      'trace-cmd report',
      `           crosvm-6493  [007]   144.767358: page_ref_mod_unless:  ${FIELDS.slice(FIELDS.indexOf('pfn'))}`,
      { task: 'crosvm-6493', cpu: 7, time: 144_767_358_000 },
    ],
    [
      'trace-cmd report with flags',
      `           crosvm-6493  [007] d..2.   144.767358: page_ref_mod_unless:  ${FIELDS.slice(FIELDS.indexOf('pfn'))}`,
      { task: 'crosvm-6493', cpu: 7, time: 144_767_358_000 },
    ],
    [
      'perf script',
      `      my prog   6493 [007]   144.767358123: page_ref:${FIELDS}`,
      { task: 'my prog-6493', cpu: 7, time: 144_767_358_123 },
    ],
    [
      'perf script with process and thread',
      `      my prog   6493/6495  [007]   144.767358: page_ref:${FIELDS}`,
      { task: 'my prog-6495', cpu: 7 },
    ],
    [
      'a command with dashes, blanks and digits in its name',
      ` kworker/u8:3-ev 7-12      [003] .....    30.930098: ${FIELDS}`,
      { task: 'kworker/u8:3-ev 7-12', cpu: 3 },
    ],
    [
      'a command that is called like an event',
      `   page_ref_mod:-12      [003] .....    30.930098: ${FIELDS}`,
      { task: 'page_ref_mod:-12', cpu: 3 },
    ],
    ['nothing before the event', FIELDS, { task: '', cpu: 0xffff }],
    ['a quoted line of a mail', `> > gt-84 [001] d.... 29.953503: ${FIELDS}`, { task: 'gt-84', cpu: 1 }],
    ['a carriage return', `gt-84 [001] d.... 29.953503: ${FIELDS}\r`, { task: 'gt-84', cpu: 1 }],
    ['colours', `\x1b[32mgt-84\x1b[0m [001] d.... 29.953503: \x1b[1m${FIELDS}\x1b[0m`, { task: 'gt-84', cpu: 1 }],
    ['quoted-printable', `gt-84 [001] d.... 29.953503: ${FIELDS.replaceAll('=', '=3D')}`, { task: 'gt-84', cpu: 1 }],
    ['markup', `&gt; gt-84 [001] d.... 29.953503: ${FIELDS}`, { task: 'gt-84', cpu: 1 }],
  ];
  for (const [form, line, origin] of forms) {
    it(`is read in the form of ${form}`, () => {
      const { events, tally } = scanText(`${line}\n`);
      expect(events).toEqual([expect.objectContaining({ ...EVENT, ...origin, line: 1 })]);
      expect(tally).toMatchObject({ lines: 1, events: 1, damaged: 0 });
    });
  }

  it('keeps what is no address as none, and takes tools at their word about raw numbers', () => {
    const text = [
      FIELDS.replace('mapping=ffff888000b7a821', 'mapping=(____ptrval____)'),
      FIELDS.replace('mapping=ffff888000b7a821', 'mapping=0xffff888000b7a821').replace('0x5e00', '24064'),
    ].join('\n');
    expect(scanText(text).events.map(({ mapping, pfn }) => [mapping, pfn])).toEqual([
      ['0000000000000000', 0x5e00],
      ['ffff888000b7a821', 24064],
    ]);
  });

  it('is damaged, never wrong, wherever it is cut', () => {
    for (let end = 'page_ref_mod_unless:'.length; end < FIELDS.length - ' ret=1'.length; end++) {
      const { events, damaged, tally } = scanText(`${FIELDS.slice(0, end)}\nnext\n`);
      expect(events).toEqual([]);
      expect(tally.damaged).toBe(1);
      expect(damaged).toEqual([expect.objectContaining({ line: 1, damage: 'cut' })]);
    }
  });

  it('is damaged where a number runs into other text', () => {
    const { events, damaged } = scanText(`${FIELDS}[   12.5] other console\n`);
    expect(events).toEqual([]);
    expect(damaged).toEqual([{ line: 1, damage: 'cut', text: expect.stringContaining('other console') }]);
  });

  it('is damaged where a number is none of 32 bits', () => {
    expect(scanText(`${FIELDS.replace('val=256', 'val=4294967296')}\n`).tally).toMatchObject({ events: 0, damaged: 1 });
    expect(scanText(`${FIELDS.replace('val=256', 'val=-2147483648')}\n`).events[0]?.val).toBe(-2147483648);
  });

  it('is put together again where a mail program has wrapped it', () => {
    const text = [
      '> gt-84 [001] d.... 29.953503: page_ref_mod_unless: pfn=0x5e00',
      '> flags=referenced|uptodate|lru|head count=513',
      '> mapcount=1 mapping=ffff888000b7a821 mt=1',
      '> val=256 ret=1',
      '> ',
      'What is this?',
    ].join('\n');
    const { events, tally } = scanText(text);
    expect(events).toEqual([expect.objectContaining({ ...EVENT, line: 1, task: 'gt-84' })]);
    expect(tally).toMatchObject({ lines: 6, damaged: 0, other: 2 });
  });

  it('is one too long to be an event of a kernel', () => {
    const { tally, damaged } = scanText(`${FIELDS} ${'x'.repeat(1 << 17)}\n${FIELDS}\n`);
    expect(tally).toMatchObject({ lines: 2, events: 1, damaged: 1 });
    expect(damaged[0]).toMatchObject({ line: 1, damage: 'overlong' });
  });
});

describe('what lies between events', () => {
  it('is markers, with who wrote them and how many events came before', () => {
    const { markers, tally } = scanText(
      `gt-84 [001] d.... 29.9: ${FIELDS}\n` +
        '  gt-84      [001] .....    29.919535: tracing_mark_write: GT x: after page_ref_mod: = 1\n' +
        ' bash-12  [002]    30.000001: print:                tracing_mark_write: h\xe4llo\n',
    );
    expect(markers).toMatchObject([
      { line: 2, event: 1, time: 29_919_535_000, text: 'GT x: after page_ref_mod: = 1' },
      { line: 3, event: 1, time: 30_000_001_000, text: 'h\xe4llo' },
    ]);
    expect(tally.markers).toBe(2);
  });

  it('is notes of lost events, in the words of each tool', () => {
    const { lost, tally } = scanText(
      'CPU:1 [LOST 17 EVENTS]\nCPU 3: [23 EVENTS DROPPED]\nCPU:0 [EVENTS DROPPED]\nPERF_RECORD_LOST lost 5\n',
    );
    expect(lost.map(({ line, lost: n, cpu }) => [line, n, cpu])).toEqual([
      [1, 17, 1],
      [2, 23, 3],
      [3, null, 0],
      [4, 5, null],
    ]);
    expect(tally.lost).toBe(46);
  });

  it('is the stack of the event that it was taken at, though another CPU wrote in between', () => {
    const { events } = scanText(
      [
        `gt-84 [000] d.... 29.1: ${FIELDS}`,
        `gt-85 [001] d.... 29.2: ${FIELDS}`,
        'gt-84 [000] d.... 29.3: <stack trace>',
        ' => __page_ref_mod_unless',
        ' => try_get_folio',
        'gt-85 [001] d.... 29.4: <stack trace>',
        '=> __page_ref_mod_unless (ffffffff81234567)',
        '=> pin_user_pages_fast+0x12/0x40 (ffffffff81234568)',
        '',
      ].join('\n'),
    );
    expect(events.map(({ stack }) => stack)).toEqual([
      ['__page_ref_mod_unless', 'try_get_folio'],
      ['__page_ref_mod_unless', 'pin_user_pages_fast'],
    ]);
  });

  it("is perf script's stack, behind its event", () => {
    const { events, tally } = scanText(
      [
        `gt 84 [000] 29.1: page_ref:${FIELDS}`,
        '\tffffffff81234567 __page_ref_mod_unless+0x57 ([kernel.kallsyms])',
        '\tffffffff81234599 pin_user_pages_fast+0x1 ([kernel.kallsyms])',
        '',
        `gt 84 [000] 29.2: page_ref:${FIELDS}`,
        '',
      ].join('\n'),
    );
    expect(events.map(({ stack }) => stack)).toEqual([['__page_ref_mod_unless', 'pin_user_pages_fast'], []]);
    expect(tally.damaged).toBe(0);
  });

  it('is other events and the header, which are counted', () => {
    const { tally } = scanText(
      '# tracer: nop\n#\n  bash-1 [000] d.... 1.0: sched_switch: prev_comm=bash ==> next_comm=gt\n\nhello\n',
    );
    expect(tally).toMatchObject({ lines: 5, events: 0, damaged: 0, other: 5 });
  });
});

describe('a trace', () => {
  const text = [
    '# tracer: nop',
    `gt-84 [001] d.... 29.1: ${FIELDS}`,
    'gt-84 [001] d.... 29.2: <stack trace>',
    ' => try_get_folio',
    ' => pin_user_pages_fast',
    `gt-84 [001] d.... 29.3: ${FIELDS}`,
    'CPU:1 [LOST 17 EVENTS]',
    `> gt-85 [000] d.... 29.4: ${FIELDS.replace(' mt=1', '\n> mt=1')}`,
    'gt-84 [001] ..... 29.5: tracing_mark_write: end',
    '\x00\xff\xfe page_ref_ \x1b[',
    `gt-84 [001] d.... 29.6: ${FIELDS}`,
  ].join('\r\n');
  const bytes = new TextEncoder().encode(text);
  const whole = scan([bytes]);

  it('reads the same in pieces of any size', () => {
    expect(whole.events).toHaveLength(4);
    expect(whole.events[0]?.stack).toEqual(['try_get_folio', 'pin_user_pages_fast']);
    for (let size = 1; size < 200; size++) {
      const pieces: Uint8Array[] = [];
      for (let from = 0; from < bytes.length; from += size) pieces.push(bytes.slice(from, from + size));
      expect({ size, ...plain(scan(pieces)) }).toEqual({ size, ...plain(whole) });
    }
  });

  it('reads the same in batches of any size', () => {
    for (const capacity of [1, 2, 3]) expect(plain(scan([bytes], capacity))).toEqual(plain(whole));
  });

  it('says whether its last line has an end', () => {
    expect(scanText(FIELDS).endedMidLine).toBe(true);
    expect(scanText(`${FIELDS}\n`).endedMidLine).toBe(false);
  });

  function plain({ events, markers, lost, damaged, tally }: typeof whole): object {
    return { events, markers, lost, damaged, tally };
  }
});
