import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTraceLine } from '../../main/recordings/format/ftrace.ts';
import { hasFlag, type PageRef, parsePageRef } from '../../main/recordings/format/page-ref.ts';

const MOD =
  '              gt-84      [001] d....    29.953503: page_ref_mod_unless: pfn=0x5e00 flags=referenced|uptodate|lru|head ' +
  'count=513 mapcount=1 mapping=ffff888000b7a821 mt=1 val=256 ret=1';

describe('a line of ftrace', () => {
  it('is read with who did it, where and when', () => {
    expect(parseTraceLine(MOD, 7)).toEqual({
      kind: 'page_ref',
      line: 7,
      origin: { comm: 'gt', pid: 84, cpu: 1, context: 'task', time: 29.953503 },
      ref: {
        op: 'mod_unless',
        pfn: 0x5e00,
        flags: 'referenced|uptodate|lru|head',
        count: 513,
        mapcount: 1,
        mapping: 'ffff888000b7a821',
        mt: 1,
        val: 256,
        ret: 1,
      },
    });
  });

  it('tells interrupts from tasks, and a command name with blanks and dashes from its pid', () => {
    const line =
      ' my-prog x-12      [003] dNh2.    30.930098: page_ref_mod_and_test: pfn=0x1 flags=none count=-3 mapcount=-1 ' +
      'mapping=0 mt=0 val=-1024 ret=0';
    expect(parseTraceLine(line, 1)).toMatchObject({
      origin: { comm: 'my-prog x', pid: 12, cpu: 3, context: 'hardirq' },
      ref: { flags: 'none', count: -3, mapcount: -1, val: -1024, ret: 0 },
    });
  });

  it('is a marker, a symbol of a stack, a note of lost events, or nothing', () => {
    const marker =
      '              gt-84      [001] .....    29.919535: tracing_mark_write: GT x: after page_ref_mod: = 1';
    expect(parseTraceLine(marker, 1)).toMatchObject({ kind: 'marker', text: 'GT x: after page_ref_mod: = 1' });
    expect(parseTraceLine(' => __page_ref_mod_unless', 2)).toEqual({
      kind: 'stack',
      line: 2,
      symbol: '__page_ref_mod_unless',
    });
    expect(parseTraceLine('CPU:1 [LOST 17 EVENTS]', 3)).toEqual({ kind: 'lost', line: 3, events: 17 });
    expect(parseTraceLine('# tracer: nop', 4)).toBeNull();
    expect(parseTraceLine('', 5)).toBeNull();
  });

  it('is unreadable, not wrong, wherever it is cut', () => {
    const from = MOD.indexOf('page_ref_');
    for (let end = from + 'page_ref_'.length; end < MOD.length - ' ret=1'.length; end++) {
      expect(parseTraceLine(MOD.slice(0, end), 1)?.kind).toBe('unreadable');
    }
  });
});

const ops = ['set', 'mod', 'mod_and_test', 'mod_and_return', 'mod_unless', 'freeze', 'unfreeze'] as const;
const events = fc.record({
  op: fc.constantFrom(...ops),
  pfn: fc.nat(),
  flags: fc.constantFrom('none', 'lru', 'uptodate|lru|head', '0x40048'),
  count: fc.integer(),
  mapcount: fc.integer({ min: -1, max: 100 }),
  mapping: fc.constantFrom('0', 'ffff888000b7a821', '(null)', '0000000000000000'),
  mt: fc.nat({ max: 5 }),
  val: fc.integer(),
  ret: fc.integer(),
});

function print(event: PageRef): string {
  const ret = event.ret === null ? '' : ` ret=${event.ret}`;
  return (
    `page_ref_${event.op}: pfn=0x${event.pfn.toString(16)} flags=${event.flags} count=${event.count} ` +
    `mapcount=${event.mapcount} mapping=${event.mapping} mt=${event.mt} val=${event.val}${ret}`
  );
}

describe('a page_ref event', () => {
  it('is read back as the kernel printed it', () => {
    fc.assert(
      fc.property(events, (raw) => {
        const plain = raw.op === 'set' || raw.op === 'mod' || raw.op === 'unfreeze';
        const event = { ...raw, ret: plain ? null : raw.ret };
        expect(parsePageRef(print(event), 0)).toEqual(event);
      }),
    );
  });

  it('is refused or read, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat({ max: 5 }), (noise, at) => {
        const event = parsePageRef(`page_ref_mod: pfn=0x1 ${noise}`, at);
        expect(event === null || Number.isSafeInteger(event.pfn)).toBe(true);
      }),
    );
  });

  it('knows its flags by whole names', () => {
    expect(hasFlag('uptodate|lru|head', 'lru')).toBe(true);
    expect(hasFlag('lru_gen|head', 'lru')).toBe(false);
    expect(hasFlag('none', 'lru')).toBe(false);
  });
});
